-- An authorizer is told of vouchers of the same amount, so they must be found without reading the whole table.
CREATE INDEX items_by_amount ON items (amount_minor, currency, business_date);

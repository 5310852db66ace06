-- The books of a simulated core.
-- Whatever the program above it does, these constraints keep them true:
-- a line has two sides and one amount, balances follow the lines, customers are never overdrawn,
-- a key is answered once, a closed day stays closed, and nothing that was written is ever changed.

CREATE TABLE IF NOT EXISTS account (
    number       TEXT    NOT NULL PRIMARY KEY CHECK (length(number) BETWEEN 1 AND 32),
    name         TEXT    NOT NULL,
    currency     TEXT    NOT NULL CHECK (length(currency) = 3),
    kind         TEXT    NOT NULL CHECK (kind IN ('customer', 'internal')),
    status       TEXT    NOT NULL CHECK (status IN ('active', 'stop_payment', 'frozen', 'closed')),
    debit_minor  INTEGER NOT NULL DEFAULT 0 CHECK (debit_minor >= 0),
    credit_minor INTEGER NOT NULL DEFAULT 0 CHECK (credit_minor >= 0),
    held_minor   INTEGER NOT NULL DEFAULT 0 CHECK (held_minor >= 0),
    opening      TEXT    NOT NULL,
    CHECK (kind = 'internal' OR credit_minor - debit_minor - held_minor >= 0)
) STRICT;

CREATE TABLE IF NOT EXISTS hold (
    account      TEXT    NOT NULL REFERENCES account (number),
    hold_id      TEXT    NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    reason       TEXT    NOT NULL,
    released     INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1)),
    PRIMARY KEY (account, hold_id)
) STRICT;

-- One row per idempotency key: the one answer that the key will ever get, posted or refused.
CREATE TABLE IF NOT EXISTS voucher (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT    NOT NULL UNIQUE,
    kind            TEXT    NOT NULL CHECK (kind IN ('posting', 'reversal', 'opening')),
    request         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('posted', 'refused')),
    business_date   TEXT    CHECK (business_date IS NOT NULL OR state = 'refused'),
    answered_at     INTEGER NOT NULL,
    reference       TEXT    NOT NULL,
    reverses        TEXT    REFERENCES voucher (idempotency_key),
    refusal_code    TEXT,
    refusal_text    TEXT,
    CHECK ((state = 'refused') = (refusal_code IS NOT NULL)),
    CHECK ((state = 'refused') = (refusal_text IS NOT NULL)),
    CHECK (reverses IS NULL OR (kind = 'reversal' AND state = 'posted'))
) STRICT;

CREATE UNIQUE INDEX IF NOT EXISTS voucher_is_reversed_once ON voucher (reverses) WHERE reverses IS NOT NULL;

CREATE TABLE IF NOT EXISTS ledger_line (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    voucher      INTEGER NOT NULL REFERENCES voucher (number),
    line         INTEGER NOT NULL CHECK (line >= 1),
    debit        TEXT    NOT NULL REFERENCES account (number),
    credit       TEXT    NOT NULL REFERENCES account (number),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency     TEXT    NOT NULL,
    summary      TEXT    NOT NULL,
    UNIQUE (voucher, line),
    CHECK (debit <> credit)
) STRICT;

CREATE TABLE IF NOT EXISTS day_end (
    business_date TEXT    NOT NULL PRIMARY KEY,
    closed_at     INTEGER NOT NULL
) STRICT;

CREATE TRIGGER IF NOT EXISTS ledger_line_keeps_one_currency BEFORE INSERT ON ledger_line
WHEN (SELECT count(*) FROM account WHERE number IN (NEW.debit, NEW.credit) AND currency = NEW.currency) <> 2
BEGIN SELECT RAISE(ABORT, 'both accounts of a line are in its currency'); END;

CREATE TRIGGER IF NOT EXISTS ledger_line_moves_balances AFTER INSERT ON ledger_line BEGIN
    UPDATE account SET debit_minor = debit_minor + NEW.amount_minor WHERE number = NEW.debit;
    UPDATE account SET credit_minor = credit_minor + NEW.amount_minor WHERE number = NEW.credit;
END;

CREATE TRIGGER IF NOT EXISTS ledger_line_is_never_changed BEFORE UPDATE ON ledger_line
BEGIN SELECT RAISE(ABORT, 'a ledger line is never changed'); END;

CREATE TRIGGER IF NOT EXISTS ledger_line_is_never_deleted BEFORE DELETE ON ledger_line
BEGIN SELECT RAISE(ABORT, 'a ledger line is never deleted'); END;

CREATE TRIGGER IF NOT EXISTS voucher_is_never_changed BEFORE UPDATE ON voucher
BEGIN SELECT RAISE(ABORT, 'an answered key is never changed'); END;

CREATE TRIGGER IF NOT EXISTS voucher_is_never_deleted BEFORE DELETE ON voucher
BEGIN SELECT RAISE(ABORT, 'an answered key is never deleted'); END;

CREATE TRIGGER IF NOT EXISTS voucher_needs_an_open_day BEFORE INSERT ON voucher
WHEN NEW.state = 'posted' AND NEW.business_date <= (SELECT max(business_date) FROM day_end)
BEGIN SELECT RAISE(ABORT, 'the business date is closed'); END;

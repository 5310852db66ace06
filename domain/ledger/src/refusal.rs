//! Why a core refuses, in the contract's words. What people read is the bank's reason, which the posting step gives.

/// A refusal code of the contract; a core's code that is not in the table is kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RefusalCode {
    InsufficientFunds,
    AccountClosed,
    AccountFrozen,
    StopPayment,
    UnknownAccount,
    WrongCurrency,
    NameMismatch,
    DayClosed,
    AmountTooLarge,
    AlreadyReversed,
    NotReversible,
    NeverSeen,
    Other(String),
}

/// Code and its text on the wire.
const TABLE: [(RefusalCode, &str); 12] = [
    (RefusalCode::InsufficientFunds, "insufficient_funds"),
    (RefusalCode::AccountClosed, "account_closed"),
    (RefusalCode::AccountFrozen, "account_frozen"),
    (RefusalCode::StopPayment, "stop_payment"),
    (RefusalCode::UnknownAccount, "unknown_account"),
    (RefusalCode::WrongCurrency, "wrong_currency"),
    (RefusalCode::NameMismatch, "name_mismatch"),
    (RefusalCode::DayClosed, "day_closed"),
    (RefusalCode::AmountTooLarge, "amount_too_large"),
    (RefusalCode::AlreadyReversed, "already_reversed"),
    (RefusalCode::NotReversible, "not_reversible"),
    (RefusalCode::NeverSeen, "never_seen"),
];

impl RefusalCode {
    pub fn parse(text: &str) -> Self {
        TABLE.iter().find(|row| row.1 == text).map_or_else(|| Self::Other(text.to_owned()), |row| row.0.clone())
    }

    pub fn as_str(&self) -> &str {
        match (self, self.row()) {
            (Self::Other(text), _) => text,
            (_, Some(row)) => row.1,
            (_, None) => "unlisted",
        }
    }

    fn row(&self) -> Option<&'static (RefusalCode, &'static str)> {
        TABLE.iter().find(|row| row.0 == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_its_text() {
        for (code, text) in &TABLE {
            assert_eq!(RefusalCode::parse(text), *code);
            assert_eq!(code.as_str(), *text);
        }
    }

    #[test]
    fn a_foreign_code_is_kept_as_it_came() {
        let code = RefusalCode::parse("E4711");
        assert_eq!(code, RefusalCode::Other("E4711".into()));
        assert_eq!(code.as_str(), "E4711");
    }
}

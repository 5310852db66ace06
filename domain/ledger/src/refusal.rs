//! Why a core refuses, in words that a user can act on.

use kernel::{Code, Refusal};

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

/// Code, its text on the wire, what it means and what to do in Chinese and in English.
const TABLE: [(RefusalCode, &str, &str, &str); 12] = [
    (
        RefusalCode::InsufficientFunds,
        "insufficient_funds",
        "付款账户可用余额不足，请客户补足后重新提交",
        "the payer's available balance is too low; have it topped up, then submit again",
    ),
    (RefusalCode::AccountClosed, "account_closed", "账户已销户，请核对账号", "the account is closed; check its number"),
    (
        RefusalCode::AccountFrozen,
        "account_frozen",
        "账户已冻结，请联系开户网点",
        "the account is frozen; ask the outlet that keeps it",
    ),
    (
        RefusalCode::StopPayment,
        "stop_payment",
        "付款账户已止付，请联系开户网点",
        "payments from the account are stopped; ask the outlet that keeps it",
    ),
    (
        RefusalCode::UnknownAccount,
        "unknown_account",
        "账户不存在，请核对账号",
        "the account does not exist; check its number",
    ),
    (
        RefusalCode::WrongCurrency,
        "wrong_currency",
        "账户币种与凭证币种不符，请核对",
        "the account is in another currency than the voucher; check both",
    ),
    (
        RefusalCode::NameMismatch,
        "name_mismatch",
        "户名与账号不符，请核对",
        "the name does not belong to the account; check both",
    ),
    (
        RefusalCode::DayClosed,
        "day_closed",
        "该营业日已日终，请改用当前营业日",
        "the business date is closed; use the present one",
    ),
    (
        RefusalCode::AmountTooLarge,
        "amount_too_large",
        "金额超出核心系统限额，请核对金额",
        "the amount exceeds what the core takes; check it",
    ),
    (
        RefusalCode::AlreadyReversed,
        "already_reversed",
        "该笔记账已冲正，无需再次冲正",
        "the posting was reversed before; nothing is left to do",
    ),
    (
        RefusalCode::NotReversible,
        "not_reversible",
        "该笔不能冲正，请通过差错处理更正",
        "it cannot be reversed; correct it through error handling",
    ),
    (
        RefusalCode::NeverSeen,
        "never_seen",
        "核心系统没有该笔记账，无需冲正",
        "the core has no such posting; there is nothing to reverse",
    ),
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

    /// The refusal that a user reads.
    /// A code outside the table shows itself only: the core's own sentence may name people.
    pub fn to_refusal(&self) -> Refusal {
        match self.row() {
            Some((_, _, zh, en)) => Refusal::detailed(Code::CoreRefused, *zh, *en),
            None => Refusal::with(Code::CoreRefused, self.as_str()),
        }
    }

    fn row(&self) -> Option<&'static (RefusalCode, &'static str, &'static str, &'static str)> {
        TABLE.iter().find(|row| row.0 == *self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_comes_back_from_its_text_and_says_what_to_do() {
        for (code, text, zh, en) in &TABLE {
            assert_eq!(RefusalCode::parse(text), *code);
            assert_eq!(code.as_str(), *text);
            assert!(code.to_refusal().zh().contains(zh) && code.to_refusal().en().contains(en));
        }
    }

    #[test]
    fn a_foreign_code_is_kept_and_shown_bare() {
        let code = RefusalCode::parse("E4711");
        assert_eq!(code, RefusalCode::Other("E4711".into()));
        assert_eq!(code.as_str(), "E4711");
        assert_eq!(
            code.to_refusal().en(),
            "The core refused the posting: E4711. Mend the cause and post again, or return the item to its outlet."
        );
    }
}

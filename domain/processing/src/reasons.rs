//! Reason codes of returns, refusals and the other ways off the straight path.
//!
//! The seed list of the trade; which act may use which code is part of the list, because some findings are no lawful ground to refuse.

use kernel::{Code, Refusal};

/// What a reason may be given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Return,
    Rescan,
    Refuse,
    Withdraw,
    Suspend,
    ConfirmFailure,
    HandBack,
    SendBack,
}

impl Use {
    pub const ALL: &'static [Use] = &[
        Self::Return,
        Self::Rescan,
        Self::Refuse,
        Self::Withdraw,
        Self::Suspend,
        Self::ConfirmFailure,
        Self::HandBack,
        Self::SendBack,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Rescan => "rescan",
            Self::Refuse => "refuse",
            Self::Withdraw => "withdraw",
            Self::Suspend => "suspend",
            Self::ConfirmFailure => "confirm_failure",
            Self::HandBack => "hand_back",
            Self::SendBack => "send_back",
        }
    }
}

/// A code with its sentence.
#[derive(Debug)]
pub struct ReasonCode {
    pub code: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub uses: &'static [Use],
    /// Whether a note must say more.
    pub needs_note: bool,
    /// Whether it is found in the item, so that the next person finds it too.
    /// What lies in the person or in their seat says nothing of the item, however many say it; nor do words that are not the same for two people.
    pub is_of_item: bool,
}

const fn reason(code: &'static str, zh: &'static str, en: &'static str, uses: &'static [Use]) -> ReasonCode {
    ReasonCode { code, zh, en, uses, needs_note: false, is_of_item: true }
}

const fn of_person(code: &'static str, zh: &'static str, en: &'static str, uses: &'static [Use]) -> ReasonCode {
    ReasonCode { code, zh, en, uses, needs_note: false, is_of_item: false }
}

use Use::{ConfirmFailure, HandBack, Refuse, Rescan, Return, SendBack, Suspend, Withdraw};

/// The list, in the order in which stations number it.
pub const REASONS: &[ReasonCode] = &[
    reason("R01", "影像不清", "Image unclear", &[Rescan, Return, HandBack]),
    reason("R02", "缺页", "Page missing", &[Rescan, Return]),
    reason("R03", "凭证版式不符", "Wrong form version", &[Rescan, Return, Refuse]),
    reason("R04", "要素不全", "Elements incomplete", &[Return, Refuse, SendBack]),
    reason("R05", "大小写金额不一致", "Amount in words differs from figures", &[Return, Refuse, SendBack]),
    reason("R06", "重要要素涂改", "Essential element altered", &[Return, Refuse]),
    reason("R07", "日期无效或过期", "Date invalid or expired", &[Return, Refuse]),
    reason("R08", "收款人户名账号不符", "Payee name does not match account", &[Return, Refuse, SendBack]),
    reason("R09", "收款行行号有误", "Payee bank number wrong", &[Return, SendBack]),
    reason("R10", "缺少印章", "Seal missing", &[Return, Refuse]),
    reason("R11", "印章不符", "Seal differs", &[Return, Refuse]),
    reason("R12", "支付密码错误", "Payment code wrong", &[Return, Refuse]),
    reason("R13", "背书不连续", "Endorsement broken", &[Return, Refuse]),
    reason("R14", "余额不足", "Insufficient funds", &[Return, Refuse]),
    reason("R15", "账户冻结、止付或销户", "Account frozen, stopped or closed", &[Return, Refuse, Suspend]),
    reason("R16", "重复提示付款", "Presented twice", &[Return, Refuse]),
    reason("R17", "超过限额", "Over the limit", &[Return, Suspend]),
    reason("R18", "查证未通过", "Call-back failed", &[Return, Refuse, Suspend]),
    reason("R19", "命中名单", "List hit", &[Suspend, Refuse]),
    reason("R20", "缺少附件", "Attachment missing", &[Rescan, Return]),
    reason("R21", "用途不允许", "Purpose not allowed", &[Return, Refuse]),
    reason("R22", "网点选错业务种类", "Wrong business type chosen", &[Return]),
    reason("R23", "超过业务截止时间", "Cut-off missed", &[Return, Suspend]),
    reason("W01", "客户要求撤销", "Customer asks to withdraw", &[Withdraw]),
    reason("W02", "网点录入有误", "Outlet captured it wrongly", &[Withdraw]),
    // Given by the posting step alone.
    reason(
        "P01",
        "核心已有同号异账，请先核对核心账目",
        "The core has another entry under this key; compare its books first",
        &[],
    ),
    reason("P02", "账户币种与凭证币种不符", "The account is in another currency than the voucher", &[]),
    reason(
        "P03",
        "核心以未列明的原因拒绝记账，请向核心系统查询",
        "The core refused for a reason that is not listed; ask those who run it",
        &[],
    ),
    reason("C01", "入账结果与凭证不符", "Posted result differs from the voucher", &[ConfirmFailure]),
    reason("C02", "客户有异议", "Customer objects", &[ConfirmFailure]),
    of_person("H01", "需要回避", "Conflict of interest", &[HandBack]),
    of_person("H02", "设备故障", "Equipment failure", &[HandBack]),
    ReasonCode {
        code: "R99",
        zh: "其他",
        en: "Other",
        uses: &[Return, Rescan, Refuse, Withdraw, Suspend, ConfirmFailure, HandBack, SendBack],
        needs_note: true,
        is_of_item: false,
    },
];

/// The longest note, in characters.
pub const NOTE_MAX: usize = 500;

pub fn find(code: &str) -> Option<&'static ReasonCode> {
    REASONS.iter().find(|reason| reason.code == code)
}

/// The reason when it fits the use and says what it must; the refusal otherwise.
pub fn check(code: &str, note: Option<&str>, wanted: Use) -> Result<crate::item::Reason, Refusal> {
    let found = find(code).filter(|reason| reason.uses.contains(&wanted));
    let Some(found) = found else { return Err(Refusal::naming(Code::UnknownReason, code).at("reason_code")) };
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if found.needs_note && note.is_none() {
        return Err(Refusal::new(Code::ReasonRequired).at("note"));
    }
    if note.is_some_and(|note| note.chars().count() > NOTE_MAX) {
        return Err(Refusal::field("note", format!("最多 {NOTE_MAX} 个字"), format!("at most {NOTE_MAX} characters")));
    }
    Ok(crate::item::Reason {
        code: found.code.to_owned(),
        note: note.map(crate::item::Note::said),
        boxes: serde_json::Value::Null,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_use_has_a_code() {
        for (place, reason) in REASONS.iter().enumerate() {
            assert!(!REASONS[..place].iter().any(|other| other.code == reason.code), "{}", reason.code);
        }
        for wanted in Use::ALL {
            assert!(REASONS.iter().any(|reason| reason.uses.contains(wanted)), "{wanted:?}");
        }
    }

    #[test]
    fn a_code_is_taken_only_for_its_use_and_other_needs_words() {
        assert!(check("R01", None, Use::Rescan).is_ok());
        assert_eq!(
            check("R01", None, Use::Refuse).map_err(|r| r.code),
            Err(Code::UnknownReason),
            "an unclear image is no ground to refuse"
        );
        assert_eq!(check("R00", None, Use::Return).map_err(|r| r.code), Err(Code::UnknownReason));
        assert_eq!(check("R99", Some("  "), Use::Return).map_err(|r| r.code), Err(Code::ReasonRequired));
        assert!(check("R99", Some("客户电话联系"), Use::Return).is_ok());
        assert_eq!(check("R99", Some(&"长".repeat(501)), Use::Return).map_err(|r| r.code), Err(Code::InvalidField));
    }
}

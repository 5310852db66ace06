//! What a password must be like.

use kernel::{Code, Refusal};
use storage::vault::Private;

const MICROS_PER_DAY: i64 = 24 * 3_600 * 1_000_000;
/// A longer text is no password but an attempt to make the server work.
const CHARS_MAX: usize = 128;
/// Fewer different characters than this are a pattern.
const DISTINCT_CHARS_MIN: usize = 5;
/// A shorter employee number stands in many texts by chance.
const NUMBER_CHARS_CHECKED: usize = 4;

/// Passwords that satisfy the other rules and are tried first, in lower case; signs at the end do not make them better.
const COMMON: &[&str] = &[
    "1234567890a",
    "1234567890abc",
    "123456789a",
    "12345qwert",
    "1234qwerasdf",
    "123qweasdzxc",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "1qazxsw23edc",
    "5201314abc",
    "a123456789",
    "a1234567890",
    "aa12345678",
    "aa123456789",
    "abc1234567",
    "abc12345678",
    "abc123456789",
    "abc5201314",
    "abcd123456",
    "abcd12345678",
    "admin12345",
    "admin123456",
    "asd1234567",
    "asdf123456",
    "asdfghjkl1",
    "bank123456",
    "changeme123",
    "iloveyou123",
    "letmein123",
    "p@ssw0rd123",
    "passw0rd123",
    "password01",
    "password12",
    "password123",
    "password1234",
    "q1w2e3r4t5",
    "qaz123456789",
    "qazwsx1234",
    "qazwsx123456",
    "qwe1234567",
    "qwer123456",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop1",
    "root123456",
    "test123456",
    "user123456",
    "welcome123",
    "welcome1234",
    "woaini123456",
    "woaini1314",
    "woaini5201314",
    "zaq12wsxcde3",
    "zxcvbnm123",
    "zz12345678",
];

/// The rules for passwords. Length and kinds of characters follow what classified protection (GB/T 22239-2019, 8.1.4.1) asks for
/// in words without figures; the figures are trade practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Characters, not bytes.
    pub chars_min: usize,
    /// How many of the last passwords, the present one among them, may not come again.
    pub history: i64,
    /// After so many days a new one must be chosen; `None` is never.
    pub expires_after_days: Option<i64>,
    /// How long a one-time code is good.
    pub code_valid_hours: i64,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { chars_min: 10, history: 5, expires_after_days: Some(90), code_valid_hours: 24 }
    }
}

impl PasswordPolicy {
    /// Refuses a password that is short, of one kind of characters, near to what everybody knows of the person, or common.
    pub fn check(&self, password: &Private, employee_no: &str, name: Option<&str>) -> Result<(), Refusal> {
        let text = password.reveal();
        let lower = text.to_lowercase();
        let chars = text.chars().count();
        let weak = |zh: String, en: String| Err(Refusal::detailed(Code::PasswordTooWeak, zh, en).at("password"));
        if chars < self.chars_min {
            return weak(
                format!("至少 {} 位", self.chars_min),
                format!("it needs at least {} characters", self.chars_min),
            );
        }
        if chars > CHARS_MAX {
            return weak(format!("最多 {CHARS_MAX} 位"), format!("it may have at most {CHARS_MAX} characters"));
        }
        if !(text.chars().any(char::is_alphabetic) && text.chars().any(|c| c.is_ascii_digit())) {
            return weak("须同时包含字母和数字".into(), "it needs letters and digits".into());
        }
        let employee_no = employee_no.trim().to_lowercase();
        if employee_no.chars().count() >= NUMBER_CHARS_CHECKED && lower.contains(&employee_no) {
            return weak("不能包含工号".into(), "it contains the employee number".into());
        }
        let name = name.map(|name| name.trim().to_lowercase()).filter(|name| name.chars().count() >= 2);
        if name.is_some_and(|name| lower.contains(&name)) {
            return weak("不能包含姓名".into(), "it contains the name".into());
        }
        if is_common(&lower) {
            return weak("过于常见，容易被猜到".into(), "it is common and easy to guess".into());
        }
        Ok(())
    }

    /// Microseconds after which a password must be changed.
    pub(crate) fn expires_after_micros(&self) -> Option<i64> {
        self.expires_after_days.map(|days| days.saturating_mul(MICROS_PER_DAY))
    }
}

fn is_common(lower: &str) -> bool {
    let stem = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    let distinct: std::collections::BTreeSet<char> = lower.chars().collect();
    distinct.len() < DISTINCT_CHARS_MIN || COMMON.contains(&stem)
}

/// Proof that this is a demonstration, where passwords may be set without their owner.
#[derive(Debug, Clone, Copy)]
pub struct DemonstrationOnly(());

impl DemonstrationOnly {
    /// `flag` is the configuration's `demo.enabled`; without it there is no proof.
    pub fn from_flag(flag: bool) -> Option<Self> {
        flag.then_some(Self(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_for_the_first_rule_it_breaks() {
        let policy = PasswordPolicy::default();
        let cases = [
            ("longenough7", None),
            ("枢纽中心口令密码很好记2", None),
            ("short7", Some("it needs at least 10 characters")),
            ("onlyletters", Some("it needs letters and digits")),
            ("73910284651", Some("it needs letters and digits")),
            ("my620117number", Some("it contains the employee number")),
            ("i-am-Zhang-San-1", None),
            ("我是张三丰2026年3月", Some("it contains the name")),
            ("Password123", Some("it is common and easy to guess")),
            ("Password123!!", Some("it is common and easy to guess")),
            ("aaaaaaaaaa1", Some("it is common and easy to guess")),
            ("a1a1a1a1a1a1", Some("it is common and easy to guess")),
        ];
        for (text, expected) in cases {
            let answer = policy.check(&Private::new(text), "620117", Some("张三丰"));
            assert_eq!(answer.err().map(|refusal| refusal.detail.en), expected.map(str::to_owned), "{text}");
        }
        let endless = Private::new("a1b2c3".repeat(30));
        assert!(policy.check(&endless, "620117", None).is_err());
    }

    #[test]
    fn the_list_of_common_passwords_holds_only_what_the_other_rules_let_through() {
        for text in COMMON {
            let refused = PasswordPolicy::default().check(&Private::new(*text), "620117", None).expect_err("is common");
            assert_eq!(refused.detail.en, "it is common and easy to guess", "{text}");
            assert_eq!(*text, text.to_lowercase());
        }
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn only_the_demonstration_flag_makes_the_proof() {
        assert!(DemonstrationOnly::from_flag(false).is_none());
        assert!(DemonstrationOnly::from_flag(true).is_some());
    }
}

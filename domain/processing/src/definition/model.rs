//! What a definition says, as values.

use archive::imaging::{QualityPolicy, Rect};
use kernel::normalize::FieldKind;
use kernel::{BusinessDate, Currency};

/// A business type in one version.
#[derive(Debug, Clone, PartialEq)]
pub struct BusinessType {
    pub code: String,
    pub version: i64,
    pub name_zh: String,
    pub name_en: String,
    /// 0 statutory stop, 1 urgent or clearing session, 2 large, 3 normal, 4 back-fill.
    pub priority_class: i64,
    /// Working time from submission to posting.
    pub time_limit_minutes: u32,
    pub currency: Currency,
    /// Minute of the bank's day after which nothing is submitted.
    pub cut_off_minute: Option<u16>,
    pub effective_from: BusinessDate,
    pub pages: Vec<PageSpec>,
    pub fields: Vec<FieldSpec>,
    pub checks: Vec<CheckSpec>,
    pub authorize: AuthorizeRule,
    pub posting: PostingTemplate,
    pub checklist: Vec<ChecklistPoint>,
}

/// A page that an item of the type has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSpec {
    pub kind: String,
    pub name_zh: String,
    pub name_en: String,
    pub required: bool,
    pub max: u32,
    /// Whether the page carries a seal and is judged as a voucher; otherwise it is an attachment.
    pub is_voucher: bool,
}

impl PageSpec {
    /// The limits under which such a page is taken in.
    pub fn quality(&self) -> QualityPolicy {
        if self.is_voucher { QualityPolicy::default() } else { QualityPolicy::attachment() }
    }
}

/// How many people key a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyMode {
    /// Two blind passes, a third on mismatch.
    Double,
    /// One pass; the checker compares it with the image.
    Single,
    /// Nobody keys it; the checker types it from the image.
    None,
}

/// Class of a field by JR/T 0171-2020. C3 is never keyed and never leaves the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    C1,
    C2,
    C3,
}

/// A field and where it stands on its page.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldSpec {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub kind: FieldKind,
    pub page: String,
    pub rect: Rect,
    pub key_mode: KeyMode,
    pub sensitivity: Sensitivity,
    /// Whether an outsourced seat may see the slice.
    pub outsourced: bool,
    pub required: bool,
    pub max_length: usize,
    /// The parts that are keyed apart; empty when the field is keyed whole.
    pub parts: Vec<PartSpec>,
}

/// A part of a number that no keyer sees whole (trade practice, `domain.md` 1.4: slices of at most ten digits, keyed by different seats).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartSpec {
    pub rect: Rect,
    /// How many characters stand in it; in the last part at most so many.
    pub characters: usize,
}

/// The most characters in a part.
pub const PART_CHARACTERS_MAX: usize = 10;

impl FieldSpec {
    /// What of the whole value stands in a part, counted from 1; the whole for part 0. `value` is normalized.
    pub fn portion(&self, value: &str, part: i64) -> String {
        let Some(place) = usize::try_from(part).ok().and_then(|part| part.checked_sub(1)) else {
            return value.to_owned();
        };
        let before: usize = self.parts.iter().take(place).map(|part| part.characters).sum();
        let rest = value.chars().skip(before);
        if place + 1 == self.parts.len() {
            return rest.collect();
        }
        rest.take(self.parts.get(place).map_or(0, |part| part.characters)).collect()
    }

    /// The rectangles of the pictures that keyers see.
    pub fn rects(&self) -> Vec<Rect> {
        if self.parts.is_empty() { vec![self.rect] } else { self.parts.iter().map(|part| part.rect).collect() }
    }

    /// The field as the keyer of a part is asked for it: its place among the parts in its name, and no more characters than stand there.
    #[must_use]
    pub fn of_part(&self, part: i64) -> Self {
        let mut own = self.clone();
        let spec = usize::try_from(part).ok().and_then(|part| self.parts.get(part.checked_sub(1)?));
        if let Some(spec) = spec {
            let all = self.parts.len();
            own.name_zh = format!("{}（第 {part} 段，共 {all} 段）", self.name_zh);
            own.name_en = format!("{} (part {part} of {all})", self.name_en);
            own.rect = spec.rect;
            // Spaces between groups of digits may be keyed.
            own.max_length = spec.characters * 2;
            own.parts = Vec::new();
        }
        own
    }
}

/// A rule over keyed values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckRule {
    /// The capital amount says what the figures say.
    WordsEqualFigures,
    /// The account number satisfies the Luhn formula.
    AccountCheckDigit,
    DateNotFuture,
    /// The date is at most so many days back (a cheque's period of presentation is ten).
    DateWithinDays(i64),
    BankCode,
    CitizenId,
    /// The first field is the sum of the others: amounts in minor units, or counts.
    /// An addend that the type does not require and nobody filled in counts as nothing.
    SumEquals,
    /// The core knows the account under this name. Asked when the keys are settled and when a checker changes one of them;
    /// nobody passes the item before it has answered.
    NameMatchesAccount,
}

impl CheckRule {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WordsEqualFigures => "words_equal_figures",
            Self::AccountCheckDigit => "account_check_digit",
            Self::DateNotFuture => "date_not_future",
            Self::DateWithinDays(_) => "date_within_days",
            Self::BankCode => "bank_code_check",
            Self::CitizenId => "citizen_id_check",
            Self::SumEquals => "sum_equals",
            Self::NameMatchesAccount => "payee_name_matches_account",
        }
    }

    /// How many fields the rule takes: at least, and at most.
    pub const fn arity(self) -> (usize, usize) {
        match self {
            Self::WordsEqualFigures | Self::NameMatchesAccount => (2, 2),
            // A total and two addends; no voucher has more lines than that.
            Self::SumEquals => (3, 51),
            _ => (1, 1),
        }
    }
}

/// A rule with the codes of the fields that it takes, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSpec {
    pub rule: CheckRule,
    pub fields: Vec<String>,
}

/// When an authorizer must release the item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizeRule {
    /// Amounts strictly above need one; absent means every item needs one.
    pub above_minor: Option<i64>,
    pub amount_field: String,
}

impl AuthorizeRule {
    pub fn applies_to(&self, amount_minor: i64) -> bool {
        self.above_minor.is_none_or(|limit| amount_minor > limit)
    }
}

/// Where an account number of the posting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountSource {
    Field(String),
    /// An account of the bank itself.
    Internal(String),
}

/// One debit, one credit, one amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingTemplate {
    pub debit: AccountSource,
    pub credit: AccountSource,
    pub amount_field: String,
    pub summary: String,
}

/// A point that an authorizer ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistPoint {
    pub id: String,
    pub zh: String,
    pub en: String,
}

impl BusinessType {
    pub fn field(&self, code: &str) -> Option<&FieldSpec> {
        self.fields.iter().find(|field| field.code == code)
    }

    /// The place of a part among all parts of the type; 0 for a field that is keyed whole.
    pub fn place_of_part(&self, code: &str, part: i64) -> usize {
        let before: usize =
            self.fields.iter().take_while(|field| field.code != code).map(|field| field.parts.len()).sum();
        match usize::try_from(part) {
            Ok(part) if part > 0 => before + part - 1,
            _ => 0,
        }
    }

    pub fn page(&self, kind: &str) -> Option<&PageSpec> {
        self.pages.iter().find(|page| page.kind == kind)
    }
}

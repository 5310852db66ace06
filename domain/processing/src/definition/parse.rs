//! Reads a definition document and refuses what cannot be worked with, naming the place.

use super::model::*;
use archive::imaging::Rect;
use kernel::calendar::parse_minute;
use kernel::normalize::FieldKind;
use kernel::{BusinessDate, Currency};
use permission::separation::PARTS_MAX;
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// Why a document is not a definition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    #[error("{0}")]
    Syntax(String),
    #[error("{place}: {what}")]
    At { place: String, what: String },
}

impl DefinitionError {
    /// The place in the document, such as `fields[2].rect`.
    pub fn place(&self) -> String {
        match self {
            Self::Syntax(_) => "document".into(),
            Self::At { place, .. } => place.clone(),
        }
    }
}

fn at(place: impl Into<String>, what: impl Into<String>) -> DefinitionError {
    DefinitionError::At { place: place.into(), what: what.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    code: String,
    version: i64,
    name_zh: String,
    name_en: String,
    priority_class: i64,
    time_limit_minutes: u32,
    currency: String,
    cut_off: Option<String>,
    effective_from: String,
    pages: Vec<PageDocument>,
    fields: Vec<FieldDocument>,
    #[serde(default)]
    checks: Vec<CheckDocument>,
    authorize: AuthorizeDocument,
    posting: PostingDocument,
    #[serde(default)]
    checklist: Vec<ChecklistDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageDocument {
    kind: String,
    name_zh: String,
    name_en: String,
    required: bool,
    max: u32,
    /// `voucher`, the default, or `attachment`.
    quality: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldDocument {
    code: String,
    name_zh: String,
    name_en: String,
    kind: String,
    page: String,
    rect: [u16; 4],
    key_mode: String,
    sensitivity: String,
    outsourced: bool,
    required: bool,
    max_length: usize,
    #[serde(default)]
    parts: Vec<PartDocument>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartDocument {
    rect: [u16; 4],
    characters: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckDocument {
    rule: String,
    fields: Vec<String>,
    days: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorizeDocument {
    above_minor: Option<String>,
    amount_field: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostingDocument {
    debit: BTreeMap<String, String>,
    credit: BTreeMap<String, String>,
    amount_field: String,
    summary: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChecklistDocument {
    id: String,
    zh: String,
    en: String,
}

/// Reads and proves a definition: every name that it uses exists, nothing outsourced is forbidden, no two outsourced slices overlap.
pub fn parse(text: &str) -> Result<BusinessType, DefinitionError> {
    let document: Document =
        toml::from_str(text).map_err(|error| DefinitionError::Syntax(error.message().to_owned()))?;
    let currency = Currency::parse(&document.currency).map_err(|error| at("currency", error.to_string()))?;
    let cut_off_minute = document.cut_off.as_deref().map(parse_minute).transpose();
    let fields = fields(document.fields)?;
    let known: HashSet<&str> = fields.iter().map(|field| field.code.as_str()).collect();
    let definition = BusinessType {
        version: document.version,
        name_zh: document.name_zh,
        name_en: document.name_en,
        priority_class: document.priority_class,
        time_limit_minutes: document.time_limit_minutes,
        currency,
        cut_off_minute: cut_off_minute.map_err(|error| at("cut_off", error.to_string()))?,
        effective_from: BusinessDate::parse(&document.effective_from)
            .map_err(|error| at("effective_from", error.to_string()))?,
        pages: pages(document.pages)?,
        checks: checks(document.checks, &known)?,
        authorize: authorize(document.authorize)?,
        posting: posting(document.posting)?,
        checklist: document
            .checklist
            .into_iter()
            .map(|it| ChecklistPoint { id: it.id, zh: it.zh, en: it.en })
            .collect(),
        code: document.code,
        fields,
    };
    prove(&definition)?;
    Ok(definition)
}

fn pages(documents: Vec<PageDocument>) -> Result<Vec<PageSpec>, DefinitionError> {
    let mut seen = HashSet::new();
    documents
        .into_iter()
        .enumerate()
        .map(|(n, it)| {
            if !seen.insert(it.kind.clone()) {
                return Err(at(format!("pages[{n}].kind"), format!("`{}` stands twice", it.kind)));
            }
            if !(1..=20).contains(&it.max) {
                return Err(at(format!("pages[{n}].max"), "from 1 to 20"));
            }
            let is_voucher = match it.quality.as_deref() {
                None | Some("voucher") => true,
                Some("attachment") => false,
                Some(other) => {
                    return Err(at(format!("pages[{n}].quality"), format!("`{other}` is not voucher or attachment")));
                }
            };
            let PageDocument { kind, name_zh, name_en, required, max, quality: _ } = it;
            Ok(PageSpec { kind, name_zh, name_en, required, max, is_voucher })
        })
        .collect()
}

fn fields(documents: Vec<FieldDocument>) -> Result<Vec<FieldSpec>, DefinitionError> {
    let mut seen = HashSet::new();
    documents
        .into_iter()
        .enumerate()
        .map(|(n, it)| {
            let place = |name: &str| format!("fields[{n}].{name}");
            if !seen.insert(it.code.clone()) {
                return Err(at(place("code"), format!("`{}` stands twice", it.code)));
            }
            let [x, y, w, h] = it.rect;
            let parts = it.parts.into_iter().enumerate().map(|(part, it)| {
                let [x, y, w, h] = it.rect;
                let rect = Rect::new(x, y, w, h)
                    .map_err(|error| at(place(&format!("parts[{part}].rect")), error.to_string()))?;
                Ok(PartSpec { rect, characters: it.characters })
            });
            Ok(FieldSpec {
                parts: parts.collect::<Result<_, _>>()?,
                kind: field_kind(&it.kind)
                    .ok_or_else(|| at(place("kind"), format!("`{}` is not a kind of field", it.kind)))?,
                rect: Rect::new(x, y, w, h).map_err(|error| at(place("rect"), error.to_string()))?,
                key_mode: match it.key_mode.as_str() {
                    "double" => KeyMode::Double,
                    "single" => KeyMode::Single,
                    "none" => KeyMode::None,
                    other => return Err(at(place("key_mode"), format!("`{other}` is not double, single or none"))),
                },
                sensitivity: match it.sensitivity.as_str() {
                    "C1" => Sensitivity::C1,
                    "C2" => Sensitivity::C2,
                    "C3" => Sensitivity::C3,
                    other => return Err(at(place("sensitivity"), format!("`{other}` is not C1, C2 or C3"))),
                },
                code: it.code,
                name_zh: it.name_zh,
                name_en: it.name_en,
                page: it.page,
                outsourced: it.outsourced,
                required: it.required,
                max_length: it.max_length,
            })
        })
        .collect()
}

/// The text forms of [`FieldKind`] in definitions and on the wire.
const FIELD_KINDS: &[(&str, FieldKind)] = &[
    ("amount", FieldKind::Amount),
    ("capital_amount", FieldKind::CapitalAmount),
    ("date", FieldKind::Date),
    ("account", FieldKind::Account),
    ("bank_code", FieldKind::BankCode),
    ("name", FieldKind::Name),
    ("text", FieldKind::Text),
    ("id_number", FieldKind::IdNumber),
    ("count", FieldKind::Count),
];

pub(crate) fn field_kind(text: &str) -> Option<FieldKind> {
    FIELD_KINDS.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind)
}

/// The names of all kinds of fields.
pub fn field_kind_names() -> Vec<&'static str> {
    FIELD_KINDS.iter().map(|(name, _)| *name).collect()
}

/// The name of a kind of field in definitions and on the wire.
pub fn field_kind_name(kind: FieldKind) -> &'static str {
    FIELD_KINDS.iter().find(|(_, it)| *it == kind).map_or("text", |(name, _)| name)
}

fn checks(documents: Vec<CheckDocument>, known: &HashSet<&str>) -> Result<Vec<CheckSpec>, DefinitionError> {
    documents
        .into_iter()
        .enumerate()
        .map(|(n, it)| {
            let rule = match (it.rule.as_str(), it.days) {
                ("words_equal_figures", None) => CheckRule::WordsEqualFigures,
                ("account_check_digit", None) => CheckRule::AccountCheckDigit,
                ("date_not_future", None) => CheckRule::DateNotFuture,
                ("date_within_days", Some(days)) if days > 0 => CheckRule::DateWithinDays(days),
                ("bank_code_check", None) => CheckRule::BankCode,
                ("citizen_id_check", None) => CheckRule::CitizenId,
                ("sum_equals", None) => CheckRule::SumEquals,
                ("payee_name_matches_account", None) => CheckRule::NameMatchesAccount,
                (other, _) => {
                    return Err(at(
                        format!("checks[{n}].rule"),
                        format!("`{other}` is not a rule, or its `days` is wrong"),
                    ));
                }
            };
            let (least, most) = rule.arity();
            if !(least..=most).contains(&it.fields.len()) {
                let many = if least == most { least.to_string() } else { format!("{least} to {most}") };
                return Err(at(format!("checks[{n}].fields"), format!("this rule takes {many} fields")));
            }
            match it.fields.iter().find(|field| !known.contains(field.as_str())) {
                Some(field) => Err(at(format!("checks[{n}].fields"), format!("there is no field `{field}`"))),
                None => Ok(CheckSpec { rule, fields: it.fields }),
            }
        })
        .collect()
}

fn authorize(document: AuthorizeDocument) -> Result<AuthorizeRule, DefinitionError> {
    let above_minor = document.above_minor.map(|text| text.parse::<i64>()).transpose();
    let above_minor = above_minor.map_err(|_| at("authorize.above_minor", "a whole number of minor units, as text"))?;
    if above_minor.is_some_and(|limit| limit < 0) {
        return Err(at("authorize.above_minor", "not below zero"));
    }
    Ok(AuthorizeRule { above_minor, amount_field: document.amount_field })
}

fn posting(document: PostingDocument) -> Result<PostingTemplate, DefinitionError> {
    let side = |place: &str, source: BTreeMap<String, String>| {
        let mut entries = source.into_iter();
        match (entries.next(), entries.next()) {
            (Some((key, field)), None) if key == "field" => Ok(AccountSource::Field(field)),
            (Some((key, account)), None) if key == "account" => Ok(AccountSource::Internal(account)),
            _ => Err(at(place, "either `field` or `account`")),
        }
    };
    Ok(PostingTemplate {
        debit: side("posting.debit", document.debit)?,
        credit: side("posting.credit", document.credit)?,
        amount_field: document.amount_field,
        summary: document.summary,
    })
}

fn prove(definition: &BusinessType) -> Result<(), DefinitionError> {
    if !code_is_plain(&definition.code.to_ascii_lowercase()) || definition.version < 1 {
        return Err(at("code", "letters, digits and underscores; versions start at 1"));
    }
    if !(0..=4).contains(&definition.priority_class) {
        return Err(at("priority_class", "from 0 to 4"));
    }
    if definition.time_limit_minutes == 0 {
        return Err(at("time_limit_minutes", "at least one minute"));
    }
    prove_fields(definition)?;
    prove_sums(definition)?;
    let amount_fields = [
        ("authorize.amount_field", &definition.authorize.amount_field),
        ("posting.amount_field", &definition.posting.amount_field),
    ];
    for (place, code) in amount_fields {
        if definition.field(code).is_none_or(|field| field.kind != FieldKind::Amount || !field.required) {
            return Err(at(place, format!("`{code}` is not a required field of kind amount")));
        }
    }
    for (place, source) in
        [("posting.debit", &definition.posting.debit), ("posting.credit", &definition.posting.credit)]
    {
        if let AccountSource::Field(code) = source
            && definition.field(code).is_none_or(|field| field.kind != FieldKind::Account || !field.required)
        {
            return Err(at(place, format!("`{code}` is not a required field of kind account")));
        }
    }
    Ok(())
}

/// A sum adds what can be added: a required total and different addends, all amounts or all counts.
fn prove_sums(definition: &BusinessType) -> Result<(), DefinitionError> {
    for (n, spec) in definition.checks.iter().enumerate().filter(|(_, spec)| spec.rule == CheckRule::SumEquals) {
        let place = || format!("checks[{n}].fields");
        let fields: Vec<&FieldSpec> = spec.fields.iter().filter_map(|code| definition.field(code)).collect();
        let kind = fields[0].kind;
        if !matches!(kind, FieldKind::Amount | FieldKind::Count) || fields.iter().any(|field| field.kind != kind) {
            return Err(at(place(), "a sum takes amounts, or counts"));
        }
        if !fields[0].required {
            return Err(at(place(), format!("the total `{}` is not required", fields[0].code)));
        }
        let twice = (1..spec.fields.len()).find(|place| spec.fields[..*place].contains(&spec.fields[*place]));
        if let Some(twice) = twice {
            return Err(at(place(), format!("`{}` stands twice", spec.fields[twice])));
        }
    }
    Ok(())
}

fn prove_fields(definition: &BusinessType) -> Result<(), DefinitionError> {
    let parts: usize = definition.fields.iter().map(|field| field.parts.len()).sum();
    if parts > PARTS_MAX {
        return Err(at("fields", format!("{parts} parts, at most {PARTS_MAX} in one business type")));
    }
    for (n, field) in definition.fields.iter().enumerate() {
        let place = |name: &str| format!("fields[{n}].{name}");
        if !code_is_plain(&field.code) {
            return Err(at(place("code"), "letters, digits and underscores"));
        }
        if definition.page(&field.page).is_none_or(|page| !page.required && field.required) {
            return Err(at(place("page"), format!("`{}` is not a page of the type that is always there", field.page)));
        }
        if field.sensitivity == Sensitivity::C3 && (field.outsourced || field.key_mode != KeyMode::None) {
            return Err(at(place("sensitivity"), "C3 is neither keyed nor outsourced"));
        }
        if !(1..=500).contains(&field.max_length) {
            return Err(at(place("max_length"), "from 1 to 500"));
        }
        prove_parts(field, &place)?;
        let touch = |other: &FieldSpec| {
            let (theirs, mine) = (other.rects(), field.rects());
            theirs.iter().any(|theirs| mine.iter().any(|mine| overlap(*theirs, *mine)))
        };
        let overlap = definition.fields[..n]
            .iter()
            .find(|other| other.page == field.page && other.outsourced && field.outsourced && touch(other));
        if let Some(other) = overlap {
            return Err(at(place("rect"), format!("overlaps the outsourced slice `{}`", other.code)));
        }
    }
    Ok(())
}

/// A number that vendors' staff may see is cut, and every part is a place of its own within the field's.
fn prove_parts(field: &FieldSpec, place: &dyn Fn(&str) -> String) -> Result<(), DefinitionError> {
    let number = matches!(field.kind, FieldKind::Account | FieldKind::IdNumber);
    if field.parts.is_empty() {
        let whole = number && field.outsourced;
        return if whole {
            Err(at(place("outsourced"), "outsourced seats see such a number in parts only"))
        } else {
            Ok(())
        };
    }
    if !number || field.key_mode != KeyMode::Double {
        return Err(at(place("parts"), "only an account or id number that is keyed twice is cut in parts"));
    }
    if field.parts.len() < 2 {
        return Err(at(place("parts"), "two parts at least"));
    }
    for (n, part) in field.parts.iter().enumerate() {
        let place = |name: &str| place(&format!("parts[{n}].{name}"));
        if !(1..=PART_CHARACTERS_MAX).contains(&part.characters) {
            return Err(at(place("characters"), format!("from 1 to {PART_CHARACTERS_MAX}")));
        }
        if !within(part.rect, field.rect) {
            return Err(at(place("rect"), "it does not lie within the field"));
        }
        if field.parts[..n].iter().any(|other| overlap(other.rect, part.rect)) {
            return Err(at(place("rect"), "overlaps another part"));
        }
    }
    let together: usize = field.parts.iter().map(|part| part.characters).sum();
    if together != field.max_length {
        return Err(at(place("max_length"), format!("the parts have {together} characters together")));
    }
    Ok(())
}

fn within(inner: Rect, outer: Rect) -> bool {
    inner.x() >= outer.x()
        && inner.y() >= outer.y()
        && inner.x() + inner.w() <= outer.x() + outer.w()
        && inner.y() + inner.h() <= outer.y() + outer.h()
}

fn overlap(a: Rect, b: Rect) -> bool {
    let apart =
        |a_from: u16, a_size: u16, b_from: u16, b_size: u16| a_from + a_size <= b_from || b_from + b_size <= a_from;
    !apart(a.x(), a.w(), b.x(), b.w()) && !apart(a.y(), a.h(), b.y(), b.h())
}

fn code_is_plain(code: &str) -> bool {
    (1..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

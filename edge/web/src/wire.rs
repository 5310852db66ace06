//! Shapes that several areas send.

use crate::words;
use kernel::id::Kind;
use kernel::{BusinessDate, Id, Instant, Money, Refusal};
use organization::{Institution, Person};
use serde::{Deserialize, Serialize};
use storage::{Cursor, Page};
use utoipa::ToSchema;

/// One page of a list; `next` is the cursor of the following one.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listing<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> Listing<T> {
    pub fn new(items: Vec<T>, next: Option<&Cursor>) -> Self {
        Self { items, next: next.map(Cursor::encode) }
    }

    pub fn of<U>(page: Page<U>, convert: impl FnMut(U) -> T) -> Self {
        let next = page.next.as_ref().map(Cursor::encode);
        Self { items: page.items.into_iter().map(convert).collect(), next }
    }
}

/// An institution by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct InstitutionRef {
    pub institution_id: String,
    /// The bank's own number of it.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    #[schema(value_type = words::InstitutionClass)]
    pub class: &'static str,
}

impl From<&Institution> for InstitutionRef {
    fn from(institution: &Institution) -> Self {
        Self {
            institution_id: institution.institution_id.to_string(),
            code: institution.code.clone(),
            name_zh: institution.name_zh.clone(),
            name_en: institution.name_en.clone(),
            class: institution.class.as_str(),
        }
    }
}

/// A person by name, as colleagues see each other.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PersonRef {
    pub person_id: String,
    pub employee_no: String,
    pub name: String,
}

impl From<&Person> for PersonRef {
    fn from(person: &Person) -> Self {
        let (person_id, employee_no, name) =
            (person.person_id.to_string(), person.employee_no.clone(), person.name.clone());
        Self { person_id, employee_no, name }
    }
}

/// Integer minor units as text, with an ISO 4217 currency.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Money)]
pub(crate) struct MoneyText {
    #[schema(example = "123456")]
    pub minor: String,
    #[schema(example = "CNY")]
    pub currency: String,
}

impl From<Money> for MoneyText {
    fn from(money: Money) -> Self {
        Self { minor: money.minor().to_string(), currency: money.currency().code().to_owned() }
    }
}

/// A rectangle in 1/10000 of the page's width and height.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rect)]
pub(crate) struct RectTenths {
    pub x: u16,
    pub y: u16,
    pub w: u16,
    pub h: u16,
}

/// An id inside a body; one that is malformed or of another kind is a wrong field.
pub(crate) fn id<K: Kind>(field: &str, text: &str) -> Result<Id<K>, Refusal> {
    let expected = K::PREFIX;
    Id::parse(text).map_err(|_| {
        Refusal::field(field, format!("须为 {expected} 开头的编号"), format!("write an id that begins with {expected}"))
    })
}

/// A date inside a body or a query.
pub(crate) fn date(field: &str, text: &str) -> Result<BusinessDate, Refusal> {
    BusinessDate::parse(text)
        .map_err(|_| Refusal::field(field, "须为 YYYY-MM-DD 形式的日期", "write a date as YYYY-MM-DD"))
}

/// A word of a closed list inside a body or a query.
pub(crate) fn word<T>(field: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
    parse(text).ok_or_else(|| Refusal::field(field, "不在可选范围内", "it is none of the known values"))
}

/// An instant as the API writes it.
pub(crate) fn time(instant: Instant) -> String {
    instant.to_rfc3339()
}

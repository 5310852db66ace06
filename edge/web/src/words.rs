//! Closed lists, for the document: which words a text may be.
//!
//! A list is the domain's own, so that the document and the client's types never differ from what is sent and taken.
//! These types hold nothing and are never made; a field names one by `#[schema(value_type = …)]`.

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! closed_lists {
    ($($(#[doc = $doc:literal])+ $name:ident = $words:expr;)*) => {
        $(
            $(#[doc = $doc])+
            pub(crate) enum $name {}

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    let words: Vec<&'static str> = $words;
                    let text = ObjectBuilder::new().schema_type(Type::String);
                    text.enum_values(Some(words)).description(Some(concat!($($doc),+).trim())).into()
                }
            }

            impl ToSchema for $name {}
        )*

        #[cfg(test)]
        fn all() -> Vec<(&'static str, RefOr<Schema>)> {
            vec![$((stringify!($name), $name::schema())),*]
        }
    };
}

/// The text forms of a list of the domain.
fn texts<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| text(*one)).collect()
}

/// The same, each once: several of the list may share a word.
fn distinct<T: Copy>(all: &[T], text: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    let mut words: Vec<&'static str> = Vec::new();
    for word in texts(all, text) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// What is no refusal of the catalog: a fault, and an outcome that is not known.
const FAULT_CODES: [&str; 2] = ["fault", "timed_out"];

closed_lists! {
    /// The stable code of a refusal, or of a fault.
    ProblemCode = texts(kernel::Code::ALL, kernel::Code::as_str).into_iter().chain(FAULT_CODES).collect();
    /// What an institution is in the bank's tree.
    InstitutionClass = texts(&organization::InstitutionClass::ALL, organization::InstitutionClass::as_str);
    /// Whose person somebody is: the bank's, sent by an agency, or a vendor's.
    PersonCategory = texts(&organization::Category::ALL, organization::Category::as_str);
    /// What a post is for; it carries the permissions.
    Duty = texts(organization::Duty::ALL, organization::Duty::as_str);
    /// A permission.
    Action = texts(permission::Action::ALL, permission::Action::as_str);
    /// Where an item is.
    ItemState = texts(processing::item::State::ALL, processing::item::State::as_str);
    /// The station or desk that an item is at.
    Stage = distinct(processing::item::State::ALL, processing::item::State::stage);
    /// What a field holds, which decides how it is keyed and compared.
    FieldKind = processing::definition::field_kind_names();
    /// Whether a finding refuses the page or only warns of it.
    Severity = vec!["refuse", "warn"];
    /// What came of an attempt to post: `open` is not known yet, `conflict` is something else in the core under the same key.
    PostingOutcome = processing::posting::OUTCOMES.to_vec();
    /// What came of a rule.
    CheckOutcome = texts(&processing::checks::Outcome::ALL, processing::checks::Outcome::as_str);
    /// How sure the value of a field is.
    CheckFieldState = vec!["agreed", "settled_by_third", "unsettled", "single", "failed_rule"];
    /// Whose reading a candidate is.
    ReadBy = vec!["first", "second", "third"];
    /// Why a field was hard to read.
    Cause = processing::checking::CAUSES.to_vec();
    /// A code of the list of reasons.
    ReasonCode = processing::reasons::REASONS.iter().map(|reason| reason.code).collect();
    /// What a reason may be given for.
    ReasonUse = texts(processing::reasons::Use::ALL, processing::reasons::Use::as_str);
    /// A queue of work.
    QueueName = processing::queues::QUEUES.iter().map(|queue| queue.code).collect();
    /// What a person is seen to be.
    PresenceState = texts(work::PresenceState::ALL, work::PresenceState::as_str);
    /// What a person may set themselves to.
    ChosenState = vec!["ready", "break", "signed_out"];
    /// Why somebody takes no work; `missed` and `away` are set by the server alone.
    BreakReason = texts(work::BreakReason::ALL, work::BreakReason::as_str);
    /// The breaks that a person chooses.
    ChosenBreak = {
        let chosen = work::BreakReason::ALL.iter().filter(|reason| reason.is_chosen());
        chosen.map(|reason| reason.as_str()).collect()
    };
    /// Whether work waits or is held.
    WorkState = vec!["waiting", "working"];
    /// How a hold on work ended.
    HoldEnd = texts(work::HoldEnd::ALL, work::HoldEnd::as_str);
    /// Which rendering of a page a link opens.
    LinkForm = vec!["display", "thumbnail", "original"];
    /// What the core says of an account; `unknown` where it has none of that number.
    AccountState = vec!["active", "stop_payment", "frozen", "closed", "unknown"];
    /// Whether the payee's name is the account's.
    NameMatch = vec!["match", "mismatch", "unknown"];
    /// An act that the console offers on an item.
    ItemAct = crate::processing::items::ACT_NAMES.to_vec();
}

/// Which keying of a slice this is: the first, the second, or the third where those two differ.
pub(crate) enum PassNumber {}

impl PartialSchema for PassNumber {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([1, 2, 3]));
        number.description(Some("Which keying of a slice this is.")).into()
    }
}

impl ToSchema for PassNumber {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_list_has_words_and_none_twice() {
        for (name, schema) in all() {
            let RefOr::T(Schema::Object(object)) = schema else { panic!("{name} is no text") };
            let words = object.enum_values.unwrap_or_default();
            let distinct: HashSet<String> = words.iter().map(ToString::to_string).collect();
            assert!(!words.is_empty() && distinct.len() == words.len(), "{name}: {words:?}");
        }
    }
}

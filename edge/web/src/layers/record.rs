//! What was refused before its command ran leaves its entry here, and only here.
//!
//! A command that runs records its own refusal; see [`journal::Journal::run`].
//! What never got so far, such as for a missing permission, for an item of another outlet or for a reason that is none, is recorded by this layer
//! in the same chain of the same person.
//!
//! Which refusals leave an entry is decided by [`leaves_entry`] alone:
//! - of a command every one, but those of a request that could not be read as that command, which is no attempt at anything;
//! - of reading and of drafts those that say that the person may not, and whatever an id of the right form does not open to them.
//!
//! Nobody who is not signed in is recorded here: signing in counts and records by itself, and strangers must not be able to fill the journal.

use crate::App;
use crate::area::Kind;
use crate::problem::Problem;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use journal::{Actor, Command, Subject};
use kernel::Code;
use kernel::hash::HashSuite;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The entry's kind where the request did not get so far as to name its command.
const UNNAMED: &str = "web.request.refuse";

/// What the readers of a request learn of it, for the entry of its refusal. Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt(Arc<Mutex<Seen>>);

#[derive(Debug, Clone, Default)]
struct Seen {
    actor: Option<Actor>,
    command: Option<(&'static str, Subject)>,
}

impl Attempt {
    /// Who asks; what is learned later, such as the post, replaces what was known before.
    pub fn by(&self, actor: Actor) {
        self.seen(|seen| seen.actor = Some(actor));
    }

    /// What is to be done, on what.
    pub fn at(&self, name: &'static str, subject: Subject) {
        self.seen(|seen| seen.command = Some((name, subject)));
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        // Nothing that holds the lock can leave it half written.
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Which kind of request each method and template of an address takes.
pub(crate) type Kinds = Arc<HashMap<(String, String), Kind>>;

/// Records a refusal that is not recorded yet. One that cannot be recorded is answered as the fault that it then is.
pub(crate) async fn record(State((app, kinds)): State<(App, Kinds)>, mut request: Request, next: Next) -> Response {
    let template = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    // Asking for the headers alone is reading.
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() }.as_str().to_owned();
    let kind = template.clone().and_then(|template| kinds.get(&(method.clone(), template)).copied());
    let (Some(template), Some(kind)) = (template, kind) else { return next.run(request).await };
    let address = Address::read(&template, request.uri().path());
    let attempt = Attempt::default();
    request.extensions_mut().insert(attempt.clone());
    let response = next.run(request).await;
    let refusal = response.extensions().get::<Problem>().and_then(|problem| problem.content().refusal.clone());
    let Some(refusal) = refusal.filter(|refusal| !refusal.is_recorded()) else { return response };
    let Seen { actor: Some(actor), command } = attempt.seen(|seen| seen.clone()) else { return response };
    if !leaves_entry(kind, &address, refusal.code) {
        return response;
    }
    let (name, subject) = command.unwrap_or_else(|| (UNNAMED, Subject::named(format!("{method} {}", address.text))));
    let input_hash = HashSuite::Sha256.digest(&[subject.as_str().as_bytes()]);
    let command = Command { name, actor, key: String::new(), input_hash, subject };
    match app.journal.record_refusal(command, refusal).await {
        Ok(_) => response,
        Err(failure) => Problem::from(failure).into_response(),
    }
}

/// The address of a request as the journal may hold it.
struct Address {
    /// The template with its ids. What stands in an id's place and is none is left out: nobody knows what was typed there.
    text: String,
    /// Whether it names something: at least one id, and nothing else in an id's place.
    names: bool,
}

impl Address {
    fn read(template: &str, path: &str) -> Self {
        let (mut ids, mut others) = (0, 0);
        let steps: Vec<&str> = template
            .split('/')
            .zip(path.split('/'))
            .map(|(place, step)| match (place.starts_with('{'), is_id(step)) {
                (false, _) => place,
                (true, true) => {
                    ids += 1;
                    step
                }
                (true, false) => {
                    others += 1;
                    place
                }
            })
            .collect();
        Self { text: steps.join("/"), names: ids > 0 && others == 0 }
    }
}

/// Whether the text has the form of one of the product's ids.
fn is_id(text: &str) -> bool {
    let body = kernel::id::KINDS.iter().find_map(|(prefix, _)| text.strip_prefix(prefix));
    body.is_some_and(|body| body.len() <= 40 && body.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn leaves_entry(kind: Kind, address: &Address, code: Code) -> bool {
    match code {
        // The request was not readable, or nothing was decided.
        Code::MalformedRequest
        | Code::InvalidField
        | Code::TooLarge
        | Code::UnsupportedMediaType
        | Code::MethodNotAllowed
        | Code::IdempotencyKeyMissing
        | Code::VersionMissing
        | Code::Unauthenticated
        | Code::Unavailable => false,
        Code::NotPermitted | Code::CsrfFailed | Code::SeparationOfDuties | Code::OutsourcedNotAllowed => true,
        // An id is not guessed by mistake.
        Code::NotFound => address.names,
        _ => kind == Kind::Command,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_an_id_s_place_comes_into_the_journal_only_when_it_is_an_id() {
        let item = kernel::ItemId::new(kernel::Instant::from_micros(1_700_000_000_000_000));
        let template = "/api/v1/processing/items/{item_id}/submit";
        let good = Address::read(template, &format!("/api/v1/processing/items/{item}/submit"));
        assert_eq!((good.text, good.names), (format!("/api/v1/processing/items/{item}/submit"), true));
        for typed in ["张三", "6222020000000000017", "itm_%27--", "itm_张三"] {
            let bad = Address::read(template, &format!("/api/v1/processing/items/{typed}/submit"));
            assert_eq!((bad.text.as_str(), bad.names), (template, false), "{typed}");
        }
    }

    #[test]
    fn of_a_command_everything_but_its_form_is_recorded_and_of_reading_what_one_may_not() {
        let named = Address { text: String::new(), names: true };
        let unnamed = Address { text: String::new(), names: false };
        let cases = [
            (Code::NotPermitted, true, true, true),
            (Code::CsrfFailed, true, true, true),
            (Code::OutsourcedNotAllowed, true, true, true),
            (Code::NotFound, true, true, false),
            (Code::ReasonRequired, true, false, true),
            (Code::WrongState, true, false, true),
            (Code::ConflictsWithEarlier, true, false, true),
            (Code::PasswordMustChange, true, false, true),
            (Code::PoorImage, true, false, true),
            (Code::MalformedRequest, false, false, false),
            (Code::InvalidField, false, false, false),
            (Code::IdempotencyKeyMissing, false, false, false),
            (Code::Unavailable, false, false, false),
        ];
        for (code, command, query, command_on_nothing) in cases {
            assert_eq!(leaves_entry(Kind::Command, &named, code), command, "{code:?}, a command");
            assert_eq!(leaves_entry(Kind::Query, &named, code), query, "{code:?}, a query");
            assert_eq!(leaves_entry(Kind::Command, &unnamed, code), command_on_nothing, "{code:?}, on nothing");
        }
    }
}

//! The permit of a request: read afresh from the person's posts, and recorded when it is refused.

use super::Session;
use crate::App;
use crate::problem::{Problem, Reply};
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use journal::{Actor, Command, Subject};
use kernel::hash::HashSuite;
use kernel::{Instant, PersonId, Refusal};
use permission::{Act, Permit, Rights};
use std::sync::Arc;

/// A signed-in person with the permit for `A`.
#[derive(Debug)]
pub struct Allowed<A: Act> {
    pub permit: Arc<Permit<A>>,
    pub session: Session,
}

impl<A: Act> std::ops::Deref for Allowed<A> {
    type Target = Permit<A>;
    fn deref(&self) -> &Permit<A> {
        &self.permit
    }
}

impl<A: Act> FromRequestParts<App> for Allowed<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        let session = Session::from_request_parts(parts, app).await?;
        let rights = rights(app, &session.person_id, session.now).await?;
        match rights.permit::<A>(session.seat.clone()) {
            Ok(permit) => Ok(Self { permit: Arc::new(permit), session }),
            Err(refusal) => {
                record(app, parts, &session, refusal.clone()).await?;
                Err(refusal.into())
            }
        }
    }
}

/// What the person may do today.
pub(crate) async fn rights(app: &App, person: &PersonId, now: Instant) -> Reply<Rights> {
    let mut reader = app.journal.db.reader().await?;
    Ok(Rights::load(&mut reader, person, crate::today(now)?).await?)
}

/// A refused permission leaves a trace in the chain of the person's refusals. The query is left out: it may hold what was searched for.
async fn record(app: &App, parts: &Parts, session: &Session, refusal: Refusal) -> Reply<()> {
    let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
    let subject = format!("{} {}", parts.method, uri.path());
    let actor = Actor::person(session.person_id.clone()).at(None, None, session.seat.clone());
    let input_hash = HashSuite::Sha256.digest(&[subject.as_bytes()]);
    let command = Command {
        name: "permission.request.refuse",
        actor,
        key: String::new(),
        input_hash,
        subject: Subject::named(subject),
    };
    Ok(app.journal.record_refusal(command, refusal).await?)
}

/// A signed-in person with the permit for one of two actions, the first where they have both.
#[derive(Debug)]
pub enum Either<A: Act, B: Act> {
    One(Arc<Permit<A>>, Session),
    Other(Arc<Permit<B>>, Session),
}

impl<A: Act, B: Act> Either<A, B> {
    pub fn session(&self) -> &Session {
        match self {
            Self::One(_, session) | Self::Other(_, session) => session,
        }
    }

    pub fn actor(&self) -> Actor {
        match self {
            Self::One(permit, _) => permit.actor(),
            Self::Other(permit, _) => permit.actor(),
        }
    }
}

impl<A: Act, B: Act> FromRequestParts<App> for Either<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        let session = Session::from_request_parts(parts, app).await?;
        let rights = rights(app, &session.person_id, session.now).await?;
        if let Ok(permit) = rights.permit::<A>(session.seat.clone()) {
            return Ok(Self::One(Arc::new(permit), session));
        }
        match rights.permit::<B>(session.seat.clone()) {
            Ok(permit) => Ok(Self::Other(Arc::new(permit), session)),
            Err(_) => {
                let refusal = A::ACTION.refused();
                record(app, parts, &session, refusal.clone()).await?;
                Err(refusal.into())
            }
        }
    }
}

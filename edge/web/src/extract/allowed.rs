//! The permit of a request: read afresh from the person's posts. That it was refused is recorded by [`crate::layers::record`].

use super::Session;
use crate::App;
use crate::layers::Attempt;
use crate::problem::{Problem, Reply};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use journal::Actor;
use kernel::{Instant, PersonId};
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
            Ok(permit) => {
                acts(parts, permit.actor());
                Ok(Self { permit: Arc::new(permit), session })
            }
            Err(refusal) => Err(refusal.into()),
        }
    }
}

/// What the person may do today.
pub(crate) async fn rights(app: &App, person: &PersonId, now: Instant) -> Reply<Rights> {
    let mut reader = app.journal.db.reader().await?;
    Ok(Rights::load(&mut reader, person, crate::today(now)?).await?)
}

/// Tells the record of refusals in which post the person acts.
fn acts(parts: &Parts, actor: Actor) {
    if let Some(attempt) = parts.extensions.get::<Attempt>() {
        attempt.by(actor);
    }
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
            acts(parts, permit.actor());
            return Ok(Self::One(Arc::new(permit), session));
        }
        let permit = rights.permit::<B>(session.seat.clone()).map_err(|_| A::ACTION.refused())?;
        acts(parts, permit.actor());
        Ok(Self::Other(Arc::new(permit), session))
    }
}

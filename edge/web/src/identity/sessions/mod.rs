//! Sessions: beginning, listing, ending.

pub mod end;
pub mod list;
pub mod revoke;
pub mod sign_in;
pub mod sign_out;

use crate::App;
use crate::problem::Reply;
use journal::Outcome;
use kernel::{Code, PersonId, Refusal, SessionId};

/// Takes work and stream from a session that its command ended; a repeat does it again, where the first request broke off after its commit.
/// A command that conflicts with an earlier one ended nothing, and takes nothing.
async fn take_work_from(app: &App, person: &PersonId, session: &SessionId, outcome: &Outcome<()>) -> Reply<()> {
    match outcome {
        Outcome::Done(()) | Outcome::AlreadyDone(()) => Ok(app.engine.end_session(person, session).await?),
        Outcome::ConflictsWithEarlier => Ok(()),
    }
}

/// The same for all sessions that a person had. A repeat takes nothing: it would meet the sessions that were begun since.
async fn take_work_from_all(app: &App, person: &PersonId, sessions: &[SessionId], outcome: &Outcome<i64>) -> Reply<()> {
    if let Outcome::Done(_) = outcome {
        for session in sessions {
            app.engine.end_session(person, session).await?;
        }
    }
    Ok(())
}

/// The path of the institution where a person is at home: what a permission over people must reach.
async fn home_of(app: &App, person: &PersonId) -> Reply<String> {
    let mut reader = app.journal.db.reader().await?;
    let known = organization::staff::find(&mut reader, person).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    Ok(organization::institution::path_of(&mut reader, &known.home).await?.unwrap_or_default())
}

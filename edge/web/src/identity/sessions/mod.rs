//! Sessions: beginning, listing, ending.

pub mod end;
pub mod list;
pub mod revoke;
pub mod sign_in;
pub mod sign_out;

use crate::App;
use crate::problem::Reply;
use kernel::{Code, PersonId, Refusal};

/// The path of the institution where a person is at home: what a permission over people must reach.
async fn home_of(app: &App, person: &PersonId) -> Reply<String> {
    let mut reader = app.journal.db.reader().await?;
    let known = organization::staff::find(&mut reader, person).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    Ok(organization::institution::path_of(&mut reader, &known.home).await?.unwrap_or_default())
}

//! Ids in addresses. One that is malformed or of another kind names nothing, so it is not found.

use crate::App;
use crate::problem::{Problem, Reply};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use kernel::id::Kind;
use kernel::{Code, Id, Refusal};

/// The ids of the address, in its order: `At(item): At<ItemId>`, `At((item, page)): At<(ItemId, PageId)>`.
#[derive(Debug, Clone)]
pub struct At<T>(pub T);

/// What can stand in an address.
pub trait Place: Sized {
    fn read(steps: &[&str]) -> Option<Self>;
}

impl<K: Kind> Place for Id<K> {
    fn read(steps: &[&str]) -> Option<Self> {
        match steps {
            [step] => Id::parse(step).ok(),
            _ => None,
        }
    }
}

impl<A: Kind, B: Kind> Place for (Id<A>, Id<B>) {
    fn read(steps: &[&str]) -> Option<Self> {
        match steps {
            [a, b] => Some((Id::parse(a).ok()?, Id::parse(b).ok()?)),
            _ => None,
        }
    }
}

/// An opaque text, such as the token of a link.
impl Place for String {
    fn read(steps: &[&str]) -> Option<Self> {
        match steps {
            [step] => Some((*step).to_owned()),
            _ => None,
        }
    }
}

impl<T: Place> FromRequestParts<App> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        let not_found = || Problem::from(Refusal::new(Code::NotFound));
        let steps = RawPathParams::from_request_parts(parts, app).await.map_err(|_| not_found())?;
        let steps: Vec<&str> = steps.iter().map(|(_, step)| step).collect();
        T::read(&steps).map(At).ok_or_else(not_found)
    }
}

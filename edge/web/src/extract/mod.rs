//! What handlers take: who asks, under which key, with what input.
//!
//! The first argument of a handler is its guard; see [`crate::area`].
//! Every refusal here is a problem document; nothing that a client sends is echoed in it, so that no personal value comes into a log.

mod allowed;
mod cookies;
mod json;
mod key;
mod path;
mod query;
mod session;
mod version;

pub(crate) use allowed::rights;
pub use allowed::{Allowed, Either};
pub use cookies::{CSRF_COOKIE, SESSION_COOKIE};
pub(crate) use cookies::{cookie, set_cookies, take_back};
pub(crate) use json::unread;
pub use json::{Json, Nothing};
pub use key::{FirstAnswer, Key, answer};
pub use path::At;
pub use query::{Limit, Paging, Query, cursor};
pub use session::{AnySession, Anyone, Peer, Session, Signed};
pub use version::{IfMatch, etag};

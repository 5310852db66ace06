//! Who asks: the session behind the cookie, read afresh for every request.

use super::cookies::{SESSION_COOKIE, cookie};
use crate::App;
use crate::layers::{Attempt, check_csrf};
use crate::problem::{Problem, Reply};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use journal::Actor;
use kernel::{Code, Instant, PersonId, Refusal, SessionId};
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;

/// A session that was found valid for this request.
#[derive(Debug, Clone)]
pub struct Signed {
    pub session_id: SessionId,
    pub person_id: PersonId,
    pub seat: Option<String>,
    pub must_change_password: bool,
    /// The instant of the request.
    pub now: Instant,
}

impl Signed {
    /// The person as actor of own matters, outside any post.
    pub fn actor(&self) -> Actor {
        Actor::person(self.person_id.clone()).at(None, None, self.seat.clone())
    }
}

/// Anyone signed in whose password is in order.
#[derive(Debug, Clone)]
pub struct Session(pub Signed);

/// Anyone signed in, also while the password must be changed first.
#[derive(Debug, Clone)]
pub struct AnySession(pub Signed);

/// No session is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Anyone;

impl Deref for Session {
    type Target = Signed;
    fn deref(&self) -> &Signed {
        &self.0
    }
}

impl Deref for AnySession {
    type Target = Signed;
    fn deref(&self) -> &Signed {
        &self.0
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        let AnySession(signed) = AnySession::from_request_parts(parts, app).await?;
        if signed.must_change_password {
            return Err(Refusal::new(Code::PasswordMustChange).into());
        }
        Ok(Self(signed))
    }
}

impl FromRequestParts<App> for AnySession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        let ended = || Problem::from(Refusal::new(Code::Unauthenticated));
        let Some(token) = cookie(&parts.headers, SESSION_COOKIE) else { return Err(ended()) };
        let now = app.journal.now();
        let found = {
            let mut reader = app.journal.db.reader().await?;
            identity::session::authenticate(&mut reader, &app.rules, token, now).await
        };
        let session = found.map_err(|failure| Problem::from(failure).ending_session())?;
        if let Some(attempt) = parts.extensions.get::<Attempt>() {
            attempt.by(Actor::person(session.person_id.clone()).at(None, None, session.seat.clone()));
        }
        check_csrf(parts, &session)?;
        identity::session::touch(&app.journal.db, &app.rules, &session, now).await?;
        Ok(Self(Signed {
            session_id: session.session_id,
            person_id: session.person_id,
            seat: session.seat,
            must_change_password: session.must_change_password,
            now,
        }))
    }
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Reply<Self> {
        Ok(Self)
    }
}

/// The address that the request came from, for the list of sessions and the bound on attempts.
#[derive(Debug, Clone)]
pub struct Peer(pub String);

impl FromRequestParts<App> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Reply<Self> {
        // Absent only when the router is driven without a socket.
        let Some(peer) = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip()) else {
            return Ok(Self("local".to_owned()));
        };
        Ok(Self(origin(peer, &parts.headers, &app.settings.trusted_proxies).to_string()))
    }
}

/// The nearest address that is no proxy of ours: what a client writes into the header itself is farther away.
fn origin(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let listed = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = listed.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut nearest = peer;
    for hop in hops.into_iter().rev() {
        if !trusted.contains(&nearest) {
            break;
        }
        let Ok(address) = hop.parse() else { break };
        nearest = address;
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_proxies_are_believed_and_only_as_far_as_they_saw() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted = [address("10.0.0.1"), address("10.0.0.2")];
        let cases = [
            ("192.0.2.9", "198.51.100.7", "192.0.2.9", "nobody's proxy"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7", "our proxy"),
            ("10.0.0.1", "203.0.113.1, 198.51.100.7", "198.51.100.7", "what the client wrote itself"),
            ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7", "two proxies of ours"),
            ("10.0.0.1", "rubbish", "10.0.0.1", "rubbish"),
            ("10.0.0.1", "", "10.0.0.1", "nothing"),
        ];
        for (peer, header, expected, case) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(header));
            assert_eq!(origin(address(peer), &headers, &trusted), address(expected), "{case}");
        }
    }
}

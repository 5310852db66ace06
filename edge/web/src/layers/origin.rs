//! Against requests that another site makes in the person's browser.
//!
//! Three checks, each enough against an ordinary attack: the session cookie is `SameSite=Strict`;
//! a change must come from our own origin as far as the browser says; and it repeats the session's CSRF token in a header.

use crate::extract::{CSRF_COOKIE, cookie};
use crate::problem::Problem;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use kernel::{Code, Refusal};

const CSRF_HEADER: &str = "x-csrf-token";

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses a change that the browser says another site asked for, before anything else looks at it.
pub(crate) async fn check_origin(request: Request, next: Next) -> Response {
    if changes(request.method()) && !same_origin(request.headers()) {
        return Problem::from(Refusal::new(Code::CsrfFailed)).into_response();
    }
    next.run(request).await
}

/// Whether the request came from our own pages, as far as its headers tell; programs that are no browsers send neither header.
pub(crate) fn same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let (Some(origin), Some(host)) = (text("origin"), text(header::HOST.as_str())) else {
        return text("origin").is_none();
    };
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().map(|it| it.as_str().to_owned()));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

/// Refuses a change whose header does not repeat the cookie, or whose cookie is not the one given with this session.
pub(crate) fn check_csrf(parts: &Parts, session: &identity::Session) -> Result<(), Refusal> {
    if !changes(&parts.method) {
        return Ok(());
    }
    let header = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
    let matches = match (header, cookie(&parts.headers, CSRF_COOKIE)) {
        (Some(header), Some(cookie)) => header == cookie && session.csrf_matches(header),
        _ => false,
    };
    if matches { Ok(()) } else { Err(Refusal::new(Code::CsrfFailed)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_origin_may_change_anything() {
        type Pairs = &'static [(&'static str, &'static str)];
        let cases: [(Pairs, bool, &str); 7] = [
            (&[], true, "a program that is no browser"),
            (&[("host", "ops.bank"), ("origin", "https://ops.bank")], true, "our page"),
            (&[("host", "127.0.0.1:8470"), ("origin", "http://127.0.0.1:8470")], true, "our page with a port"),
            (&[("host", "ops.bank"), ("origin", "https://evil.example")], false, "another site"),
            (&[("host", "ops.bank"), ("origin", "https://ops.bank.evil.example")], false, "a longer name"),
            (&[("host", "ops.bank"), ("origin", "null")], false, "a sandboxed frame"),
            (&[("host", "ops.bank"), ("sec-fetch-site", "same-site")], false, "a sister site"),
        ];
        for (pairs, expected, case) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(*name, HeaderValue::from_static(value));
            }
            assert_eq!(same_origin(&headers), expected, "{case}");
        }
    }
}

//! The two cookies of a session: the token that scripts cannot read, and the one that they must repeat in a header.

use axum::http::{HeaderMap, HeaderValue, header};

/// Holds the session's token; not readable by scripts.
pub const SESSION_COOKIE: &str = "shuniu_session";
/// Holds what every change repeats in `X-CSRF-Token`.
pub const CSRF_COOKIE: &str = "shuniu_csrf";

/// The value of a request's cookie; the last one wins, as in browsers that hold two.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .rfind(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value)
}

/// Puts both cookies into an answer. They end with the browser; the server's own time-outs decide before.
pub(crate) fn set_cookies(headers: &mut HeaderMap, token: &str, csrf: &str, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    put(headers, format!("{SESSION_COOKIE}={token}; Path=/; SameSite=Strict; HttpOnly{secure}"));
    put(headers, format!("{CSRF_COOKIE}={csrf}; Path=/; SameSite=Strict{secure}"));
}

/// Takes both cookies back.
pub(crate) fn take_back(headers: &mut HeaderMap) {
    put(headers, format!("{SESSION_COOKIE}=; Path=/; SameSite=Strict; HttpOnly; Max-Age=0"));
    put(headers, format!("{CSRF_COOKIE}=; Path=/; SameSite=Strict; Max-Age=0"));
}

fn put(headers: &mut HeaderMap, text: String) {
    match HeaderValue::from_str(&text) {
        Ok(value) => {
            headers.append(header::SET_COOKIE, value);
        }
        Err(_) => tracing::error!("a cookie's value does not fit into a header"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_among_others_and_empty_ones_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; shuniu_session=abc; shuniu_csrf="));
        assert_eq!(cookie(&headers, SESSION_COOKIE), Some("abc"));
        assert_eq!(cookie(&headers, CSRF_COOKIE), None);
        assert_eq!(cookie(&headers, "session"), None, "a part of a name is not the name");
    }
}

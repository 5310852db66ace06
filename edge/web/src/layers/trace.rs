//! The trace of a request: taken from a W3C `traceparent`, or new.

use axum::http::HeaderMap;

/// 32 lower-case hexadecimal digits, not all zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TraceId(pub String);

impl TraceId {
    pub fn of(headers: &HeaderMap) -> Self {
        let given = headers.get("traceparent").and_then(|value| value.to_str().ok()).and_then(parse);
        given.unwrap_or_else(|| Self(hex::encode(rand::random::<[u8; 16]>())))
    }
}

/// `version-trace-parent-flags`; a version we do not know keeps that beginning.
fn parse(text: &str) -> Option<TraceId> {
    let mut parts = text.split('-');
    let (version, trace, parent) = (parts.next()?, parts.next()?, parts.next()?);
    let hexadecimal =
        |part: &str, len: usize| part.len() == len && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let known = hexadecimal(version, 2) && version != "ff" && hexadecimal(trace, 32) && hexadecimal(parent, 16);
    (known && trace.bytes().any(|b| b != b'0')).then(|| TraceId(trace.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_traceparent_is_taken_and_a_broken_one_is_replaced() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(parse(&format!("00-{trace}-00f067aa0ba902b7-01")), Some(TraceId(trace.into())));
        let broken = [
            String::new(),
            format!("00-{trace}"),
            format!("ff-{trace}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{}-00f067aa0ba902b7-01", trace.to_uppercase()),
            "00-'; drop table--00f067aa0ba902b7-01".to_owned(),
        ];
        for text in broken {
            assert_eq!(parse(&text), None, "{text}");
        }
    }
}

//! Every endpoint with what no proper client sends: never a fault, always a problem document with a code of the catalog and nothing echoed.
//!
//! The endpoints are found by the table, so that a new one is tried without a line here.

use crate::bank::{Answer, Bank, Client};
use crate::sweep::{filled, method, somebody, streams};
use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Method, Request, header};
use futures_util::stream;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use web::{Endpoint, Needs};

/// What an attacker or a broken client could hide in a text; the first must never come back in an answer.
const SECRET: &str = "张三6222020000000000017";

/// Texts that parsers, databases and screens stumble over.
fn texts() -> Vec<String> {
    vec![
        SECRET.to_owned(),
        String::new(),
        " ".to_owned(),
        "\u{0}".to_owned(),
        "a\u{0}b".to_owned(),
        "\u{202e}txt.exe\u{2066}".to_owned(),
        "\u{feff}\u{200b}\u{ad}".to_owned(),
        "e\u{301}\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{fe0f}".to_owned(),
        "𠮷𡈽\u{20089}\u{e000}\u{10ffff}".to_owned(),
        "龘靐齉爩\u{3400}㐀".to_owned(),
        "'; DROP TABLE items; --".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "../../../etc/passwd".to_owned(),
        "%s%n{}${jndi:ldap://x}".to_owned(),
        "x".repeat(100_000),
        "-1".to_owned(),
        "9223372036854775808".to_owned(),
        "2026-02-30".to_owned(),
        "9999999-99-99".to_owned(),
        "1970-01-01T00:00:00Z".to_owned(),
    ]
}

/// Numbers at limits, and things that are none.
fn numbers() -> Vec<Value> {
    let texts = [
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "4294967296",
        "65536",
        "1e308",
        "-0.0",
        "0",
        "-1",
    ];
    texts.iter().map(|text| serde_json::from_str(text).expect("a number")).collect()
}

/// Values of every type, to stand where another is expected.
fn values() -> Vec<Value> {
    let mut all: Vec<Value> = texts().into_iter().map(Value::String).collect();
    all.extend(numbers());
    all.extend([
        Value::Null,
        json!(true),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!([SECRET]),
        json!({ SECRET: SECRET }),
    ]);
    all
}

/// The members of a request's body by name, with a value of the right kind each, from the document.
fn members(document: &Value, endpoint: &Endpoint) -> BTreeMap<String, Value> {
    let operation = &document["paths"][&endpoint.path][endpoint.method.to_lowercase()];
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let schema = resolved(document, schema);
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    properties.into_iter().map(|(name, schema)| (name, sample(document, &schema))).collect()
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let name = schema["$ref"].as_str().and_then(|link| link.rsplit('/').next());
    name.map_or(schema, |name| &document["components"]["schemas"][name])
}

/// A value that the schema lets pass.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    if let Some(choice) = schema["oneOf"].as_array().and_then(|all| all.last()) {
        return sample(document, choice);
    }
    if let Some(word) = schema["enum"].get(0) {
        return word.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("null");
    match kind {
        "string" => json!("a"),
        "integer" | "number" => json!(1),
        "boolean" => json!(false),
        "array" => json!([sample(document, &schema["items"])]),
        "object" => {
            let members = schema["properties"].as_object().cloned().unwrap_or_default();
            Value::Object(members.iter().map(|(name, inner)| (name.clone(), sample(document, inner))).collect())
        }
        _ => Value::Null,
    }
}

/// Never a fault, and never what was sent.
#[track_caller]
fn is_clean(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text());
    assert!(!answer.text().contains(SECRET), "{what} echoes what was sent: {}", answer.text());
    if answer.status.is_success() || answer.status.is_redirection() {
        return;
    }
    assert_eq!(answer.header("content-type"), web::MEDIA_TYPE, "{what}: {}", answer.text());
    let body = answer.json();
    let code = body["code"].as_str().unwrap_or_default();
    assert!(kernel::Code::parse(code).is_some(), "{what}: `{code}` is in no catalog");
    assert_eq!(body["status"].as_u64(), Some(u64::from(status)), "{what}");
    for member in ["title", "title_zh", "title_en", "trace_id", "type"] {
        assert!(body[member].as_str().is_some_and(|text| !text.is_empty()), "{what}: no `{member}`");
    }
}

/// A request with everything right but what the caller changes.
fn request(client: Option<&Client<'_>>, endpoint: &Endpoint, path: &str, key: &str) -> Request<Body> {
    let mut request = match client {
        Some(client) => client.request(method(endpoint), path, key, Some(&json!({}))),
        None => Request::builder()
            .method(method(endpoint))
            .uri(path)
            .header("idempotency-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::empty())
            .expect("a request"),
    };
    request.headers_mut().insert(header::IF_MATCH, HeaderValue::from_static("\"1\""));
    request
}

/// Tries all of it on the endpoints of a method.
async fn swept(methods: &[&str], tries: impl AsyncFn(&Bank, Option<&Client<'_>>, &Endpoint, &Value)) {
    let bank = Bank::open().await;
    let document = serde_json::to_value(web::openapi()).expect("a document");
    for endpoint in web::inventory().iter().filter(|it| methods.contains(&it.method.as_str()) && !streams(it)) {
        let client = match endpoint.needs {
            Needs::Nothing => None,
            _ => Some(bank.signed(somebody(&bank, endpoint).await.expect("somebody may")).await),
        };
        tries(&bank, client.as_ref(), endpoint, &document).await;
    }
}

const CHANGES: [&str; 4] = ["POST", "PUT", "DELETE", "PATCH"];

/// Own matters that end the session under the test.
fn ends_the_session(endpoint: &Endpoint) -> bool {
    endpoint.path.ends_with("/sessions/current")
}

#[tokio::test]
async fn a_body_of_another_form_is_refused_in_words() {
    swept(&CHANGES, async |bank, client, endpoint, _| {
        if ends_the_session(endpoint) {
            return;
        }
        let path = filled(&endpoint.path);
        let bodies: Vec<(&str, &str, Vec<u8>)> = vec![
            ("nothing", "application/json", Vec::new()),
            ("an object of nothing", "application/json", b"{}".to_vec()),
            ("half a body", "application/json", b"{\"reason\": \"a".to_vec()),
            ("two bodies", "application/json", b"{}{}".to_vec()),
            ("a list", "application/json", b"[1,2]".to_vec()),
            ("a number", "application/json", b"1e999999".to_vec()),
            ("a text", "application/json", format!("\"{SECRET}\"").into_bytes()),
            ("null", "application/json", b"null".to_vec()),
            ("bytes that are no UTF-8", "application/json", vec![0xff, 0xfe, 0x00, 0x80]),
            ("UTF-16", "application/json; charset=utf-16", SECRET.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            (
                "GB 18030",
                "application/json; charset=gb18030",
                vec![b'{', b'"', 0xd5, 0xc5, 0xc8, 0xfd, b'"', b':', b'1', b'}'],
            ),
            ("a byte order mark", "application/json", "\u{feff}{}".as_bytes().to_vec()),
            ("a lone surrogate", "application/json", br#"{"reason":"\ud800"}"#.to_vec()),
            ("a member twice", "application/json", br#"{"reason":"a","reason":"b"}"#.to_vec()),
            ("a deep nest", "application/json", [vec![b'['; 50_000], vec![b']'; 50_000]].concat()),
            ("a deep object", "application/json", br#"{"a":"#.repeat(5_000)),
            ("a form", "application/x-www-form-urlencoded", b"reason=a".to_vec()),
            ("parts", "multipart/form-data; boundary=x", b"--x\r\n\r\n--x--".to_vec()),
            ("XML", "application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>".to_vec()),
            ("no media type that is one", "application/json/json", b"{}".to_vec()),
            ("more than a page has", "application/json", vec![b' '; (26 << 20) + 1]),
        ];
        for (name, media_type, bytes) in bodies {
            let what = format!("{} {} with {name}", endpoint.method, endpoint.path);
            let mut request = request(client, endpoint, &path, &format!("key-{}", name.replace(' ', "-")));
            request.headers_mut().insert(header::CONTENT_TYPE, media_type.parse().expect("a header"));
            *request.body_mut() = Body::from(bytes);
            is_clean(&bank.send(request).await, &what);
        }
        let broken = [Ok(Bytes::from_static(b"{\"reason\"")), Err(std::io::Error::other("the line broke"))];
        let mut half = request(client, endpoint, &path, "key-half-sent");
        *half.body_mut() = Body::from_stream(stream::iter(broken));
        let answer = bank.send(half).await;
        is_clean(&answer, &format!("{} {} half sent", endpoint.method, endpoint.path));
        assert!(!answer.status.is_success(), "{} {}: half a request was taken", endpoint.method, endpoint.path);
    })
    .await;
}

#[tokio::test]
async fn every_member_of_a_body_takes_any_value_without_a_fault() {
    swept(&CHANGES, async |bank, client, endpoint, document| {
        let good = members(document, endpoint);
        let path = filled(&endpoint.path);
        let mut count = 0;
        for name in good.keys() {
            for value in values() {
                let mut body = good.clone();
                body.insert(name.clone(), value.clone());
                count += 1;
                let mut request = request(client, endpoint, &path, &format!("key-of-value-{name}-{count}"));
                *request.body_mut() = Body::from(json!(body).to_string());
                let shown: String = value.to_string().chars().take(60).collect();
                let what = format!("{} {} with {name} = {shown}", endpoint.method, endpoint.path);
                is_clean(&bank.send(request).await, &what);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn addresses_queries_and_headers_take_anything_without_a_fault() {
    swept(&["GET", "POST", "PUT", "DELETE"], async |bank, client, endpoint, document| {
        if ends_the_session(endpoint) {
            return;
        }
        for (n, text) in texts().into_iter().enumerate().filter(|(_, text)| text.len() < 10_000) {
            let step: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            let step = if step.is_empty() { "%20".to_owned() } else { step };
            let places: Vec<&str> =
                endpoint.path.split('/').map(|it| if it.starts_with('{') { step.as_str() } else { it }).collect();
            let path = places.join("/");
            let what = format!("{} {} as {step}", endpoint.method, endpoint.path);
            if path != endpoint.path {
                is_clean(&bank.send(request(client, endpoint, &path, &format!("key-of-place-{n}"))).await, &what);
            }
            let operation = &document["paths"][&endpoint.path][endpoint.method.to_lowercase()];
            let names = operation["parameters"].as_array().into_iter().flatten().filter(|it| it["in"] == "query");
            for name in names.filter_map(|it| it["name"].as_str()).chain(["limit", "unknown", "%00"]) {
                let path = format!("{}?{name}={step}&{name}={step}", filled(&endpoint.path));
                let what = format!("{} {path}", endpoint.method);
                is_clean(&bank.send(request(client, endpoint, &path, &format!("key-of-query-{n}"))).await, &what);
            }
        }
        let path = filled(&endpoint.path);
        for (name, value) in [
            ("idempotency-key", b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe".to_vec()),
            ("idempotency-key", "张张张张张张张张".as_bytes().to_vec()),
            ("idempotency-key", vec![b'k'; 5_000]),
            ("if-match", b"\"99999999999999999999\"".to_vec()),
            ("if-match", b"*".to_vec()),
            ("if-match", b"W/\"1\"".to_vec()),
            ("cookie", b"shuniu_session=\xff; shuniu_csrf=\xff".to_vec()),
            ("x-csrf-token", b"\xff".to_vec()),
            ("accept-language", b"\xff\xff".to_vec()),
            ("traceparent", b"\xff-\xff".to_vec()),
            ("x-forwarded-for", b"999.999.999.999, \xff".to_vec()),
            ("content-length", b"5".to_vec()),
        ] {
            let mut request = request(client, endpoint, &path, "key-of-a-header");
            request.headers_mut().insert(name, HeaderValue::from_bytes(&value).expect("a header's bytes"));
            is_clean(&bank.send(request).await, &format!("{} {} with {name}", endpoint.method, endpoint.path));
        }
    })
    .await;
}

/// Whether a parameter takes words of a closed list alone.
fn is_closed(document: &Value, schema: &Value) -> bool {
    let choices = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    choices.into_iter().any(|choice| resolved(document, choice)["enum"].is_array())
}

#[tokio::test]
async fn a_number_of_rows_that_is_none_and_a_word_of_no_list_are_refused_by_their_names() {
    let tried = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    swept(&["GET"], async |bank, client, endpoint, document| {
        let parameters = &document["paths"][&endpoint.path]["get"]["parameters"];
        for parameter in parameters.as_array().into_iter().flatten().filter(|it| it["in"] == "query") {
            let name = parameter["name"].as_str().expect("a name");
            let wrong: &[&str] = match name {
                "limit" => &["0", "-1", "201", "abc", "", "1.5", "9223372036854775808"],
                _ if is_closed(document, &parameter["schema"]) => &["lost", "READY", "0"],
                _ => continue,
            };
            *tried.borrow_mut().entry(if name == "limit" { "limits" } else { "words" }).or_default() += 1;
            for value in wrong {
                let path = format!("{}?{name}={value}", filled(&endpoint.path));
                let answer = bank.send(request(client, endpoint, &path, "key-of-no-number")).await;
                let field = answer.json()["field"].as_str().unwrap_or_default().to_owned();
                assert_eq!((answer.status.as_u16(), field.as_str()), (422, name), "GET {path}: {}", answer.text());
            }
        }
    })
    .await;
    let tried = tried.into_inner();
    assert!(tried["limits"] >= 6 && tried["words"] >= 4, "the lists were not found: {tried:?}");
}

#[tokio::test]
async fn methods_that_an_address_does_not_take_are_refused_in_words() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let all = web::inventory();
    for endpoint in &all {
        for other in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::TRACE] {
            if all.iter().any(|it| it.path == endpoint.path && it.method == other.as_str()) {
                continue;
            }
            let what = format!("{other} {}", endpoint.path);
            let answer = bank.send(teller.request(other, &filled(&endpoint.path), "key-of-no-method", None)).await;
            is_clean(&answer, &what);
            // An address may be the place of an id in another's template, such as `sessions/current`.
            assert!(["method_not_allowed", "not_found"].contains(&answer.code().as_str()), "{what}: {}", answer.text());
        }
    }
}

//! The query of an address; unknown names are refused, so that a misspelt filter never shows everything.

use super::json::{nul, wrong_input};
use crate::App;
use crate::problem::{Problem, Reply};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::Refusal;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use std::error::Error as _;
use storage::Cursor;
use storage::page::{LIMIT_DEFAULT, LIMIT_MAX};

/// The read query.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Reply<Self> {
        let pairs = parts.uri.query().unwrap_or_default().split('&');
        if let Some(pair) = pairs.into_iter().find(|pair| pair.contains("%00")) {
            return Err(nul(pair.split('=').next().unwrap_or_default()).into());
        }
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|query| Self(query.0)).map_err(|rejection| {
            // axum wraps the deserializer's error; its own text is `<path>: <message>`.
            let text = rejection.source().map(ToString::to_string).unwrap_or_default();
            let (path, message) = text.split_once(": ").unwrap_or((".", &text));
            if path == LIMIT {
                return no_limit().into();
            }
            let known = message.starts_with("missing field") || message.starts_with("unknown field");
            let named = text.starts_with("missing field") || text.starts_with("unknown field");
            if named {
                wrong_input(".", &text).into()
            } else {
                wrong_input(path, if known { message } else { "" }).into()
            }
        })
    }
}

/// The name under which every list takes it.
const LIMIT: &str = "limit";

/// How many rows of a list are asked for: 1 to [`LIMIT_MAX`]; [`LIMIT_DEFAULT`] when nothing is said.
/// What is neither is refused, because a list that answers another question looks like the answer.
#[derive(Debug, Clone, Copy)]
pub struct Limit(i64);

impl Limit {
    pub const fn rows(self) -> i64 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(LIMIT_DEFAULT)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = i64::deserialize(deserializer)?;
        if (1..=LIMIT_MAX).contains(&rows) { Ok(Self(rows)) } else { Err(D::Error::custom("out of range")) }
    }
}

fn no_limit() -> Refusal {
    let (zh, en) = (format!("须为 1 至 {LIMIT_MAX} 的整数"), format!("write a whole number from 1 to {LIMIT_MAX}"));
    Refusal::field(LIMIT, zh, en)
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows per page; 50 when absent.
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    pub limit: Limit,
    /// The `next` of the page before.
    pub cursor: Option<String>,
}

/// Reads a cursor that a list gave out earlier.
pub fn cursor(text: Option<&str>) -> Result<Option<Cursor>, Refusal> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = Cursor::decode(text);
    found.map(Some).ok_or_else(|| Refusal::field("cursor", "不是本列表给出的游标", "it was not given out by this list"))
}

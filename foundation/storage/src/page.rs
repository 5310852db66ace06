//! Paging by cursor: stable under inserts, and no counting of rows nobody asked for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The most rows a page may have.
pub const LIMIT_MAX: i64 = 200;
/// The rows of a page when nobody says how many.
pub const LIMIT_DEFAULT: i64 = 50;

/// Where a page starts: after the row with this sort key and this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub key: i64,
    pub id: String,
}

impl Cursor {
    /// Opaque text for the API.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.key, self.id))
    }

    /// `None` for text that [`Cursor::encode`] cannot have made.
    pub fn decode(text: &str) -> Option<Self> {
        let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (key, id) = plain.split_once(':')?;
        Some(Self { key: key.parse().ok()?, id: id.to_owned() })
    }
}

/// One page of a list, with the cursor of the next when there is one.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts a result that was asked with one row more than `limit`.
    pub fn cut(mut items: Vec<T>, limit: i64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(convert).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_garbage_does_not_become_one() {
        let cursor = Cursor { key: -7, id: "itm_0:1".into() };
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for text in ["", "!!", "AAAA", "eDp5"] {
            assert_eq!(Cursor::decode(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let cursor = |n: &i64| Cursor { key: *n, id: n.to_string() };
        assert_eq!(Page::cut(vec![1, 2, 3], 2, cursor).next, Some(Cursor { key: 2, id: "2".into() }));
        assert_eq!(Page::cut(vec![1, 2], 2, cursor).next, None);
    }
}

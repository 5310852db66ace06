//! The reading that judges: canonical forms only.

use super::lenient::parse_lenient;
use super::{Binding, CapitalError, RENMINBI, WHOLE, written};

/// Reads a capital amount into minor units (分) if it is one of the forms the annex allows for that amount.
///
/// Allowed beside our own form: 人民币 directly before it, 正 for 整, the optional 零 of the annex's fourth rule,
/// 整 after 角, and the traditional characters that the annex says are to be honored (such as 貳 陸 億 萬 圓).
pub fn parse_strict(text: &str) -> Result<i64, CapitalError> {
    // What the text means; a text without one meaning is refused with its place.
    let minor = parse_lenient(text)?;
    let body = text.strip_prefix(RENMINBI).unwrap_or(text);
    let before = text.chars().count() - body.chars().count();
    let mut found = body.chars().map(simplified).enumerate().peekable();
    for glyph in written(minor.unsigned_abs()) {
        if found.next_if(|(_, char)| *char == glyph.char).is_none() && glyph.binding == Binding::Stands {
            let index = found.peek().map_or_else(|| body.chars().count(), |(index, _)| *index);
            return Err(CapitalError::NotCanonical { position: before + index + 1 });
        }
    }
    match found.next() {
        Some((index, _)) => Err(CapitalError::NotCanonical { position: before + index + 1 }),
        None => Ok(minor),
    }
}

/// The annex's own character for a variant that it honors.
fn simplified(char: char) -> char {
    match char {
        '貳' => '贰',
        '參' | '叄' => '叁',
        '陸' => '陆',
        '萬' => '万',
        '億' => '亿',
        '圓' => '元',
        '正' => WHOLE,
        other => other,
    }
}

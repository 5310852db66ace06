//! What every text field that people type must satisfy before it is stored.

use journal::Answer;
use kernel::Refusal;

/// Characters of a name at most; the longest registered names of institutions stay below.
const NAME_CHARS_MAX: usize = 100;
/// Characters of a code or number at most.
const CODE_CHARS_MAX: usize = 32;

/// A name without its outer spaces; refuses an empty or overlong one, and control characters, which would spoil lists and prints.
pub(crate) fn name(field: &str, text: &str) -> Answer<String> {
    let text = text.trim();
    let chars = text.chars().count();
    if chars == 0 {
        return Err(Refusal::field(field, "不能为空", "it is empty").into());
    }
    if chars > NAME_CHARS_MAX {
        let (zh, en) = (format!("最多 {NAME_CHARS_MAX} 个字符"), format!("at most {NAME_CHARS_MAX} characters"));
        return Err(Refusal::field(field, zh, en).into());
    }
    if text.chars().any(char::is_control) {
        return Err(Refusal::field(field, "含有控制字符", "it holds control characters").into());
    }
    Ok(text.to_owned())
}

/// A code: ASCII letters, digits, `-`, `_` and `.`, so that it can stand in lists, files and addresses.
pub(crate) fn code(field: &str, text: &str) -> Answer<String> {
    let text = text.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if text.is_empty() || text.len() > CODE_CHARS_MAX || !text.chars().all(allowed) {
        let (zh, en) = (
            format!("须为 1 至 {CODE_CHARS_MAX} 位字母、数字或 - _ ."),
            format!("write 1 to {CODE_CHARS_MAX} letters, digits or - _ ."),
        );
        return Err(Refusal::field(field, zh, en).into());
    }
    Ok(text.to_owned())
}

/// The text as a pattern that finds it anywhere, for `LIKE … ESCAPE '!'`.
pub(crate) fn contains_pattern(text: &str) -> String {
    format!("%{}%", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        if matches!(c, '%' | '_' | '!') {
            out.push('!');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_trimmed_and_what_cannot_be_listed_is_refused() {
        assert_eq!(name("name", " 兰州分行 ").expect("a name"), "兰州分行");
        for text in ["", "   ", "a\u{7}b", &"长".repeat(101)] {
            assert!(name("name", text).is_err(), "{text:?}");
        }
        assert_eq!(code("code", " LZ-001.a_b ").expect("a code"), "LZ-001.a_b");
        for text in ["", "分行", "a b", "a/b", "'; --", &"9".repeat(33)] {
            assert!(code("code", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_signs_of_a_pattern_are_taken_as_letters() {
        assert_eq!(contains_pattern(" 50%_! "), "%50!%!_!!%");
    }
}

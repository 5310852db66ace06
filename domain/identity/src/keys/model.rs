//! What a key is, and which ones a person may choose. Pure.

use kernel::Refusal;
use std::collections::BTreeMap;

/// Chords by the name of what they do, such as `keying.confirm`: `["NumpadEnter"]`.
pub type Chosen = BTreeMap<String, Vec<String>>;

/// A person's own keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeyProfile {
    /// Rises with each change; 0 is the standard.
    pub version: i64,
    pub keys: Chosen,
}

/// More than all stations bind together.
const BINDINGS_MAX: usize = 200;
const CHORDS_MAX: usize = 4;
const NAME_CHARS_MAX: usize = 64;

/// The modifiers in the order in which a chord writes them.
const MODIFIERS: [&str; 4] = ["Ctrl", "Alt", "Shift", "Meta"];

/// Keys by the `code` of the browser's keyboard event (W3C UI Events): the physical key, so that the keypad's Enter is not the main one.
const CODES: &[&str] = &[
    "Enter",
    "Escape",
    "Space",
    "Tab",
    "Home",
    "End",
    "Slash",
    "Period",
    "Comma",
    "Minus",
    "Equal",
    "Backspace",
    "Delete",
    "ArrowUp",
    "ArrowDown",
    "ArrowLeft",
    "ArrowRight",
    "PageUp",
    "PageDown",
];

const KEYPAD: &[&str] = &["Add", "Subtract", "Multiply", "Divide", "Decimal", "Enter", "Comma", "Equal"];

/// What the browser, the system or the input method keeps for itself. The console holds the same list, and a test compares them.
pub(super) const RESERVED: &[&str] = &[
    "Ctrl+KeyW",
    "Ctrl+KeyT",
    "Ctrl+KeyN",
    "Ctrl+Shift+KeyW",
    "Ctrl+Shift+KeyT",
    "Ctrl+Shift+KeyN",
    "F1",
    "F3",
    "F5",
    "F6",
    "F7",
    "F10",
    "F11",
    "F12",
    "Ctrl+F5",
    "Ctrl+KeyR",
    "Ctrl+Shift+KeyR",
    "Alt+F4",
    "Ctrl+Tab",
    "Ctrl+Shift+Tab",
    "Ctrl+PageUp",
    "Ctrl+PageDown",
    "Alt+ArrowLeft",
    "Alt+ArrowRight",
    "Tab",
    "Shift+Tab",
    "Ctrl+KeyC",
    "Ctrl+KeyV",
    "Ctrl+KeyX",
    "Ctrl+KeyA",
    "Ctrl+Space",
    "Shift+Space",
    "Ctrl+Period",
];

pub(super) fn check(keys: &Chosen) -> Result<(), Refusal> {
    if keys.len() > BINDINGS_MAX {
        let (zh, en) = (format!("最多 {BINDINGS_MAX} 项"), format!("at most {BINDINGS_MAX} entries"));
        return Err(Refusal::field("keys", zh, en));
    }
    for (place, (name, chords)) in keys.iter().enumerate() {
        // A name that is none is not repeated: nobody knows what was typed there.
        if !is_name(name) {
            let (zh, en) = (
                "名称须为字母、数字、点、下划线或连字符",
                "write its name in letters, digits, dots, underscores or hyphens",
            );
            return Err(Refusal::field(format!("keys[{place}]"), zh, en));
        }
        let field = format!("keys.{name}");
        if chords.is_empty() || chords.len() > CHORDS_MAX {
            let (zh, en) = (format!("须有 1 至 {CHORDS_MAX} 个键"), format!("give it 1 to {CHORDS_MAX} keys"));
            return Err(Refusal::field(field, zh, en));
        }
        for chord in chords {
            check_chord(&field, chord)?;
        }
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(good)
}

fn check_chord(field: &str, chord: &str) -> Result<(), Refusal> {
    let mut parts: Vec<&str> = chord.split('+').collect();
    let code = parts.pop().unwrap_or_default();
    let in_order = MODIFIERS.iter().filter(|modifier| parts.contains(modifier)).eq(parts.iter());
    if !is_code(code) || !in_order {
        return Err(Refusal::field(field, "不是可用的键", "it is not a key that can be chosen"));
    }
    let types_a_character =
        chord.strip_prefix("Alt+Numpad").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    if RESERVED.contains(&chord) || parts.contains(&"Meta") || types_a_character {
        let (zh, en) =
            ("该键属于浏览器、系统或输入法", "that key belongs to the browser, the system or the input method");
        return Err(Refusal::field(field, zh, en));
    }
    Ok(())
}

fn is_code(code: &str) -> bool {
    let one = |rest: &str, good: fn(&u8) -> bool| rest.len() == 1 && rest.as_bytes().iter().all(good);
    if let Some(rest) = code.strip_prefix("Key") {
        return one(rest, u8::is_ascii_uppercase);
    }
    if let Some(rest) = code.strip_prefix("Digit") {
        return one(rest, u8::is_ascii_digit);
    }
    if let Some(rest) = code.strip_prefix("Numpad") {
        return one(rest, u8::is_ascii_digit) || KEYPAD.contains(&rest);
    }
    let function = code.strip_prefix('F').and_then(|rest| rest.parse().ok()).is_some_and(|n: u8| (1..=24).contains(&n));
    function || CODES.contains(&code)
}

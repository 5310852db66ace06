//! Rust text with comments, strings and characters blanked, so that a rule about code never trips over prose.
//!
//! It is a scanner and no parser: it relies on the code being formatted, which a step before it checks.

/// One Rust file.
pub struct Source {
    /// The code alone: everything else is spaces, lines stay where they are.
    pub code: String,
    /// Per line, from the first: whether only tests see it.
    test_lines: Vec<bool>,
}

/// A function: its name, its first line from 1, and its length in lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub length: usize,
}

impl Source {
    pub fn read(path: &str, content: &str) -> Self {
        let code = blank(content);
        let lines = code.lines().count();
        let mut test_lines = vec![is_test_path(path); lines];
        for (from, to) in test_regions(&code) {
            test_lines[from..=to.min(lines.saturating_sub(1))].fill(true);
        }
        Self { code, test_lines }
    }

    /// Whether line `number`, from 1, is compiled for tests only.
    pub fn is_test(&self, number: usize) -> bool {
        self.test_lines.get(number - 1).copied().unwrap_or(false)
    }

    /// The lines that are compiled into the product.
    pub fn product_lines(&self) -> usize {
        self.test_lines.iter().filter(|test| !**test).count()
    }

    /// Every function with a body, nested ones too.
    pub fn functions(&self) -> Vec<Function> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(offset) = find_word(&self.code[at..], "fn") {
            let start = at + offset;
            at = start + 2;
            let name: String = self.code[at..].trim_start().chars().take_while(|c| is_word(*c)).collect();
            if name.is_empty() {
                continue;
            }
            if let Some(end) = end_of_item(&self.code, at) {
                let (first, last) = (line_of(&self.code, start), line_of(&self.code, end));
                found.push(Function { name, line: first + 1, length: last - first + 1 });
            }
        }
        found
    }
}

/// Files that exist for tests alone.
pub fn is_test_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(|part| part == "tests" || part == "benches") || name == "tests.rs"
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `word` stands alone in `code`.
pub fn find_word(code: &str, word: &str) -> Option<usize> {
    code.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = code[..*at].chars().next_back().is_none_or(|c| !is_word(c));
        let after = code[at + word.len()..].chars().next().is_none_or(|c| !is_word(c));
        before && after
    })
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count()
}

/// Where the braces of the item after `from` close; `None` when it ends with a semicolon and has none.
fn end_of_item(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_u32;
    let mut nested = 0_u32;
    for (at, c) in code[from..].char_indices() {
        match c {
            // The semicolon of an array type is inside brackets, and ends nothing.
            '(' | '[' if depth == 0 => nested += 1,
            ')' | ']' if depth == 0 => nested = nested.saturating_sub(1),
            ';' if depth == 0 && nested == 0 => return None,
            '{' => depth += 1,
            '}' if depth == 1 => return Some(from + at),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The lines, from 0, of everything under `#[cfg(test)]` and `#[test]`.
fn test_regions(code: &str) -> Vec<(usize, usize)> {
    let mut regions = Vec::new();
    for mark in ["#[cfg(test)]", "#[test]", "#[tokio::test", "#[cfg(all(test"] {
        for (at, _) in code.match_indices(mark) {
            let after = at + code[at..].find('\n').unwrap_or(code.len() - at);
            if let Some(end) = end_of_item(code, after) {
                regions.push((line_of(code, at), line_of(code, end)));
            }
        }
    }
    regions
}

fn blank(content: &str) -> String {
    let chars: Vec<char> = content.chars().collect();
    let mut code = String::with_capacity(content.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_prose(&chars, at);
        if end > at {
            code.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// Where the comment, string or character that begins at `at` ends; `at` itself when none begins there.
fn end_of_prose(chars: &[char], at: usize) -> usize {
    let next = |ahead: usize| chars.get(at + ahead).copied().unwrap_or('\0');
    let word_before = at > 0 && is_word(chars[at - 1]);
    match (chars[at], next(1)) {
        ('/', '/') => position(chars, at, |c| c == '\n'),
        ('/', '*') => end_of_block_comment(chars, at),
        ('"', _) => end_of_quoted(chars, at, '"'),
        ('b' | 'c', '"') if !word_before => end_of_quoted(chars, at + 1, '"'),
        ('r', '"' | '#') if !word_before => end_of_raw(chars, at + 1).unwrap_or(at),
        ('b' | 'c', 'r') if !word_before => end_of_raw(chars, at + 2).unwrap_or(at),
        // A lifetime has no closing quote after one character.
        ('\'', '\\') => end_of_quoted(chars, at, '\''),
        ('\'', _) if next(2) == '\'' => at + 3,
        _ => at,
    }
}

fn position(chars: &[char], from: usize, stop: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|c| stop(*c)).map_or(chars.len(), |offset| from + offset)
}

fn end_of_block_comment(chars: &[char], at: usize) -> usize {
    let mut depth = 0_u32;
    let mut here = at;
    while here + 1 < chars.len() {
        match (chars[here], chars[here + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') if depth == 1 => return here + 2,
            ('*', '/') => depth -= 1,
            _ => {
                here += 1;
                continue;
            }
        }
        here += 2;
    }
    chars.len()
}

fn end_of_quoted(chars: &[char], at: usize, quote: char) -> usize {
    let mut here = at + 1;
    while here < chars.len() {
        match chars[here] {
            '\\' => here += 2,
            c if c == quote => return here + 1,
            _ => here += 1,
        }
    }
    chars.len()
}

/// A raw string whose hashes begin at `at`; `None` when this is a raw identifier.
fn end_of_raw(chars: &[char], at: usize) -> Option<usize> {
    let open = position(chars, at, |c| c != '#');
    let hashes = open - at;
    if chars.get(open) != Some(&'"') {
        return None;
    }
    let closes = |here: usize| {
        chars[here] == '"' && chars[here + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
    };
    let close = (open + 1..chars.len()).find(|here| closes(*here));
    Some(close.map_or(chars.len(), |here| here + 1 + hashes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_blanked_and_code_is_kept() {
        let cases = [
            (r#"a("unwrap()") b"#, "a(          ) b"),
            ("a // unwrap()\nb", "a            \nb"),
            ("a /* x /* y */ z */ b", "a                   b"),
            (r##"a r#"x " y"# b"##, "a            b"),
            (r#"a "x\" y" b"#, "a         b"),
            ("fn f<'a>(c: &'a str) { 'x' }", "fn f<'a>(c: &'a str) {     }"),
            (r"a '\'' b", "a      b"),
            ("r#type b", "r#type b"),
            (r#"b"x" + cr"y""#, "     +      "),
        ];
        for (text, expected) in cases {
            let width_kept = blank(text);
            assert_eq!(width_kept.trim_end(), expected.trim_end(), "{text}");
        }
    }

    #[test]
    fn functions_are_measured_from_their_name_to_their_closing_brace() {
        let text = "trait T {\n    fn declared(&self) -> [u8; 4];\n}\nfn one() {}\nfn three(\n    a: [u8; 4],\n) {\n    if a { b }\n}\n";
        let found = Source::read("a.rs", text).functions();
        let seen: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.length)).collect();
        assert_eq!(seen, [("one", 4, 1), ("three", 5, 5)]);
    }

    #[test]
    fn lines_under_a_test_attribute_are_test_lines() {
        let source = Source::read("a.rs", "fn f() {\n}\n#[cfg(test)]\nmod tests {\n    fn g() {}\n}\nfn h() {}\n");
        let seen: Vec<bool> = (1..=7).map(|line| source.is_test(line)).collect();
        assert_eq!(seen, [false, false, true, true, true, true, false]);
        assert_eq!(source.product_lines(), 3);
        assert!(Source::read("x/tests/it/main.rs", "fn f() {}\n").is_test(1));
        assert!(!Source::read("a.rs", "#[cfg(test)]\nmod tests;\nfn f() {}\n").is_test(3));
    }
}

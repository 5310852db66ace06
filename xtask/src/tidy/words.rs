//! Words and forms that the code must not hold: swallowed errors, forgotten notes, floats near money, other spellings.

use super::source::{self, find_word, is_word};
use super::{Finding, Text, lines_that};

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let mut found = Vec::new();
    for text in texts {
        found.extend(notes(text));
        if text.source.is_some() {
            found.extend(forms(text));
            found.extend(floats(text));
            found.extend(spellings(text));
            found.extend(serialized_domain(text));
            found.extend(foreign_ids(text));
            found.extend(heading(text));
        }
    }
    found
}

fn finding(text: &Text, line: usize, rule: &'static str, said: impl Into<String>) -> Finding {
    Finding { file: text.path.clone(), line, rule, said: said.into() }
}

/// A form that is refused in the product's code, and what to write instead.
struct Form {
    text: &'static str,
    said: &'static str,
    in_tests_too: bool,
}

const FORMS: [Form; 5] = [
    Form { text: "#[allow(", said: "say `#[expect(…, reason = \"…\")]`", in_tests_too: true },
    Form { text: "#![allow(", said: "say `#![expect(…, reason = \"…\")]`", in_tests_too: true },
    Form { text: ".unwrap()", said: "pass the error on, or `expect` why there is none", in_tests_too: false },
    Form { text: "let _ =", said: "an error is handled, or named and explained", in_tests_too: false },
    Form { text: ".ok();", said: "an error is handled, or named and explained", in_tests_too: false },
];

fn forms(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    let mut found = Vec::new();
    for form in &FORMS {
        for line in lines_that(&source.code, |line| line.contains(form.text) && !is_value(line, form.text)) {
            if form.in_tests_too || !source.is_test(line) {
                found.push(finding(text, line, "form", format!("`{}`: {}", form.text, form.said)));
            }
        }
    }
    found
}

/// An error that becomes an absence is swallowed only when nobody takes the absence.
fn is_value(line: &str, form: &str) -> bool {
    form == ".ok();" && (line.contains('=') || line.contains("return ") || line.trim_start().starts_with('.'))
}

/// A note to oneself is an issue that nobody will find.
fn notes(text: &Text) -> Vec<Finding> {
    let code = [".rs", ".ts", ".tsx", ".css", ".sql", ".toml", ".mjs"].iter().any(|end| text.path.ends_with(end));
    if !code || text.path.contains("/generated/") || text.path.starts_with("xtask/src/tidy/") {
        return Vec::new();
    }
    let noted = |line: &str| ["TODO", "FIXME"].iter().any(|word| find_word(line, word).is_some());
    lines_that(&text.content, noted)
        .map(|line| finding(text, line, "note", "finish it, or file it and take it out"))
        .collect()
}

/// Where amounts are computed, a float has no spelling.
const EXACT: [&str; 3] = ["foundation/kernel/src/", "domain/ledger/src/", "edge/corebank-sim/src/books/"];

fn floats(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    if !EXACT.iter().any(|folder| text.path.starts_with(folder)) && !text.name().starts_with("money") {
        return Vec::new();
    }
    let float =
        |line: &str| find_word(line, "f64").is_some() || find_word(line, "f32").is_some() || has_float_literal(line);
    lines_that(&source.code, float)
        .map(|line| finding(text, line, "float", "money is counted in integers of minor units"))
        .collect()
}

/// `1.5` and `1.`, but neither `0..9` nor `tuple.0.1`.
fn has_float_literal(line: &str) -> bool {
    let chars: Vec<char> = line.chars().collect();
    (1..chars.len()).any(|at| {
        if chars[at] != '.' || !chars[at - 1].is_ascii_digit() {
            return false;
        }
        let start = (0..at).rev().take_while(|i| chars[*i].is_ascii_digit() || chars[*i] == '_').last().unwrap_or(at);
        let begins_number =
            start == 0 || !(is_word(chars[start - 1]) || chars[start - 1] == '.' || chars[start - 1] == ')');
        let method_or_range = chars.get(at + 1).is_some_and(|c| c.is_alphabetic() || *c == '_' || *c == '.');
        begins_number && !method_or_range
    })
}

/// Parts of words as the other side of the ocean spells them; names follow the American spelling.
const SPELLINGS: [(&str, &str); 8] = [
    ("isation", "ization"),
    ("authoris", "authoriz"),
    ("serialis", "serializ"),
    ("normalis", "normaliz"),
    ("colour", "color"),
    ("behaviour", "behavior"),
    ("centre", "center"),
    ("catalogue", "catalog"),
];

fn spellings(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    let mut found = Vec::new();
    for (other, ours) in SPELLINGS {
        for line in lines_that(&source.code, |line| line.to_ascii_lowercase().contains(other)) {
            found.push(finding(text, line, "spelling", format!("`{other}` is spelled `{ours}` in names")));
        }
    }
    found
}

/// Domain types are not serialized; what is stored or sent has a type of its own, in a file that says so.
fn serialized_domain(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    if !text.path.starts_with("domain/") || ["store.rs", "wire.rs"].contains(&text.name()) {
        return Vec::new();
    }
    let derives = |line: &str| line.contains("derive(") && find_word(line, "Serialize").is_some();
    lines_that(&source.code, derives)
        .filter(|line| !source.is_test(*line))
        .map(|line| {
            finding(text, line, "serialize", "a stored shape belongs in `store.rs`, a sent one in `wire.rs` or `web`")
        })
        .collect()
}

/// Ids have one list, so that a prefix is never given twice.
fn foreign_ids(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    if text.path.starts_with("foundation/kernel/")
        || !(text.path.starts_with("foundation/") || text.path.starts_with("domain/"))
    {
        return Vec::new();
    }
    let defines = |line: &str| {
        find_word(line, "struct").is_some_and(|at| {
            let name: String = line[at + 6..].trim_start().chars().take_while(|c| is_word(*c)).collect();
            name.ends_with("Id") && name.len() > 2
        })
    };
    lines_that(&source.code, defines)
        .filter(|line| !source.is_test(*line))
        .map(|line| finding(text, line, "id", "ids are defined in `kernel`'s list"))
        .collect()
}

/// Every crate says first what it is.
fn heading(text: &Text) -> Option<Finding> {
    let root = text.path.ends_with("/src/lib.rs") || text.path.ends_with("/src/main.rs");
    if !root || source::is_test_path(&text.path) || text.content.starts_with("//!") {
        return None;
    }
    Some(finding(text, 1, "heading", "opens with `//!`: what it is, what holds in it, what it leaves out on purpose"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(path: &str, content: &str) -> Vec<&'static str> {
        check(&[Text::new(path, content)]).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn each_rule_refuses_what_it_is_about_and_nothing_else() {
        let none: [&str; 0] = [];
        let store = "#[derive(Serialize)]\nstruct Row;\n";
        let cases: &[(&str, &str, &[&str])] = &[
            ("a/src/x.rs", "#[allow(dead_code)]\nfn f() {}\n", &["form"]),
            ("a/src/x.rs", "fn f() { g().unwrap() }\n", &["form"]),
            ("a/src/x.rs", "fn f() { say(\"unwrap()\") } // .unwrap()\n", &none),
            ("a/src/tests.rs", "fn f() { g().unwrap() }\n", &none),
            ("a/src/x.rs", "fn f() { let _ = g(); }\n", &["form"]),
            ("a/src/x.rs", "fn f() { g().ok(); }\n", &["form"]),
            ("a/src/x.rs", "fn f() {\n    let a = g().ok();\n}\n", &none),
            ("a/src/x.rs", "// TODO later\n", &["note"]),
            ("a/src/x.rs", "// TODOS is another word\n", &none),
            ("console/src/a.ts", "// FIXME\n", &["note"]),
            ("foundation/kernel/src/x.rs", "const A: f64 = 1.5;\n", &["float"]),
            ("foundation/kernel/src/x.rs", "fn f() { (0..9, t.0.1, 1.max(2)) }\n", &none),
            ("domain/work/src/x.rs", "const A: f64 = 1.5;\n", &none),
            ("domain/work/src/money.rs", "const A: f64 = b;\n", &["float"]),
            ("a/src/x.rs", "fn authorisation() {}\n", &["spelling", "spelling"]),
            ("a/src/x.rs", "// the authorisation of old\n", &none),
            ("domain/work/src/model.rs", store, &["serialize"]),
            ("domain/work/src/store.rs", store, &none),
            ("edge/web/src/work/list.rs", store, &none),
            ("domain/work/src/model.rs", "pub struct LeaseId(u64);\n", &["id"]),
            ("domain/work/src/model.rs", "pub struct Lease { id: LeaseId }\n", &none),
            ("domain/work/src/lib.rs", "pub mod a;\n", &["heading"]),
            ("domain/work/src/lib.rs", "//! Work.\n", &none),
        ];
        for (path, content, expected) in cases {
            assert_eq!(rules(path, content), *expected, "{path}: {content}");
        }
    }
}

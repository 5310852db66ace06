//! How long a function and a file may be.

use super::source;
use super::{Finding, Text};

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 800;

pub fn check(texts: &[Text]) -> Vec<Finding> {
    texts.iter().flat_map(|text| long_functions(text).into_iter().chain(long_file(text))).collect()
}

fn long_functions(text: &Text) -> Vec<Finding> {
    let Some(source) = &text.source else { return Vec::new() };
    let long = source.functions().into_iter();
    long.filter(|function| function.length > FUNCTION_LINES_MAX && !source.is_test(function.line))
        .map(|function| Finding {
            file: text.path.clone(),
            line: function.line,
            rule: "function-length",
            said: format!("`{}` has {} lines; {FUNCTION_LINES_MAX} are the most", function.name, function.length),
        })
        .collect()
}

fn long_file(text: &Text) -> Option<Finding> {
    let lines = measured(text)?;
    (lines > FILE_LINES_MAX).then(|| Finding {
        file: text.path.clone(),
        line: 0,
        rule: "file-length",
        said: format!("{lines} lines without tests; {FILE_LINES_MAX} are the most"),
    })
}

/// The lines of a file that people write and read; `None` for tests, generated files and everything that is no code.
fn measured(text: &Text) -> Option<usize> {
    if source::is_test_path(&text.path) || text.path.contains("/generated/") {
        return None;
    }
    if let Some(source) = &text.source {
        return Some(source.product_lines());
    }
    let script = [".ts", ".tsx", ".css"].iter().any(|end| text.path.ends_with(end));
    let test = text.path.contains(".test.") || text.path.contains(".spec.") || text.path.contains("/e2e/");
    (script && !test).then(|| text.content.lines().count())
}

/// How the lengths of files are spread, in one line.
pub fn figures(texts: &[Text]) -> String {
    let mut lines: Vec<usize> = texts.iter().filter_map(measured).collect();
    lines.sort_unstable();
    let at = |percent: usize| lines.get((lines.len().saturating_sub(1)) * percent / 100).copied().unwrap_or_default();
    format!("{} files of code; lines: median {}, p90 {}, longest {}", lines.len(), at(50), at(90), at(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!("fn long() {{\n{}}}\n", "    a();\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_may_have_seventy_lines_and_not_one_more() {
        assert!(check(&[Text::new("a/src/lib.rs", &function(70))]).is_empty());
        let found = check(&[Text::new("a/src/lib.rs", &function(71))]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].said, "`long` has 71 lines; 70 are the most");
        assert!(check(&[Text::new("a/tests/it.rs", &function(71))]).is_empty());
    }

    #[test]
    fn a_file_may_have_eight_hundred_lines_beside_its_tests() {
        let code = "fn a() {}\n".repeat(800);
        let tests = format!("{code}#[cfg(test)]\nmod tests {{\n{}}}\n", "    fn t() {}\n".repeat(100));
        assert!(check(&[Text::new("a/src/lib.rs", &tests)]).is_empty());
        assert_eq!(check(&[Text::new("a/src/lib.rs", &format!("{code}fn b() {{}}\n"))]).len(), 1);
        assert_eq!(check(&[Text::new("console/src/a.tsx", &"a;\n".repeat(801))]).len(), 1);
        assert!(check(&[Text::new("console/src/a.test.ts", &"a;\n".repeat(801))]).is_empty());
    }

    #[test]
    fn the_figures_name_median_and_longest() {
        let texts = [1, 2, 3].map(|lines| Text::new(&format!("{lines}.rs"), &"a;\n".repeat(lines)));
        assert_eq!(figures(&texts), "3 files of code; lines: median 2, p90 2, longest 3");
    }
}

//! The sheet that tells a newcomer where to go, as whom, and what to try first.
//!
//! The people are the demonstration's own: `shuniu-demo seed` prints them as JSON, and the folder keeps that.

use super::folder::Folder;
use serde::Deserialize;
use std::fmt::Write as _;

/// The last line of what `shuniu-demo seed` prints on stdout.
#[derive(Deserialize)]
struct Sheet {
    sign_ins: Vec<SignIn>,
}

/// Somebody one can sign in as, and what that person's day begins with.
#[derive(Deserialize)]
struct SignIn {
    employee_no: String,
    password: String,
    name: String,
    post_zh: String,
    post_en: String,
    /// One sentence, in English.
    #[serde(default)]
    try_en: String,
}

/// What is printed when everything runs.
pub fn sheet(folder: &Folder, url: &str, without_people: bool) -> String {
    let kept = std::fs::read_to_string(folder.sign_ins()).unwrap_or_default();
    let mut text = format!("\n  Console   {url}\n\n");
    match people(&kept) {
        Some(people) => text.push_str(&table(&people)),
        None => {
            text.push_str("  The list of sign-in names was not kept; begin anew to see it: cargo xtask demo --fresh\n")
        }
    }
    let first = if without_people {
        "sign in as a keyer, press Space to be ready, and key what the outlets send; nobody else does."
    } else {
        "sign in as a duty supervisor and watch the queues, then as a keyer, press Space and key."
    };
    let then = if without_people {
        "take it through every station yourself."
    } else {
        "follow it through the stations. They know each by its size in pixels; an image of another size is left to you."
    };
    let samples = folder.samples();
    writeln!(text, "\n  Try first: {first}").expect("a string takes every character");
    writeln!(text, "  Then: as the teller, capture a voucher of {}, and {then}", samples.display())
        .expect("a string takes every character");
    text
}

fn people(kept: &str) -> Option<Vec<SignIn>> {
    let line = kept.lines().rev().find(|line| !line.trim().is_empty())?;
    serde_json::from_str::<Sheet>(line).ok().map(|sheet| sheet.sign_ins)
}

fn table(people: &[SignIn]) -> String {
    let mut text = String::new();
    for person in people {
        let SignIn { employee_no, password, name, post_zh, post_en, try_en } = person;
        let (post, name) = (padded(&format!("{post_zh} {post_en}"), 36), padded(name, 10));
        writeln!(text, "  {}  {}  {name}{post}{try_en}", padded(employee_no, 10), padded(password, 16))
            .expect("a string takes every character");
    }
    text
}

/// Pads to a number of columns, of which a Chinese character takes two.
fn padded(text: &str, columns: usize) -> String {
    let wide = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    let used: usize = text.chars().map(wide).sum();
    format!("{text}{}", " ".repeat(columns.saturating_sub(used).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_read_from_the_last_line_and_stand_in_columns() {
        let kept = "{\"note\":1}\n{\"sign_ins\":[{\"employee_no\":\"K001\",\"password\":\"p\",\"name\":\"王芳\",\"post_zh\":\"录入员\",\"post_en\":\"Keyer\"},{\"employee_no\":\"S001\",\"password\":\"pp\",\"name\":\"李\",\"post_zh\":\"值班主管\",\"post_en\":\"Duty\",\"try_en\":\"Watch.\"}]}\n";
        let people = people(kept).expect("they are read");
        let table = table(&people);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("  K001        p                 王芳      录入员 Keyer"), "{}", lines[0]);
        assert!(lines[1].starts_with("  S001        pp                李        值班主管 Duty"), "{}", lines[1]);
        assert!(lines[1].ends_with("Watch."));
    }

    #[test]
    fn what_is_no_list_of_people_is_not_taken_for_one() {
        assert!(people("").is_none());
        assert!(people("seeded 400 outlets\n").is_none());
    }
}

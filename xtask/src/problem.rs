//! What went wrong, in a sentence for the person at the terminal.

use std::fmt;

/// A sentence that says what went wrong and, where it can, what to do.
///
/// `xtask` has no caller that would tell one kind of problem from another, so it keeps the sentence and nothing else.
#[derive(Debug)]
pub struct Problem(String);

pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Puts the thing that was being done before the machine's own words.
pub trait Explain<T> {
    fn explain(self, doing: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Explain<T> for std::result::Result<T, E> {
    fn explain(self, doing: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|error| Problem(format!("{}: {error}", doing())))
    }
}

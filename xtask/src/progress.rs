//! What is being done, for how long, shown while it lasts.

use crate::process::cut;
use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// One thing that takes time. On a terminal its line is rewritten; elsewhere a line is added now and then.
pub struct Progress {
    title: String,
    began: Instant,
    terminal: bool,
    next: Cell<Duration>,
}

const ON_TERMINAL: Duration = Duration::from_millis(250);
const ELSEWHERE: Duration = Duration::from_secs(60);

impl Progress {
    pub fn begin(title: &str) -> Self {
        let terminal = std::io::stdout().is_terminal();
        if !terminal {
            println!("… {title}");
        }
        let next = Cell::new(if terminal { Duration::ZERO } else { ELSEWHERE });
        Self { title: title.to_owned(), began: Instant::now(), terminal, next }
    }

    /// Says nothing: for work whose stdout belongs to somebody else.
    pub fn silent() -> Self {
        Self { title: String::new(), began: Instant::now(), terminal: true, next: Cell::new(Duration::MAX) }
    }

    /// Shows the elapsed time and what is being said just now, not more often than a reader can follow.
    pub fn tick(&self, said: impl FnOnce() -> String) {
        let elapsed = self.began.elapsed();
        if elapsed < self.next.get() {
            return;
        }
        self.next.set(elapsed + if self.terminal { ON_TERMINAL } else { ELSEWHERE });
        let line = format!("{} ({} s) {}", self.title, elapsed.as_secs(), said());
        if self.terminal {
            self.rewrite(&format!("… {}", cut(&line, 110)));
        } else {
            println!("  … {}", cut(&line, 160));
        }
    }

    /// Ends the line with its verdict.
    pub fn end(&self, mark: &str, note: &str) {
        let line = format!("{mark} {} ({}){}{note}", self.title, spoken(self.began.elapsed()), separator(note));
        if self.terminal {
            self.rewrite("");
        }
        println!("{line}");
    }

    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn rewrite(&self, line: &str) {
        let mut out = std::io::stdout();
        // A terminal that cannot be written to has nobody in front of it.
        if write!(out, "\r\x1b[2K{line}").and_then(|()| out.flush()).is_err() {
            self.next.set(Duration::MAX);
        }
    }
}

fn separator(note: &str) -> &'static str {
    if note.is_empty() { "" } else { "  " }
}

/// A duration as people say it.
pub fn spoken(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{}.{} s", seconds, duration.subsec_millis() / 100),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        let cases = [(400, "0.4 s"), (9_900, "9.9 s"), (59_000, "59 s"), (119_999, "119 s"), (125_000, "2 min 05 s")];
        for (milliseconds, expected) in cases {
            assert_eq!(spoken(Duration::from_millis(milliseconds)), expected);
        }
    }
}

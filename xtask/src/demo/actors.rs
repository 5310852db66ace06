//! The processes of a demonstration: started in the order in which they need each other, stopped in the reverse.

use super::folder::Folder;
use super::http;
use crate::interrupts::Interrupts;
use crate::problem::{Explain as _, Problem, Result};
use crate::process::{self, GRACE, Running};
use crate::progress::Progress;
use crate::tree::Tree;
use serde::Deserialize;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::thread::sleep;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(50);
const CORE_START_MAX: Duration = Duration::from_secs(20);
/// Vouchers to capture: four of each kind.
const SAMPLES: &str = "12";
const SERVER_START_MAX: Duration = Duration::from_secs(90);

const CORE: &str = "core";
const SERVER: &str = "server";
const OUTLETS: &str = "outlets";
const PEOPLE: &str = "people";

pub struct Actors<'a> {
    tree: &'a Tree,
    folder: &'a Folder,
    /// In the order in which they were started.
    running: Vec<Running>,
}

/// How the simulated outlets and people go about it: of which province they are, and how many times faster than life.
#[derive(Clone, Copy)]
pub struct Pace {
    pub seed: u64,
    pub speed: u32,
}

/// What the simulated core prints when it listens.
#[derive(Deserialize)]
struct Listening {
    listening: String,
}

impl<'a> Actors<'a> {
    pub fn new(tree: &'a Tree, folder: &'a Folder) -> Self {
        Self { tree, folder, running: Vec::new() }
    }

    /// Starts the simulated core and answers its address.
    pub fn start_core(&mut self, interrupts: &Interrupts) -> Result<String> {
        let progress = Progress::begin("start the simulated core");
        let mut command = Command::new(self.tree.binary("corebank-sim"));
        command.args(["--listen", "127.0.0.1:0", "--database"]).arg(self.folder.core_database());
        let mut core = Running::start_with_stdout(CORE, command, &self.fresh_log(CORE)?)?;
        self.folder.joined(CORE, core.pid())?;
        let first_line = first_line(&mut core);
        let began = Instant::now();
        let line = loop {
            if let Ok(line) = first_line.try_recv() {
                break line;
            }
            still_starting(&mut core, began, CORE_START_MAX, interrupts)?;
            sleep(POLL);
        };
        let said: Listening =
            serde_json::from_str(&line).explain(|| "the simulated core does not say where it listens".to_owned())?;
        progress.end("ok  ", &said.listening);
        self.running.push(core);
        Ok(format!("http://{}", said.listening))
    }

    /// Puts the demonstration province into both databases, and keeps the list of people one can sign in as.
    pub fn seed(&self, core: &str, seed: u64, interrupts: &Interrupts) -> Result<()> {
        let mut command = self.demo("seed");
        command.arg("--config").arg(self.folder.config()).args(["--core", core, "--seed", &seed.to_string()]);
        let said = self.folder.sign_ins();
        let out = File::create(&said).explain(|| format!("{} cannot be written", said.display()))?;
        self.finish("load the demonstration province", "seed", command, out, interrupts)
    }

    /// Draws vouchers for whoever tries the product to capture; simulated people know what is written on them.
    pub fn draw_samples(&self, seed: u64, interrupts: &Interrupts) -> Result<()> {
        let mut command = self.demo("documents");
        command
            .args(["--samples", "--count", SAMPLES, "--seed", &seed.to_string(), "--out"])
            .arg(self.folder.samples());
        let nothing = File::create("/dev/null").explain(|| "/dev/null cannot be opened".to_owned())?;
        self.finish("draw vouchers to capture", "samples", command, nothing, interrupts)
    }

    /// Runs one of the demonstration's own commands to its end.
    fn finish(&self, title: &str, name: &str, command: Command, out: File, interrupts: &Interrupts) -> Result<()> {
        let progress = Progress::begin(title);
        let log = self.fresh_log(name)?;
        let mut running = Running::start_with_output(&format!("shuniu-demo {name}"), command, &log, out)?;
        let status = loop {
            if let Some(status) = running.poll()? {
                break status;
            }
            if interrupts.raised() {
                return Err(Problem::new("stopped by Ctrl-C; the next start begins the folder anew"));
            }
            progress.tick(|| process::last_line(&log));
            sleep(POLL);
        };
        if status.success() {
            progress.end("ok  ", "");
            return Ok(());
        }
        progress.end("FAIL", "");
        Err(ended(&mut running, &format!("could not {title}")))
    }

    /// Starts the server, jobs included, and waits until it says that it is ready.
    pub fn start_server(&mut self, url: &str, port: u16, interrupts: &Interrupts) -> Result<()> {
        let progress = Progress::begin("start the server");
        let mut command = Command::new(self.tree.binary("shuniu"));
        command.args(["serve", "--config"]).arg(self.folder.config());
        let mut server = self.start(SERVER, command)?;
        let began = Instant::now();
        while !http::is_ready(port) {
            still_starting(&mut server, began, SERVER_START_MAX, interrupts)?;
            progress.tick(String::new);
            sleep(POLL);
        }
        // Somebody else may have taken the port in between; then ours has ended.
        still_starting(&mut server, began, SERVER_START_MAX, interrupts)?;
        progress.end("ok  ", url);
        self.running.push(server);
        Ok(())
    }

    pub fn start_outlets(&mut self, url: &str, pace: Pace, documents: Option<&Path>) -> Result<()> {
        let mut command = self.simulation("outlets", url, pace);
        if let Some(documents) = documents {
            command.arg("--documents").arg(documents);
        }
        self.start_simulation(OUTLETS, command)
    }

    pub fn start_people(&mut self, url: &str, pace: Pace, documents: Option<&Path>) -> Result<()> {
        let mut command = self.simulation("people", url, pace);
        for known in [Some(self.folder.samples().as_path()), documents].into_iter().flatten() {
            command.arg("--samples").arg(known);
        }
        self.start_simulation(PEOPLE, command)
    }

    /// # Errors
    /// The server or the core has ended: the demonstration is over. The simulated ones may end, and it is said.
    pub fn watch(&mut self) -> Result<()> {
        for running in &mut self.running {
            if running.poll()?.is_some() && [CORE, SERVER].contains(&running.name.as_str()) {
                return Err(ended(running, "ended by itself; the demonstration is over"));
            }
        }
        for index in (0..self.running.len()).rev() {
            if self.running[index].poll()?.is_some() {
                let mut gone = self.running.remove(index);
                println!("{}\nThe demonstration goes on without them.", ended(&mut gone, "ended by themselves"));
            }
        }
        Ok(())
    }

    /// Stops those who started last first: people and outlets, then the server, then the core.
    ///
    /// Ctrl-C meanwhile means: at once.
    pub fn stop(&mut self, interrupts: &Interrupts) -> Result<()> {
        if !self.running.is_empty() {
            println!();
        }
        while let Some(mut running) = self.running.pop() {
            let progress = Progress::begin(&format!("stop the {}", running.name));
            let by_itself = running.stop_unless(GRACE, || interrupts.raised())?;
            progress.end("ok  ", if by_itself { "" } else { "it did not stop when asked and was killed" });
        }
        println!("Everything is stopped.");
        Ok(())
    }

    fn demo(&self, what: &str) -> Command {
        let mut command = Command::new(self.tree.binary("shuniu-demo"));
        command.arg(what);
        command
    }

    fn simulation(&self, what: &str, url: &str, pace: Pace) -> Command {
        let mut command = self.demo(what);
        command.args(["--url", url, "--speed", &pace.speed.to_string(), "--seed", &pace.seed.to_string(), "--truth"]);
        command.arg(self.folder.truth());
        command
    }

    fn start_simulation(&mut self, name: &str, command: Command) -> Result<()> {
        let progress = Progress::begin(&format!("start the simulated {name}"));
        let running = self.start(name, command)?;
        progress.end("ok  ", "");
        self.running.push(running);
        Ok(())
    }

    fn start(&self, name: &str, command: Command) -> Result<Running> {
        let running = Running::start(name, command, &self.fresh_log(name)?)?;
        self.folder.joined(name, running.pid())?;
        Ok(running)
    }

    /// The log of the last run is kept beside the new one.
    fn fresh_log(&self, name: &str) -> Result<PathBuf> {
        let log = self.folder.logs().join(format!("{name}.log"));
        if log.exists() {
            let old = self.folder.logs().join(format!("{name}.last.log"));
            fs::rename(&log, &old).explain(|| format!("{} cannot be put aside", log.display()))?;
        }
        Ok(log)
    }
}

fn still_starting(running: &mut Running, began: Instant, longest: Duration, interrupts: &Interrupts) -> Result<()> {
    if running.poll()?.is_some() {
        return Err(ended(running, "ended while it was starting"));
    }
    if interrupts.raised() {
        return Err(Problem::new("stopped by Ctrl-C"));
    }
    if began.elapsed() > longest {
        let tail = process::tail(&running.log, 20);
        let said =
            format!("the {} is not ready after {} s; the end of its log:\n{tail}", running.name, longest.as_secs());
        return Err(Problem::new(said));
    }
    Ok(())
}

/// What is said of a process that is no more: how it ended, and the end of its log.
fn ended(running: &mut Running, what: &str) -> Problem {
    let how = match running.poll() {
        Ok(Some(status)) => process::ending(status),
        Ok(None) => "no end".to_owned(),
        Err(problem) => problem.to_string(),
    };
    let (name, log, tail) = (&running.name, running.log.display(), process::tail(&running.log, 20));
    Problem::new(format!("the {name} {what} ({how}); the end of {log}:\n{tail}"))
}

/// The first line that a process says on stdout; the rest is read and dropped, so that it never waits for a reader.
fn first_line(running: &mut Running) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = running.take_stdout() {
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(std::result::Result::ok) {
                // Nobody waits for the second line.
                if sender.send(line).is_err() {
                    continue;
                }
            }
        });
    }
    receiver
}

#[cfg(test)]
mod tests;

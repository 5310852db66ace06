//! `data/demo`: made whole or made again, and used by one demonstration at a time.
//!
//! `READY` is written last, so a folder without it was left half made by a run that was interrupted.
//! `run.json` names the processes of the run that uses the folder; with the instants they began, so that a number given to a stranger is not mistaken.

use crate::problem::{Explain as _, Problem, Result};
use crate::process;
use crate::tree::Tree;
use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The province that nobody asked another for.
const SEED: u64 = 1;

pub struct Folder {
    path: PathBuf,
    database: String,
    seed: u64,
    new: bool,
    run: RefCell<Run>,
}

/// Who uses the folder.
#[derive(Serialize, Deserialize, Default)]
struct Run {
    processes: Vec<Known>,
}

/// A process as it was when we knew it; the first is `xtask` itself.
#[derive(Serialize, Deserialize, Clone)]
struct Known {
    name: String,
    pid: u32,
    started: String,
}

impl Known {
    fn of(name: &str, pid: u32) -> Self {
        Self { name: name.to_owned(), pid, started: process::start_time(pid).unwrap_or_default() }
    }

    fn is_alive(&self) -> bool {
        process::start_time(self.pid).is_some_and(|started| started == self.started)
    }
}

pub fn root(tree: &Tree) -> PathBuf {
    tree.root.join("data/demo")
}

impl Folder {
    /// Takes the folder for this run, repairing what an earlier one left, and says what it repairs.
    ///
    /// # Errors
    /// A demonstration uses it now, or it belongs to another database or another seed.
    pub fn open(tree: &Tree, database: Option<&str>, seed: Option<u64>, fresh: bool) -> Result<Self> {
        let path = root(tree);
        let embedded = format!("sqlite://{}", path.join("shuniu.db").display());
        let database = database.map_or(embedded, str::to_owned);
        end_former_run(tree)?;
        let mark = fs::read_to_string(path.join("READY")).ok().map(|text| Mark::read(&text));
        let made = path.exists();
        if made && fresh {
            println!("--fresh: removing the earlier demonstration in {}", path.display());
        } else if made && mark.is_none() {
            println!("An earlier start did not finish making {}: making it again.", path.display());
        } else if let Some(mark) = &mark {
            mark.check(&path, &database, seed)?;
        }
        let new = fresh || mark.is_none();
        let kept = mark.filter(|_| !new).map(|mark| mark.seed);
        if made && new {
            fs::remove_dir_all(&path).explain(|| format!("{} cannot be removed", path.display()))?;
        }
        for part in ["blobs", "truth", "logs"] {
            let part = path.join(part);
            fs::create_dir_all(&part).explain(|| format!("{} cannot be created", part.display()))?;
        }
        let folder = Self { path, database, seed: kept.or(seed).unwrap_or(SEED), new, run: RefCell::default() };
        folder.make_master_key()?;
        folder.joined("xtask", std::process::id())?;
        Ok(folder)
    }

    /// Whether the bank must still be put into it.
    pub fn is_new(&self) -> bool {
        self.new
    }

    /// The province in it was, or is to be, made from this number.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    pub fn logs(&self) -> PathBuf {
        self.path.join("logs")
    }

    pub fn truth(&self) -> PathBuf {
        self.path.join("truth")
    }

    /// Vouchers for whoever tries the product to capture.
    pub fn samples(&self) -> PathBuf {
        self.path.join("samples")
    }

    pub fn core_database(&self) -> PathBuf {
        self.path.join("core.db")
    }

    pub fn config(&self) -> PathBuf {
        self.path.join("shuniu.toml")
    }

    pub fn sign_ins(&self) -> PathBuf {
        self.path.join("sign-ins.json")
    }

    /// The key that wraps all others: made once, readable by its owner alone.
    fn make_master_key(&self) -> Result<()> {
        use std::io::Read as _;
        let file = self.path.join("master.key");
        if file.exists() {
            return Ok(());
        }
        let mut key = [0_u8; 32];
        fs::File::open("/dev/urandom")
            .and_then(|mut random| random.read_exact(&mut key))
            .explain(|| "the system gives no random numbers".to_owned())?;
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        write_private(&file, &text)
    }

    /// Writes the server's configuration; the core has another port at each start.
    pub fn write_config(&self, port: u16, core_url: &str) -> Result<()> {
        let quoted = |value: String| toml::Value::String(value).to_string();
        let text = format!(
            "# Written by `cargo xtask demo` at each start.\n\
             [server]\nlisten = {}\n\n[database]\nurl = {}\n\n[blobs]\nfolder = {}\n\n\
             [keys]\nmaster_key_file = {}\n\n[core]\nurl = {}\n\n[demo]\nenabled = true\n",
            quoted(format!("127.0.0.1:{port}")),
            quoted(self.database.clone()),
            quoted(self.path.join("blobs").display().to_string()),
            quoted(self.path.join("master.key").display().to_string()),
            quoted(core_url.to_owned()),
        );
        write_private(&self.config(), &text)
    }

    /// From now on the next start takes the folder as it is.
    pub fn mark_ready(&self) -> Result<()> {
        write_private(&self.path.join("READY"), &format!("{}\n{}\n", database_mark(&self.database), self.seed))
    }

    /// Notes a process of this run.
    pub fn joined(&self, name: &str, pid: u32) -> Result<()> {
        self.run.borrow_mut().processes.push(Known::of(name, pid));
        let text =
            serde_json::to_string_pretty(&*self.run.borrow()).explain(|| "the run cannot be noted".to_owned())?;
        write_private(&run_file(&self.path), &text)
    }
}

impl Drop for Folder {
    /// The run is over and has left no process behind.
    fn drop(&mut self) {
        let file = run_file(&self.path);
        if let Err(error) = fs::remove_file(&file)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            eprintln!("{} cannot be removed: {error}", file.display());
        }
    }
}

fn run_file(folder: &Path) -> PathBuf {
    folder.join("run.json")
}

/// Which database a folder belongs to, without the password that an address may hold.
fn database_mark(database: &str) -> String {
    let Some((scheme, rest)) = database.split_once("://") else { return database.to_owned() };
    let shown = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{shown}")
}

/// What a finished folder was made for.
struct Mark {
    database: String,
    seed: u64,
}

impl Mark {
    fn read(text: &str) -> Self {
        let mut lines = text.lines();
        let database = lines.next().unwrap_or_default().to_owned();
        Self { database, seed: lines.next().and_then(|seed| seed.parse().ok()).unwrap_or(SEED) }
    }

    fn check(&self, path: &Path, database: &str, seed: Option<u64>) -> Result<()> {
        let (folder, made_for) = (path.display(), &self.database);
        if *made_for != database_mark(database) {
            let said = format!(
                "{folder} was made for the database {made_for}; begin anew with --fresh, or leave --database as it was"
            );
            return Err(Problem::new(said));
        }
        if let Some(other) = seed.filter(|seed| *seed != self.seed) {
            let said = format!(
                "{folder} holds the province of seed {}; for that of seed {other} begin anew: --fresh --seed {other}",
                self.seed
            );
            return Err(Problem::new(said));
        }
        Ok(())
    }
}

fn write_private(file: &Path, text: &str) -> Result<()> {
    let written = fs::write(file, text).and_then(|()| fs::set_permissions(file, fs::Permissions::from_mode(0o600)));
    written.explain(|| format!("{} cannot be written", file.display()))
}

/// Refuses when a demonstration runs; ends what a killed one left running.
pub fn end_former_run(tree: &Tree) -> Result<()> {
    let file = run_file(&root(tree));
    let Ok(text) = fs::read_to_string(&file) else { return Ok(()) };
    let run: Run = serde_json::from_str(&text).unwrap_or_default();
    let alive: Vec<&Known> = run.processes.iter().filter(|known| known.is_alive()).collect();
    if let Some(xtask) = alive.iter().find(|known| known.name == "xtask") {
        let pid = xtask.pid;
        let said = format!(
            "a demonstration is running already (process {pid}); end it with Ctrl-C where it runs, or: kill {pid}"
        );
        return Err(Problem::new(said));
    }
    let names: Vec<&str> = alive.iter().map(|known| known.name.as_str()).collect();
    if names.is_empty() {
        println!("The last demonstration was killed; nothing of it runs any more.");
    } else {
        println!("The last demonstration was killed; ending what it left running: {}.", names.join(", "));
    }
    // Those who started last depend on those who started first.
    for known in alive.iter().rev() {
        end(known)?;
    }
    fs::remove_file(&file).explain(|| format!("{} cannot be removed", file.display()))
}

fn end(known: &Known) -> Result<()> {
    process::signal_group(known.pid, Signal::TERM)?;
    let asked = Instant::now();
    while known.is_alive() && asked.elapsed() < process::GRACE {
        std::thread::sleep(Duration::from_millis(50));
    }
    if known.is_alive() {
        process::signal_group(known.pid, Signal::KILL)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;

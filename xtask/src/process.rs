//! Other programs: found, run with their output in a file, stopped with everything they started.

use crate::interrupts::Interrupts;
use crate::problem::{Explain, Problem, Result};
use crate::progress::Progress;
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process};
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(50);
/// How long a program may take to stop before it is killed.
pub const GRACE: Duration = Duration::from_secs(20);
/// Enough of a log's end to show what went wrong.
const TAIL_BYTES: u64 = 64 * 1024;

/// Where `program` is on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// What a short program says on stdout; its failure is told with what it says on stderr.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let said = command.stdin(Stdio::null()).output().explain(|| format!("{name} cannot be started"))?;
    if said.status.success() {
        return Ok(String::from_utf8_lossy(&said.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&said.stderr);
    Err(Problem::new(format!("{name} ended with {}: {}", ending(said.status), words.trim())))
}

/// A running program, alone in its process group, so that Ctrl-C reaches only us and stopping it stops its children too.
pub struct Running {
    pub name: String,
    pub log: PathBuf,
    child: Child,
    ended: Option<ExitStatus>,
    stop_signal: Signal,
}

impl Running {
    /// Starts `command` with everything it says going to `log`.
    pub fn start(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let (out, err) = log_file(log)?;
        command.stdout(out).stderr(err);
        Self::spawn(name, command, log)
    }

    /// The same, with stdout left to the caller: see [`Running::take_stdout`].
    pub fn start_with_stdout(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let (_, err) = log_file(log)?;
        command.stdout(Stdio::piped()).stderr(err);
        Self::spawn(name, command, log)
    }

    /// The same, with stdout in a file of its own.
    pub fn start_with_output(name: &str, mut command: Command, log: &Path, output: File) -> Result<Self> {
        let (_, err) = log_file(log)?;
        command.stdout(output).stderr(err);
        Self::spawn(name, command, log)
    }

    fn spawn(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).process_group(0);
        let child = command.spawn().explain(|| format!("{program} cannot be started"))?;
        Ok(Self { name: name.to_owned(), log: log.to_owned(), child, ended: None, stop_signal: Signal::TERM })
    }

    /// Stops by this signal instead of SIGTERM.
    pub fn stops_by(mut self, signal: Signal) -> Self {
        self.stop_signal = signal;
        self
    }

    pub fn take_stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn poll(&mut self) -> Result<Option<ExitStatus>> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().explain(|| format!("{} cannot be waited for", self.name))?;
        }
        Ok(self.ended)
    }

    /// Asks it to stop, waits, and kills what is left of its group; answers whether it stopped by itself.
    pub fn stop(&mut self, grace: Duration) -> Result<bool> {
        self.stop_unless(grace, || false)
    }

    /// The same, and waits no longer once `hurried`.
    pub fn stop_unless(&mut self, grace: Duration, hurried: impl Fn() -> bool) -> Result<bool> {
        if self.poll()?.is_some() {
            return Ok(true);
        }
        signal_group(self.pid(), self.stop_signal)?;
        let asked = Instant::now();
        while asked.elapsed() < grace && !hurried() {
            if self.poll()?.is_some() {
                return Ok(true);
            }
            sleep(POLL);
        }
        signal_group(self.pid(), Signal::KILL)?;
        self.ended = Some(self.child.wait().explain(|| format!("{} cannot be waited for", self.name))?);
        Ok(false)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(problem) = self.stop(GRACE) {
            eprintln!("{} may still be running: {problem}", self.name);
        }
    }
}

fn log_file(log: &Path) -> Result<(File, File)> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).explain(|| format!("{} cannot be created", folder.display()))?;
    }
    let file = File::options()
        .create(true)
        .append(true)
        .open(log)
        .explain(|| format!("{} cannot be written", log.display()))?;
    let second = file.try_clone().explain(|| format!("{} cannot be opened twice", log.display()))?;
    Ok((file, second))
}

/// Runs `command` to its end, its output in a fresh `log`, its last line shown while it lasts.
///
/// # Errors
/// The program cannot be started, fails (then with the tail of its log), or somebody pressed Ctrl-C.
pub fn run(command: Command, log: &Path, progress: &Progress, interrupts: &Interrupts) -> Result<()> {
    if log.exists() {
        fs::remove_file(log).explain(|| format!("{} cannot be replaced", log.display()))?;
    }
    let shown = shown(&command);
    let mut running = Running::start(&shown, command, log)?;
    let status = loop {
        if let Some(status) = running.poll()? {
            break status;
        }
        if interrupts.raised() {
            running.stop(GRACE)?;
            return Err(Problem::new("stopped by Ctrl-C"));
        }
        progress.tick(|| last_line(log));
        sleep(POLL);
    };
    if status.success() {
        return Ok(());
    }
    let tail = tail(log, 60);
    Err(Problem::new(format!("`{shown}` ended with {}\nthe end of {}:\n{tail}", ending(status), log.display())))
}

/// The command as one would type it.
pub fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let words = std::iter::once(program.file_name().unwrap_or(program.as_os_str())).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// How a program ended, in words.
pub fn ending(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => status.to_string(),
    }
}

/// The last `lines` of a log, each cut to a readable width; empty when there is no log.
pub fn tail(log: &Path, lines: usize) -> String {
    let text = end_of(log, TAIL_BYTES).unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    let from = all.len().saturating_sub(lines);
    all[from..].iter().map(|line| format!("    {}", cut(line, 240))).collect::<Vec<_>>().join("\n")
}

/// The last line of a log that says something.
pub fn last_line(log: &Path) -> String {
    let text = end_of(log, 4096).unwrap_or_default();
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn end_of(log: &Path, bytes: u64) -> std::io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(bytes)))?;
    let mut raw = Vec::new();
    file.read_to_end(&mut raw)?;
    Ok(String::from_utf8_lossy(&raw).into_owned())
}

/// At most `width` characters of `line`.
pub fn cut(line: &str, width: usize) -> String {
    if line.chars().count() <= width {
        return line.to_owned();
    }
    line.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// Sends `signal` to the group that `leader` leads; a group that is gone is no error.
pub fn signal_group(leader: u32, signal: Signal) -> Result<()> {
    let Some(pid) = as_pid(leader) else { return Ok(()) };
    match kill_process_group(pid, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(Problem::new(format!("process group {leader} cannot be signalled: {error}"))),
    }
}

/// Whether a process of that number runs, whoever's it is.
pub fn exists(pid: u32) -> bool {
    as_pid(pid).is_some_and(|known| test_kill_process(known) != Err(rustix::io::Errno::SRCH))
        && start_time(pid).is_some()
}

fn as_pid(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().and_then(Pid::from_raw)
}

/// When a process started, as its system words it; a number that was given to another process answers differently.
pub fn start_time(pid: u32) -> Option<String> {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        return start_in(&stat);
    }
    let said = output(Command::new("ps").args(["-o", "lstart=", "-p", &pid.to_string()])).ok()?;
    let said = said.trim();
    (!said.is_empty()).then(|| said.to_owned())
}

/// The start in Linux's account of a process (proc(5)): field 22, of which 20 follow the name, itself in parentheses and free to hold spaces.
///
/// A zombie has ended, though its number is still taken where no init collects it.
fn start_in(stat: &str) -> Option<String> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    (state != "Z").then(|| fields.nth(18).map(str::to_owned))?
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_process_is_read_past_any_name_and_a_zombie_has_ended() {
        let rest = "1 1 1 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 90123 4096";
        assert_eq!(start_in(&format!("7 (a (b) c) S {rest}")).as_deref(), Some("90123"));
        assert_eq!(start_in(&format!("7 (a) Z {rest}")), None);
        assert!(exists(std::process::id()));
    }

    #[test]
    fn stopping_a_program_stops_what_it_started() {
        let log = std::env::temp_dir().join(format!("shuniu-xtask-stop-{}.log", std::process::id()));
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & echo $!; wait"]);
        let mut running = Running::start("sh", command, &log).expect("it starts");
        let began = Instant::now();
        let below: u32 = loop {
            if let Ok(pid) = last_line(&log).parse() {
                break pid;
            }
            assert!(began.elapsed() < GRACE, "it says the number of what it started");
            sleep(POLL);
        };
        assert!(exists(below));
        assert!(running.stop(GRACE).expect("it can be stopped"), "it stops when asked");
        while exists(below) {
            assert!(began.elapsed() < GRACE, "what it started is gone too");
            sleep(POLL);
        }
        fs::remove_file(log).expect("the log can be removed");
    }

    #[test]
    fn the_end_of_a_log_is_shown_and_a_missing_one_is_empty() {
        let log = std::env::temp_dir().join(format!("shuniu-xtask-tail-{}.log", std::process::id()));
        fs::write(&log, "one\ntwo\nthree\n\n").expect("it can be written");
        assert_eq!(tail(&log, 3), "    two\n    three\n    ");
        assert_eq!(last_line(&log), "three");
        fs::remove_file(&log).expect("it can be removed");
        assert_eq!(tail(&log, 2), "");
    }
}

//! A PostgreSQL of our own for tests and benchmarks: found or installed, started in a scratch folder, always removed.
//!
//! It listens on a unix socket in a folder that only its owner may enter, and on no network address, so no password is needed and no port can be taken.
//! The server refuses to run as root; then it runs as `postgres` or `nobody`.

use crate::apt;
use crate::interrupts::Interrupts;
use crate::problem::{Explain, Problem, Result};
use crate::process::{self, Running};
use crate::progress::Progress;
use crate::tree::Tree;
use rustix::process::Signal;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The variable that tells the tests which database to use.
pub const VARIABLE: &str = "SHUNIU_TEST_DATABASE";
/// The oldest release that the product supports.
const RELEASE_MIN: u32 = 15;
const PREFIX: &str = "shuniu-postgres-";
const DATABASE: &str = "shuniu";
const START_MAX: Duration = Duration::from_secs(60);
/// Many test processes open a pool each, and each test drops a schema of its own.
const SETTINGS: [&str; 6] = [
    "listen_addresses=",
    "max_connections=400",
    "max_locks_per_transaction=256",
    "shared_buffers=256MB",
    "log_min_duration_statement=-1",
    "timezone=UTC",
];
/// A test's database is thrown away, so nothing waits for the disk.
const NOT_DURABLE: [&str; 3] = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// Whether a commit waits for the disk: not in tests, always in benchmarks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    Scratch,
    Durable,
}

/// A running server; dropping it stops it and removes its folder.
pub struct Cluster {
    server: Option<Running>,
    folder: PathBuf,
}

/// The folder of PostgreSQL's programs; installs them where we may.
///
/// # Errors
/// There is none and we may not install one: the problem says how to.
pub fn programs(tree: &Tree, progress: &Progress, interrupts: &Interrupts) -> Result<PathBuf> {
    if let Some(folder) = installed() {
        return Ok(folder);
    }
    apt::install(&["postgresql"], tree, progress, interrupts)
        .explain(|| format!("PostgreSQL {RELEASE_MIN} or later is not installed"))?;
    installed().ok_or_else(|| Problem::new(format!("apt's PostgreSQL is older than {RELEASE_MIN}")))
}

/// The newest release on this machine, looked for where Debian puts it, beside the `initdb` on the search path, and by `pg_config`.
fn installed() -> Option<PathBuf> {
    let debian =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let path = process::find("initdb").and_then(|program| program.parent().map(Path::to_owned));
    let told = process::output(Command::new("pg_config").arg("--bindir")).ok().map(|said| PathBuf::from(said.trim()));
    debian
        .chain(path)
        .chain(told)
        .filter_map(|folder| Some((release(&folder)?, folder)))
        .filter(|(release, _)| *release >= RELEASE_MIN)
        .max_by_key(|(release, _)| *release)
        .map(|(_, folder)| folder)
}

fn release(folder: &Path) -> Option<u32> {
    fs::metadata(folder.join("initdb")).ok()?;
    let said = process::output(Command::new(folder.join("postgres")).arg("--version")).ok()?;
    release_in(&said)
}

fn release_in(said: &str) -> Option<u32> {
    let number = said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Cluster {
    /// Creates and starts a server of its own, and a database in it.
    pub fn start(programs: &Path, durability: Durability) -> Result<Self> {
        sweep();
        let folder = scratch_folder()?;
        // From here on dropping removes the folder, whatever goes wrong.
        let mut cluster = Self { server: None, folder };
        let owner = owner()?;
        cluster.claim(owner)?;
        cluster.initialize(programs, owner)?;
        cluster.launch(programs, owner, durability)?;
        Ok(cluster)
    }

    /// The address in the form that sqlx, libpq and Node's client all read.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/{DATABASE}?host={}", self.folder.display())
    }

    /// Notes whose folder it is, and hands it to the user that the server runs as.
    fn claim(&self, owner: Option<User>) -> Result<()> {
        let myself = std::process::id();
        let started = process::start_time(myself).unwrap_or_default();
        fs::write(self.folder.join("owner"), format!("{myself} {started}"))
            .explain(|| format!("{} cannot be written", self.folder.display()))?;
        fs::set_permissions(&self.folder, fs::Permissions::from_mode(0o700))
            .explain(|| format!("{} cannot be closed to others", self.folder.display()))?;
        if let Some(user) = owner {
            chown(&self.folder, Some(user.uid), Some(user.gid))
                .explain(|| format!("{} cannot be given to another user", self.folder.display()))?;
        }
        Ok(())
    }

    fn initialize(&self, programs: &Path, owner: Option<User>) -> Result<()> {
        let mut initdb = self.program(programs, "initdb", owner);
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"]);
        process::output(initdb.arg(self.folder.join("data"))).map(drop)
    }

    fn launch(&mut self, programs: &Path, owner: Option<User>, durability: Durability) -> Result<()> {
        let mut postgres = self.program(programs, "postgres", owner);
        postgres.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        let scratch = if durability == Durability::Scratch { &NOT_DURABLE[..] } else { &[] };
        for setting in SETTINGS.iter().chain(scratch) {
            postgres.args(["-c", setting]);
        }
        let log = self.folder.join("log");
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
        let mut server = Running::start("PostgreSQL", postgres, &log)?.stops_by(Signal::INT);
        let began = Instant::now();
        loop {
            let mut create = self.program(programs, "createdb", owner);
            create.args(["--username=postgres", "--host"]).arg(&self.folder).arg(DATABASE);
            let Err(problem) = process::output(&mut create) else { break };
            if let Some(status) = server.poll()? {
                let (end, tail) = (process::ending(status), process::tail(&log, 20));
                return Err(Problem::new(format!("PostgreSQL ended with {end}:\n{tail}")));
            }
            if began.elapsed() > START_MAX {
                return Err(Problem::new(format!("PostgreSQL did not start within a minute: {problem}")));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        self.server = Some(server);
        Ok(())
    }

    fn program(&self, programs: &Path, name: &str, owner: Option<User>) -> Command {
        let mut command = Command::new(programs.join(name));
        command.current_dir(&self.folder).env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        if let Some(user) = owner {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.server.take());
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("the scratch folder {} could not be removed: {error}", self.folder.display());
        }
    }
}

/// A folder for one server: short, because the path of a unix socket may have 107 bytes at most.
fn scratch_folder() -> Result<PathBuf> {
    let usual = std::env::temp_dir();
    let parent = if usual.as_os_str().len() <= 60 { usual } else { PathBuf::from("/tmp") };
    for number in 0..1000 {
        let folder = parent.join(format!("{PREFIX}{}-{number}", std::process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Problem::new(format!("{} cannot be created: {error}", folder.display()))),
        }
    }
    Err(Problem::new(format!("{} is full of folders named {PREFIX}…; remove them", parent.display())))
}

/// Stops and removes servers whose owner was killed before it could.
fn sweep() {
    for parent in [std::env::temp_dir(), PathBuf::from("/tmp")] {
        let entries = fs::read_dir(&parent).into_iter().flatten().flatten();
        for folder in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
            let folder = folder.path();
            if is_abandoned(&folder)
                && let Err(problem) = remove_abandoned(&folder)
            {
                eprintln!("a PostgreSQL of a killed run is left in {}: {problem}", folder.display());
            }
        }
    }
}

fn is_abandoned(folder: &Path) -> bool {
    let Ok(owner) = fs::read_to_string(folder.join("owner")) else { return false };
    let Some((pid, started)) = owner.split_once(' ') else { return false };
    pid.parse().is_ok_and(|pid| process::start_time(pid).as_deref() != Some(started))
}

fn remove_abandoned(folder: &Path) -> Result<()> {
    let first_line = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    if let Some(pid) = first_line.lines().next().and_then(|line| line.trim().parse().ok())
        && serves(pid, folder)
    {
        process::signal_group(pid, Signal::INT)?;
        let asked = Instant::now();
        while process::exists(pid) && asked.elapsed() < process::GRACE {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    fs::remove_dir_all(folder).explain(|| "it cannot be removed".to_owned())
}

/// Whether process `pid` is the server of `folder`, and not a stranger who was given its number.
fn serves(pid: u32, folder: &Path) -> bool {
    let line = fs::read(format!("/proc/{pid}/cmdline")).map(|raw| String::from_utf8_lossy(&raw).into_owned());
    let line = line.or_else(|_| process::output(Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()])));
    line.is_ok_and(|line| line.contains(&*folder.to_string_lossy()))
}

#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

/// The user that the server runs as, when it cannot run as us.
fn owner() -> Result<Option<User>> {
    if !process::is_root() {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").explain(|| "/etc/passwd cannot be read".to_owned())?;
    let user = user_in(&users, "postgres").or_else(|| user_in(&users, "nobody"));
    user.map(Some).ok_or_else(|| {
        Problem::new("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as")
    })
}

fn user_in(users: &str, name: &str) -> Option<User> {
    users.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        match fields.as_slice() {
            [found, _, uid, gid, ..] if *found == name => Some(User { uid: uid.parse().ok()?, gid: gid.parse().ok()? }),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_read_from_what_the_server_says() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some(15)),
            ("postgres (PostgreSQL) 18beta1\n", Some(18)),
            ("postgres\n", None),
        ];
        for (said, expected) in cases {
            assert_eq!(release_in(said), expected, "{said}");
        }
    }

    #[test]
    fn a_server_that_cannot_run_as_root_runs_as_a_user_of_the_system() {
        let users = "root:x:0:0:root:/root:/bin/sh\npostgres:x:104:109::/var/lib/postgresql:/bin/bash\n";
        assert_eq!(user_in(users, "postgres").map(|user| (user.uid, user.gid)), Some((104, 109)));
        assert!(user_in(users, "nobody").is_none());
    }

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let Some(programs) = installed() else {
            eprintln!("skipped: no PostgreSQL {RELEASE_MIN} or later on this machine");
            return;
        };
        let cluster = Cluster::start(&programs, Durability::Scratch).expect("it starts");
        let folder = cluster.folder.clone();
        let pid = cluster.server.as_ref().map(Running::pid).expect("it runs");
        let answer = process::output(
            Command::new(programs.join("psql")).args(["-Atc", "SELECT current_setting('fsync')"]).arg(cluster.url()),
        );
        assert_eq!(answer.expect("it answers").trim(), "off");
        assert!(!is_abandoned(&folder));
        drop(cluster);
        assert!(!folder.exists());
        assert!(!process::exists(pid));
    }
}

//! A folder with everything one installation needs, and its two processes: the server and the core.

use rand::RngExt as _;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A debug build on a busy machine migrates and starts within seconds; beyond this it hangs.
const START_MAX: Duration = Duration::from_secs(60);

/// A running process and the end of its stdout, which must stay open while it runs.
pub struct Process {
    child: Child,
    _stdout: BufReader<ChildStdout>,
}

/// One installation.
pub struct Stage {
    folder: TempDir,
    database: String,
    /// Address of the cluster and name of our database in it.
    postgres: Option<(String, String)>,
    pub port: u16,
    core_port: u16,
    server: Option<Process>,
    core: Option<Process>,
}

impl Stage {
    /// The folder with its configuration; nothing runs and nothing is loaded.
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a scratch folder");
        let (database, postgres) = match std::env::var("SHUNIU_TEST_DATABASE") {
            Ok(cluster) if cluster.starts_with("postgres") => {
                let name = format!("process_{:016x}", rand::random::<u64>());
                (create_database(&cluster, &name).await, Some((cluster, name)))
            }
            _ => (format!("sqlite://{}", folder.path().join("shuniu.db").display()), None),
        };
        let (port, core_port) = (free_port(), free_port());
        let stage = Self { folder, database, postgres, port, core_port, server: None, core: None };
        let key = stage.path("master.key");
        std::fs::write(&key, "07".repeat(32)).expect("the key is written");
        std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).expect("the key is private");
        std::fs::write(stage.config(), stage.config_text()).expect("the configuration is written");
        stage
    }

    /// The same with the core running, the province loaded, and the business type of these tests.
    pub async fn with_bank() -> Self {
        let mut stage = Self::new().await;
        stage.start_core().await;
        let settings = demo::seed::Settings::read(&stage.config()).expect("a demonstration's configuration");
        demo::seed::run(&settings, &stage.core_url(), &province()).await.expect("the province loads");
        let definition = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/voucher.toml");
        let loaded = stage.run(&["definitions", "load", "--config", "CONFIG", &definition.to_string_lossy()]).await;
        assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
        stage
    }

    pub fn is_postgres(&self) -> bool {
        self.postgres.is_some()
    }

    pub fn database(&self) -> &str {
        &self.database
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn config(&self) -> PathBuf {
        self.path("shuniu.toml")
    }

    pub fn config_text(&self) -> String {
        format!(
            "[server]\nlisten = \"127.0.0.1:{}\"\n\n[database]\nurl = \"{}\"\n\n[blobs]\nfolder = \"{}\"\n\n\
             [keys]\nmaster_key_file = \"{}\"\n\n[core]\nurl = \"{}\"\n\n[demo]\nenabled = true\n",
            self.port,
            self.database,
            self.path("blobs").display(),
            self.path("master.key").display(),
            self.core_url(),
        )
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn core_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.core_port)
    }

    /// The product's binary with its own log, ready to be started; `CONFIG` in the words is the configuration's path.
    pub fn shuniu(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shuniu"));
        let config = self.config();
        command.args(words.iter().map(|word| if *word == "CONFIG" { config.as_os_str() } else { word.as_ref() }));
        command.env("RUST_LOG", "info,sqlx=warn").stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Runs the binary to its end.
    pub async fn run(&self, words: &[&str]) -> Output {
        self.shuniu(words).output().await.expect("the binary starts")
    }

    pub async fn start_server(&mut self) {
        let mut command = self.shuniu(&["serve", "--config", "CONFIG"]);
        command.stderr(self.log("server.log"));
        self.server = Some(Process::start(command).await);
    }

    pub async fn start_core(&mut self) {
        let mut command = Command::new(beside_the_binary("corebank-sim"));
        command.args(["--listen", &format!("127.0.0.1:{}", self.core_port), "--database"]).arg(self.path("core.db"));
        command.stderr(self.log("core.log")).kill_on_drop(true);
        self.core = Some(Process::start(command).await);
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub async fn kill_server(&mut self) {
        self.server.take().expect("the server runs").kill().await;
    }

    pub async fn kill_core(&mut self) {
        self.core.take().expect("the core runs").kill().await;
    }

    /// SIGTERM; answers how long the server took and how it ended.
    pub async fn stop_server(&mut self) -> (Duration, std::process::ExitStatus) {
        let mut server = self.server.take().expect("the server runs");
        let asked = Instant::now();
        server.terminate();
        let status = tokio::time::timeout(Duration::from_secs(60), server.child.wait()).await;
        (asked.elapsed(), status.expect("the server ends after SIGTERM").expect("its status is read"))
    }

    /// The last lines of the server's log that tell of trouble.
    pub fn troubles(&self) -> String {
        let text = std::fs::read_to_string(self.path("server.log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().filter(|line| !line.contains("\"INFO\"")).collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Ends what runs and removes what was made outside the folder.
    pub async fn end(mut self) {
        for process in [self.server.take(), self.core.take()].into_iter().flatten() {
            process.kill().await;
        }
        if let Some((cluster, name)) = &self.postgres {
            let mut connection = PgConnection::connect(cluster).await.expect("the cluster answers");
            let drop = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
            connection.execute(AssertSqlSafe(drop)).await.expect("the database is dropped");
        }
    }

    fn log(&self, name: &str) -> File {
        OpenOptions::new().create(true).append(true).open(self.path(name)).expect("a log file")
    }
}

impl Process {
    /// Starts a process and waits until it says where it listens.
    async fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the process starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        let said = tokio::time::timeout(START_MAX, stdout.read_line(&mut line)).await;
        said.expect("the process speaks in time").expect("stdout is read");
        let said: Value = serde_json::from_str(&line).unwrap_or_default();
        assert!(said["listening"].is_string(), "the process does not listen: {command:?} said {line:?}");
        Self { child, _stdout: stdout }
    }

    async fn kill(mut self) {
        self.child.kill().await.expect("the process is killed");
    }

    fn terminate(&mut self) {
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(id.expect("the process runs"), rustix::process::Signal::TERM)
            .expect("the signal is sent");
    }
}

/// The whole demonstration province of today.
pub fn province() -> demo::province::Province {
    use kernel::Clock as _;
    let today = kernel::calendar::TimeZone::SHANGHAI.date_at(kernel::SystemClock.now()).expect("a date");
    demo::province::Province::generate(demo::province::DEFAULT_SEED, today).expect("a province")
}

/// Another program of the same build.
fn beside_the_binary(name: &str) -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_shuniu")).with_file_name(name);
    assert!(program.is_file(), "{} is missing; build it with: cargo build -p {name}", program.display());
    program
}

async fn create_database(cluster: &str, name: &str) -> String {
    let mut connection = PgConnection::connect(cluster).await.expect("the cluster answers");
    connection.execute(AssertSqlSafe(format!("CREATE DATABASE \"{name}\""))).await.expect("a database is made");
    let (address, options) = cluster.split_once('?').unwrap_or((cluster, ""));
    let (server, _) = address.rsplit_once('/').expect("an address names a database");
    format!("{server}/{name}?{options}")
}

/// A port below those that the system gives to outgoing connections: it must still be free after a restart.
fn free_port() -> u16 {
    let mut random = rand::rng();
    let mut ports = (0..1_000).map(|_| random.random_range(20_000..32_000));
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

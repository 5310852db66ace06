//! The processes of one measured installation, in a scratch folder.

use crate::Outcome;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use storage::{Database, Db};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A process and the end of its stdout, which stays open while it runs.
type Running = (Child, BufReader<ChildStdout>);

/// Server and core with their files.
pub struct Installation {
    folder: tempfile::TempDir,
    binaries: PathBuf,
    pub database: String,
    server: Option<Running>,
    core: Option<Running>,
    url: String,
    pub core_url: String,
}

impl Installation {
    /// On the embedded database in the scratch folder, or on a cluster that was made for this run alone.
    pub async fn new(binaries: &Path, cluster: Option<&str>) -> Outcome<Self> {
        let folder = match std::env::var_os("SHUNIU_BENCH_SCRATCH") {
            Some(scratch) => {
                std::fs::create_dir_all(&scratch)?;
                tempfile::tempdir_in(scratch)?
            }
            None => tempfile::tempdir()?,
        };
        let embedded = || format!("sqlite://{}", folder.path().join("shuniu.db").display());
        let database = cluster.map_or_else(embedded, str::to_owned);
        std::fs::write(folder.path().join("master.key"), "07".repeat(32))?;
        let binaries = binaries.to_owned();
        let (url, core_url) = (String::new(), String::new());
        Ok(Self { folder, binaries, database, server: None, core: None, url, core_url })
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("shuniu.toml")
    }

    /// A program of the build that is measured.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// A view of the rows, to see when the queue is full.
    pub async fn rows(&self) -> Outcome<Db> {
        Ok(Db::open(&Database::parse(&self.database)).await?)
    }

    pub async fn start_core(&mut self) -> Outcome<()> {
        let mut command = Command::new(self.binary("corebank-sim"));
        command.args(["--listen", "127.0.0.1:0", "--database"]).arg(self.folder.path().join("core.db"));
        let (running, address) = start(command).await?;
        (self.core, self.core_url) = (Some(running), format!("http://{address}"));
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[database]\nurl = \"{}\"\n[blobs]\nfolder = \"{}\"\n[keys]\nmaster_key_file = \"{}\"\n\
             [core]\nurl = \"{}\"\n[demo]\nenabled = true\n",
            self.database,
            at("blobs"),
            at("master.key"),
            self.core_url
        );
        Ok(std::fs::write(self.config(), text)?)
    }

    pub async fn start_server(&mut self) -> Outcome<()> {
        let mut command = Command::new(self.binary("shuniu"));
        command.args(["serve", "--config"]).arg(self.config()).env("RUST_LOG", "warn");
        let (running, address) = start(command).await?;
        (self.server, self.url) = (Some(running), format!("http://{address}"));
        Ok(())
    }

    /// The most memory that the server has held, where the system tells it.
    pub fn peak_mib(&self) -> Option<u64> {
        let id = self.server.as_ref()?.0.id()?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1_024)
    }

    pub async fn end(mut self) -> Outcome<()> {
        for (mut child, _) in [self.server.take(), self.core.take()].into_iter().flatten() {
            child.kill().await?;
        }
        Ok(())
    }
}

async fn start(mut command: Command) -> Outcome<(Running, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let mut stdout = BufReader::new(child.stdout.take().ok_or("stdout is piped")?);
    let mut line = String::new();
    stdout.read_line(&mut line).await?;
    let said: Value = serde_json::from_str(&line).map_err(|_| format!("{command:?} did not start"))?;
    let address = said["listening"].as_str().ok_or("no address")?.to_owned();
    Ok(((child, stdout), address))
}

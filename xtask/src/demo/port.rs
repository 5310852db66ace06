//! Whether the address is free, and who has it when it is not.

use crate::problem::{Problem, Result};
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

/// # Errors
/// Somebody listens there: the problem names the process where the system lets us see it, and a port that is free.
pub fn check(port: u16) -> Result<()> {
    let Err(error) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) else { return Ok(()) };
    if error.kind() != std::io::ErrorKind::AddrInUse {
        return Err(Problem::new(format!("port {port} cannot be used: {error}; choose another with --port N")));
    }
    let who = listener(port).map(|who| format!(" by {who}")).unwrap_or_default();
    let other = match free_after(port) {
        Some(free) => format!("end that program, or take another port: cargo xtask demo --port {free}"),
        None => "end that program, or take another port with --port N".to_owned(),
    };
    Err(Problem::new(format!("port {port} is in use{who}; {other}")))
}

fn free_after(port: u16) -> Option<u16> {
    (port.checked_add(1)?..=u16::MAX).take(100).find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

/// The process that listens on a port, by the tables of Linux; `None` elsewhere and for processes of other users.
fn listener(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let inode = tables.iter().find_map(|table| inode(table, port))?;
    let socket = format!("socket:[{inode}]");
    let numbered = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().parse::<u32>().is_ok());
    let mut processes = fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path()).filter(numbered);
    let owner = processes.find(|process| {
        let open = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
        open.map(|entry| entry.path())
            .any(|file| fs::read_link(file).is_ok_and(|link| link.to_string_lossy() == socket))
    })?;
    let name = fs::read_to_string(owner.join("comm")).ok()?;
    Some(format!("{} (process {})", name.trim(), owner.file_name()?.to_string_lossy()))
}

/// The inode of the listening socket (state 0A) in one of these tables (proc_net_tcp(5)).
fn inode(table: &str, port: u16) -> Option<String> {
    let suffix = format!(":{port:04X}");
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let listens = fields.get(1)?.ends_with(&suffix) && *fields.get(3)? == "0A";
        listens.then(|| fields.get(9).map(|inode| (*inode).to_owned()))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_port_is_free_and_a_taken_one_is_refused_with_its_owner_and_a_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = taken.local_addr().expect("it is bound").port();
        let problem = check(port).expect_err("it is in use").to_string();
        assert!(problem.starts_with(&format!("port {port} is in use")), "{problem}");
        assert!(problem.contains("--port"), "{problem}");
        if cfg!(target_os = "linux") {
            assert!(problem.contains(&format!("(process {})", std::process::id())), "{problem}");
        }
        drop(taken);
        check(port).expect("it is free again");
    }
}

//! The product's programs are played by scripts, so that each can be made to fail at will.

use super::*;
use crate::tree::Scratch;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;

const PACE: Pace = Pace { seed: 1, speed: 1 };

/// Says what it is given, then notes in `order` when it is stopped.
fn lasting(name: &str, says: &str) -> String {
    format!(
        "#!/bin/sh\n{says}\ntrap 'echo {name} >> \"$0.order\"; cat \"$0.order\" >> \"$(dirname \"$0\")/order\"; exit 0' TERM\nwhile :; do sleep 0.05; done\n"
    )
}

/// A checkout whose programs are scripts, with a folder for the demonstration.
fn stage(name: &str, core: &str, server: &str, demo: &str) -> (Scratch, Folder) {
    let scratch = Scratch::new(name);
    let bin = scratch.0.target.join("debug");
    fs::create_dir_all(&bin).expect("the folder can be made");
    for (program, script) in [("corebank-sim", core), ("shuniu", server), ("shuniu-demo", demo)] {
        let file = bin.join(program);
        fs::write(&file, script).expect("the script can be written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("it can be made executable");
    }
    let folder = Folder::open(&scratch.0, None, None, false).expect("the folder is made");
    (scratch, folder)
}

const CORE_LISTENS: &str = r#"echo '{"listening":"127.0.0.1:9","url":"http://127.0.0.1:9"}'"#;

/// Answers `/readyz` in place of the script that plays the server.
fn answering() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
    let port = listener.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = [0; 256];
            let length = stream.read(&mut request).expect("a request");
            assert!(length > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").expect("an answer");
        }
    });
    port
}

#[test]
fn everything_is_started_in_order_and_stopped_in_the_reverse() {
    let demo = "#!/bin/sh\n[ \"$1\" = seed ] && { echo loading >&2; echo '{\"sign_ins\":[]}'; exit 0; }\n";
    let demo = format!("{demo}{}", lasting("simulation", "").trim_start_matches("#!/bin/sh\n"));
    let (scratch, folder) = stage("order", &lasting("core", CORE_LISTENS), &lasting("server", ""), &demo);
    let interrupts = Interrupts::watch().expect("signals can be watched");
    let mut actors = Actors::new(&scratch.0, &folder);
    let core = actors.start_core(&interrupts).expect("the core starts");
    assert_eq!(core, "http://127.0.0.1:9");
    folder.write_config(8470, &core).expect("the configuration is written");
    actors.seed(&core, 1, &interrupts).expect("the province is loaded");
    assert_eq!(fs::read_to_string(folder.sign_ins()).expect("it is kept"), "{\"sign_ins\":[]}\n");
    let port = answering();
    actors.start_server("http://127.0.0.1", port, &interrupts).expect("the server starts");
    actors.start_outlets("http://127.0.0.1", PACE, None).expect("the outlets start");
    actors.start_people("http://127.0.0.1", PACE, None).expect("the people start");
    actors.watch().expect("all are well");
    let names: Vec<&str> = actors.running.iter().map(|running| running.name.as_str()).collect();
    assert_eq!(names, ["core", "server", "outlets", "people"]);
    // A shell takes a signal only once its trap is set.
    sleep(Duration::from_millis(300));
    actors.stop(&interrupts).expect("all stop");
    let order = fs::read_to_string(scratch.0.target.join("debug/order")).expect("they noted it");
    let last: Vec<&str> = order.lines().collect();
    assert_eq!(last.last(), Some(&"core"), "{order}");
    assert!(order.find("simulation") < order.find("server"), "{order}");
}

#[test]
fn the_configuration_is_readable_and_private() {
    let (_scratch, folder) = stage("config", "", "", "");
    folder.write_config(8471, "http://127.0.0.1:9").expect("it is written");
    let text = fs::read_to_string(folder.config()).expect("it is there");
    let config: toml::Table = toml::from_str(&text).expect("it is TOML");
    assert_eq!(config["server"]["listen"].as_str(), Some("127.0.0.1:8471"));
    assert_eq!(config["core"]["url"].as_str(), Some("http://127.0.0.1:9"));
    assert_eq!(config["demo"]["enabled"].as_bool(), Some(true));
    assert!(config["database"]["url"].as_str().is_some_and(|url| url.starts_with("sqlite:///")));
    let mode = fs::metadata(folder.config()).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_program_that_dies_while_starting_is_reported_with_the_end_of_its_log() {
    let dies = "#!/bin/sh\necho 'no such table' >&2\nexit 3\n";
    let (scratch, folder) = stage("dies", dies, dies, dies);
    let interrupts = Interrupts::watch().expect("signals can be watched");
    let mut actors = Actors::new(&scratch.0, &folder);
    let problem = actors.start_core(&interrupts).expect_err("it dies").to_string();
    assert!(problem.starts_with("the core ended while it was starting (exit code 3)"), "{problem}");
    assert!(problem.ends_with("no such table"), "{problem}");
    let problem = actors.seed("http://127.0.0.1:9", 1, &interrupts).expect_err("it dies").to_string();
    assert!(problem.contains("could not load the demonstration province (exit code 3)"), "{problem}");
    let problem = actors.start_server("http://127.0.0.1:1", 1, &interrupts).expect_err("it dies").to_string();
    assert!(problem.starts_with("the server ended while it was starting (exit code 3)"), "{problem}");
}

#[test]
fn without_the_people_the_demonstration_goes_on_and_without_the_core_it_is_over() {
    let dies = "#!/bin/sh\nsleep 0.2\nexit 1\n";
    let core = format!("#!/bin/sh\n{CORE_LISTENS}\nsleep 1\nexit 1\n");
    let (scratch, folder) = stage("alone", &core, "", dies);
    let interrupts = Interrupts::watch().expect("signals can be watched");
    let mut actors = Actors::new(&scratch.0, &folder);
    actors.start_core(&interrupts).expect("the core starts");
    actors.start_people("http://127.0.0.1:1", PACE, None).expect("the people start");
    let began = Instant::now();
    let over = loop {
        if let Err(problem) = actors.watch() {
            break problem.to_string();
        }
        assert!(began.elapsed() < GRACE, "the core's end is noticed");
        sleep(POLL);
    };
    assert!(over.starts_with("the core ended by itself"), "{over}");
    let names: Vec<&str> = actors.running.iter().map(|running| running.name.as_str()).collect();
    assert_eq!(names, ["core"]);
}

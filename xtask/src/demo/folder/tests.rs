use super::*;
use crate::process::Running;
use crate::tree::Scratch;
use std::process::Command;

impl Scratch {
    fn open(&self, database: Option<&str>, fresh: bool) -> Result<Folder> {
        Folder::open(&self.0, database, None, fresh)
    }

    /// Ends a run as `kill -9` does: the note of it stays.
    fn note_run(&self, processes: Vec<Known>) {
        let text = serde_json::to_string(&Run { processes }).expect("it is plain");
        fs::write(run_file(&root(&self.0)), text).expect("it can be written");
    }
}

#[test]
fn a_folder_that_was_made_whole_is_used_again() {
    let scratch = Scratch::new("whole");
    let first = scratch.open(None, false).expect("it is made");
    assert!(first.is_new());
    let key = fs::read_to_string(first.path.join("master.key")).expect("there is a key");
    assert_eq!(key.len(), 64);
    first.mark_ready().expect("it is marked");
    drop(first);
    let second = scratch.open(None, false).expect("it is opened");
    assert!(!second.is_new());
    assert_eq!(fs::read_to_string(second.path.join("master.key")).expect("there is a key"), key);
}

#[test]
fn a_half_made_folder_is_made_again() {
    let scratch = Scratch::new("half");
    let first = scratch.open(None, false).expect("it is made");
    fs::write(first.path.join("shuniu.db"), "half a bank").expect("it can be written");
    drop(first);
    let second = scratch.open(None, false).expect("it is made again");
    assert!(second.is_new());
    assert!(!second.path.join("shuniu.db").exists());
}

#[test]
fn fresh_begins_anew() {
    let scratch = Scratch::new("fresh");
    let first = scratch.open(None, false).expect("it is made");
    first.mark_ready().expect("it is marked");
    drop(first);
    assert!(scratch.open(None, true).expect("it is made again").is_new());
}

#[test]
fn a_folder_of_another_database_is_refused_without_showing_a_password() {
    let scratch = Scratch::new("other");
    let first = scratch.open(Some("postgres://me:secret@db/bank"), false).expect("it is made");
    first.mark_ready().expect("it is marked");
    drop(first);
    let problem = scratch.open(None, false).err().expect("it is refused").to_string();
    assert!(problem.contains("postgres://db/bank"), "{problem}");
    assert!(!problem.contains("secret"), "{problem}");
    scratch.open(Some("postgres://me:changed@db/bank"), false).expect("a new password is no other database");
}

#[test]
fn a_folder_keeps_its_seed_and_another_one_is_refused_with_the_way_to_it() {
    let scratch = Scratch::new("seed");
    let first = Folder::open(&scratch.0, None, Some(7), false).expect("it is made");
    first.mark_ready().expect("it is marked");
    drop(first);
    assert_eq!(scratch.open(None, false).expect("it is opened").seed(), 7);
    let problem = Folder::open(&scratch.0, None, Some(8), false).err().expect("it is refused").to_string();
    assert!(problem.contains("--fresh --seed 8"), "{problem}");
    assert_eq!(Folder::open(&scratch.0, None, Some(8), true).expect("it is made again").seed(), 8);
}

#[test]
fn two_demonstrations_at_once_are_refused() {
    let scratch = Scratch::new("twice");
    let first = scratch.open(None, false).expect("it is made");
    let problem = scratch.open(None, false).err().expect("it is refused").to_string();
    assert!(problem.contains(&format!("process {}", std::process::id())), "{problem}");
    drop(first);
}

#[test]
fn what_a_killed_run_left_running_is_ended_and_strangers_are_not() {
    let scratch = Scratch::new("killed");
    let folder = scratch.open(None, false).expect("it is made");
    folder.mark_ready().expect("it is marked");
    let sleeper = |name| {
        let mut command = Command::new("sleep");
        command.arg("60");
        Running::start(name, command, &folder.logs().join(name)).expect("it starts")
    };
    let (mut left, mut stranger) = (sleeper("server"), sleeper("stranger"));
    let given_away = Known { started: "earlier".to_owned(), ..Known::of("people", stranger.pid()) };
    let killed = Known { name: "xtask".to_owned(), pid: 1, started: "long ago".to_owned() };
    scratch.note_run(vec![killed, Known::of("server", left.pid()), given_away]);
    let waiter = std::thread::spawn(move || {
        // Somebody must take the end of a child for it to be gone; a killed run's children are taken by init.
        while left.poll().expect("it can be waited for").is_none() {
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    assert!(!scratch.open(None, false).expect("it is opened").is_new());
    waiter.join().expect("what was left is ended");
    assert!(stranger.poll().expect("it can be waited for").is_none(), "the stranger lives");
}

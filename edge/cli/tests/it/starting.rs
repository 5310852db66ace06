//! Starts that cannot succeed: each says in words what is wrong, ends with the documented code, and leaves everything as it was.

use crate::client::{Body, Browser};
use crate::stage::{Stage, province};
use reqwest::Method;
use serde_json::json;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Output;
use std::time::Duration;

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn serve(stage: &Stage) -> Output {
    let ended = tokio::time::timeout(Duration::from_secs(60), stage.run(&["serve", "--config", "CONFIG"])).await;
    ended.expect("a start that cannot succeed ends by itself")
}

#[tokio::test]
async fn a_second_server_on_the_same_port_says_so_and_disturbs_nobody() {
    let mut stage = Stage::with_bank().await;
    stage.start_server().await;
    let province = province();
    let keyer = &province.signing_in("keyer", false)[0];
    let browser = Browser::signs_in(&stage.url(), &keyer.employee_no).await;
    let mut stream = browser.stream().await.expect("a stream");
    let ready = browser.command(Method::PUT, "/work/presence/me", Body::Json(json!({ "state": "ready" }))).await;
    assert_eq!(ready.body["state"], "ready");

    let second = serve(&stage).await;
    assert_eq!(second.status.code(), Some(3));
    let words = said(&second);
    assert!(words.contains(&format!("127.0.0.1:{}", stage.port)) && words.contains("in use"), "{words}");

    stream.say(json!({ "type": "heartbeat", "active": true, "t": 0 })).await.expect("the stream is open");
    let still = browser.get("/work/presence/me").await.expect("the first server answers");
    assert_eq!(still["state"], "ready", "who works with the first server still does");
    let core = "SELECT state FROM presence";
    let rows = storage::Db::open(&storage::Database::parse(stage.database())).await.expect("rows are read");
    let row = rows.reader().await.expect("a connection").one(storage::sql(core)).await.expect("a row");
    assert_eq!(row.text("state").expect("text"), "ready", "in the database too");
    rows.close().await;
    stage.end().await;
}

#[tokio::test]
async fn a_second_server_under_the_name_of_one_that_lives_says_so_and_ends() {
    let mut stage = Stage::with_bank().await;
    let named = stage.config_text().replace("[server]\n", "[server]\nnode = \"center\"\n");
    std::fs::write(stage.config(), named).expect("the file is written");
    stage.start_server().await;
    let mut command = stage.shuniu(&["serve", "--config", "CONFIG"]);
    let second = command.env("SHUNIU__SERVER__LISTEN", "127.0.0.1:0").output();
    let second = tokio::time::timeout(Duration::from_secs(60), second).await.expect("it ends by itself");
    let second = second.expect("the binary starts");
    let words = said(&second);
    assert_eq!(second.status.code(), Some(3), "{words}");
    assert!(words.contains("`center`") && words.contains("server.node"), "{words}");
    let province = province();
    let keyer = &province.signing_in("keyer", false)[0];
    Browser::signs_in(&stage.url(), &keyer.employee_no).await;
    stage.end().await;
}

#[tokio::test]
async fn a_half_written_configuration_is_refused_with_its_name() {
    let stage = Stage::new().await;
    let whole = stage.config_text();
    let at = |word: &str| whole.find(word).expect("a word of the configuration");
    // Cut off inside a text, inside a key, between two sections.
    for end in [at("url =") + 12, at("folder") + 3, at("[keys]")] {
        std::fs::write(stage.config(), &whole[..end]).expect("the file is written");
        let ended = serve(&stage).await;
        assert_eq!(ended.status.code(), Some(2), "{}", said(&ended));
        assert!(said(&ended).contains("shuniu.toml"), "{}", said(&ended));
    }
    assert!(!stage.path("shuniu.db").exists(), "nothing was opened");
    stage.end().await;
}

#[tokio::test]
async fn an_unknown_key_is_refused_wherever_it_stands() {
    let stage = Stage::new().await;
    let whole = stage.config_text();
    for (text, key) in [
        (whole.replace("listen =", "listen_on ="), "listen_on"),
        (format!("{whole}\n[superuser]\nname = \"x\"\n"), "superuser"),
        (whole.replace("enabled = true", "enabled = true\nenforce = false"), "enforce"),
    ] {
        std::fs::write(stage.config(), text).expect("the file is written");
        let ended = serve(&stage).await;
        assert_eq!(ended.status.code(), Some(2), "{}", said(&ended));
        assert!(said(&ended).contains(key), "{}", said(&ended));
    }
    std::fs::write(stage.config(), &whole).expect("the file is written");
    let mut command = stage.shuniu(&["serve", "--config", "CONFIG"]);
    let ended = command.env("SHUNIU__SERVER__ENFORCE", "false").output().await.expect("the binary starts");
    assert_eq!(ended.status.code(), Some(2));
    assert!(said(&ended).contains("enforce"), "{}", said(&ended));
    stage.end().await;
}

#[tokio::test]
async fn a_missing_or_cut_off_master_key_is_told_by_its_path() {
    let stage = Stage::new().await;
    std::fs::write(stage.path("master.key"), "0707").expect("the file is written");
    let short = serve(&stage).await;
    assert_eq!(short.status.code(), Some(3));
    assert!(said(&short).contains("master.key"), "{}", said(&short));
    std::fs::remove_file(stage.path("master.key")).expect("the file is removed");
    let missing = serve(&stage).await;
    assert_eq!(missing.status.code(), Some(3));
    assert!(said(&missing).contains("master.key"), "{}", said(&missing));
    stage.end().await;
}

#[tokio::test]
async fn a_database_file_that_may_not_be_written_is_told_in_words() {
    let stage = Stage::new().await;
    if stage.is_postgres() {
        eprintln!("skipped: there is no database file on this engine");
        return stage.end().await;
    }
    let made = stage.run(&["migrate", "--config", "CONFIG"]).await;
    assert!(made.status.success(), "{}", said(&made));
    let database = stage.path("shuniu.db");
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o444)).expect("permissions are set");
    let mut command = stage.shuniu(&["serve", "--config", "CONFIG"]);
    // Root may write everywhere, so the start is made as nobody.
    let Some(nobody) = as_nobody(&stage) else {
        eprintln!("skipped: root cannot be kept from writing, and nobody cannot run the binary here");
        return stage.end().await;
    };
    if let Some(user) = nobody {
        command.uid(user).gid(user);
    }
    let ended = command.output().await.expect("the binary starts");
    assert_eq!(ended.status.code(), Some(3), "{}", said(&ended));
    let words = said(&ended);
    assert!(words.contains("shuniu.db") && words.contains("read"), "{words}");
    stage.end().await;
}

/// The user to become: none where we are not root, `None` where nobody may not run our binary.
fn as_nobody(stage: &Stage) -> Option<Option<u32>> {
    const NOBODY: u32 = 65_534;
    if !rustix::process::geteuid().is_root() {
        return Some(None);
    }
    let folder = stage.config().parent().expect("a folder").to_owned();
    for file in std::fs::read_dir(&folder).expect("the folder is read") {
        chown(file.expect("an entry").path(), Some(NOBODY), Some(NOBODY)).expect("root may give files away");
    }
    chown(&folder, Some(NOBODY), Some(NOBODY)).expect("root may give folders away");
    let enters = |path: &Path| path.metadata().is_ok_and(|found| found.permissions().mode() & 0o005 == 0o005);
    Path::new(env!("CARGO_BIN_EXE_shuniu")).ancestors().all(enters).then_some(Some(NOBODY))
}

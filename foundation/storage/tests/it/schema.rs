use sqlx::Connection as _;
use storage::{Database, Db, Fault, sql};

#[tokio::test]
async fn the_schema_changes_only_on_purpose() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("schema.db");
    let db = Db::open(&Database::Sqlite { path: path.clone(), durable: false }).await.expect("opens");
    let mut connection =
        sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.expect("connects");
    insta::assert_snapshot!("schema", storage::schema(&mut connection).await.expect("reads"));
    db.close().await;
}

#[tokio::test]
async fn opening_twice_migrates_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::Sqlite { path: folder.path().join("twice.db"), durable: true };
    for _ in 0..2 {
        Db::open(&database).await.expect("opens").close().await;
    }
}

/// A place of its own for the engine under test, which can be opened again.
fn place(folder: &tempfile::TempDir) -> Database {
    match std::env::var("SHUNIU_TEST_DATABASE") {
        Ok(url) if url.starts_with("postgres") => {
            let name = folder.path().file_name().expect("a name").to_string_lossy().replace('.', "_").to_lowercase();
            Database::Postgres { url, schema: Some(format!("test_schema{name}")) }
        }
        _ => Database::Sqlite { path: folder.path().join("other.db"), durable: false },
    }
}

#[tokio::test]
async fn a_database_of_another_version_is_refused_with_what_to_do() {
    const OTHER_TEXT: &str = "UPDATE _sqlx_migrations SET
         checksum = (SELECT other.checksum FROM _sqlx_migrations other WHERE other.version = 1001) WHERE version = 1008";
    const NEWER: &str = "UPDATE _sqlx_migrations SET version = 9001 WHERE version = 1009";
    for (change, expected) in [(OTHER_TEXT, 1008), (NEWER, 9001)] {
        let folder = tempfile::tempdir().expect("a folder");
        let database = place(&folder);
        let db = Db::open(&database).await.expect("opens");
        let changed = db.write::<u64, Fault, _>(move |tx| Box::pin(async move { tx.execute(sql(change)).await }));
        assert_eq!(changed.await.expect("changes"), 1);
        db.close().await;
        let refused = Db::open(&database).await.expect_err("it is refused");
        assert!(matches!(refused, Fault::OtherVersion { migration } if migration == expected), "{refused}");
        let said = refused.to_string();
        for words in ["made by another version", "cargo xtask demo --fresh", "restore a backup"] {
            assert!(said.contains(words), "{said}");
        }
    }
}

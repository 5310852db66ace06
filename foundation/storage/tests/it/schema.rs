use sqlx::Connection as _;
use storage::{Database, Db};

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

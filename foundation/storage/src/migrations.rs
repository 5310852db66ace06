//! The schema, one chain of files for both engines.
//!
//! A file is written in the common dialect; the only word that differs is `BLOB`, which PostgreSQL calls `BYTEA`.
//! Files go forward only, open with a sentence of why, and never change once merged.

use crate::Fault;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Executor as _, PgPool, Row as _, SqlSafeStr as _, SqliteConnection};
use std::borrow::Cow;

macro_rules! files {
    ($($version:literal $name:literal),* $(,)?) => {
        const FILES: &[(i64, &str, &str)] =
            &[$(($version, $name, include_str!(concat!("../migrations/", $version, "_", $name, ".sql")))),*];
    };
}

files! {
    1001 "jobs_and_blobs",
    1002 "journal",
    1003 "organization",
    1004 "identity",
    1005 "permission",
    1006 "work",
    1007 "archive",
    1008 "processing",
    1009 "items_by_amount",
}

fn migrator(convert: impl Fn(&'static str) -> String) -> Migrator {
    let migrations = FILES
        .iter()
        .map(|(version, name, text)| {
            let sql = AssertSqlSafe(convert(text)).into_sql_str();
            Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
        })
        .collect::<Vec<_>>();
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

pub(crate) async fn run_sqlite(connection: &mut SqliteConnection) -> Result<(), Fault> {
    Ok(migrator(str::to_owned).run_direct(None, connection, false).await?)
}

pub(crate) async fn run_postgres(pool: &PgPool, schema: Option<&str>) -> Result<(), Fault> {
    if let Some(schema) = schema {
        let quoted = schema.replace('"', "\"\"");
        pool.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS \"{quoted}\""))).await?;
    }
    Ok(migrator(|text| text.replace("BLOB", "BYTEA")).run(pool).await?)
}

/// The whole schema of a freshly migrated embedded database as text, for the snapshot that shows every change.
pub async fn schema(connection: &mut SqliteConnection) -> Result<String, Fault> {
    let rows = sqlx::query(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY type DESC, name",
    )
    .fetch_all(connection)
    .await?;
    let statements: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("sql")).collect();
    Ok(statements?.join(";\n\n"))
}

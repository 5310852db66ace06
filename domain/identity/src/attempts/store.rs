//! The tables `sign_in_locks` and `sign_in_addresses`.

use super::model::{Lock, Window};
use kernel::Instant;
use storage::{Fault, Tx, sql};

/// The counter of an address, made when it is not there, and locked.
pub(super) async fn window(tx: &mut Tx, address: &str) -> Result<Option<Window>, Fault> {
    tx.execute(
        sql("INSERT INTO sign_in_addresses (address, window_start, attempts) VALUES ($1, 0, 1) ON CONFLICT (address) DO NOTHING")
            .bind(address),
    )
    .await?;
    tx.optional(
        sql("SELECT window_start, attempts FROM sign_in_addresses WHERE address = $1").bind(address).for_update(),
    )
    .await?
    .map(|row| Ok(Window { start: row.instant("window_start")?, attempts: row.int("attempts")? }))
    .transpose()
}

pub(super) async fn keep_window(tx: &mut Tx, address: &str, window: Window) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE sign_in_addresses SET window_start = $2, attempts = $3 WHERE address = $1")
            .bind(address)
            .bind(window.start)
            .bind(window.attempts),
    )
    .await
}

/// The counter of a number, made when it is not there, and locked: two attempts at once must count as two.
pub(super) async fn lock(tx: &mut Tx, number: &[u8; 32]) -> Result<Option<Lock>, Fault> {
    tx.execute(
        sql("INSERT INTO sign_in_locks (number_hash, failures, locked_until, last_at) VALUES ($1, 0, 0, 0)
             ON CONFLICT (number_hash) DO NOTHING")
        .bind(number.as_slice()),
    )
    .await?;
    tx.optional(
        sql("SELECT failures, locked_until, last_at FROM sign_in_locks WHERE number_hash = $1")
            .bind(number.as_slice())
            .for_update(),
    )
    .await?
    .map(|row| {
        Ok(Lock {
            failures: row.int("failures")?,
            locked_until: row.instant("locked_until")?,
            last_at: row.instant("last_at")?,
        })
    })
    .transpose()
}

pub(super) async fn keep_lock(tx: &mut Tx, number: &[u8; 32], lock: Lock) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE sign_in_locks SET failures = $2, locked_until = $3, last_at = $4 WHERE number_hash = $1")
            .bind(number.as_slice())
            .bind(lock.failures)
            .bind(lock.locked_until)
            .bind(lock.last_at),
    )
    .await
}

pub(super) async fn delete_lock(tx: &mut Tx, number: &[u8; 32]) -> Result<(), Fault> {
    tx.execute(sql("DELETE FROM sign_in_locks WHERE number_hash = $1").bind(number.as_slice())).await?;
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx, locks_before: Instant, windows_before: Instant) -> Result<u64, Fault> {
    let locks = tx.execute(sql("DELETE FROM sign_in_locks WHERE last_at < $1").bind(locks_before)).await?;
    let windows = tx.execute(sql("DELETE FROM sign_in_addresses WHERE window_start < $1").bind(windows_before)).await?;
    Ok(locks + windows)
}

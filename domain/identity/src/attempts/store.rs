//! The tables `sign_in_locks` and `sign_in_addresses`.

use super::model::{Lock, Window};
use kernel::Instant;
use storage::{Fault, Tx, sql};

/// The counter of an address, made when it is not there, and locked.
///
/// One statement makes, locks and reads the row: between two, a deletion could take it away.
/// A new row carries a window that is long over, which the policy takes for none.
pub(super) async fn window(tx: &mut Tx, address: &str) -> Result<Window, Fault> {
    let row = tx
        .one(
            sql("INSERT INTO sign_in_addresses (address, window_start, attempts) VALUES ($1, 0, 1)
                 ON CONFLICT (address) DO UPDATE SET attempts = sign_in_addresses.attempts
                 RETURNING window_start, attempts")
            .bind(address),
        )
        .await?;
    Ok(Window { start: row.instant("window_start")?, attempts: row.int("attempts")? })
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

/// The counter of a number, made when it is not there, and locked, by the same means: two attempts at once must count as two.
pub(super) async fn lock(tx: &mut Tx, number: &[u8; 32]) -> Result<Lock, Fault> {
    let row = tx
        .one(
            sql("INSERT INTO sign_in_locks (number_hash, failures, locked_until, last_at) VALUES ($1, 0, 0, 0)
                 ON CONFLICT (number_hash) DO UPDATE SET failures = sign_in_locks.failures
                 RETURNING failures, locked_until, last_at")
            .bind(number.as_slice()),
        )
        .await?;
    Ok(Lock {
        failures: row.int("failures")?,
        locked_until: row.instant("locked_until")?,
        last_at: row.instant("last_at")?,
    })
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

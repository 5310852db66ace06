//! Personal values in table columns: sealed under one data key per purpose, which the master key wraps.
//!
//! A column value is `<data key id>\0<nonce><ciphertext>`, so that keys can be rotated while old values stay readable.

use crate::cipher::{CipherSuite, MasterKey};
use crate::{Bind, Db, Fault, Value, sql};
use kernel::Instant;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// A sealed column value; what it says is not printable.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

impl Bind for Sealed {
    fn value(&self) -> Value {
        Value::Bytes(Some(self.0.clone()))
    }
    fn null() -> Value {
        Value::Bytes(None)
    }
}

/// Personal text in memory (JR/T 0171-2020 class C2 and above): it refuses to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Private(Zeroizing<String>);

impl Private {
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself; the caller answers for where it goes.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Private(..)")
    }
}

/// A data key with the suite that it is for.
type DataKey = (CipherSuite, Zeroizing<Vec<u8>>);

/// Seals and opens personal values.
#[derive(Clone)]
pub struct Vault {
    keys: Arc<HashMap<String, DataKey>>,
    current: Arc<str>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

impl Vault {
    /// Loads the data keys of `purpose`, and makes the first one when there is none.
    pub async fn open(db: &Db, master: &dyn MasterKey, purpose: &'static str, now: Instant) -> Result<Self, Fault> {
        let fresh = CipherSuite::Aes256Gcm.new_key();
        let wrapped = master.wrap(&fresh)?;
        let master_id = master.id().to_owned();
        let key_id = hex::encode(&kernel::hash::HashSuite::Sha256.digest(&[&wrapped]).bytes[..8]);
        db.write::<(), Fault, _>(move |tx| {
            let (key_id, master_id, wrapped) = (key_id.clone(), master_id.clone(), wrapped.clone());
            Box::pin(async move {
                tx.execute(
                    sql("INSERT INTO data_keys (data_key_id, purpose, suite, master_id, wrapped, created_at)
                         SELECT $1, $2, 'aes256gcm', $3, $4, $5
                         WHERE NOT EXISTS (SELECT 1 FROM data_keys WHERE purpose = $2)")
                    .bind(key_id)
                    .bind(purpose)
                    .bind(master_id)
                    .bind(wrapped)
                    .bind(now),
                )
                .await?;
                Ok(())
            })
        })
        .await?;
        Self::load(db, master, purpose).await
    }

    async fn load(db: &Db, master: &dyn MasterKey, purpose: &str) -> Result<Self, Fault> {
        let rows = db
            .reader()
            .await?
            .all(sql("SELECT data_key_id, suite, wrapped FROM data_keys WHERE purpose = $1 ORDER BY created_at, data_key_id").bind(purpose))
            .await?;
        let mut keys = HashMap::new();
        let mut current = String::new();
        for row in rows {
            current = row.text("data_key_id")?;
            let suite = row.parsed("suite", CipherSuite::parse)?;
            keys.insert(current.clone(), (suite, master.unwrap(&row.bytes("wrapped")?)?));
        }
        Ok(Self { keys: Arc::new(keys), current: current.into() })
    }

    /// Seals `plain` for one place; `context` names the place (table, column, row) and binds the value to it.
    pub fn seal(&self, plain: &Private, context: &str) -> Result<Sealed, Fault> {
        let (suite, key) = self.key(&self.current)?;
        let body = suite.seal(key, plain.reveal().as_bytes(), context.as_bytes())?;
        Ok(Sealed([self.current.as_bytes(), b"\0", &body].concat()))
    }

    pub fn open_value(&self, sealed: &Sealed, context: &str) -> Result<Private, Fault> {
        let split = sealed.0.iter().position(|byte| *byte == 0);
        let split = split.ok_or_else(|| Fault::inconsistent("a sealed value names no key"))?;
        let key_id =
            std::str::from_utf8(&sealed.0[..split]).map_err(|_| Fault::inconsistent("a sealed value's key name"))?;
        let (suite, key) = self.key(key_id)?;
        let plain = suite.open(key, &sealed.0[split + 1..], context.as_bytes())?;
        let text = std::str::from_utf8(&plain).map_err(|_| Fault::inconsistent("a sealed value is not text"))?;
        Ok(Private::new(text))
    }

    fn key(&self, key_id: &str) -> Result<(CipherSuite, &[u8]), Fault> {
        let found = self.keys.get(key_id);
        found.map(|(suite, key)| (*suite, key.as_slice())).ok_or_else(|| Fault::Keys(format!("no data key {key_id}")))
    }
}

//! Images and files: encrypted, then named by the hash of what is stored.
//!
//! Each blob has a data key of its own, wrapped by the master key in its row.
//! The object is written before the row: a crash between leaves an object that nothing names, never a row without its object.

use crate::bucket_http::Connector;
use crate::cipher::{CipherSuite, MasterKey};
use crate::vault::Private;
use crate::{Conn, Fault, Tx, sql};
use bytes::Bytes;
use kernel::hash::{Digest, HashSuite};
use kernel::{BlobId, Instant};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A blob whose object is stored and whose row is still to be written in the caller's transaction.
#[derive(Debug, Clone)]
pub struct Stored {
    pub blob_id: BlobId,
    pub plain_digest: Digest,
    store_digest: Digest,
    suite: CipherSuite,
    master_id: String,
    wrapped_key: Vec<u8>,
    plain_bytes: i64,
    at: Instant,
}

/// What the database knows of a blob.
#[derive(Debug, Clone)]
pub struct BlobRow {
    pub blob_id: BlobId,
    pub plain_digest: Digest,
    store_digest: Digest,
    suite: CipherSuite,
    wrapped_key: Vec<u8>,
}

/// Where the objects lie in an S3-compatible service.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// `http://host:port`. The service's TLS is a proxy's beside this process: this program links none.
    pub endpoint: String,
    pub region: String,
    pub name: String,
    pub access_key_id: String,
    pub secret_access_key: Private,
}

/// The encrypted store of images and files.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    master: Arc<dyn MasterKey>,
    suite: CipherSuite,
    /// Of a local store: where an object that is missing and a folder that is missing look alike.
    folder: Option<PathBuf>,
}

impl Blobs {
    /// A store in a local folder, created when missing; objects are synced to disk before they count as stored.
    pub fn local(folder: &Path, master: Arc<dyn MasterKey>, durable: bool) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(durable);
        Ok(Self { store: Arc::new(store), master, suite: CipherSuite::Aes256Gcm, folder: Some(folder.to_owned()) })
    }

    /// A store in a bucket of an S3-compatible service, which must exist.
    pub fn bucket(bucket: &Bucket, master: Arc<dyn MasterKey>) -> Result<Self, Fault> {
        let Bucket { endpoint, region, name, access_key_id, secret_access_key } = bucket;
        let store = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            // What is sent is encrypted, signed, and named by its hash.
            .with_allow_http(true)
            .with_region(region)
            .with_bucket_name(name)
            .with_access_key_id(access_key_id)
            .with_secret_access_key(secret_access_key.reveal())
            .with_http_connector(Connector)
            .build()?;
        Ok(Self { store: Arc::new(store), master, suite: CipherSuite::Aes256Gcm, folder: None })
    }

    /// Asks the store for something that it need not have; an error says that it cannot be reached.
    pub async fn answers(&self) -> Result<(), Fault> {
        if let Some(folder) = &self.folder {
            return Ok(tokio::fs::read_dir(folder).await.map(|_| ())?);
        }
        match self.store.head(&ObjectPath::from("readiness")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Encrypts and stores `plain`; [`Stored::record`] makes it known.
    pub async fn store(&self, plain: &[u8], now: Instant) -> Result<Stored, Fault> {
        let key = self.suite.new_key();
        let plain_digest = HashSuite::Sha256.digest(&[plain]);
        let sealed = self.suite.seal(&key, plain, &plain_digest.bytes)?;
        let store_digest = HashSuite::Sha256.digest(&[&sealed]);
        self.store.put(&object_path(store_digest), Bytes::from(sealed).into()).await?;
        Ok(Stored {
            blob_id: BlobId::new(now),
            plain_digest,
            store_digest,
            suite: self.suite,
            master_id: self.master.id().to_owned(),
            wrapped_key: self.master.wrap(&key)?,
            plain_bytes: i64::try_from(plain.len()).unwrap_or(i64::MAX),
            at: now,
        })
    }

    /// Reads a blob back and checks both hashes on the way.
    pub async fn load(&self, row: &BlobRow) -> Result<Vec<u8>, Fault> {
        let sealed = self.store.get(&object_path(row.store_digest)).await?.bytes().await?;
        if HashSuite::Sha256.digest(&[&sealed]) != row.store_digest {
            return Err(Fault::inconsistent(format!("blob {} does not match its stored hash", row.blob_id)));
        }
        let key = self.master.unwrap(&row.wrapped_key)?;
        let plain = row.suite.open(&key, &sealed, &row.plain_digest.bytes)?;
        if HashSuite::Sha256.digest(&[&plain]) != row.plain_digest {
            return Err(Fault::inconsistent(format!("blob {} does not match its content hash", row.blob_id)));
        }
        Ok(plain.to_vec())
    }
}

impl Stored {
    /// Writes the blob's row in the transaction of the command that needs it.
    pub async fn record(&self, tx: &mut Tx) -> Result<(), Fault> {
        tx.execute_one(
            sql("INSERT INTO blobs (blob_id, plain_digest, store_digest, suite, master_id, wrapped_key, plain_bytes, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(&self.blob_id)
            .bind(self.plain_digest.to_string())
            .bind(self.store_digest.to_string())
            .bind(self.suite.name())
            .bind(self.master_id.clone())
            .bind(self.wrapped_key.clone())
            .bind(self.plain_bytes)
            .bind(self.at),
        )
        .await
    }
}

/// What the database knows of `blob_id`.
pub async fn find(conn: &mut Conn, blob_id: &BlobId) -> Result<BlobRow, Fault> {
    let row = conn
        .one(sql("SELECT plain_digest, store_digest, suite, wrapped_key FROM blobs WHERE blob_id = $1").bind(blob_id))
        .await?;
    Ok(BlobRow {
        blob_id: blob_id.clone(),
        plain_digest: row.parsed("plain_digest", Digest::parse)?,
        store_digest: row.parsed("store_digest", Digest::parse)?,
        suite: row.parsed("suite", CipherSuite::parse)?,
        wrapped_key: row.bytes("wrapped_key")?,
    })
}

/// Two levels of folders keep any one folder small with a hundred million objects.
fn object_path(digest: Digest) -> ObjectPath {
    let name = hex::encode(digest.bytes);
    ObjectPath::from_iter([digest.suite.name(), &name[..2], &name[2..4], &name])
}

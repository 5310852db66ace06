//! Authenticated encryption suites and the master key that wraps data keys.
//!
//! Each record names the suite that made it, so that a suite can be replaced while old records stay readable.
//! Sources: NIST SP 800-38D (GCM), GB/T 32907-2016 (SM4), RFC 8998 (SM4-GCM).

use crate::Fault;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, AesGcm};
use std::path::Path;
use zeroize::Zeroizing;

type Sm4Gcm = AesGcm<sm4::Sm4, U12>;

const NONCE_LEN: usize = 12;

/// A named cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CipherSuite {
    Aes256Gcm,
    Sm4Gcm,
}

impl CipherSuite {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aes256gcm",
            Self::Sm4Gcm => "sm4gcm",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "aes256gcm" => Some(Self::Aes256Gcm),
            "sm4gcm" => Some(Self::Sm4Gcm),
            _ => None,
        }
    }

    pub const fn key_len(self) -> usize {
        match self {
            Self::Aes256Gcm => 32,
            Self::Sm4Gcm => 16,
        }
    }

    pub fn new_key(self) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0u8; self.key_len()]);
        rand::fill(key.as_mut_slice());
        key
    }

    /// Nonce and ciphertext; `context` is authenticated and must be the same when it is opened.
    pub fn seal(self, key: &[u8], plain: &[u8], context: &[u8]) -> Result<Vec<u8>, Fault> {
        let mut nonce = [0u8; NONCE_LEN];
        rand::fill(&mut nonce);
        let payload = Payload { msg: plain, aad: context };
        let body = match self {
            Self::Aes256Gcm => Aes256Gcm::new_from_slice(key).map_err(bad_key)?.encrypt(&nonce.into(), payload),
            Self::Sm4Gcm => Sm4Gcm::new_from_slice(key).map_err(bad_key)?.encrypt(&nonce.into(), payload),
        };
        let body = body.map_err(|_| Fault::Keys("encryption failed".into()))?;
        Ok([nonce.as_slice(), &body].concat())
    }

    pub fn open(self, key: &[u8], sealed: &[u8], context: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let Some((nonce, body)) = sealed.split_first_chunk::<NONCE_LEN>() else {
            return Err(Fault::inconsistent("a sealed record is shorter than its nonce"));
        };
        let payload = Payload { msg: body, aad: context };
        let plain = match self {
            Self::Aes256Gcm => Aes256Gcm::new_from_slice(key).map_err(bad_key)?.decrypt(&(*nonce).into(), payload),
            Self::Sm4Gcm => Sm4Gcm::new_from_slice(key).map_err(bad_key)?.decrypt(&(*nonce).into(), payload),
        };
        plain.map(Zeroizing::new).map_err(|_| {
            Fault::inconsistent("a sealed record does not open: it was changed, or the key is not its key")
        })
    }
}

fn bad_key(_: impl std::fmt::Debug) -> Fault {
    Fault::Keys("a key has the wrong length for its suite".into())
}

/// Wraps and unwraps data keys. The file provider is the default; a hardware module plugs in here.
pub trait MasterKey: Send + Sync {
    /// Names the master key in each record that it wraps.
    fn id(&self) -> &str;
    fn wrap(&self, data_key: &[u8]) -> Result<Vec<u8>, Fault>;
    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault>;
}

/// A master key of 32 bytes in a file, as 64 hexadecimal digits.
pub struct FileMasterKey {
    id: String,
    key: Zeroizing<Vec<u8>>,
}

impl FileMasterKey {
    /// Reads the key; refuses a file that is missing or malformed.
    pub fn read(path: &Path) -> Result<Self, Fault> {
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        let key = hex::decode(text.trim()).map_err(|_| Fault::Keys("the master key file is not hexadecimal".into()))?;
        Self::from_bytes(key)
    }

    /// Creates the file with a new key, readable by its owner alone; refuses to overwrite one.
    pub fn create(path: &Path) -> Result<Self, Fault> {
        use std::io::Write as _;
        let mut key = vec![0u8; 32];
        rand::fill(key.as_mut_slice());
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(hex::encode(&key).as_bytes())?;
        file.sync_all()?;
        Self::from_bytes(key)
    }

    pub fn from_bytes(key: Vec<u8>) -> Result<Self, Fault> {
        if key.len() != 32 {
            return Err(Fault::Keys("the master key must have 32 bytes".into()));
        }
        let id = kernel::hash::HashSuite::Sha256.digest(&[b"shuniu master key id", &key]);
        Ok(Self { id: format!("file:{}", hex::encode(&id.bytes[..8])), key: Zeroizing::new(key) })
    }
}

impl MasterKey for FileMasterKey {
    fn id(&self) -> &str {
        &self.id
    }

    fn wrap(&self, data_key: &[u8]) -> Result<Vec<u8>, Fault> {
        CipherSuite::Aes256Gcm.seal(&self.key, data_key, b"data key")
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        CipherSuite::Aes256Gcm.open(&self.key, wrapped, b"data key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_its_key_and_its_context() {
        for suite in [CipherSuite::Aes256Gcm, CipherSuite::Sm4Gcm] {
            let key = suite.new_key();
            let sealed = suite.seal(&key, b"6222000012345678", b"row 1").expect("seals");
            assert_eq!(suite.open(&key, &sealed, b"row 1").expect("opens").as_slice(), b"6222000012345678");
            assert!(suite.open(&key, &sealed, b"row 2").is_err(), "another context");
            assert!(suite.open(&suite.new_key(), &sealed, b"row 1").is_err(), "another key");
            for place in 0..sealed.len() {
                let mut changed = sealed.clone();
                changed[place] ^= 1;
                assert!(suite.open(&key, &changed, b"row 1").is_err(), "byte {place} changed");
            }
            assert!(suite.open(&key, &sealed[..5], b"row 1").is_err(), "cut short");
        }
    }

    #[test]
    fn a_master_key_file_is_made_once_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        assert!(FileMasterKey::read(&path).is_err(), "missing");
        let made = FileMasterKey::create(&path).expect("created");
        assert!(FileMasterKey::create(&path).is_err(), "never overwritten");
        let read = FileMasterKey::read(&path).expect("read");
        let wrapped = made.wrap(b"data").expect("wraps");
        assert_eq!(read.unwrap(&wrapped).expect("unwraps").as_slice(), b"data");
        assert_eq!(read.id(), made.id());
        std::fs::write(&path, "not a key").expect("written");
        assert!(FileMasterKey::read(&path).is_err(), "malformed");
    }
}

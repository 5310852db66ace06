//! Hash suites: which function made a digest is written beside it, so that it can be replaced in thirty years.

use sha2::Digest as _;
use std::fmt;

/// A named pair of hash functions with 32-byte output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HashSuite {
    /// FIPS 180-4.
    Sha256,
    /// GB/T 32905-2016.
    Sm3,
}

impl HashSuite {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "sha256" => Some(Self::Sha256),
            "sm3" => Some(Self::Sm3),
            _ => None,
        }
    }

    /// Digest of the concatenation of `parts`.
    /// The caller makes the parts unambiguous (fixed lengths or length prefixes).
    pub fn digest(self, parts: &[&[u8]]) -> Digest {
        let bytes = match self {
            Self::Sha256 => {
                let mut hasher = sha2::Sha256::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
            Self::Sm3 => {
                let mut hasher = sm3::Sm3::new();
                parts.iter().for_each(|part| hasher.update(part));
                hasher.finalize().into()
            }
        };
        Digest { suite: self, bytes }
    }
}

/// A digest that knows its suite; its text form is `sha256:<hex>`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest {
    pub suite: HashSuite,
    pub bytes: [u8; 32],
}

impl Digest {
    /// All zeros: the predecessor of the first link of a chain.
    pub const fn zero(suite: HashSuite) -> Self {
        Self { suite, bytes: [0; 32] }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (suite, digits) = text.split_once(':')?;
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        Some(Self { suite: HashSuite::parse(suite)?, bytes })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.suite.name(), hex::encode(self.bytes))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_vectors_of_both_suites() {
        let sha = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let sm3 = "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(HashSuite::Sha256.digest(&[b"a", b"bc"]).to_string(), sha);
        assert_eq!(HashSuite::Sm3.digest(&[b"abc"]).to_string(), sm3);
    }

    #[test]
    fn text_form_comes_back_and_unknown_suites_do_not() {
        let digest = HashSuite::Sm3.digest(&[b"x"]);
        assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        assert_eq!(Digest::parse("md5:00"), None);
        assert_eq!(Digest::parse("sha256:00"), None);
    }
}

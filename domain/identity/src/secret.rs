//! Secrets that the product makes itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::hash::HashSuite;
use storage::vault::Private;
use subtle::ConstantTimeEq as _;

const TOKEN_BYTES: usize = 32;

/// 256 random bits as 43 characters of base64url: a session's cookie or its CSRF token. It does not print itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(Private);

impl Token {
    pub(crate) fn generate() -> Self {
        let mut bytes = [0u8; TOKEN_BYTES];
        rand::fill(&mut bytes);
        Self(Private::new(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text for the cookie; it goes nowhere else.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        hash(self.reveal())
    }
}

/// The stored form of a token or code. One round suffices: both are random and too long to be guessed.
pub(crate) fn hash(text: &str) -> [u8; 32] {
    HashSuite::Sha256.digest(&[text.as_bytes()]).bytes
}

/// Compares in a time that does not depend on where the two differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn tokens_are_long_differ_and_do_not_print_themselves() {
        let tokens: HashSet<_> = (0..1_000).map(|_| Token::generate().reveal().to_owned()).collect();
        assert_eq!(tokens.len(), 1_000);
        assert!(tokens.iter().all(|token| token.len() == 43));
        let token = Token::generate();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }

    #[test]
    fn two_hashes_are_the_same_only_when_every_byte_is() {
        let hash = hash("a");
        let mut other = hash;
        other[31] ^= 1;
        assert!(same(&hash, &hash));
        assert!(!same(&hash, &other));
        assert!(!same(&hash, &hash[..31]));
    }
}

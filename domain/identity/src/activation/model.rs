//! A one-time code: how a person gets the first password, or a new one when it is forgotten.

use storage::vault::Private;

/// No I, L, O, U: the code is read out and copied by hand.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 4;
const GROUP_CHARS: usize = 4;

/// 80 random bits as four groups of four, `7K3Q-…`. It does not print itself; the administrator sees it once and hands it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeCode(Private);

impl OneTimeCode {
    pub(crate) fn generate() -> Self {
        let mut bytes = [0u8; GROUPS * GROUP_CHARS];
        rand::fill(&mut bytes);
        let chars: Vec<char> = bytes.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect();
        let groups: Vec<String> = chars.chunks(GROUP_CHARS).map(|group| group.iter().collect()).collect();
        Self(Private::new(groups.join("-")))
    }

    /// The text to hand over.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        hash(self.reveal())
    }
}

/// The stored form of a code as someone typed it: without spaces and dashes, and with letters that look alike taken for one.
pub(crate) fn hash(typed: &str) -> [u8; 32] {
    let normal: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    crate::secret::hash(&normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_differ_are_readable_and_do_not_print_themselves() {
        let codes: HashSet<_> = (0..1_000).map(|_| OneTimeCode::generate().reveal().to_owned()).collect();
        assert_eq!(codes.len(), 1_000);
        for code in &codes {
            assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4]);
            assert!(!code.contains(['I', 'L', 'O', 'U']), "{code}");
        }
        let code = OneTimeCode::generate();
        assert!(!format!("{code:?}").contains(code.reveal()));
    }

    #[test]
    fn a_code_is_the_same_however_it_is_copied() {
        for typed in ["7K3Q-01AB-CDEF-0111", "7k3q01abcdef0111", " 7K3Q OIAB CDEF oIl1 "] {
            assert_eq!(hash(typed), hash("7K3Q-01AB-CDEF-0111"), "{typed}");
        }
        assert_ne!(hash("7K3Q-01AB-CDEF-0112"), hash("7K3Q-01AB-CDEF-0111"));
    }
}

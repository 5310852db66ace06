//! The list of things that exist in the product, each with the prefix its id carries in text.
//!
//! A prefixed id says in a log line, a URL or a journal entry what it names, and an id of one kind cannot be passed for another.
//! The body is a UUIDv7 in 26 characters of Crockford's base 32, so that ids sort by the instant they were made.

use crate::clock::Instant;
use std::fmt;
use std::marker::PhantomData;

/// Digits of Crockford's base 32: no I, L, O, U, so that an id read out on the telephone survives.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY_LEN: usize = 26;

/// Why a text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("an id of this kind starts with `{expected}`")]
    WrongPrefix { expected: &'static str },
    #[error("an id has 26 characters of 0-9 and a-z without i, l, o, u after its prefix")]
    Malformed,
}

/// What an id names: its prefix with the underscore, such as `itm_`.
pub trait Kind: 'static {
    const PREFIX: &'static str;
}

/// An id of one kind; ids of different kinds are different types.
pub struct Id<K: Kind>(String, PhantomData<fn() -> K>);

impl<K: Kind> Id<K> {
    /// A new id; `now` makes it sort after those made before.
    pub fn new(now: Instant) -> Self {
        Self(format!("{}{}", K::PREFIX, generate(now)), PhantomData)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn parse(text: &str) -> Result<Self, IdError> {
        let body = text.strip_prefix(K::PREFIX).ok_or(IdError::WrongPrefix { expected: K::PREFIX })?;
        check_body(body)?;
        Ok(Self(text.to_owned(), PhantomData))
    }
}

impl<K: Kind> Clone for Id<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<K: Kind> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K: Kind> Eq for Id<K> {}

impl<K: Kind> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Kind> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K: Kind> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<K: Kind> std::str::FromStr for Id<K> {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl<K: Kind> From<Id<K>> for String {
    fn from(id: Id<K>) -> String {
        id.0
    }
}

fn encode(value: u128) -> String {
    let mut body = [0u8; BODY_LEN];
    for (place, slot) in body.iter_mut().rev().enumerate() {
        *slot = DIGITS[((value >> (5 * place)) & 31) as usize];
    }
    body.iter().map(|b| char::from(*b)).collect()
}

fn check_body(body: &str) -> Result<(), IdError> {
    let well_formed = body.len() == BODY_LEN && body.bytes().all(|b| DIGITS.contains(&b));
    if well_formed { Ok(()) } else { Err(IdError::Malformed) }
}

/// A new time-ordered body: 48 bits of milliseconds, then 74 random bits with the version marks of UUIDv7.
fn generate(now: Instant) -> String {
    let millis = u64::try_from(now.micros() / 1_000).unwrap_or(0);
    let mut random = [0u8; 10];
    rand::fill(&mut random);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
    encode(uuid.as_u128())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident, $kind:ident = $prefix:literal;)*) => {
        /// The marker types behind the id aliases.
        pub mod kind {
            $(
                $(#[$doc])*
                #[derive(Debug)]
                pub enum $kind {}
                impl super::Kind for $kind {
                    const PREFIX: &'static str = $prefix;
                }
            )*
        }
        $(
            $(#[$doc])*
            pub type $alias = Id<kind::$kind>;
        )*

        /// Every prefix with the kind it names, for documents and the sweep over endpoints.
        pub const KINDS: &[(&str, &str)] = &[$(($prefix, stringify!($kind))),*];
    };
}

// Please keep this list in alphabetical order.
ids! {
    /// An appointment of a person to a post from a date on.
    AppointmentId, Appointment = "apt_";
    /// A stored blob: an encrypted image or file.
    BlobId, Blob = "blb_";
    /// An entry of the journal.
    EntryId, Entry = "ent_";
    /// A fault shown to a user as an incident number.
    IncidentId, Incident = "inc_";
    /// A node of the bank's tree.
    InstitutionId, Institution = "ins_";
    /// A processing item: one voucher or set sent by an outlet.
    ItemId, Item = "itm_";
    /// A background job of the machine.
    JobId, Job = "job_";
    /// One keyed entry of one slice.
    KeyingId, Keying = "key_";
    /// One image side of an item, in one version.
    PageId, Page = "pag_";
    /// A person known to the product.
    PersonId, Person = "psn_";
    /// A post that people are appointed to.
    PostId, Post = "pst_";
    /// A signed-in session.
    SessionId, Session = "ses_";
    /// A rectangle of a page that holds one field.
    SliceId, Slice = "slc_";
    /// An outsourcing firm.
    VendorId, Vendor = "vnd_";
    /// A work item in a queue.
    WorkItemId, WorkItem = "wki_";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_id_survives_its_text_form_and_sorts_by_time() {
        let early = ItemId::new(Instant::from_micros(1_000_000_000));
        let late = ItemId::new(Instant::from_micros(2_000_000_000_000_000));
        assert_eq!(ItemId::parse(early.as_str()), Ok(early.clone()));
        assert!(early < late);
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let item = ItemId::new(Instant::from_micros(0));
        assert_eq!(PageId::parse(item.as_str()), Err(IdError::WrongPrefix { expected: "pag_" }));
    }

    #[test]
    fn malformed_bodies_are_refused() {
        for text in [
            "itm_",
            "itm_0",
            "itm_ILOU567890123456789012345a",
            "itm_'; drop table items; --x",
            "itm_０１２３４５６７８９",
        ] {
            assert_eq!(ItemId::parse(text), Err(IdError::Malformed), "{text}");
        }
    }

    #[test]
    fn no_two_kinds_share_a_prefix_and_the_list_is_in_order() {
        let prefixes: HashSet<_> = KINDS.iter().map(|(prefix, _)| prefix).collect();
        assert_eq!(prefixes.len(), KINDS.len());
        assert!(KINDS.is_sorted_by_key(|(_, name)| *name), "keep the list in alphabetical order");
    }

    #[test]
    fn ten_thousand_ids_of_one_millisecond_differ() {
        let ids: HashSet<_> = (0..10_000).map(|_| WorkItemId::new(Instant::from_micros(7)).to_string()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}

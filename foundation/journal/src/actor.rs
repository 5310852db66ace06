//! Who acts, and on what.

use kernel::{Id, InstitutionId, PersonId, PostId};
use std::fmt;

/// Who did it: a person in a post at a seat, or a named part of the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    name: String,
    pub person: Option<PersonId>,
    pub post: Option<PostId>,
    /// The seat or workstation number, where there is one.
    pub seat: Option<String>,
    pub institution: Option<InstitutionId>,
}

impl Actor {
    pub fn person(person: PersonId) -> Self {
        Self { name: person.to_string(), person: Some(person), post: None, seat: None, institution: None }
    }

    /// A part of the machine, such as `system:posting`.
    pub fn system(part: &str) -> Self {
        Self { name: format!("system:{part}"), person: None, post: None, seat: None, institution: None }
    }

    #[must_use]
    pub fn at(mut self, post: Option<PostId>, institution: Option<InstitutionId>, seat: Option<String>) -> Self {
        self.post = post;
        self.institution = institution;
        self.seat = seat;
        self
    }

    /// The person's id, or the system part's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// What an entry is about: one chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

impl Subject {
    pub fn of<K: kernel::id::Kind>(id: &Id<K>) -> Self {
        Self(id.to_string())
    }

    /// A chain that no id names, such as `calendar/2026`.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

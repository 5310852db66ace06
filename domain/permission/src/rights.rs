//! What a person may do today, and the permits that prove it.

use crate::action::{Act, Action};
use crate::policy::{Scope, grants};
use journal::{Actor, Answer};
use kernel::{BusinessDate, Code, InstitutionId, PersonId, PostId, Refusal};
use organization::{Category, Person};
use std::marker::PhantomData;
use storage::Conn;

/// One permission of one appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pub action: Action,
    pub scope: Scope,
    pub post_id: PostId,
    pub institution_id: InstitutionId,
    /// `/<id>/<id>/`, for the reach of [`Scope::Subtree`].
    pub institution_path: String,
}

/// Everything that a person may do on a business date. Read afresh for every request: a change of appointment takes effect on the next one.
#[derive(Debug, Clone)]
pub struct Rights {
    pub person: Person,
    grants: Vec<Grant>,
}

impl Rights {
    /// Reads the person's current appointments and what their duties may do.
    pub async fn load(conn: &mut Conn, person_id: &PersonId, today: BusinessDate) -> Answer<Self> {
        let person = organization::staff::find(conn, person_id).await?;
        let Some(person) = person else { return Err(Refusal::new(Code::NoCurrentAppointment).into()) };
        let mut all = Vec::new();
        if person.left_on.is_none_or(|left| today < left) {
            for held in organization::appointment::current(conn, person_id, today).await? {
                all.extend(grants(held.post.duty).iter().map(|(action, scope)| Grant {
                    action: *action,
                    scope: *scope,
                    post_id: held.post.post_id.clone(),
                    institution_id: held.institution.institution_id.clone(),
                    institution_path: held.institution.path.clone(),
                }));
            }
        }
        Ok(Self { person, grants: all })
    }

    /// The distinct actions, for the front end's hints; the server never trusts what comes back.
    pub fn actions(&self) -> Vec<Action> {
        let mut actions: Vec<_> = self.grants.iter().map(|grant| grant.action).collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }

    pub fn may(&self, action: Action) -> bool {
        self.grants.iter().any(|grant| grant.action == action)
    }

    /// The permit for `A`, or the refusal that names it.
    pub fn permit<A: Act>(&self, seat: Option<String>) -> Result<Permit<A>, Refusal> {
        let grants: Vec<_> = self.grants.iter().filter(|grant| grant.action == A::ACTION).cloned().collect();
        if grants.is_empty() {
            return Err(A::ACTION.refused());
        }
        Ok(Permit { person: self.person.clone(), grants, seat, act: PhantomData })
    }
}

/// Proof that a person may do `A`, and how far. Commands take it by reference; nothing else makes one.
#[derive(Debug)]
pub struct Permit<A: Act> {
    person: Person,
    grants: Vec<Grant>,
    seat: Option<String>,
    act: PhantomData<fn() -> A>,
}

impl<A: Act> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self { person: self.person.clone(), grants: self.grants.clone(), seat: self.seat.clone(), act: PhantomData }
    }
}

impl<A: Act> Permit<A> {
    pub fn person_id(&self) -> &PersonId {
        &self.person.person_id
    }

    pub fn person(&self) -> &Person {
        &self.person
    }

    pub fn is_outsourced(&self) -> bool {
        self.person.category == Category::Outsourced
    }

    pub fn seat(&self) -> Option<&str> {
        self.seat.as_deref()
    }

    /// Who acts, for the journal: the person in the first post that grants the action.
    pub fn actor(&self) -> Actor {
        let grant = self.grants.first();
        Actor::person(self.person.person_id.clone()).at(
            grant.map(|grant| grant.post_id.clone()),
            grant.map(|grant| grant.institution_id.clone()),
            self.seat.clone(),
        )
    }

    /// Refuses what belongs to an institution outside the permit's reach.
    /// The refusal is [`Code::NotFound`]: who may not see a thing does not learn that it exists.
    pub fn covers(&self, institution_path: &str) -> Result<(), Refusal> {
        if self.reach().contains(institution_path) { Ok(()) } else { Err(Refusal::new(Code::NotFound)) }
    }

    /// How far lists may look.
    pub fn reach(&self) -> Reach {
        let mut reach = Reach { bank: false, paths: Vec::new(), institutions: Vec::new() };
        for grant in &self.grants {
            match grant.scope {
                Scope::Bank => reach.bank = true,
                Scope::Subtree => reach.paths.push(grant.institution_path.clone()),
                Scope::Institution => reach.institutions.push(grant.institution_path.clone()),
                Scope::Own | Scope::Assigned => {}
            }
        }
        reach
    }

    /// The institution in which the person may do it, for things that are opened there.
    pub fn institution(&self) -> Result<&InstitutionId, Refusal> {
        self.grants.first().map(|grant| &grant.institution_id).ok_or_else(|| A::ACTION.refused())
    }
}

/// A set of institutions, by their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    pub bank: bool,
    /// Whole subtrees.
    pub paths: Vec<String>,
    /// Single institutions.
    pub institutions: Vec<String>,
}

impl Reach {
    pub fn contains(&self, path: &str) -> bool {
        self.bank
            || self.paths.iter().any(|prefix| path.starts_with(prefix.as_str()))
            || self.institutions.iter().any(|exact| exact == path)
    }

    /// The one prefix for a list's `LIKE`; lists filter rows again with [`Reach::contains`] when there are several.
    /// `None` when the reach is empty.
    pub fn like(&self) -> Option<String> {
        if self.bank {
            return Some("%".into());
        }
        let mut all = self.paths.iter().chain(&self.institutions);
        let first = all.next()?;
        let common = all.fold(first.clone(), |common, next| {
            common.chars().zip(next.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
        });
        Some(format!("{common}%"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_ends_where_the_institution_ends() {
        let reach = Reach { bank: false, paths: vec!["/a/b/".into()], institutions: vec!["/a/c/".into()] };
        for (path, inside) in
            [("/a/b/", true), ("/a/b/x/", true), ("/a/bb/", false), ("/a/c/", true), ("/a/c/x/", false), ("/a/", false)]
        {
            assert_eq!(reach.contains(path), inside, "{path}");
        }
        assert_eq!(reach.like().as_deref(), Some("/a/%"));
        let nothing = Reach { bank: false, paths: vec![], institutions: vec![] };
        assert_eq!(nothing.like(), None);
        assert!(!nothing.contains("/"));
    }
}

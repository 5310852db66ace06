//! Kinship and the matrix of incompatible duties.
//!
//! A kinship is a fact: it is recorded whatever posts the two hold, because one that may not be declared would be hidden.
//! From that moment it keeps each out of the other's items ([`crate::separation`]) and out of new incompatible posts
//! ([`crate::appointment`]). Posts that both hold already do not end by themselves: outlets would stand without people.
//! They are named in both chains and in the answer, so that an administrator moves one of the two (`domain.md` 7.1, relatives).

use crate::separation;
use journal::{Answer, Cx, Entry, Receipt, Recorded};
use kernel::{BusinessDate, PersonId};
use organization::staff::{self, Relation};
use organization::{Appointment, Duty};
use serde_json::json;
use storage::{Conn, Fault};

/// Posts of two relatives that exclude each other while both last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    pub one: (Appointment, Duty),
    pub other: (Appointment, Duty),
    pub basis: &'static str,
}

/// Declares a kinship; answers how many pairs of posts have become incompatible by it ([`conflicts_between`] names them).
///
/// Refuses what [`organization::staff::declare_relative`] refuses; never because of posts.
pub async fn declare(mut cx: Cx<'_>, a: PersonId, b: PersonId, relation: Relation) -> Answer<Recorded<i64>> {
    // In the order in which appointments lock, so that none of either slips in between.
    for person in in_order([&a, &b]) {
        staff::lock(cx.tx, person).await?;
    }
    let declared = staff::declare(&mut cx, &a, &b, relation).await?;
    let today = today(cx.now)?;
    let conflicts = conflicts_between(cx.tx, &a, &b, today).await?;
    let receipt = report(&mut cx, &conflicts).await?.unwrap_or(declared);
    Ok(receipt.done(i64::try_from(conflicts.len()).unwrap_or(i64::MAX)))
}

/// The posts of two people, in force on `from` or later, that exclude each other on some day.
pub async fn conflicts_between(
    conn: &mut Conn,
    a: &PersonId,
    b: &PersonId,
    from: BusinessDate,
) -> Result<Vec<Conflict>, Fault> {
    let lasting = |(held, _): &(Appointment, Duty)| held.until.is_none_or(|until| until > from);
    let mine: Vec<_> = posts_of(conn, a).await?.into_iter().filter(lasting).collect();
    let theirs: Vec<_> = posts_of(conn, b).await?.into_iter().filter(lasting).collect();
    let mut conflicts = Vec::new();
    for one in &mine {
        for other in theirs.iter().filter(|other| one.0.overlaps(other.0.from, other.0.until)) {
            if let Some(basis) = separation::incompatible(one.1, other.1) {
                conflicts.push(Conflict { one: one.clone(), other: other.clone(), basis });
            }
        }
    }
    Ok(conflicts)
}

/// Every pair of declared relatives whose posts exclude each other on `on` or later: what an administrator has to mend.
pub async fn conflicts(conn: &mut Conn, on: BusinessDate) -> Result<Vec<Conflict>, Fault> {
    let mut all = Vec::new();
    for (a, b) in staff::kinships(conn).await? {
        all.extend(conflicts_between(conn, &a, &b, on).await?);
    }
    Ok(all)
}

/// Locks a person and everyone who is kin, in one order, so that two appointments of relatives see each other and never wait in a circle.
/// Answers the relatives as they are once all are locked.
pub(crate) async fn lock_with_relatives(cx: &mut Cx<'_>, person: &PersonId) -> Answer<Vec<PersonId>> {
    let mut relatives = staff::relatives_of(cx.tx, person).await?;
    loop {
        for one in in_order(relatives.iter().chain([person])) {
            staff::lock(cx.tx, one).await?;
        }
        // A kinship may have been declared while the locks were waited for.
        let now = staff::relatives_of(cx.tx, person).await?;
        if now.iter().all(|relative| relatives.contains(relative)) {
            return Ok(now);
        }
        relatives = now;
    }
}

fn in_order<'a>(people: impl IntoIterator<Item = &'a PersonId>) -> Vec<&'a PersonId> {
    let mut people: Vec<_> = people.into_iter().collect();
    people.sort();
    people
}

/// Everything that a person holds, held or will hold, with its duty.
pub(crate) async fn posts_of(conn: &mut Conn, person: &PersonId) -> Result<Vec<(Appointment, Duty)>, Fault> {
    let mut posts = Vec::new();
    for held in organization::appointment::of_person(conn, person).await? {
        let post = organization::post::find(conn, &held.post_id).await?;
        let post = post.ok_or_else(|| Fault::inconsistent(format!("no post {}", held.post_id)))?;
        posts.push((held, post.duty));
    }
    Ok(posts)
}

/// One entry in each person's chain for every conflict.
async fn report(cx: &mut Cx<'_>, conflicts: &[Conflict]) -> Answer<Option<Receipt>> {
    let mut last = None;
    for Conflict { one, other, basis } in conflicts {
        let mut sides = [(one, other), (other, one)];
        sides.sort_by(|(a, _), (b, _)| a.0.person_id.cmp(&b.0.person_id));
        for ((own, own_duty), (relatives, relatives_duty)) in sides {
            let payload = json!({
                "appointment": own.appointment_id.as_str(), "duty": own_duty.as_str(),
                "relative": relatives.person_id.as_str(), "relative_appointment": relatives.appointment_id.as_str(),
                "relative_duty": relatives_duty.as_str(), "basis": basis,
            });
            let entry = Entry::new(&own.person_id, "permission.kinship.incompatible_posts", payload);
            last = Some(cx.append(entry).await?);
        }
    }
    Ok(last)
}

fn today(now: kernel::Instant) -> Answer<BusinessDate> {
    let date = kernel::calendar::TimeZone::SHANGHAI.date_at(now);
    Ok(date.map_err(|error| Fault::inconsistent(error.to_string()))?)
}

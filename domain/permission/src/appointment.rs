//! Appointing people to posts, with the matrix of incompatible duties.

use crate::action::act;
use crate::{Permit, kinship, separation};
use journal::{Answer, Cx, Receipt, Recorded};
use kernel::{AppointmentId, BusinessDate, Code, PersonId, Refusal};
use organization::{Duty, NewAppointment};
use storage::Conn;

/// Appoints a person from a date on.
/// Refused when the person or a declared relative holds an incompatible duty in that time, and when the maker is the grantee or their relative.
pub async fn appoint(
    mut cx: Cx<'_>,
    permit: &Permit<act::EditAppointment>,
    new: NewAppointment,
) -> Answer<Recorded<AppointmentId>> {
    neither_oneself_nor_kin(cx.tx, permit, &new.person_id).await?;
    let path = organization::institution::path_of(cx.tx, &new.institution_id).await?;
    permit.covers(&path.ok_or_else(|| Refusal::new(Code::NotFound).at("institution_id"))?)?;
    let (id, receipt) = insert_checked(&mut cx, new).await?;
    Ok(receipt.done(id))
}

/// Appoints without a permit, for loading a bank that has nobody yet; the matrix holds all the same.
pub async fn load(cx: &mut Cx<'_>, new: Vec<NewAppointment>) -> Answer<Vec<AppointmentId>> {
    let mut ids = Vec::with_capacity(new.len());
    for one in new {
        ids.push(insert_checked(cx, one).await?.0);
    }
    Ok(ids)
}

async fn insert_checked(cx: &mut Cx<'_>, new: NewAppointment) -> Answer<(AppointmentId, Receipt)> {
    let relatives = kinship::lock_with_relatives(cx, &new.person_id).await?;
    let post = organization::post::find(cx.tx, &new.post_id).await?;
    let post = post.ok_or_else(|| Refusal::new(Code::NotFound).at("post_id"))?;
    check_duties(cx.tx, &new.person_id, &relatives, post.duty, (new.from, new.until)).await?;
    organization::appointment::insert(cx, new).await
}

/// Who makes rights is not who receives them, and relatives count as one (`domain.md` 7.1).
async fn neither_oneself_nor_kin(
    conn: &mut Conn,
    permit: &Permit<act::EditAppointment>,
    person: &PersonId,
) -> Answer<()> {
    if permit.person_id() == person {
        return Err(Refusal::new(Code::OwnAppointment).into());
    }
    if organization::staff::relatives_of(conn, person).await?.contains(permit.person_id()) {
        return Err(Refusal::new(Code::RelativesAppointment).into());
    }
    Ok(())
}

/// Refuses `duty` in a time when `person`, or one of `relatives`, holds an incompatible one.
async fn check_duties(
    conn: &mut Conn,
    person: &PersonId,
    relatives: &[PersonId],
    duty: Duty,
    (from, until): (BusinessDate, Option<BusinessDate>),
) -> Answer<()> {
    for holder in std::iter::once(person).chain(relatives) {
        for (held, holds) in kinship::posts_of(conn, holder).await? {
            if let Some(basis) = separation::incompatible(duty, holds).filter(|_| held.overlaps(from, until)) {
                let code = if holder == person { Code::IncompatiblePosts } else { Code::RelativesIncompatiblePosts };
                let zh = format!("{}与{}", duty.name_zh(), holds.name_zh());
                let en = format!("{} and {} ({basis})", duty.name_en(), holds.name_en());
                return Err(Refusal::detailed(code, zh, en).into());
            }
        }
    }
    Ok(())
}

/// Ends an appointment; what it granted is gone on the next request.
pub async fn end(
    cx: Cx<'_>,
    permit: &Permit<act::EditAppointment>,
    id: AppointmentId,
    on: BusinessDate,
    reason: String,
) -> Answer<Recorded<()>> {
    let held = organization::appointment::find(cx.tx, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    neither_oneself_nor_kin(cx.tx, permit, &held.person_id).await?;
    let path = organization::institution::path_of(cx.tx, &held.institution_id).await?;
    permit.covers(&path.ok_or_else(|| Refusal::new(Code::NotFound))?)?;
    organization::appointment::end(cx, id, on, reason).await
}

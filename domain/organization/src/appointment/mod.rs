//! Appointments: who holds which post where, and since when.
//!
//! Deliberately absent: whether two posts exclude each other. [`insert`] is called by `permission::appoint`, which asks first;
//! nothing else should call it.

mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use model::{Appointment, CurrentAppointment, NewAppointment};

use crate::post::{Duty, Post};
use crate::staff::Person;
use crate::{institution, post, staff};
use journal::{Answer, Cx, Entry, Receipt, Recorded};
use kernel::calendar::BusinessDate;
use kernel::{AppointmentId, Code, InstitutionId, PersonId, PostId, Refusal};
use serde_json::{Value, json};
use storage::{Conn, Fault};

/// Appoints a person; the entry stands in the person's chain.
///
/// Refuses unknown or closed targets, a person who left, a category that the post does not take, an end before its beginning,
/// and a time in which the person holds this post at this institution already.
pub async fn insert(cx: &mut Cx<'_>, new: NewAppointment) -> Answer<(AppointmentId, Receipt)> {
    let appointment = prepare(cx, new).await?;
    let entry = Entry::new(&appointment.person_id, "organization.appointment.add", payload(&appointment));
    let receipt = cx.append(entry).await?;
    Ok((appointment.appointment_id, receipt))
}

/// Checks and writes the appointment; the caller appends the entry.
pub(crate) async fn prepare(cx: &mut Cx<'_>, new: NewAppointment) -> Answer<Appointment> {
    let NewAppointment { person_id, post_id, institution_id, from, until } = new;
    let person = staff::present(cx, &person_id).await?;
    let post = post::find(cx.tx, &post_id).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("post"))?;
    // Locked, so that the institution cannot close between this look and the commit.
    let place = institution::store::lock(cx.tx, &institution_id)
        .await?
        .ok_or_else(|| Refusal::new(Code::NotFound).at("institution"))?;
    if let Some(on) = place.closed_on {
        let (zh, en) = (format!("该机构已于 {on} 撤销"), format!("the institution closed on {on}"));
        return Err(Refusal::field("institution", zh, en).into());
    }
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::field("until", "终止日须晚于起始日", "it must be later than the beginning").into());
    }
    check_category(&person, &post)?;
    let held = store::of_person(cx.tx, &person_id).await?;
    let same = held.iter().filter(|held| held.post_id == post_id && held.institution_id == institution_id);
    if same.into_iter().any(|held| held.overlaps(from, until)) {
        return Err(Refusal::new(Code::OverlappingAppointment).at("from").into());
    }
    let appointment_id = AppointmentId::new(cx.now);
    let appointment =
        Appointment { appointment_id, person_id, post_id, institution_id, from, until, ended_reason: None };
    store::insert(cx.tx, &appointment, cx.now).await?;
    Ok(appointment)
}

fn check_category(person: &Person, post: &Post) -> Answer<()> {
    if post.takes.holds(person.category) {
        return Ok(());
    }
    let (zh, en) = (person.category.name_zh(), person.category.name_en());
    Err(Refusal::detailed(Code::WrongPersonCategory, zh, en).at("person").into())
}

fn payload(appointment: &Appointment) -> Value {
    let Appointment { appointment_id, person_id: _, post_id, institution_id, from, until, ended_reason: _ } =
        appointment;
    json!({
        "appointment": appointment_id.as_str(),
        "post": post_id.as_str(),
        "institution": institution_id.as_str(),
        "from": from.to_string(),
        "until": until.map(|until| until.to_string()),
    })
}

/// Ends an appointment: from `on` it is no longer in force. One that has not begun by then is called off.
///
/// Refuses an unknown one, one that is over by that date, and an end without a reason.
pub async fn end(mut cx: Cx<'_>, id: AppointmentId, on: BusinessDate, reason: String) -> Answer<Recorded<()>> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new(Code::ReasonRequired).at("reason").into());
    }
    let person_id = store::find(cx.tx, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?.person_id;
    // The person's lock orders this with other changes of what the person holds; only then is the row read for the decision.
    staff::store::lock(cx.tx, &person_id).await?;
    let found = store::find(cx.tx, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if let Some(until) = found.until.filter(|until| *until <= on) {
        let (zh, en) = (format!("该任命已于 {until} 终止"), format!("the appointment ended on {until}"));
        return Err(Refusal::detailed(Code::WrongState, zh, en).into());
    }
    let until = on.max(found.from);
    store::end(cx.tx, &id, until, reason).await?;
    let payload = json!({
        "appointment": id.as_str(),
        "post": found.post_id.as_str(),
        "institution": found.institution_id.as_str(),
        "until_before": found.until.map(|until| until.to_string()),
        "until": until.to_string(),
        "reason": reason,
    });
    Ok(cx.append(Entry::new(&person_id, "organization.appointment.end", payload)).await?.done(()))
}

/// The appointment with this id, in force or not.
pub async fn find(conn: &mut Conn, id: &AppointmentId) -> Result<Option<Appointment>, Fault> {
    store::find(conn, id).await
}

/// What a person holds on a date, with post and institution; the earliest first.
pub async fn current(conn: &mut Conn, person: &PersonId, on: BusinessDate) -> Result<Vec<CurrentAppointment>, Fault> {
    store::current(conn, person, on).await
}

/// Everything a person ever held or will hold, by beginning.
pub async fn of_person(conn: &mut Conn, person: &PersonId) -> Result<Vec<Appointment>, Fault> {
    store::of_person(conn, person).await
}

/// Who holds a post at an institution on a date.
pub async fn holders_of_post(
    conn: &mut Conn,
    post: &PostId,
    institution: &InstitutionId,
    on: BusinessDate,
) -> Result<Vec<PersonId>, Fault> {
    store::holders_of_post(conn, post, institution, on).await
}

/// Who has a duty at an institution on a date, through whatever post.
pub async fn holders_of_duty(
    conn: &mut Conn,
    duty: Duty,
    institution: &InstitutionId,
    on: BusinessDate,
) -> Result<Vec<PersonId>, Fault> {
    store::holders_of_duty(conn, duty, institution, on).await
}

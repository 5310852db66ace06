//! The table `appointments`.

use super::model::{Appointment, CurrentAppointment};
use crate::institution::store::institution;
use crate::post::Duty;
use crate::post::store::post;
use kernel::calendar::BusinessDate;
use kernel::{AppointmentId, Instant, InstitutionId, PersonId, PostId};
use storage::{Conn, Fault, Row, Tx, sql};

fn appointment(row: &Row) -> Result<Appointment, Fault> {
    Ok(Appointment {
        appointment_id: row.id("appointment_id")?,
        person_id: row.id("person_id")?,
        post_id: row.id("post_id")?,
        institution_id: row.id("institution_id")?,
        from: row.date("from_date")?,
        until: row.opt_text("until_date")?.map(|_| row.date("until_date")).transpose()?,
        ended_reason: row.opt_text("ended_reason")?,
    })
}

pub(super) async fn find(conn: &mut Conn, id: &AppointmentId) -> Result<Option<Appointment>, Fault> {
    conn.optional(
        sql("SELECT appointment_id, person_id, post_id, institution_id, from_date, until_date, ended_reason
             FROM appointments WHERE appointment_id = $1")
        .bind(id),
    )
    .await?
    .map(|row| appointment(&row))
    .transpose()
}

pub(super) async fn of_person(conn: &mut Conn, person: &PersonId) -> Result<Vec<Appointment>, Fault> {
    let rows = conn
        .all(
            sql("SELECT appointment_id, person_id, post_id, institution_id, from_date, until_date, ended_reason
                 FROM appointments WHERE person_id = $1 ORDER BY from_date, appointment_id")
            .bind(person),
        )
        .await?;
    rows.iter().map(appointment).collect()
}

pub(super) async fn current(
    conn: &mut Conn,
    person: &PersonId,
    on: BusinessDate,
) -> Result<Vec<CurrentAppointment>, Fault> {
    let rows = conn
        .all(
            sql("SELECT a.appointment_id, a.person_id, a.post_id, a.institution_id, a.from_date, a.until_date, a.ended_reason,
                        p.post_id AS p_post_id, p.code AS p_code, p.name_zh AS p_name_zh, p.name_en AS p_name_en, p.duty AS p_duty,
                        p.takes_employees AS p_takes_employees, p.takes_dispatched AS p_takes_dispatched,
                        p.takes_outsourced AS p_takes_outsourced,
                        i.institution_id AS i_institution_id, i.code AS i_code, i.name_zh AS i_name_zh, i.name_en AS i_name_en,
                        i.class AS i_class, i.parent_id AS i_parent_id, i.path AS i_path, i.cnaps AS i_cnaps,
                        i.opening AS i_opening, i.closed_on AS i_closed_on, i.version AS i_version
                 FROM appointments a
                 JOIN posts p ON p.post_id = a.post_id
                 JOIN institutions i ON i.institution_id = a.institution_id
                 WHERE a.person_id = $1 AND a.from_date <= $2 AND (a.until_date IS NULL OR a.until_date > $2)
                 ORDER BY a.from_date, a.appointment_id")
            .bind(person)
            .bind(on),
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(CurrentAppointment {
                appointment: appointment(row)?,
                post: post(row, "p_")?,
                institution: institution(row, "i_")?,
            })
        })
        .collect()
}

pub(super) async fn holders_of_post(
    conn: &mut Conn,
    post: &PostId,
    institution: &InstitutionId,
    on: BusinessDate,
) -> Result<Vec<PersonId>, Fault> {
    let rows = conn
        .all(
            sql("SELECT DISTINCT person_id FROM appointments
                 WHERE post_id = $1 AND institution_id = $2 AND from_date <= $3 AND (until_date IS NULL OR until_date > $3)
                 ORDER BY person_id")
            .bind(post)
            .bind(institution)
            .bind(on),
        )
        .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

pub(super) async fn holders_of_duty(
    conn: &mut Conn,
    duty: Duty,
    institution: &InstitutionId,
    on: BusinessDate,
) -> Result<Vec<PersonId>, Fault> {
    let rows = conn
        .all(
            sql("SELECT DISTINCT a.person_id FROM appointments a JOIN posts p ON p.post_id = a.post_id
                 WHERE p.duty = $1 AND a.institution_id = $2 AND a.from_date <= $3 AND (a.until_date IS NULL OR a.until_date > $3)
                 ORDER BY a.person_id")
            .bind(duty.as_str())
            .bind(institution)
            .bind(on),
        )
        .await?;
    rows.iter().map(|row| row.id("person_id")).collect()
}

pub(super) async fn insert(tx: &mut Tx, new: &Appointment, now: Instant) -> Result<(), Fault> {
    let Appointment { appointment_id, person_id, post_id, institution_id, from, until, ended_reason } = new;
    tx.execute_one(
        sql("INSERT INTO appointments (appointment_id, person_id, post_id, institution_id, from_date, until_date, ended_reason, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(appointment_id)
        .bind(person_id)
        .bind(post_id)
        .bind(institution_id)
        .bind(*from)
        .bind(*until)
        .bind(ended_reason.as_ref())
        .bind(now),
    )
    .await
}

pub(super) async fn end(tx: &mut Tx, id: &AppointmentId, until: BusinessDate, reason: &str) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE appointments SET until_date = $2, ended_reason = $3 WHERE appointment_id = $1")
            .bind(id)
            .bind(until)
            .bind(reason),
    )
    .await
}

/// Ends everything a person holds beyond `on`; what had not begun is called off. Answers how many.
pub(crate) async fn end_all(tx: &mut Tx, person: &PersonId, on: BusinessDate) -> Result<i64, Fault> {
    let ended = tx
        .execute(
            sql("UPDATE appointments SET until_date = CASE WHEN from_date > $2 THEN from_date ELSE $2 END, ended_reason = 'left'
                 WHERE person_id = $1 AND (until_date IS NULL OR until_date > $2)")
            .bind(person)
            .bind(on),
        )
        .await?;
    Ok(i64::try_from(ended).unwrap_or(i64::MAX))
}

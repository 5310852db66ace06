//! What an administrator of the world does, and what these tests ask of its database.

use journal::Answer;
use kernel::{AppointmentId, BusinessDate, Code, InstitutionId, PersonId, PostId, Refusal};
use organization::staff::Relation;
use organization::{Appointment, Category, Duty, NewAppointment, NewPerson};
use permission::{Rights, act, appointment, kinship};
use storage::{Fault, Sql, sql};
use world::World;

/// Who appoints in the world.
pub const ADMINISTRATOR: &str = "administrator";

pub fn day(text: &str) -> BusinessDate {
    text.parse().expect("a date")
}

/// The code of what was refused; a fault ends the test.
pub fn code<T: std::fmt::Debug>(answer: Answer<T>) -> Code {
    refusal(answer).code
}

pub fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> Refusal {
    let failure = answer.expect_err("it is refused");
    failure.refusal().cloned().unwrap_or_else(|| panic!("a fault: {failure}"))
}

pub async fn post(world: &World, duty: Duty) -> PostId {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let post = organization::post::find_by_code(&mut reader, duty.as_str()).await.expect("reads");
    post.expect("every duty has a standard post").post_id
}

/// What an administrator would enter.
pub async fn form(
    world: &World,
    person: &PersonId,
    duty: Duty,
    place: &str,
    from: &str,
    until: Option<&str>,
) -> NewAppointment {
    NewAppointment {
        person_id: person.clone(),
        post_id: post(world, duty).await,
        institution_id: world.institutions[place].clone(),
        from: day(from),
        until: until.map(day),
    }
}

/// The named person appoints.
pub async fn appoints(world: &World, by: &str, new: NewAppointment) -> Answer<AppointmentId> {
    let permit = world.permit::<act::EditAppointment>(by).await;
    world
        .run_as("test.appoint", permit.actor(), move |cx| {
            let (permit, new) = (permit.clone(), new.clone());
            Box::pin(async move { appointment::appoint(cx, &permit, new).await })
        })
        .await
}

/// The named person ends an appointment.
pub async fn ends(world: &World, by: &str, id: &AppointmentId, on: &str, reason: &'static str) -> Answer<()> {
    let permit = world.permit::<act::EditAppointment>(by).await;
    let (id, on) = (id.clone(), day(on));
    world
        .run_as("test.end", permit.actor(), move |cx| {
            let (permit, id) = (permit.clone(), id.clone());
            Box::pin(async move { appointment::end(cx, &permit, id, on, reason.to_owned()).await })
        })
        .await
}

/// A new employee without a post.
pub async fn hires(world: &World, name: &str, home: &str) -> PersonId {
    let new = NewPerson {
        employee_no: name.to_owned(),
        name: format!("姓名 {name}"),
        category: Category::Employee,
        vendor_id: None,
        home: world.institutions[home].clone(),
    };
    let hired = world.run("test.hire", move |cx| {
        let new = new.clone();
        Box::pin(async move { organization::staff::add(cx, new).await })
    });
    hired.await.expect("hires")
}

/// Answers how many pairs of posts became incompatible by it.
pub async fn declares(world: &World, a: &PersonId, b: &PersonId) -> Answer<i64> {
    let (a, b) = (a.clone(), b.clone());
    world
        .run("test.declare", move |cx| {
            let (a, b) = (a.clone(), b.clone());
            Box::pin(async move { kinship::declare(cx, a, b, Relation::Spouse).await })
        })
        .await
}

pub async fn moves(world: &World, person: &PersonId, home: &InstitutionId) -> Answer<()> {
    let (person, home) = (person.clone(), home.clone());
    world
        .run("test.transfer", move |cx| {
            let (person, home) = (person.clone(), home.clone());
            Box::pin(async move { organization::staff::transfer(cx, person, home).await })
        })
        .await
}

/// Everything that a person holds, held or will hold.
pub async fn held(world: &World, person: &PersonId) -> Vec<Appointment> {
    let mut reader = world.journal().db.reader().await.expect("reads");
    organization::appointment::of_person(&mut reader, person).await.expect("reads")
}

/// What a person may do on a date.
pub async fn rights_on(world: &World, person: &PersonId, on: &str) -> Answer<Rights> {
    let mut reader = world.journal().db.reader().await.expect("reads");
    Rights::load(&mut reader, person, day(on)).await
}

/// A statement by hand, with the database's own rights.
pub async fn by_hand(world: &World, statement: Sql) -> Result<u64, Fault> {
    let written = world.journal().db.write::<u64, Fault, _>(move |tx| {
        let statement = statement.clone();
        Box::pin(async move { tx.execute(statement).await })
    });
    written.await
}

pub async fn rows(world: &World, statement: Sql) -> Vec<storage::Row> {
    world.journal().db.reader().await.expect("reads").all(statement).await.expect("rows")
}

pub async fn count(world: &World, statement: Sql) -> i64 {
    rows(world, statement).await[0].int("n").expect("a number")
}

pub async fn refusals_on_record(world: &World, person: &PersonId) -> i64 {
    let statement = sql("SELECT COUNT(*) AS n FROM journal_entries WHERE subject = $1 AND refused");
    count(world, statement.bind(format!("refusals/{person}"))).await
}

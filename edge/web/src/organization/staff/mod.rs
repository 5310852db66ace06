//! People of the bank and of vendors.

pub mod list;
pub mod read;

use super::wire::{AppointmentWire, StaffWire};
use crate::problem::Reply;
use crate::wire::InstitutionRef;
use kernel::{BusinessDate, Code, Refusal};
use organization::{Institution, Person, appointment, institution};
use storage::Conn;

async fn home(conn: &mut Conn, person: &Person) -> Reply<Institution> {
    Ok(institution::find(conn, &person.home).await?.ok_or_else(|| Refusal::new(Code::NotFound))?)
}

async fn wire(conn: &mut Conn, person: &Person, home: &Institution, today: BusinessDate) -> Reply<StaffWire> {
    let posts = appointment::current(conn, &person.person_id, today).await?;
    Ok(StaffWire {
        person_id: person.person_id.to_string(),
        employee_no: person.employee_no.clone(),
        name: person.name.clone(),
        category: person.category.as_str(),
        institution: InstitutionRef::from(home),
        posts: posts.iter().map(AppointmentWire::from).collect(),
    })
}

//! People: registering, moving, leaving; vendors; declared kinship.
//!
//! Deliberately absent: signing in (`identity`), and ending the sessions of someone who leaves: the command above both does it.

mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use model::{NewPerson, Person, PersonFilter, Relation, Vendor};

use crate::post::Category;
use crate::{appointment, check, institution};
use journal::{Answer, Cx, Entry, Receipt, Recorded};
use kernel::calendar::BusinessDate;
use kernel::{Code, InstitutionId, PersonId, Refusal, VendorId};
use serde_json::json;
use storage::vault::Private;
use storage::{Conn, Cursor, Fault, Page, Tx};

/// Registers a person; answers the id.
///
/// Refuses a known employee number, an unknown or closed home, and a vendor where none belongs or none where one does.
pub async fn add(mut cx: Cx<'_>, new: NewPerson) -> Answer<Recorded<PersonId>> {
    let person = insert(&mut cx, new).await?;
    let payload = json!({
        "employee_no": person.employee_no,
        "category": person.category.as_str(),
        "vendor": person.vendor_id.as_ref().map(VendorId::as_str),
        "home": person.home.as_str(),
    });
    let entry = Entry::new(&person.person_id, "organization.staff.add", payload)
        .with_private("name", Private::new(person.name));
    Ok(cx.append(entry).await?.done(person.person_id))
}

/// Checks and writes the person; the caller appends the entry.
pub(crate) async fn insert(cx: &mut Cx<'_>, new: NewPerson) -> Answer<Person> {
    let NewPerson { employee_no, name, category, vendor_id, home } = new;
    let employee_no = check::code("employee_no", &employee_no)?;
    let name = check::name("name", &name)?;
    check_vendor(cx, category, vendor_id.as_ref()).await?;
    check_home(cx, &home).await?;
    if store::find_by_employee_no(cx.tx, &employee_no).await?.is_some() {
        return Err(Refusal::with(Code::DuplicateNumber, &employee_no).at("employee_no").into());
    }
    let person_id = PersonId::new(cx.now);
    let person = Person { person_id, employee_no, name, category, vendor_id, home, left_on: None };
    store::insert(cx.tx, &person, cx.now).await?;
    Ok(person)
}

async fn check_vendor(cx: &mut Cx<'_>, category: Category, vendor_id: Option<&VendorId>) -> Answer<()> {
    match (category, vendor_id) {
        (Category::Outsourced, None) => {
            Err(Refusal::field("vendor", "外包人员须填写外包公司", "outsourced staff need a vendor").into())
        }
        (Category::Employee | Category::Dispatched, Some(_)) => {
            Err(Refusal::field("vendor", "只有外包人员填写外包公司", "only outsourced staff have a vendor").into())
        }
        (_, Some(id)) if store::find_vendor(cx.tx, id).await?.is_none() => {
            Err(Refusal::new(Code::NotFound).at("vendor").into())
        }
        _ => Ok(()),
    }
}

async fn check_home(cx: &mut Cx<'_>, home: &InstitutionId) -> Answer<()> {
    let found = institution::find(cx.tx, home).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("home"))?;
    match found.closed_on {
        None => Ok(()),
        Some(on) => {
            let (zh, en) = (format!("该机构已于 {on} 撤销"), format!("the institution closed on {on}"));
            Err(Refusal::field("home", zh, en).into())
        }
    }
}

/// Moves a person's home to another institution; appointments stay.
pub async fn transfer(mut cx: Cx<'_>, id: PersonId, home: InstitutionId) -> Answer<Recorded<()>> {
    let person = present(&mut cx, &id).await?;
    check_home(&mut cx, &home).await?;
    store::transfer(cx.tx, &id, &home).await?;
    let payload = json!({"before": person.home.as_str(), "after": home.as_str()});
    Ok(cx.append(Entry::new(&id, "organization.staff.transfer", payload)).await?.done(()))
}

/// Records that a person works here no more from `on`, and ends every appointment on that date; answers how many.
pub async fn leave(mut cx: Cx<'_>, id: PersonId, on: BusinessDate) -> Answer<Recorded<i64>> {
    present(&mut cx, &id).await?;
    store::leave(cx.tx, &id, on).await?;
    let ended = appointment::store::end_all(cx.tx, &id, on).await?;
    let payload = json!({"on": on.to_string(), "appointments_ended": ended});
    Ok(cx.append(Entry::new(&id, "organization.staff.leave", payload)).await?.done(ended))
}

/// The person, locked, who has not been recorded as leaving.
pub(crate) async fn present(cx: &mut Cx<'_>, id: &PersonId) -> Answer<Person> {
    let person = store::lock(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("person"))?;
    match person.left_on {
        None => Ok(person),
        Some(on) => {
            let (zh, en) = (format!("该人员自 {on} 起离职"), format!("the person leaves on {on}"));
            Err(Refusal::detailed(Code::WrongState, zh, en).into())
        }
    }
}

/// Registers an outsourcing firm; answers its id.
pub async fn add_vendor(mut cx: Cx<'_>, code: String, name: String) -> Answer<Recorded<VendorId>> {
    let vendor = insert_vendor(&mut cx, &code, &name).await?;
    let entry =
        Entry::new(&vendor.vendor_id, "organization.vendor.add", json!({"code": vendor.code, "name": vendor.name}));
    Ok(cx.append(entry).await?.done(vendor.vendor_id))
}

/// Checks and writes the vendor; the caller appends the entry.
pub(crate) async fn insert_vendor(cx: &mut Cx<'_>, code: &str, name: &str) -> Answer<Vendor> {
    let (code, name) = (check::code("code", code)?, check::name("name", name)?);
    if store::vendors(cx.tx).await?.iter().any(|known| known.code == code) {
        return Err(Refusal::with(Code::DuplicateNumber, &code).at("code").into());
    }
    let vendor = Vendor { vendor_id: VendorId::new(cx.now), code, name };
    store::insert_vendor(cx.tx, &vendor, cx.now).await?;
    Ok(vendor)
}

/// Declares that two people are kin, for both at once. Each one's chain tells it.
/// It knows nothing of posts: `permission::kinship::declare` also reports those that have become incompatible.
///
/// Refuses a person as their own relative, unknown people, and a pair that is declared already.
pub async fn declare_relative(mut cx: Cx<'_>, a: PersonId, b: PersonId, relation: Relation) -> Answer<Recorded<()>> {
    Ok(declare(&mut cx, &a, &b, relation).await?.done(()))
}

/// [`declare_relative`] as a part of another command.
pub async fn declare(cx: &mut Cx<'_>, a: &PersonId, b: &PersonId, relation: Relation) -> Answer<Receipt> {
    if a == b {
        return Err(Refusal::field("relative", "不能是本人", "it is the same person").into());
    }
    for id in [a, b] {
        store::find(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("person"))?;
    }
    let pair = ordered(a, b);
    if !store::insert_relative(cx.tx, pair, relation, cx.now).await? {
        return Err(Refusal::detailed(Code::WrongState, "该亲属关系已申报", "the kinship is declared already").into());
    }
    kinship_entries(cx, pair, "organization.staff.declare_relative", json!({"relation": relation.as_str()})).await
}

/// Takes a declared kinship back, such as after a divorce; it bars nobody any more from now on.
pub async fn withdraw_relative(mut cx: Cx<'_>, a: PersonId, b: PersonId, reason: String) -> Answer<Recorded<()>> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonRequired).at("reason").into());
    }
    let pair = ordered(&a, &b);
    if !store::delete_relative(cx.tx, pair).await? {
        return Err(Refusal::new(Code::NotFound).into());
    }
    let payload = json!({"reason": reason.trim()});
    Ok(kinship_entries(&mut cx, pair, "organization.staff.withdraw_relative", payload).await?.done(()))
}

/// The smaller id first, as the table keeps it; also the order in which both chains are locked.
fn ordered<'a>(a: &'a PersonId, b: &'a PersonId) -> (&'a PersonId, &'a PersonId) {
    if a < b { (a, b) } else { (b, a) }
}

async fn kinship_entries(
    cx: &mut Cx<'_>,
    (first, second): (&PersonId, &PersonId),
    kind: &'static str,
    payload: serde_json::Value,
) -> Answer<Receipt> {
    let with = |relative: &PersonId| {
        let mut payload = payload.clone();
        payload["relative"] = json!(relative.as_str());
        payload
    };
    let Receipt { entry_id: _ } = cx.append(Entry::new(first, kind, with(second))).await?;
    Ok(cx.append(Entry::new(second, kind, with(first))).await?)
}

/// The person with this id, present or not.
pub async fn find(conn: &mut Conn, id: &PersonId) -> Result<Option<Person>, Fault> {
    store::find(conn, id).await
}

/// The person with this employee number, present or not.
pub async fn find_by_employee_no(conn: &mut Conn, employee_no: &str) -> Result<Option<Person>, Fault> {
    store::find_by_employee_no(conn, employee_no.trim()).await
}

/// One page of people by employee number; `limit` is at most [`storage::page::LIMIT_MAX`].
pub async fn search(
    conn: &mut Conn,
    filter: &PersonFilter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page<Person>, Fault> {
    let found = store::search(conn, filter, after, limit + 1).await?;
    Ok(Page::cut(found, limit, |last| Cursor { key: 0, id: last.employee_no.clone() }))
}

/// The vendor with this id.
pub async fn find_vendor(conn: &mut Conn, id: &VendorId) -> Result<Option<Vendor>, Fault> {
    store::find_vendor(conn, id).await
}

/// All vendors by code; a bank has a handful.
pub async fn vendors(conn: &mut Conn) -> Result<Vec<Vendor>, Fault> {
    store::vendors(conn).await
}

/// Locks a person's row until the command ends, so that changes of what one person holds are in order.
pub async fn lock(tx: &mut Tx, id: &PersonId) -> Result<(), Fault> {
    store::lock(tx, id).await?;
    Ok(())
}

/// Everyone who is declared kin of the person, whoever declared it.
pub async fn relatives_of(conn: &mut Conn, person: &PersonId) -> Result<Vec<PersonId>, Fault> {
    Ok(store::relatives(conn, person).await?.into_iter().map(|(relative, _)| relative).collect())
}

/// Every declared kinship, each once.
pub async fn kinships(conn: &mut Conn) -> Result<Vec<(PersonId, PersonId)>, Fault> {
    store::kinships(conn).await
}

/// The same with the kind of kinship.
pub async fn relations_of(conn: &mut Conn, person: &PersonId) -> Result<Vec<(PersonId, Relation)>, Fault> {
    store::relatives(conn, person).await
}

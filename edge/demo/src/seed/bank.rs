//! The province as the product's own rows.

use super::SeedError;
use crate::definitions::DEFINITIONS;
use crate::province::{self, Province, SignIn};
use identity::{DemonstrationOnly, HashParameters, PasswordHash, Rules};
use journal::{Actor, Answer, Command, Cx, Journal, Receipt, Recorded, Subject};
use kernel::hash::HashSuite;
use kernel::{Code, InstitutionId, PersonId, PostId, Refusal};
use organization::institution::{InstitutionClass, NewInstitution, Opening};
use organization::load::InstitutionRow;
use organization::staff::Relation;
use organization::{Category, NewAppointment, NewPerson};
use std::collections::HashMap;
use std::sync::Arc;
use storage::BoxFuture;
use storage::vault::Private;

/// People whose appointments share one transaction.
const TOGETHER: usize = 200;

/// Loads institutions, calendars, people, posts, passwords and business types, each step once.
pub(super) async fn load(journal: &Journal, province: &Province) -> Result<(), SeedError> {
    let province = Arc::new(province.clone());
    institutions(journal, &province).await?;
    calendars(journal, &province).await?;
    posts_and_people(journal, &province).await?;
    appointments(journal, &province).await?;
    passwords(journal, &province).await?;
    step(journal, "definitions", 0, |cx| {
        let texts: Vec<String> = DEFINITIONS.iter().map(|file| file.toml.to_owned()).collect();
        Box::pin(async move { processing::definition::load_at_setup(cx, &texts).await })
    })
    .await
}

/// One step under a key of its own, so that loading again does it no second time.
async fn step<F>(journal: &Journal, name: &str, part: usize, work: F) -> Result<(), SeedError>
where
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<()>>> + Send + Sync + 'static,
{
    let key = format!("{name}/{part}");
    let command = Command {
        name: "demonstration.load",
        actor: Actor::system("demonstration"),
        input_hash: HashSuite::Sha256.digest(&[key.as_bytes()]),
        key,
        subject: Subject::named("demonstration"),
    };
    journal.run(command, work).await?.value()?;
    tracing::info!(step = name, part, "loaded");
    Ok(())
}

async fn institutions(journal: &Journal, province: &Arc<Province>) -> Result<(), SeedError> {
    let rows = province.institutions.iter().map(institution_row).collect::<Result<Vec<_>, _>>()?;
    step(journal, "institutions", 0, move |mut cx| {
        let rows = rows.clone();
        Box::pin(async move { Ok(organization::load::institutions(&mut cx, &rows).await?.1.done(())) })
    })
    .await
}

fn institution_row(it: &province::Institution) -> Result<InstitutionRow, SeedError> {
    let class =
        InstitutionClass::parse(it.class.as_str()).ok_or_else(|| SeedError::Unknown(it.class.as_str().into()))?;
    let week = std::array::from_fn(|day| if day < 5 { it.opening_weekdays } else { it.opening_weekends }.to_owned());
    let opening =
        Opening::new(week, it.opening_weekdays.to_owned()).map_err(|error| SeedError::Unknown(error.to_string()))?;
    Ok(InstitutionRow {
        parent_code: it.parent.clone(),
        new: NewInstitution {
            code: it.code.clone(),
            name_zh: it.name_zh.clone(),
            name_en: it.name_en.clone(),
            class,
            parent: None,
            cnaps: it.cnaps.clone(),
            opening,
        },
    })
}

async fn calendars(journal: &Journal, province: &Arc<Province>) -> Result<(), SeedError> {
    for (part, calendar) in province.calendars.iter().enumerate() {
        let json = calendar.json.clone();
        step(journal, "calendar", part, move |cx| {
            let json = json.clone();
            Box::pin(async move {
                organization::calendar::import_holidays(cx, json).await.map(|recorded| recorded.map(|_| ()))
            })
        })
        .await?;
    }
    Ok(())
}

async fn posts_and_people(journal: &Journal, province: &Arc<Province>) -> Result<(), SeedError> {
    let province = Arc::clone(province);
    step(journal, "people", 0, move |mut cx| {
        let province = Arc::clone(&province);
        Box::pin(async move { people(&mut cx, &province).await.map(|receipt| receipt.done(())) })
    })
    .await
}

async fn people(cx: &mut Cx<'_>, province: &Province) -> Answer<Receipt> {
    organization::load::standard_posts(cx).await?;
    let vendors: Vec<_> = province.vendors.iter().map(|it| (it.code.to_owned(), it.name_zh.to_owned())).collect();
    let (vendor_ids, _) = organization::load::vendors(cx, &vendors).await?;
    let vendor_of =
        |code: &str| province.vendors.iter().position(|it| it.code == code).map(|at| vendor_ids[at].clone());
    let homes = institution_ids(cx, province).await?;
    let rows: Vec<NewPerson> = province
        .people
        .iter()
        .map(|it| NewPerson {
            employee_no: it.employee_no.clone(),
            name: it.name.clone(),
            category: match it.category {
                province::Category::Employee => Category::Employee,
                province::Category::Dispatched => Category::Dispatched,
                province::Category::Outsourced => Category::Outsourced,
            },
            vendor_id: it.vendor.and_then(vendor_of),
            home: homes[&it.home].clone(),
        })
        .collect();
    let (ids, _) = organization::load::people(cx, &rows).await?;
    let by_number: HashMap<&str, &PersonId> =
        province.people.iter().map(|it| it.employee_no.as_str()).zip(&ids).collect();
    let relatives: Vec<_> = province
        .relatives
        .iter()
        .filter_map(|it| {
            let (first, second) = (by_number.get(it.first.as_str())?, by_number.get(it.second.as_str())?);
            Some(((*first).clone(), (*second).clone(), Relation::parse(it.relation)?))
        })
        .collect();
    organization::load::relatives(cx, &relatives).await
}

async fn institution_ids(cx: &mut Cx<'_>, province: &Province) -> Answer<HashMap<String, InstitutionId>> {
    let mut ids = HashMap::new();
    for it in &province.institutions {
        let found = organization::institution::find_by_code(cx.tx, &it.code).await?;
        let found = found.ok_or_else(|| Refusal::with(Code::NotFound, &it.code))?;
        ids.insert(it.code.clone(), found.institution_id);
    }
    Ok(ids)
}

/// Through `permission`: even an invented province holds to the matrix of incompatible duties.
async fn appointments(journal: &Journal, province: &Arc<Province>) -> Result<(), SeedError> {
    for part in 0..province.appointments.len().div_ceil(TOGETHER) {
        let province = Arc::clone(province);
        step(journal, "appointments", part, move |mut cx| {
            let province = Arc::clone(&province);
            Box::pin(async move {
                let mut new = Vec::with_capacity(TOGETHER);
                for it in province.appointments.iter().skip(part * TOGETHER).take(TOGETHER) {
                    new.push(appointment(&mut cx, it).await?);
                }
                permission::appointment::load(&mut cx, new).await?;
                let payload = serde_json::json!({ "part": part });
                let entry =
                    journal::Entry::named(Subject::named("demonstration"), "demonstration.appointments", payload);
                Ok(cx.append(entry).await?.done(()))
            })
        })
        .await?;
    }
    Ok(())
}

async fn appointment(cx: &mut Cx<'_>, it: &province::Appointment) -> Answer<NewAppointment> {
    let unknown = |what: &str| Refusal::with(Code::NotFound, what);
    let person = organization::staff::find_by_employee_no(cx.tx, &it.employee_no).await?;
    let post_id = post(cx, it.post).await?;
    let institution = organization::institution::find_by_code(cx.tx, &it.institution).await?;
    Ok(NewAppointment {
        person_id: person.ok_or_else(|| unknown(&it.employee_no))?.person_id,
        post_id,
        institution_id: institution.ok_or_else(|| unknown(&it.institution))?.institution_id,
        from: it.from,
        until: None,
    })
}

async fn post(cx: &mut Cx<'_>, code: &str) -> Answer<PostId> {
    let found = organization::post::find_by_code(cx.tx, code).await?;
    Ok(found.ok_or_else(|| Refusal::with(Code::NotFound, code))?.post_id)
}

async fn passwords(journal: &Journal, province: &Arc<Province>) -> Result<(), SeedError> {
    let rules = Rules::new(HashParameters::CHEAP)?;
    let mut reader = journal.db.reader().await?;
    let mut rows: Vec<(PersonId, PasswordHash)> = Vec::new();
    for it in province.people.iter().filter(|it| it.sign_in != SignIn::None) {
        let person = organization::staff::find_by_employee_no(&mut reader, &it.employee_no).await?;
        let person = person.ok_or_else(|| SeedError::Unknown(it.employee_no.clone()))?;
        rows.push((person.person_id, rules.hasher.hash(&Private::new(province::PASSWORD)).await?));
    }
    drop(reader);
    step(journal, "passwords", 0, move |mut cx| {
        let (rows, rules) = (rows.clone(), rules.clone());
        Box::pin(async move {
            let proof = DemonstrationOnly::from_flag(true)
                .ok_or_else(|| Refusal::detailed(Code::NotPermitted, "仅限演示环境", "only in a demonstration"))?;
            Ok(identity::password::set_initial(&mut cx, &rules, &rows, proof).await?.done(()))
        })
    })
    .await
}

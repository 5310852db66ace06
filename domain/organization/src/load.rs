//! Many rows with one journal entry each batch: how a province is loaded in seconds.
//!
//! The rules are those of the single commands; what is left out is one entry per row.
//! Each function runs inside the caller's command and refuses the whole batch when one row is refused; the refusal names the row.

use crate::institution::{Institution, NewInstitution};
use crate::post::{Duty, NewPost};
use crate::staff::{NewPerson, Relation};
use crate::{NewAppointment, appointment, institution, post, staff};
use journal::{Answer, Cx, Entry, Failure, Receipt, Subject};
use kernel::hash::HashSuite;
use kernel::{AppointmentId, InstitutionId, PersonId, PostId, VendorId};
use serde_json::json;
use std::collections::HashMap;

/// An institution whose parent is named by its code, since ids do not exist yet; parents stand before their children.
#[derive(Debug, Clone)]
pub struct InstitutionRow {
    /// `new.parent` is filled in from this.
    pub parent_code: Option<String>,
    pub new: NewInstitution,
}

/// Adds institutions; answers their ids in the order of `rows`.
pub async fn institutions(cx: &mut Cx<'_>, rows: &[InstitutionRow]) -> Answer<(Vec<InstitutionId>, Receipt)> {
    let mut known: HashMap<String, Institution> = HashMap::new();
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let parent = match &row.parent_code {
            Some(code) if known.contains_key(code) => known.get(code).cloned(),
            Some(code) => institution::find_by_code(cx.tx, code).await?,
            None => None,
        };
        if parent.is_none() && row.parent_code.is_some() {
            let refusal = kernel::Refusal::new(kernel::Code::NotFound).at("parent");
            return Err(at_row("institutions", index, refusal.into()));
        }
        let prepared = institution::prepare(cx, row.new.clone(), parent.as_ref()).await;
        let prepared = prepared.map_err(|failure| at_row("institutions", index, failure))?;
        institution::store::insert(cx.tx, &prepared, cx.now).await?;
        ids.push(prepared.institution_id.clone());
        known.insert(prepared.code.clone(), prepared);
    }
    let receipt = record(cx, "organization.load.institutions", ids.iter().map(InstitutionId::as_str)).await?;
    Ok((ids, receipt))
}

/// Adds posts; answers their ids in the order of `rows`.
pub async fn posts(cx: &mut Cx<'_>, rows: &[NewPost]) -> Answer<(Vec<PostId>, Receipt)> {
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let inserted = post::insert(cx, row.clone()).await.map_err(|failure| at_row("posts", index, failure))?;
        ids.push(inserted.post_id);
    }
    let receipt = record(cx, "organization.load.posts", ids.iter().map(PostId::as_str)).await?;
    Ok((ids, receipt))
}

/// Adds the standard post of every duty; answers duty and id.
pub async fn standard_posts(cx: &mut Cx<'_>) -> Answer<(Vec<(Duty, PostId)>, Receipt)> {
    let rows: Vec<NewPost> = Duty::ALL.iter().map(|duty| NewPost::standard(*duty)).collect();
    let (ids, receipt) = posts(cx, &rows).await?;
    Ok((Duty::ALL.iter().copied().zip(ids).collect(), receipt))
}

/// Adds vendors, given as code and name; answers their ids in the order of `rows`.
pub async fn vendors(cx: &mut Cx<'_>, rows: &[(String, String)]) -> Answer<(Vec<VendorId>, Receipt)> {
    let mut ids = Vec::with_capacity(rows.len());
    for (index, (code, name)) in rows.iter().enumerate() {
        let inserted =
            staff::insert_vendor(cx, code, name).await.map_err(|failure| at_row("vendors", index, failure))?;
        ids.push(inserted.vendor_id);
    }
    let receipt = record(cx, "organization.load.vendors", ids.iter().map(VendorId::as_str)).await?;
    Ok((ids, receipt))
}

/// Adds people; answers their ids in the order of `rows`.
pub async fn people(cx: &mut Cx<'_>, rows: &[NewPerson]) -> Answer<(Vec<PersonId>, Receipt)> {
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let inserted = staff::insert(cx, row.clone()).await.map_err(|failure| at_row("people", index, failure))?;
        ids.push(inserted.person_id);
    }
    let receipt = record(cx, "organization.load.people", ids.iter().map(PersonId::as_str)).await?;
    Ok((ids, receipt))
}

/// Declares kinships one by one, each with its two entries; there are few.
pub async fn relatives(cx: &mut Cx<'_>, rows: &[(PersonId, PersonId, Relation)]) -> Answer<Receipt> {
    for (index, (a, b, relation)) in rows.iter().enumerate() {
        staff::declare(cx, a, b, *relation).await.map_err(|failure| at_row("relatives", index, failure))?;
    }
    record(cx, "organization.load.relatives", rows.iter().map(|(a, _, _)| a.as_str())).await
}

/// Appoints people; answers the ids in the order of `rows`.
///
/// Like [`appointment::insert`] it does not know which posts exclude each other; `permission` calls it.
pub async fn appointments(cx: &mut Cx<'_>, rows: &[NewAppointment]) -> Answer<(Vec<AppointmentId>, Receipt)> {
    let mut ids = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let prepared = appointment::prepare(cx, row.clone()).await;
        ids.push(prepared.map_err(|failure| at_row("appointments", index, failure))?.appointment_id);
    }
    let receipt = record(cx, "organization.load.appointments", ids.iter().map(AppointmentId::as_str)).await?;
    Ok((ids, receipt))
}

/// One entry for a batch: how many rows, and the digest of their ids, so that the batch can be told from another.
async fn record<'i>(cx: &mut Cx<'_>, kind: &'static str, ids: impl Iterator<Item = &'i str>) -> Answer<Receipt> {
    let ids: Vec<&str> = ids.collect();
    let digest = HashSuite::Sha256.digest(&[ids.join("\n").as_bytes()]);
    let payload = json!({"rows": ids.len(), "digest": digest.to_string()});
    Ok(cx.append(Entry::named(Subject::named("organization/load"), kind, payload)).await?)
}

fn at_row(list: &str, index: usize, failure: Failure) -> Failure {
    match failure {
        Failure::Refused(mut refusal) => {
            let field = refusal.field.take().map(|field| format!(".{field}")).unwrap_or_default();
            Failure::Refused(refusal.at(format!("{list}[{index}]{field}")))
        }
        fault @ Failure::Fault(_) => fault,
    }
}

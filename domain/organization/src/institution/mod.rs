//! The tree of institutions: growing it, renaming, opening hours, closing, and asking who is below whom.
//!
//! Deliberately absent: moving an institution under another parent. Paths of past items would change their meaning;
//! the bank closes the one and opens another.

mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use model::{
    Institution, InstitutionClass, InstitutionFilter, NewInstitution, Opening, path_holds, subtree_pattern,
};

use crate::check;
use journal::{Answer, Cx, Entry, Recorded};
use kernel::calendar::BusinessDate;
use kernel::checksum::bank_code;
use kernel::{Code, InstitutionId, Refusal};
use serde_json::json;
use storage::{Conn, Cursor, Fault, Page};

/// Adds an institution under its parent; answers its id.
///
/// Refuses a known code, a class that may not stand there, an unknown or closed parent, a second root, and a wrong bank code.
pub async fn add(mut cx: Cx<'_>, new: NewInstitution) -> Answer<Recorded<InstitutionId>> {
    let parent = match &new.parent {
        Some(id) => Some(store::lock(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("parent"))?),
        None => None,
    };
    let institution = prepare(&mut cx, new, parent.as_ref()).await?;
    store::insert(cx.tx, &institution, cx.now).await?;
    let payload = json!({
        "code": institution.code,
        "name_zh": institution.name_zh,
        "name_en": institution.name_en,
        "class": institution.class.as_str(),
        "parent": institution.parent.as_ref().map(InstitutionId::as_str),
        "cnaps": institution.cnaps,
        "opening": opening_json(&institution.opening),
    });
    let entry = Entry::new(&institution.institution_id, "organization.institution.add", payload);
    Ok(cx.append(entry).await?.done(institution.institution_id))
}

/// The checked institution, ready to be inserted below `parent`.
pub(crate) async fn prepare(cx: &mut Cx<'_>, new: NewInstitution, parent: Option<&Institution>) -> Answer<Institution> {
    let NewInstitution { code, name_zh, name_en, class, parent: _, cnaps, opening } = new;
    let code = check::code("code", &code)?;
    let (name_zh, name_en) = (check::name("name_zh", &name_zh)?, check::name("name_en", &name_en)?);
    if let Some(cnaps) = &cnaps {
        bank_code::check(cnaps).map_err(|_| {
            Refusal::field(
                "cnaps",
                "须为 12 位且校验位正确的支付系统行号",
                "write 12 digits with the right check digit",
            )
        })?;
    }
    if store::find_by_code(cx.tx, &code).await?.is_some() {
        return Err(Refusal::with(Code::DuplicateNumber, &code).at("code").into());
    }
    check_place(cx, class, parent).await?;
    let institution_id = InstitutionId::new(cx.now);
    let above = parent.map_or("/", |parent| parent.path.as_str());
    Ok(Institution {
        path: format!("{above}{institution_id}/"),
        institution_id,
        code,
        name_zh,
        name_en,
        class,
        parent: parent.map(|parent| parent.institution_id.clone()),
        cnaps,
        opening,
        closed_on: None,
        version: 1,
    })
}

async fn check_place(cx: &mut Cx<'_>, class: InstitutionClass, parent: Option<&Institution>) -> Answer<()> {
    let Some(parent) = parent else {
        if !class.may_be_root() {
            let zh = format!("{}须有上级机构", class.name_zh());
            return Err(Refusal::field("parent", zh, format!("a {} needs a parent", class.name_en())).into());
        }
        if let Some(root) = store::root(cx.tx).await? {
            let zh = format!("机构树已有根机构 {}", root.code);
            return Err(Refusal::field("parent", zh, format!("the tree has its root already: {}", root.code)).into());
        }
        return Ok(());
    };
    if !class.parents().contains(&parent.class) {
        let zh = format!("{}不能设在{}之下", class.name_zh(), parent.class.name_zh());
        let en = format!("a {} cannot stand under a {}", class.name_en(), parent.class.name_en());
        return Err(Refusal::field("parent", zh, en).into());
    }
    if let Some(closed_on) = parent.closed_on {
        return Err(closed(&parent.code, closed_on).into());
    }
    Ok(())
}

fn closed(code: &str, on: BusinessDate) -> Refusal {
    Refusal::detailed(
        Code::WrongState,
        format!("机构 {code} 已于 {on} 撤销"),
        format!("institution {code} closed on {on}"),
    )
}

/// Changes both names; answers the new version.
pub async fn rename(
    mut cx: Cx<'_>,
    id: InstitutionId,
    version: i64,
    name_zh: String,
    name_en: String,
) -> Answer<Recorded<i64>> {
    let before = edited(&mut cx, &id, version).await?;
    let (name_zh, name_en) = (check::name("name_zh", &name_zh)?, check::name("name_en", &name_en)?);
    store::rename(cx.tx, &id, &name_zh, &name_en).await?;
    let payload = json!({
        "before": {"name_zh": before.name_zh, "name_en": before.name_en},
        "after": {"name_zh": name_zh, "name_en": name_en},
    });
    let entry = Entry::new(&id, "organization.institution.rename", payload);
    Ok(cx.append(entry).await?.done(before.version + 1))
}

/// Changes the opening hours; answers the new version. Deadlines that were set before stay as they are.
pub async fn change_opening(
    mut cx: Cx<'_>,
    id: InstitutionId,
    version: i64,
    opening: Opening,
) -> Answer<Recorded<i64>> {
    let before = edited(&mut cx, &id, version).await?;
    store::change_opening(cx.tx, &id, &opening).await?;
    let payload = json!({"before": opening_json(&before.opening), "after": opening_json(&opening)});
    let entry = Entry::new(&id, "organization.institution.change_opening", payload);
    Ok(cx.append(entry).await?.done(before.version + 1))
}

/// Closes an institution from a date on; answers the new version.
///
/// Refuses while institutions below it work, or appointments at it last, beyond that date: they are ended first, each by its own decision.
pub async fn close(mut cx: Cx<'_>, id: InstitutionId, version: i64, on: BusinessDate) -> Answer<Recorded<i64>> {
    let before = edited(&mut cx, &id, version).await?;
    let (children, appointments) = store::still_open(cx.tx, &id, on).await?;
    if children > 0 || appointments > 0 {
        let zh = format!("尚有 {children} 个下级机构、{appointments} 项任命未终止");
        let en = format!("{children} institutions below it and {appointments} appointments have not ended");
        return Err(Refusal::detailed(Code::WrongState, zh, en).into());
    }
    store::close(cx.tx, &id, on).await?;
    let entry = Entry::new(&id, "organization.institution.close", json!({"on": on.to_string()}));
    Ok(cx.append(entry).await?.done(before.version + 1))
}

/// The institution to be edited, locked, in the version the editor saw, and not closed.
async fn edited(cx: &mut Cx<'_>, id: &InstitutionId, version: i64) -> Answer<Institution> {
    let found = store::lock(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if let Some(closed_on) = found.closed_on {
        return Err(closed(&found.code, closed_on).into());
    }
    if found.version != version {
        return Err(Refusal::new(Code::StaleVersion).into());
    }
    Ok(found)
}

fn opening_json(opening: &Opening) -> serde_json::Value {
    json!({"week": opening.week(), "make_up": opening.make_up()})
}

/// The institution with this id.
pub async fn find(conn: &mut Conn, id: &InstitutionId) -> Result<Option<Institution>, Fault> {
    store::find(conn, id).await
}

/// The institution with the bank's own number.
pub async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<Institution>, Fault> {
    store::find_by_code(conn, code).await
}

/// The top of the tree, once there is one.
pub async fn root(conn: &mut Conn) -> Result<Option<Institution>, Fault> {
    store::root(conn).await
}

/// The institutions directly below, by code.
pub async fn children(conn: &mut Conn, parent: &InstitutionId) -> Result<Vec<Institution>, Fault> {
    store::children(conn, parent).await
}

/// The institution and all below it, each parent before its children; empty for an unknown one.
pub async fn subtree(conn: &mut Conn, top: &InstitutionId) -> Result<Vec<Institution>, Fault> {
    store::subtree(conn, top).await
}

/// One page of institutions by code; `limit` is at most [`storage::page::LIMIT_MAX`].
pub async fn search(
    conn: &mut Conn,
    filter: &InstitutionFilter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page<Institution>, Fault> {
    let found = store::search(conn, filter, after, limit + 1).await?;
    Ok(Page::cut(found, limit, |last| Cursor { key: 0, id: last.code.clone() }))
}

/// The ids from the root to the institution as `/<id>/<id>/`; `None` for an unknown one.
pub async fn path_of(conn: &mut Conn, id: &InstitutionId) -> Result<Option<String>, Fault> {
    Ok(store::find(conn, id).await?.map(|institution| institution.path))
}

/// Whether `institution` is `ancestor` or stands below it; an unknown one stands nowhere.
pub async fn is_within(conn: &mut Conn, institution: &InstitutionId, ancestor: &InstitutionId) -> Result<bool, Fault> {
    Ok(path_of(conn, institution).await?.is_some_and(|path| path_holds(&path, ancestor)))
}

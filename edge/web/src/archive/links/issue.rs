use super::address;
use crate::App;
use crate::extract::{At, Json, Session, rights};
use crate::problem::Reply;
use crate::wire::{time, word};
use archive::link::{SECONDS_MAX, Target};
use archive::page::{self, Page};
use axum::extract::State;
use kernel::{Code, ItemId, PageId, Refusal};
use permission::act;
use processing::queues::{AUTHORIZING, CHECKING, REFUSAL_REVIEW};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkOrder {
    #[schema(value_type = crate::words::LinkForm)]
    form: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FreshLink {
    url: String,
    expires_at: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Display,
    Thumbnail,
    Original,
}

/// A fresh link to a page: for who may view images of its institution, and for who holds the item at a station that shows the whole of it.
#[utoipa::path(
    post,
    path = "/archive/pages/{page_id}/links",
    operation_id = "issue_link",
    request_body = LinkOrder,
    responses((status = 200, body = FreshLink))
)]
pub(crate) async fn issue(
    session: Session,
    State(app): State<App>,
    At(page_id): At<PageId>,
    body: Json<LinkOrder>,
) -> Reply<Json<FreshLink>> {
    let form = word("form", &body.value.form, |text| match text {
        "display" => Some(Form::Display),
        "thumbnail" => Some(Form::Thumbnail),
        "original" => Some(Form::Original),
        _ => None,
    })?;
    let found = {
        let mut reader = app.journal.db.reader().await?;
        page::find(&mut reader, &page_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?
    };
    let views = may_view(&app, &session, &found).await?;
    // The original file carries no watermark, so a station does not get it.
    if !views && (form == Form::Original || !holds(&app, &session, &found).await?) {
        return Err(Refusal::new(Code::NotFound).into());
    }
    let target = match form {
        Form::Display => Target::PageDisplay(page_id),
        Form::Thumbnail => Target::PageThumbnail(page_id),
        Form::Original => Target::PageOriginal(page_id),
    };
    let url = address(&app, &session, &target)?;
    Ok(Json::of(FreshLink { url, expires_at: time(app.journal.now().plus_seconds(SECONDS_MAX)) }))
}

async fn may_view(app: &App, session: &Session, page: &Page) -> Reply<bool> {
    let rights = rights(app, &session.person_id, session.now).await?;
    let Ok(permit) = rights.permit::<act::ViewImage>(session.seat.clone()) else { return Ok(false) };
    let Ok(item_id) = ItemId::parse(&page.subject) else { return Ok(false) };
    let mut reader = app.journal.db.reader().await?;
    let item = processing::item::read(&mut reader, &item_id).await?;
    Ok(permit.covers(&item.institution_path).is_ok())
}

/// Whether the person holds work that shows the whole item. Asking for an image is a sign of life.
async fn holds(app: &App, session: &Session, page: &Page) -> Reply<bool> {
    let held = app.engine.heartbeat(&session.person_id, &session.session_id, true).await?;
    let mut reader = app.journal.db.reader().await?;
    for one in held {
        let work = work::peek(&mut reader, &session.person_id, &one.work_item_id, one.fence, app.journal.now()).await;
        let Ok(work) = work else { continue };
        if work.subject == page.subject && [CHECKING, REFUSAL_REVIEW, AUTHORIZING].contains(&work.queue.as_str()) {
            return Ok(true);
        }
    }
    Ok(false)
}

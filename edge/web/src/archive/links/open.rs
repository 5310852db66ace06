use super::watermark;
use crate::App;
use crate::extract::{At, Session, rights};
use crate::problem::Reply;
use archive::link;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use permission::Action;

/// The posts that images are shown to.
const SEERS: [Action; 6] = [
    Action::ViewImage,
    Action::KeySlice,
    Action::ThirdKeySlice,
    Action::CheckItem,
    Action::ReviewRefusal,
    Action::AuthorizeItem,
];

/// The image behind a link. A second opening, another session's opening, and a late one are refused alike.
///
/// So is whoever has lost, since the link was made, every post that images are shown to.
#[utoipa::path(get, path = "/archive/links/{token}", operation_id = "open_link", responses((status = 200, description = "The image", content_type = "image/jpeg")))]
pub(crate) async fn open(session: Session, State(app): State<App>, At(token): At<String>) -> Reply<Response> {
    let rights = rights(&app, &session.person_id, session.now).await?;
    if !SEERS.iter().any(|action| rights.may(*action)) {
        return Err(Action::ViewImage.refused().into());
    }
    let mark = watermark(session.seat.as_deref(), &rights.person.employee_no, session.now);
    let served = link::redeem(&app.journal, &app.blobs, &token, &session.session_id, session.actor(), &mark).await?;
    let headers = [
        (header::CONTENT_TYPE, served.media_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, served.bytes).into_response())
}

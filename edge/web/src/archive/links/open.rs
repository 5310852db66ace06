use super::watermark;
use crate::App;
use crate::extract::{At, Session};
use crate::problem::Reply;
use archive::link;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::{Code, Refusal};
use organization::staff;

/// The image behind a link. A second opening, another session's opening, and a late one are refused alike.
#[utoipa::path(get, path = "/archive/links/{token}", operation_id = "open_link", responses((status = 200, description = "The image", content_type = "image/jpeg")))]
pub(crate) async fn open(session: Session, State(app): State<App>, At(token): At<String>) -> Reply<Response> {
    let person = {
        let mut reader = app.journal.db.reader().await?;
        staff::find(&mut reader, &session.person_id).await?.ok_or_else(|| Refusal::new(Code::Unauthenticated))?
    };
    let mark = watermark(session.seat.as_deref(), &person.employee_no, session.now);
    let served = link::redeem(&app.journal, &app.blobs, &token, &session.session_id, session.actor(), &mark).await?;
    let headers = [
        (header::CONTENT_TYPE, served.media_type),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, served.bytes).into_response())
}

use super::super::me::{self, Me};
use crate::App;
use crate::extract::{Anyone, Json, Peer, Signed, set_cookies};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use identity::{SignIn, session};
use kernel::Refusal;
use serde::Deserialize;
use storage::vault::Private;
use utoipa::ToSchema;

/// Characters of a seat number at most.
const SEAT_CHARS_MAX: usize = 32;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    employee_no: String,
    password: String,
    /// Seat or workstation number: ASCII letters, digits, `-`, `_` and `.`; it stands in watermarks and in the record.
    seat: Option<String>,
}

/// Signs in. The answer sets two cookies; while `must_change_password` is true the session may do nothing else.
#[utoipa::path(post, path = "/identity/sessions", operation_id = "sign_in", request_body = SignInBody, responses((status = 200, body = Me)))]
pub(crate) async fn sign_in(
    _: Anyone,
    State(app): State<App>,
    Peer(address): Peer,
    body: Json<SignInBody>,
) -> Reply<Response> {
    let SignInBody { employee_no, password, seat } = body.value;
    let seat = seat.filter(|seat| !seat.is_empty()).map(checked_seat).transpose()?;
    let request = SignIn { employee_no, password: Private::new(password), seat, address };
    let signed = session::sign_in(&app.journal, &app.rules, request).await?;
    let own = Signed {
        session_id: signed.session.session_id,
        person_id: signed.session.person_id,
        seat: signed.session.seat,
        must_change_password: signed.session.must_change_password,
        now: app.journal.now(),
    };
    let me = me::load(&app, &own).await?;
    let mut headers = HeaderMap::new();
    set_cookies(&mut headers, signed.token.reveal(), signed.csrf.reveal(), app.settings.secure_cookies);
    Ok((headers, Json::of(me)).into_response())
}

fn checked_seat(seat: String) -> Result<String, Refusal> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if seat.len() <= SEAT_CHARS_MAX && seat.chars().all(good) {
        return Ok(seat);
    }
    let (zh, en) = ("须为至多 32 位字母、数字或 - _ .", "write at most 32 letters, digits or - _ .");
    Err(Refusal::field("seat", zh, en))
}

//! Setting the first password, or a new one, with a one-time code.

use crate::App;
use crate::extract::{Anyone, Json, Key, Peer, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::activation::{self, Activation};
use serde::Deserialize;
use storage::vault::Private;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActivationBody {
    employee_no: String,
    /// As it was handed over; spaces and dashes do not matter.
    code: String,
    password: String,
}

/// Sets a password with a one-time code. The person then signs in.
#[utoipa::path(post, path = "/identity/activation", operation_id = "activate", request_body = ActivationBody, responses((status = 204)))]
pub(crate) async fn activate(
    _: Anyone,
    key: Key,
    State(app): State<App>,
    Peer(address): Peer,
    body: Json<ActivationBody>,
) -> Reply<Response> {
    let ActivationBody { employee_no, code, password } = body.value;
    let request = Activation {
        key: key.into_text(),
        employee_no,
        code: Private::new(code),
        password: Private::new(password),
        address,
    };
    answer(activation::activate(&app.journal, &app.rules, request).await?, |()| StatusCode::NO_CONTENT)
}

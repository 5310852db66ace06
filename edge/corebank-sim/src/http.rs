//! The contract's addresses, and the door at which the core misbehaves.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Query, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router, body};

use crate::behavior::{Behavior, Switch};
use crate::books::{Answer, Answered, Books, BooksError};
use crate::connection::Breaker;
use crate::wire::{
    AccountInquiry, AccountReply, DayEndReply, DayEndRequest, ErrorReply, HoldRequest, LedgerQuery, LedgerReply,
    NameCheckReply, NameCheckRequest, OpenAccounts, OpenedReply, PostingRequest, ReversalRequest, StatusRequest,
    TotalsReply,
};

const BEHAVIOR_PATH: &str = "/v1/behavior";
const POSTINGS_PATH: &str = "/v1/postings";
/// A demonstration province opens its accounts in one request.
const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The books and how they are being served.
pub struct Core {
    pub books: Books,
    pub switch: Switch,
}

type CoreState = State<Arc<Core>>;
type Body<T> = Result<Json<T>, JsonRejection>;
type Reply<T> = Result<T, Failure>;

pub fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route(POSTINGS_PATH, post(post_voucher))
        .route("/v1/postings/{key}", get(query_posting))
        .route("/v1/postings/{key}/reversal", post(reverse_posting))
        .route("/v1/accounts", post(open_accounts))
        .route("/v1/accounts/inquiry", post(inquire_account))
        .route("/v1/accounts/name-check", post(check_name))
        .route("/v1/accounts/{account}", get(read_account))
        .route("/v1/accounts/{account}/status", post(set_status))
        .route("/v1/accounts/{account}/holds", post(place_hold))
        .route("/v1/accounts/{account}/holds/{hold}", delete(release_hold))
        .route("/v1/ledger", get(ledger))
        .route("/v1/totals", get(totals))
        .route("/v1/day-end", post(end_day))
        .route(BEHAVIOR_PATH, get(read_behavior).post(set_behavior))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(core.clone(), misbehave))
        .with_state(core)
}

/// Marks a reply that is never to be sent although its work is done or undone.
#[derive(Clone)]
struct NoReply;

/// Delays, drops and doubles replies as told.
///
/// The work runs in a task of its own: a client that leaves does not stop it, as with a real core.
async fn misbehave(
    State(core): CoreState,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    request: Request,
    next: Next,
) -> Response {
    if request.uri().path() == BEHAVIOR_PATH {
        return next.run(request).await;
    }
    if core.switch.is_down() {
        return cut(&breaker);
    }
    let is_posting = request.method() == Method::POST && request.uri().path().starts_with(POSTINGS_PATH);
    let delay = core.switch.delay(is_posting);
    let work = tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        next.run(request).await
    });
    let Ok(response) = work.await else {
        return cut(&breaker);
    };
    if response.extensions().get::<NoReply>().is_some() || core.switch.is_down() {
        return cut(&breaker);
    }
    if is_posting && core.switch.take_second_answer() {
        return twice(&breaker, response).await;
    }
    response
}

fn cut(breaker: &Breaker) -> Response {
    breaker.cut();
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}

/// Sends the whole reply a second time on the same connection, as a confused gateway does.
async fn twice(breaker: &Breaker, response: Response) -> Response {
    let (parts, content) = response.into_parts();
    let Ok(bytes) = body::to_bytes(content, BODY_BYTES_MAX).await else {
        return cut(breaker);
    };
    let head = format!(
        "HTTP/1.1 {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        parts.status,
        bytes.len()
    );
    breaker.add([head.as_bytes(), &bytes].concat());
    Response::from_parts(parts, bytes.into())
}

async fn post_voucher(State(core): CoreState, body: Body<PostingRequest>) -> Reply<Response> {
    let Json(request) = body?;
    let outcome = core.books.post(&request, &core.switch).await;
    answer(&core.switch, &request.idempotency_key, outcome)
}

async fn reverse_posting(
    State(core): CoreState,
    Path(original): Path<String>,
    body: Body<ReversalRequest>,
) -> Reply<Response> {
    let Json(request) = body?;
    let outcome = core.books.reverse(&original, &request, &core.switch).await;
    answer(&core.switch, &request.idempotency_key, outcome)
}

fn answer(switch: &Switch, key: &str, outcome: Result<Answered, BooksError>) -> Reply<Response> {
    let Answered { answer, repeated } = match outcome {
        Ok(answered) => answered,
        Err(BooksError::FailedAsTold) => return Ok(no_reply()),
        Err(error) => return Err(Failure { key: Some(key.to_owned()), error }),
    };
    if !repeated && switch.take_drop_reply() {
        return Ok(no_reply());
    }
    Ok(match answer {
        Answer::Posted(posted) if repeated => Json(posted).into_response(),
        Answer::Posted(posted) => (StatusCode::CREATED, Json(posted)).into_response(),
        Answer::Refused(refused) => (StatusCode::UNPROCESSABLE_ENTITY, Json(refused)).into_response(),
    })
}

fn no_reply() -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(NoReply);
    response
}

async fn query_posting(State(core): CoreState, Path(key): Path<String>) -> Reply<Response> {
    match core.books.query(&key).await {
        Ok(Some(Answer::Posted(posted))) => Ok(Json(posted).into_response()),
        Ok(Some(Answer::Refused(refused))) => Ok(Json(refused).into_response()),
        Ok(None) => {
            let error = BooksError::NotFound { code: "never_seen", text: "the key was never seen" };
            Err(Failure { key: Some(key), error })
        }
        Err(error) => Err(Failure { key: Some(key), error }),
    }
}

async fn open_accounts(State(core): CoreState, body: Body<OpenAccounts>) -> Reply<(StatusCode, Json<OpenedReply>)> {
    let Json(request) = body?;
    Ok((StatusCode::CREATED, Json(core.books.open_accounts(&request).await?)))
}

async fn read_account(State(core): CoreState, Path(account): Path<String>) -> Reply<Json<AccountReply>> {
    Ok(Json(core.books.account(&account).await?))
}

/// The same as reading it, for clients that keep account numbers out of addresses.
async fn inquire_account(State(core): CoreState, body: Body<AccountInquiry>) -> Reply<Json<AccountReply>> {
    let Json(request) = body?;
    Ok(Json(core.books.account(&request.account).await?))
}

async fn check_name(State(core): CoreState, body: Body<NameCheckRequest>) -> Reply<Json<NameCheckReply>> {
    let Json(request) = body?;
    let matches = core.books.name_matches(&request.account, &request.name).await?;
    let result = if matches { "match" } else { "mismatch" };
    Ok(Json(NameCheckReply { account: request.account, result }))
}

async fn set_status(
    State(core): CoreState,
    Path(account): Path<String>,
    body: Body<StatusRequest>,
) -> Reply<StatusCode> {
    let Json(request) = body?;
    core.books.set_status(&account, request.status).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn place_hold(State(core): CoreState, Path(account): Path<String>, body: Body<HoldRequest>) -> Reply<StatusCode> {
    let Json(request) = body?;
    let placed = core.books.place_hold(&account, &request).await?;
    Ok(if placed { StatusCode::CREATED } else { StatusCode::OK })
}

async fn release_hold(State(core): CoreState, Path((account, hold)): Path<(String, String)>) -> Reply<StatusCode> {
    core.books.release_hold(&account, &hold).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn ledger(State(core): CoreState, Query(query): Query<LedgerQuery>) -> Reply<Json<LedgerReply>> {
    Ok(Json(core.books.ledger(&query).await?))
}

async fn totals(State(core): CoreState) -> Reply<Json<TotalsReply>> {
    Ok(Json(core.books.totals().await?))
}

async fn end_day(State(core): CoreState, body: Body<DayEndRequest>) -> Reply<Json<DayEndReply>> {
    let Json(request) = body?;
    Ok(Json(core.books.end_day(&request.business_date).await?))
}

async fn read_behavior(State(core): CoreState) -> Json<Behavior> {
    Json(core.switch.get())
}

async fn set_behavior(State(core): CoreState, body: Body<Behavior>) -> Reply<Json<Behavior>> {
    let Json(behavior) = body?;
    core.switch.set(behavior);
    Ok(Json(core.switch.get()))
}

/// A reply that is neither posted nor refused, with the key that it is about.
struct Failure {
    key: Option<String>,
    error: BooksError,
}

impl From<BooksError> for Failure {
    fn from(error: BooksError) -> Self {
        Self { key: None, error }
    }
}

impl From<JsonRejection> for Failure {
    fn from(_: JsonRejection) -> Self {
        // The rejection's own words may quote the input, and the input names people.
        BooksError::Invalid("the body is not the JSON that the contract asks for".to_owned()).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let text = self.error.to_string();
        let (status, code, text) = match self.error {
            BooksError::Invalid(_) => (StatusCode::BAD_REQUEST, "invalid_request", text),
            BooksError::NotFound { code, .. } => (StatusCode::NOT_FOUND, code, text),
            BooksError::Conflict { code, .. } => (StatusCode::CONFLICT, code, text),
            BooksError::Refused { code, .. } => (StatusCode::UNPROCESSABLE_ENTITY, code, text),
            BooksError::FailedAsTold | BooksError::Database(_) | BooksError::Text(_) | BooksError::Damaged(_) => {
                tracing::error!(error = %text, "a request failed");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "internal_error",
                    "the core failed; query before repeating".to_owned(),
                )
            }
        };
        let mut response = (status, Json(ErrorReply { idempotency_key: self.key, code, text })).into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

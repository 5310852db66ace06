//! The stream of work over WebSocket.

use super::frames::{Hearer, listener};
use super::wire::Pong;
use crate::App;
use crate::extract::{Query, Session};
use crate::layers::same_origin;
use crate::problem::{Problem, Reply};
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use kernel::{Code, Refusal, WorkItemId};
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};
use work::Stream;

/// Bytes of a message from a station at most; a sign of life is below a hundred.
const MESSAGE_BYTES_MAX: usize = 4 << 10;
/// A browser that vanished without a word keeps its socket open; after so long without a message it is closed.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// A stream outlives no session, and no appointment, by more than this.
pub(super) const SESSION_CHECK: Duration = Duration::from_secs(15);
/// RFC 6455: the other side sent what we do not take.
const CLOSE_UNSUPPORTED: u16 = 1003;
const CLOSE_GOING_AWAY: u16 = 1001;
const CLOSE_POLICY: u16 = 1008;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Resume {
    /// The number of the last frame that was heard: what was missed is said again.
    pub resume: Option<u64>,
}

/// What a station says.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = StationMessage)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Said {
    /// Once a second; `active` says that the page was visible or somebody touched it.
    Heartbeat { active: bool, t: i64 },
    /// The station shows the work.
    Ack { work_item_id: String, fence: i64 },
}

/// The stream of one's work: frames out, signs of life in.
#[utoipa::path(get, path = "/work/stream", operation_id = "open_stream", params(Resume), responses((status = 101, description = "A WebSocket: each message of the server is a `NumberedFrame` or a `Pong`, each of the station a `StationMessage`")))]
pub(crate) async fn open(
    session: Session,
    State(app): State<App>,
    Query(Resume { resume }): Query<Resume>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Reply<Response> {
    // Browsers send cookies with a WebSocket that another site opens.
    // `Sec-Fetch-Site` does not come with a WebSocket from every browser, `Origin` does.
    if !same_origin(&headers) {
        return Err(Refusal::new(Code::CsrfFailed).into());
    }
    let upgrade = upgrade.map_err(|_| {
        Problem::from(Refusal::detailed(Code::MalformedRequest, "须以 WebSocket 连接", "connect with a WebSocket"))
    })?;
    let (hearer, stream) = listen(&app, &session, resume).await?;
    Ok(upgrade.max_message_size(MESSAGE_BYTES_MAX).on_upgrade(move |socket| serve(socket, hearer, stream)))
}

/// Opens the session's stream.
pub(super) async fn listen(app: &App, session: &Session, resume: Option<u64>) -> Reply<(Hearer, Stream)> {
    let listener = listener(app, session, session.now).await?;
    let person = listener.rights.person.clone();
    let stream = app.engine.connect(listener, resume).await?;
    let outsourced = person.category == organization::Category::Outsourced;
    let hearer = Hearer { app: app.clone(), session: session.0.clone(), employee_no: person.employee_no, outsourced };
    Ok((hearer, stream))
}

async fn serve(mut socket: WebSocket, hearer: Hearer, mut stream: Stream) {
    let mut stopping = hearer.app.stopping.clone();
    let mut checks = tokio::time::interval(SESSION_CHECK);
    let mut silent_from = Instant::now() + SILENCE_MAX;
    let why = loop {
        tokio::select! {
            numbered = stream.next() => match numbered {
                None => break CLOSE_POLICY,
                Some(numbered) => {
                    let text = match hearer.text(&numbered).await {
                        Ok(text) => text,
                        // The station reconnects and starts anew.
                        Err(_) => break CLOSE_GOING_AWAY,
                    };
                    if socket.send(Message::text(text)).await.is_err() {
                        return;
                    }
                }
            },
            heard = socket.recv() => {
                silent_from = Instant::now() + SILENCE_MAX;
                let Some(Ok(message)) = heard else { return };
                match take(&hearer, message).await {
                    Ok(None) => {}
                    Ok(Some(reply)) => if socket.send(Message::text(reply)).await.is_err() { return },
                    Err(code) => break code,
                }
            },
            () = tokio::time::sleep_until(silent_from) => break CLOSE_GOING_AWAY,
            _ = checks.tick() => match hearer.goes_on().await {
                Ok(true) => {}
                Ok(false) => break CLOSE_POLICY,
                Err(_) => break CLOSE_GOING_AWAY,
            },
            _ = stopping.changed() => break CLOSE_GOING_AWAY,
        }
    };
    // The other side may be gone already; either way the stream ends here.
    let frame = CloseFrame { code: why, reason: "".into() };
    if let Err(error) = socket.send(Message::Close(Some(frame))).await {
        tracing::debug!(%error, "a stream ended before it was closed");
    }
}

/// Acts on what the station said; answers the reply, or the code with which the stream is closed.
async fn take(hearer: &Hearer, message: Message) -> Result<Option<String>, u16> {
    let text = match message {
        Message::Text(text) => text,
        Message::Ping(_) | Message::Pong(_) => return Ok(None),
        Message::Close(_) => return Err(CLOSE_GOING_AWAY),
        Message::Binary(_) => return Err(CLOSE_UNSUPPORTED),
    };
    let said: Said = serde_json::from_str(&text).map_err(|_| CLOSE_UNSUPPORTED)?;
    let (engine, session) = (&hearer.app.engine, &hearer.session);
    match said {
        Said::Heartbeat { active, t } => {
            let held = engine.heartbeat(&session.person_id, &session.session_id, active).await;
            held.map_err(|failure| closed(&failure))?;
            serde_json::to_string(&Pong::Pong { t }).map(Some).map_err(|_| CLOSE_GOING_AWAY)
        }
        Said::Ack { work_item_id, fence } => {
            let id = WorkItemId::parse(&work_item_id).map_err(|_| CLOSE_UNSUPPORTED)?;
            engine.acknowledge(&session.person_id, &id, fence).await.map_err(|failure| closed(&failure))?;
            Ok(None)
        }
    }
}

fn closed(failure: &journal::Failure) -> u16 {
    tracing::error!(%failure, "a stream is closed");
    CLOSE_GOING_AWAY
}

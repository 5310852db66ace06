//! The same frames as server-sent events, for proxies that take no WebSocket; signs of life come as requests.

use super::frames::Hearer;
use super::stream::{Resume, SESSION_CHECK, listen};
use super::wire::NumberedWire;
use crate::App;
use crate::extract::{Query, Session};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Interval;

/// A comment so often keeps proxies from closing the line.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// The stream of one's work as server-sent events; the event's id is the frame's number.
#[utoipa::path(get, path = "/work/events", operation_id = "open_events", params(Resume), responses((status = 200, description = "One event per frame", body = NumberedWire, content_type = "text/event-stream")))]
pub(crate) async fn events(
    session: Session,
    State(app): State<App>,
    Query(Resume { resume }): Query<Resume>,
    headers: HeaderMap,
) -> Reply<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    let (hearer, stream) = listen(&app, &session, last.or(resume)).await?;
    let stopping = app.stopping.clone();
    let checks = tokio::time::interval(SESSION_CHECK);
    let events = stream::unfold(
        (hearer, stream, checks, stopping),
        |(hearer, mut stream, mut checks, mut stopping)| async move {
            let event = next(&hearer, &mut stream, &mut checks, &mut stopping).await?;
            Some((Ok(event), (hearer, stream, checks, stopping)))
        },
    );
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// `None` ends the stream; the station reconnects.
async fn next(
    hearer: &Hearer,
    stream: &mut work::Stream,
    checks: &mut Interval,
    stopping: &mut watch::Receiver<bool>,
) -> Option<Event> {
    let numbered = loop {
        tokio::select! {
            numbered = stream.next() => break numbered?,
            _ = checks.tick() => if !hearer.goes_on().await.ok()? { return None },
            _ = stopping.changed() => return None,
        }
    };
    let text = hearer.text(&numbered).await.ok()?;
    Some(Event::default().id(numbered.seq.to_string()).data(text))
}

//! The pushed stream of work: frames in, heartbeats and acknowledgments out.

use futures_util::{SinkExt, StreamExt};
use reqwest::header::{COOKIE, HeaderValue, ORIGIN};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::wire::{Frame, Saying};
use super::{Client, ClientError};

/// An open stream; it remembers the last frame, so that a new one can go on from there.
pub struct Stream {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub last_seq: i64,
}

impl From<Error> for ClientError {
    fn from(error: Error) -> Self {
        Self::Stream(Box::new(error))
    }
}

impl Stream {
    /// Opens the stream of the signed-in person, from after `resume` when there was one before.
    pub async fn open(client: &Client, resume: Option<i64>) -> Result<Self, ClientError> {
        let mut address = client.address("/work/stream")?;
        if let Some(seq) = resume {
            address.set_query(Some(&format!("resume={seq}")));
        }
        let origin = client.base.origin().ascii_serialization();
        let scheme = if address.scheme() == "https" { "wss" } else { "ws" };
        address.set_scheme(scheme).map_err(|()| ClientError::Address(address.to_string()))?;
        let mut request = address.as_str().into_client_request()?;
        for (name, text) in [(COOKIE, client.cookies()), (ORIGIN, origin)] {
            let value = HeaderValue::from_str(&text).map_err(|_| ClientError::Address("a cookie".to_owned()))?;
            request.headers_mut().insert(name, value);
        }
        let (socket, _) = connect_async(request).await?;
        Ok(Self { socket, last_seq: resume.unwrap_or(0) })
    }

    /// The next frame; `None` when the server closed the stream. May be dropped while waiting without loss.
    pub async fn next(&mut self) -> Result<Option<Frame>, ClientError> {
        while let Some(message) = self.socket.next().await {
            match message? {
                Message::Text(text) => {
                    let frame: Frame = serde_json::from_str(&text)?;
                    self.last_seq = self.last_seq.max(frame.seq);
                    return Ok(Some(frame));
                }
                Message::Close(_) => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }

    pub async fn say(&mut self, saying: &Saying<'_>) -> Result<(), ClientError> {
        let text = serde_json::to_string(saying)?;
        Ok(self.socket.send(Message::text(text)).await?)
    }
}

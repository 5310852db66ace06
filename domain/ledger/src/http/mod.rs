//! A core behind HTTP, as `docs/core-connector.md` describes it.
//!
//! An answer counts only when it has the contract's shape and names the key or account that was asked about.
//! So neither a gateway's error page nor a stray reply on a reused connection is taken for the core's word.

mod wire;

use std::time::Duration;

use futures_util::FutureExt;
use reqwest::{Client, Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connector::{Account, Asking, ConnectorError, CoreConnector, NameCheck, PostingOutcome, QueryOutcome};
use crate::voucher::{AccountNo, PostingKey, Reversal, Voucher};
use wire::{AccountReply, AccountRequest, ErrorReply, KeyReply, NameCheckReply, NameCheckRequest};

/// A reply of the largest voucher stays well under this.
const REPLY_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Where the core is and how long it may take.
#[derive(Debug, Clone)]
pub struct HttpCoreConfig {
    /// Such as `http://127.0.0.1:7001`; no user name, no query.
    pub url: String,
    /// Until a connection stands; when it passes, nothing was sent.
    pub connect_timeout: Duration,
    /// From the start of a request to the end of its reply; when it passes, the outcome is unknown.
    pub reply_timeout: Duration,
}

impl HttpCoreConfig {
    /// Two seconds to connect, ten to reply.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connect_timeout: Duration::from_secs(2), reply_timeout: Duration::from_secs(10) }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HttpCoreError {
    /// Encryption on the way to a remote core is the work of a proxy beside this process.
    #[error("the core's address is http://HOST:PORT, without user name, query or fragment")]
    Address,
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// The connector to a core, or an adapter, that offers the contract over HTTP.
pub struct HttpCore {
    client: Client,
    base: Url,
}

/// A whole reply; what it means depends on what was asked.
struct Reply {
    status: StatusCode,
    body: Vec<u8>,
}

impl Reply {
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The trouble when this is not the reply that was hoped for, on a request that changes nothing.
    fn unexpected(&self) -> ConnectorError {
        if self.status.is_server_error() {
            ConnectorError::Unknown(format!("the core failed with status {}", self.status.as_u16()))
        } else {
            ConnectorError::Protocol(format!("a reply with status {} is not of the contract", self.status.as_u16()))
        }
    }
}

impl HttpCore {
    pub fn new(config: &HttpCoreConfig) -> Result<Self, HttpCoreError> {
        let mut base = Url::parse(&config.url).map_err(|_| HttpCoreError::Address)?;
        let plain = base.username().is_empty() && base.password().is_none();
        if base.scheme() != "http" || !base.has_host() || !plain || base.query().is_some() || base.fragment().is_some()
        {
            return Err(HttpCoreError::Address);
        }
        let path = format!("{}/", base.path().trim_end_matches('/'));
        base.set_path(&path);
        let client = Client::builder()
            .connect_timeout(config.connect_timeout)
            .timeout(config.reply_timeout)
            // Nobody but the rule of repetition sends a posting a second time, and nobody sends it elsewhere.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, base })
    }

    async fn send<T: Serialize + Sync>(
        &self,
        method: Method,
        path: &str,
        body: Option<&T>,
    ) -> Result<Reply, ConnectorError> {
        let url = self.base.join(path).map_err(|_| ConnectorError::Protocol("an address cannot be made".to_owned()))?;
        let mut request = self.client.request(method, url);
        if let Some(body) = body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(|error| trouble(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| trouble(&error))? {
            if body.len() + part.len() > REPLY_BYTES_MAX {
                return Err(ConnectorError::Unknown("the reply is too long to be one of the contract".to_owned()));
            }
            body.extend_from_slice(&part);
        }
        Ok(Reply { status, body })
    }

    /// Sends what moves money: whatever is not an answer of the contract about this key leaves the outcome unknown.
    async fn order<T: Serialize + Sync>(
        &self,
        path: &str,
        body: &T,
        key: &PostingKey,
    ) -> Result<PostingOutcome, ConnectorError> {
        let reply = self.send(Method::POST, path, Some(body)).await?;
        let answered = reply.read::<KeyReply>().filter(|answer| answer.is_about(key));
        let error = reply.read::<ErrorReply>();
        match (reply.status, answered, error) {
            (StatusCode::OK | StatusCode::CREATED, Some(KeyReply::Posted(posted)), _) => Ok(posted.outcome()),
            (StatusCode::UNPROCESSABLE_ENTITY, Some(KeyReply::Refused(refused)), _) => Ok(refused.outcome()),
            (StatusCode::CONFLICT, _, Some(error)) if error.is("key_conflict", key) => Err(ConnectorError::KeyConflict),
            (StatusCode::BAD_REQUEST, _, Some(error)) if error.code == "invalid_request" => {
                Err(ConnectorError::Protocol("the core calls the request invalid".to_owned()))
            }
            (status, ..) => {
                Err(ConnectorError::Unknown(format!("the reply with status {} is no answer", status.as_u16())))
            }
        }
    }

    async fn ask(&self, key: &PostingKey) -> Result<QueryOutcome, ConnectorError> {
        let reply = self.send::<()>(Method::GET, &format!("v1/postings/{key}"), None).await?;
        match reply.status {
            StatusCode::OK => match reply.read::<KeyReply>().filter(|answer| answer.is_about(key)) {
                Some(KeyReply::Posted(posted)) => {
                    posted.found().ok_or_else(|| ConnectorError::Protocol("a posted voucher cannot be read".to_owned()))
                }
                Some(KeyReply::Refused(refused)) => Ok(refused.found()),
                None => Err(reply.unexpected()),
            },
            // Only the core's own word counts as "never seen"; a wrong address answers 404 as well.
            StatusCode::NOT_FOUND if reply.read::<ErrorReply>().is_some_and(|e| e.is("never_seen", key)) => {
                Ok(QueryOutcome::NeverSeen)
            }
            _ => Err(reply.unexpected()),
        }
    }

    async fn read_account(&self, number: &AccountNo) -> Result<Option<Account>, ConnectorError> {
        let body = AccountRequest { account: number.reveal() };
        let reply = self.send(Method::POST, "v1/accounts/inquiry", Some(&body)).await?;
        match reply.status {
            StatusCode::OK => {
                let account = reply.read::<AccountReply>().and_then(|account| account.about(number));
                account.map(Some).ok_or_else(|| reply.unexpected())
            }
            StatusCode::NOT_FOUND if is_unknown_account(&reply) => Ok(None),
            _ => Err(reply.unexpected()),
        }
    }

    async fn check_name(&self, number: &AccountNo, name: &str) -> Result<NameCheck, ConnectorError> {
        let body = NameCheckRequest { account: number.reveal(), name };
        let reply = self.send(Method::POST, "v1/accounts/name-check", Some(&body)).await?;
        match reply.status {
            StatusCode::OK => {
                let result = reply.read::<NameCheckReply>().and_then(|result| result.about(number));
                result.ok_or_else(|| reply.unexpected())
            }
            StatusCode::NOT_FOUND if is_unknown_account(&reply) => Ok(NameCheck::UnknownAccount),
            _ => Err(reply.unexpected()),
        }
    }
}

impl CoreConnector for HttpCore {
    fn post<'a>(&'a self, voucher: &'a Voucher, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        async move { self.order("v1/postings", &wire::posting_request(voucher, key), key).await }.boxed()
    }

    fn query<'a>(&'a self, key: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        self.ask(key).boxed()
    }

    fn reverse<'a>(&'a self, reversal: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        let path = format!("v1/postings/{}/reversal", reversal.original());
        async move { self.order(&path, &wire::reversal_request(reversal, key), key).await }.boxed()
    }

    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>> {
        self.read_account(number).boxed()
    }

    fn name_check<'a>(&'a self, number: &'a AccountNo, name: &'a str) -> Asking<'a, NameCheck> {
        self.check_name(number, name).boxed()
    }
}

fn is_unknown_account(reply: &Reply) -> bool {
    reply.read::<ErrorReply>().is_some_and(|error| error.code == "unknown_account")
}

/// What a failed request leaves behind: only a connection that never stood proves that nothing was sent.
fn trouble(error: &reqwest::Error) -> ConnectorError {
    if error.is_connect() {
        let why = if error.is_timeout() { "no connection in time" } else { "no connection to the core" };
        ConnectorError::NotSent(why.to_owned())
    } else if error.is_builder() {
        ConnectorError::Protocol("the request cannot be written".to_owned())
    } else if error.is_timeout() {
        ConnectorError::Unknown("no reply in time".to_owned())
    } else {
        ConnectorError::Unknown("the connection ended before the reply did".to_owned())
    }
}

#[cfg(test)]
mod tests;

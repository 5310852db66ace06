//! The rule of repetition: ask first when a former try's outcome is unknown, never repeat blindly.
//!
//! (Trade practice: an entry in unknown state is queried before it is sent again, `domain.md` 1.3 and 4.7.)
//!
//! ```text
//! Fresh ──────────────► Send ──► posted / refused ─────────────► done
//! Unknown ► AskFirst ──►  │ ───► not sent ─────────────────────► open, as it was
//!              │ posted /  └────► no answer ► AskAfter ► posted / refused ► done
//!              │ refused                          └───► otherwise ────────► open, unknown
//!              └► done
//! ```
//!
//! One call sends at most once.
//! Between calls the caller waits; each later call begins with a question.

use std::future::Future;

use kernel::Instant;

use crate::connector::{ConnectorError, CoreConnector, CoreReference, PostingOutcome, QueryOutcome};
use crate::refusal::RefusalCode;
use crate::voucher::{PostingKey, Reversal, Voucher};

/// What is known of former tries under a key.
///
/// A caller stores `Unknown` durably **before** it calls [`settle`], and passes what it had stored until then.
/// A process that dies during the call thereby leaves `Unknown` behind, which is the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attempt {
    /// Nothing was ever sent under the key.
    Fresh,
    /// Something may have been sent.
    Unknown,
}

impl Attempt {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Fresh, Self::Unknown].into_iter().find(|attempt| attempt.as_str() == text)
    }
}

/// How a call of [`settle`] ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The money moved, once.
    Posted { core_reference: CoreReference, at: Instant },
    /// The money did not move and will not under this key.
    Refused { code: RefusalCode, text: String },
    /// Not known yet: store `attempt`, wait, and settle again with the same voucher and key.
    Open { attempt: Attempt, cause: ConnectorError },
    /// The core has another request under this key than ours; repeating cannot help, a person must look.
    Conflict,
}

/// What a question about our key found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Never,
    Ours(PostingOutcome),
    SomethingElse,
}

/// Where a call stands; pure, so that every path can be tested without a core.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    AskFirst,
    /// With what was known before this try.
    Send(Attempt),
    /// With the trouble that made the question necessary.
    AskAfter(ConnectorError),
    Done(Settled),
}

impl Progress {
    pub fn begin(attempt: Attempt) -> Self {
        match attempt {
            Attempt::Fresh => Self::Send(Attempt::Fresh),
            Attempt::Unknown => Self::AskFirst,
        }
    }

    /// After the question that comes before sending.
    pub fn asked_first(found: Result<Found, ConnectorError>) -> Self {
        match found {
            // The former try may still arrive after this one; the core answers the key once, so both get one answer.
            Ok(Found::Never) => Self::Send(Attempt::Unknown),
            Ok(Found::Ours(outcome)) => Self::Done(outcome.into()),
            Ok(Found::SomethingElse) => Self::Done(Settled::Conflict),
            Err(cause) => Self::Done(Settled::Open { attempt: Attempt::Unknown, cause }),
        }
    }

    /// After sending.
    pub fn sent(before: Attempt, answer: Result<PostingOutcome, ConnectorError>) -> Self {
        match answer {
            Ok(outcome) => Self::Done(outcome.into()),
            Err(cause @ ConnectorError::NotSent(_)) => Self::Done(Settled::Open { attempt: before, cause }),
            Err(ConnectorError::KeyConflict) => Self::Done(Settled::Conflict),
            // A broken contract proves nothing about the money.
            Err(cause @ (ConnectorError::Unknown(_) | ConnectorError::Protocol(_))) => Self::AskAfter(cause),
        }
    }

    /// After the question that an unanswered try made necessary.
    pub fn asked_after(cause: ConnectorError, found: Result<Found, ConnectorError>) -> Self {
        match found {
            Ok(Found::Ours(outcome)) => Self::Done(outcome.into()),
            Ok(Found::SomethingElse) => Self::Done(Settled::Conflict),
            // Never seen now may be posted in a second: the try can be on its way.
            Ok(Found::Never) | Err(_) => Self::Done(Settled::Open { attempt: Attempt::Unknown, cause }),
        }
    }
}

impl From<PostingOutcome> for Settled {
    fn from(outcome: PostingOutcome) -> Self {
        match outcome {
            PostingOutcome::Posted { core_reference, at } => Self::Posted { core_reference, at },
            PostingOutcome::Refused { code, text } => Self::Refused { code, text },
        }
    }
}

/// Posts the voucher once, however many calls it takes.
pub async fn settle(core: &dyn CoreConnector, voucher: &Voucher, key: &PostingKey, attempt: Attempt) -> Settled {
    let ours = |theirs: &Voucher, reverses: Option<&PostingKey>| reverses.is_none() && theirs.moves_the_same(voucher);
    drive(core, key, attempt, || core.post(voucher, key), ours).await
}

/// Reverses a posted voucher once, by the same rule.
pub async fn settle_reversal(
    core: &dyn CoreConnector,
    reversal: &Reversal,
    key: &PostingKey,
    attempt: Attempt,
) -> Settled {
    let ours = |theirs: &Voucher, reverses: Option<&PostingKey>| {
        reverses == Some(reversal.original()) && theirs.business_date() == reversal.business_date()
    };
    drive(core, key, attempt, || core.reverse(reversal, key), ours).await
}

async fn drive<Sending>(
    core: &dyn CoreConnector,
    key: &PostingKey,
    attempt: Attempt,
    send: impl Fn() -> Sending,
    ours: impl Fn(&Voucher, Option<&PostingKey>) -> bool,
) -> Settled
where
    Sending: Future<Output = Result<PostingOutcome, ConnectorError>>,
{
    let ask = async || core.query(key).await.map(|outcome| found(outcome, &ours));
    let mut progress = Progress::begin(attempt);
    loop {
        progress = match progress {
            Progress::AskFirst => Progress::asked_first(ask().await),
            Progress::Send(before) => Progress::sent(before, send().await),
            Progress::AskAfter(cause) => Progress::asked_after(cause, ask().await),
            Progress::Done(settled) => return settled,
        };
    }
}

fn found(outcome: QueryOutcome, ours: impl Fn(&Voucher, Option<&PostingKey>) -> bool) -> Found {
    match outcome {
        QueryOutcome::NeverSeen => Found::Never,
        QueryOutcome::Posted { core_reference, at, voucher, reverses } => {
            if ours(&voucher, reverses.as_ref()) {
                Found::Ours(PostingOutcome::Posted { core_reference, at })
            } else {
                Found::SomethingElse
            }
        }
        QueryOutcome::Refused { code, text } => Found::Ours(PostingOutcome::Refused { code, text }),
    }
}

#[cfg(test)]
mod tests;

//! Links that open once: the only way an image leaves.
//!
//! A token is sealed, not stored: it names what it opens, for which session, until when.
//! Opening it writes its nonce under a unique key together with the journal entry, so that a second opening, or a race of twenty, finds it taken.

use crate::page;
use crate::{imaging, workers};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use journal::{Actor, Answer, Command, Cx, Entry, Journal, Subject};
use kernel::hash::HashSuite;
use kernel::{BlobId, Code, Instant, PageId, PersonId, Refusal, SessionId, SliceId};
use serde_json::{Value, json};
use storage::blobs::{self, Blobs};
use storage::vault::{Private, Sealed, Vault};
use storage::{Conn, Fault, Tx, sql};

/// The longest life of a link.
pub const SECONDS_MAX: i64 = 120;

const CONTEXT: &str = "archive link";

const COMMAND: &str = "archive.image.view";

/// What a refusal is about when the token is none of ours, or was changed.
const NO_LINK: &str = "archive/link";

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    PageDisplay(PageId),
    PageThumbnail(PageId),
    /// The file as it was captured.
    PageOriginal(PageId),
    Slice {
        slice_id: SliceId,
        blob: BlobId,
    },
}

impl Target {
    const fn form(&self) -> &'static str {
        match self {
            Self::PageDisplay(_) => "display",
            Self::PageThumbnail(_) => "thumbnail",
            Self::PageOriginal(_) => "original",
            Self::Slice { .. } => "slice",
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::PageDisplay(page) | Self::PageThumbnail(page) | Self::PageOriginal(page) => {
                json!({ "form": self.form(), "page": page.as_str() })
            }
            Self::Slice { slice_id, blob } => {
                json!({ "form": "slice", "slice": slice_id.as_str(), "blob": blob.as_str() })
            }
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        let page = || PageId::parse(value["page"].as_str()?).ok();
        Some(match value["form"].as_str()? {
            "display" => Self::PageDisplay(page()?),
            "thumbnail" => Self::PageThumbnail(page()?),
            "original" => Self::PageOriginal(page()?),
            "slice" => Self::Slice {
                slice_id: SliceId::parse(value["slice"].as_str()?).ok()?,
                blob: BlobId::parse(value["blob"].as_str()?).ok()?,
            },
            _ => return None,
        })
    }

    /// The chain in which the opening is recorded: the page's or slice's own, so that viewing never waits for work on the item.
    fn subject(&self) -> Subject {
        match self {
            Self::PageDisplay(page) | Self::PageThumbnail(page) | Self::PageOriginal(page) => Subject::of(page),
            Self::Slice { slice_id, .. } => Subject::of(slice_id),
        }
    }
}

/// A link for `session`, good for at most [`SECONDS_MAX`].
pub fn issue(vault: &Vault, target: &Target, session: &SessionId, now: Instant, seconds: i64) -> Result<String, Fault> {
    let mut nonce = [0u8; 16];
    rand::fill(&mut nonce);
    let body = json!({
        "target": target.to_json(),
        "session": session.as_str(),
        "until": now.plus_seconds(seconds.clamp(1, SECONDS_MAX)).micros(),
        "nonce": hex::encode(nonce),
    });
    let sealed = vault.seal(&Private::new(body.to_string()), CONTEXT)?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.0))
}

/// What a link gave.
#[derive(Debug)]
pub struct Served {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
}

/// Opens a link: once, in time, for its session. `watermark` (seat and time, ASCII) is drawn over everything but thumbnails and originals.
pub async fn redeem(
    journal: &Journal,
    blobs: &Blobs,
    token: &str,
    session: &SessionId,
    actor: Actor,
    watermark: &str,
) -> Answer<Served> {
    let now = journal.now();
    let input_hash = HashSuite::Sha256.digest(&[token.as_bytes()]);
    let viewing =
        |key: &str, subject| Command { name: COMMAND, actor: actor.clone(), key: key.to_owned(), input_hash, subject };
    let Some(claim) = read(&journal.vault, token) else {
        return refused(journal, viewing("", Subject::named(NO_LINK))).await;
    };
    let command = viewing(&claim.nonce, claim.target.subject());
    if claim.session != session.as_str() || claim.until < now.micros() {
        return refused(journal, command).await;
    }
    let (target, nonce, until) = (claim.target.clone(), claim.nonce, claim.until);
    let opened = journal
        .run(command.clone(), move |mut cx: Cx<'_>| {
            let (target, nonce) = (target.clone(), nonce.clone());
            Box::pin(async move {
                take_nonce(&mut cx, &nonce, until).await?;
                let payload = json!({ "form": target.form() });
                let receipt = cx.append(Entry::named(target.subject(), COMMAND, payload)).await?;
                Ok(receipt.done(()))
            })
        })
        .await?;
    // The command itself is refused only when it meets a taken nonce; a repeat of it is known by its key and ends here.
    if !matches!(opened, journal::Outcome::Done(())) {
        return refused(journal, command).await;
    }
    serve(journal, blobs, &claim.target, watermark).await
}

/// Whether a page was served to a person at a size that can be read, since an instant. The record of openings says so, nobody's word does.
/// A station fetches pages ahead: what was on a screen only the station knows.
pub async fn was_served_to(conn: &mut Conn, page: &PageId, person: &PersonId, since: Instant) -> Result<bool, Fault> {
    let openings = journal::by_subject(conn, &Subject::of(page)).await?;
    Ok(openings.iter().any(|entry| {
        let readable = matches!(entry.payload["form"].as_str(), Some("display" | "original"));
        entry.kind == COMMAND && readable && entry.actor == person.as_str() && entry.at >= since
    }))
}

/// Says that the link opens nothing, and records who tried.
async fn refused(journal: &Journal, command: Command) -> Answer<Served> {
    let refusal = Refusal::new(Code::LinkExpired);
    journal.record_refusal(command, refusal.clone()).await?;
    Err(refusal.into())
}

struct Claim {
    target: Target,
    session: String,
    until: i64,
    nonce: String,
}

fn read(vault: &Vault, token: &str) -> Option<Claim> {
    let sealed = Sealed(URL_SAFE_NO_PAD.decode(token).ok()?);
    let body = vault.open_value(&sealed, CONTEXT).ok()?;
    let body: Value = serde_json::from_str(body.reveal()).ok()?;
    Some(Claim {
        target: Target::from_json(&body["target"])?,
        session: body["session"].as_str()?.to_owned(),
        until: body["until"].as_i64()?,
        nonce: body["nonce"].as_str()?.to_owned(),
    })
}

async fn take_nonce(cx: &mut Cx<'_>, nonce: &str, until: i64) -> Answer<()> {
    let taken = cx
        .tx
        .execute(
            sql("INSERT INTO used_links (nonce, until, used_at) VALUES ($1, $2, $3) ON CONFLICT (nonce) DO NOTHING")
                .bind(nonce)
                .bind(until)
                .bind(cx.now),
        )
        .await?;
    if taken == 1 { Ok(()) } else { Err(Refusal::new(Code::LinkExpired).into()) }
}

async fn serve(journal: &Journal, blobs: &Blobs, target: &Target, watermark: &str) -> Answer<Served> {
    let mut reader = journal.db.reader().await?;
    let blob = match target {
        Target::Slice { blob, .. } => blob.clone(),
        Target::PageDisplay(page) | Target::PageThumbnail(page) | Target::PageOriginal(page) => {
            let page = page::find(&mut reader, page).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
            match target {
                Target::PageThumbnail(_) => page.thumbnail,
                Target::PageOriginal(_) => page.original,
                _ => page.display,
            }
        }
    };
    let row = blobs::find(&mut reader, &blob).await?;
    drop(reader);
    let bytes = blobs.load(&row).await?;
    match target {
        Target::PageThumbnail(_) => Ok(Served { bytes, media_type: "image/jpeg" }),
        Target::PageOriginal(_) => {
            let media_type = imaging::sniff(&bytes).map_or("application/octet-stream", imaging::MediaType::mime);
            Ok(Served { bytes, media_type })
        }
        Target::PageDisplay(_) | Target::Slice { .. } => {
            let text = watermark.to_owned();
            let marked = workers::run(move || imaging::watermark_jpeg(&bytes, &text)).await?;
            let bytes =
                marked.map_err(|error| Fault::inconsistent(format!("a stored image cannot be marked: {error}")))?;
            Ok(Served { bytes, media_type: "image/jpeg" })
        }
    }
}

/// Forgets links that could not be opened any more anyway.
pub async fn forget_used(tx: &mut Tx, now: Instant) -> Result<u64, Fault> {
    tx.execute(sql("DELETE FROM used_links WHERE until < $1").bind(now)).await
}

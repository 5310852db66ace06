//! Pages: immutable, versioned, each with the verdict under which it was taken in.

mod store;

pub use store::{all_versions, current, find};

use crate::capture::StoredPage;
use crate::imaging::{Rect, Severity, fingerprint_distance};
use crate::words;
use journal::{Answer, Cx};
use kernel::hash::Digest;
use kernel::{BlobId, Code, Instant, PageId, PersonId, Refusal};
use storage::blobs::{self, Blobs};
use storage::{Conn, Fault};

/// Fingerprints that differ in so few of 64 bits are scans of one sheet.
const SAME_SHEET_BITS: u32 = 4;

/// A page image.
#[derive(Debug, Clone)]
pub struct Page {
    pub page_id: PageId,
    /// What the page belongs to, such as an item's id.
    pub subject: String,
    pub kind: String,
    pub page_no: i64,
    pub version: i64,
    pub original: BlobId,
    pub display: BlobId,
    pub thumbnail: BlobId,
    /// Of the display form, in pixels.
    pub width: i64,
    pub height: i64,
    pub dpi: Option<i64>,
    pub digest: Digest,
    pub findings: Vec<PageFinding>,
    fingerprint: u64,
    pub superseded_by: Option<PageId>,
    pub captured_by: PersonId,
    pub captured_at: Instant,
}

/// What the gate found on a page that it let pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFinding {
    pub kind: String,
    pub severity: &'static str,
    pub measured: i64,
    pub limit: i64,
    pub region: Option<Rect>,
    pub zh: String,
    pub en: String,
}

/// Adds a page to a subject. The same scan twice in one subject is refused; the same sheet scanned again is a warning on the page.
pub async fn add(cx: &mut Cx<'_>, subject: &str, kind: &str, stored: &StoredPage, person: &PersonId) -> Answer<PageId> {
    let pages = current(cx.tx, subject).await?;
    let page_no = pages.iter().filter(|page| page.kind == kind).map(|page| page.page_no).max().unwrap_or(0) + 1;
    insert(cx, subject, kind, (page_no, 1), stored, person, &pages).await
}

/// Captures a page again: a version more, and the old one stays for inspectors.
pub async fn replace(cx: &mut Cx<'_>, old: &PageId, stored: &StoredPage, person: &PersonId) -> Answer<PageId> {
    let old = find(cx.tx, old).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    // The unique number of the current version is free before its successor takes it.
    if !store::end_current(cx.tx, &old.page_id, "superseded").await? {
        return Err(Refusal::new(Code::NotFound).into());
    }
    let others = current(cx.tx, &old.subject).await?;
    let new = insert(cx, &old.subject, &old.kind, (old.page_no, old.version + 1), stored, person, &others).await?;
    store::set_successor(cx.tx, &old.page_id, &new).await?;
    Ok(new)
}

/// Takes a page out of its subject; its bytes and its row stay.
pub async fn remove(cx: &mut Cx<'_>, subject: &str, page: &PageId) -> Answer<()> {
    let found = current(cx.tx, subject).await?.into_iter().any(|current| &current.page_id == page);
    if found && store::end_current(cx.tx, page, "removed").await? {
        return Ok(());
    }
    Err(Refusal::new(Code::NotFound).into())
}

/// The bytes of one rendition.
pub async fn bytes(conn: &mut Conn, blobs: &Blobs, blob: &BlobId) -> Result<Vec<u8>, Fault> {
    blobs.load(&blobs::find(conn, blob).await?).await
}

async fn insert(
    cx: &mut Cx<'_>,
    subject: &str,
    kind: &str,
    (page_no, version): (i64, i64),
    stored: &StoredPage,
    person: &PersonId,
    others: &[Page],
) -> Answer<PageId> {
    if others.iter().any(|page| page.digest == stored.digest) {
        return Err(Refusal::detailed(
            Code::PoorImage,
            "该影像已上传过（重复）",
            "this scan was uploaded already (duplicate)",
        )
        .into());
    }
    let mut findings: Vec<PageFinding> = stored.verdict.findings.iter().map(page_finding).collect();
    if let Some(distance) = others
        .iter()
        .map(|page| fingerprint_distance(page.fingerprint, stored.verdict.fingerprint))
        .find(|distance| *distance <= SAME_SHEET_BITS)
    {
        findings.push(PageFinding {
            kind: "near_duplicate".into(),
            severity: "warn",
            measured: i64::from(distance),
            limit: i64::from(SAME_SHEET_BITS),
            region: None,
            zh: "与本业务另一页极为相似，请确认不是重复拍摄".into(),
            en: "very like another page of this item, make sure it is not the same sheet".into(),
        });
    }
    if stored.records_original && store::blob_is_new(cx.tx, &stored.original.blob_id).await? {
        stored.original.record(cx.tx).await?;
    }
    stored.display.record(cx.tx).await?;
    stored.thumbnail.record(cx.tx).await?;
    let page_id = PageId::new(cx.now);
    store::insert(cx.tx, &page_id, subject, kind, (page_no, version), stored, &findings, person, cx.now).await?;
    Ok(page_id)
}

fn page_finding(finding: &crate::imaging::Finding) -> PageFinding {
    let (zh, en) = words::finding(finding);
    PageFinding {
        kind: finding.kind.name().into(),
        severity: if finding.severity == Severity::Refuse { "refuse" } else { "warn" },
        measured: finding.measured,
        limit: finding.limit,
        region: finding.region,
        zh,
        en,
    }
}

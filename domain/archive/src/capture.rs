//! From an uploaded file to pages that are ready to be recorded: work for the processor, outside of any transaction.

use crate::imaging::{self, DecodedPage, Limits, QualityPolicy, Rect, Verdict};
use crate::{words, workers};
use bytes::Bytes;
use journal::Answer;
use kernel::hash::{Digest, HashSuite};
use kernel::{Code, Instant, Refusal};
use storage::Fault;
use storage::blobs::{Blobs, Stored};

/// The height at which a slice is cut, so that every field stands at the same size under a keyer's eyes.
const SLICE_HEIGHT_PX: u32 = 160;

/// A page that passed the gate.
#[derive(Debug)]
pub struct PreparedPage {
    display: Vec<u8>,
    thumbnail: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub dpi: Option<u32>,
    pub verdict: Verdict,
    digest: Digest,
}

/// A file that passed the gate.
#[derive(Debug)]
pub struct Prepared {
    original: Bytes,
    pub pages: Vec<PreparedPage>,
}

/// A page whose bytes are stored and whose rows are still to be written.
#[derive(Debug, Clone)]
pub struct StoredPage {
    pub(crate) original: Stored,
    /// Only the first page of a file records the file itself.
    pub(crate) records_original: bool,
    pub(crate) display: Stored,
    pub(crate) thumbnail: Stored,
    pub(crate) width: i64,
    pub(crate) height: i64,
    pub(crate) dpi: Option<i64>,
    pub(crate) verdict: Verdict,
    /// Of the page's content, so that the same scan is known again.
    pub(crate) digest: Digest,
}

/// Decodes and judges a file. Refused: what cannot be read, what is too large, and pages below the policy, each finding in words.
pub async fn prepare(original: Bytes, policy: QualityPolicy) -> Answer<Prepared> {
    let file = original.clone();
    let pages = workers::run(move || decode_and_judge(&file, &policy)).await??;
    Ok(Prepared { original, pages })
}

fn decode_and_judge(file: &[u8], policy: &QualityPolicy) -> Result<Vec<PreparedPage>, Refusal> {
    let decoded = imaging::decode(file, &Limits::default()).map_err(words::refusal)?;
    let file_digest = HashSuite::Sha256.digest(&[file]);
    decoded.into_iter().map(|page| prepare_page(page, policy, file_digest)).collect()
}

fn prepare_page(page: DecodedPage, policy: &QualityPolicy, file_digest: Digest) -> Result<PreparedPage, Refusal> {
    let verdict = imaging::judge(&page, policy);
    if verdict.refuses() {
        let refusing = verdict.findings.iter().filter(|finding| finding.severity == imaging::Severity::Refuse);
        let (zh, en): (Vec<_>, Vec<_>) = refusing.map(words::finding).unzip();
        let detail = Refusal::detailed(Code::PoorImage, zh.join("；"), en.join("; "));
        return Err(detail.at(format!("page {}", page.page_no)));
    }
    let display = imaging::display_form(&page.image);
    let (width, height) = jpeg_size(&display).unwrap_or((page.image.width(), page.image.height()));
    Ok(PreparedPage {
        thumbnail: imaging::thumbnail(&page.image),
        digest: HashSuite::Sha256.digest(&[&file_digest.bytes, &page.page_no.to_be_bytes()]),
        display,
        width,
        height,
        dpi: page.dpi,
        verdict,
    })
}

fn jpeg_size(jpeg: &[u8]) -> Option<(u32, u32)> {
    image::ImageReader::with_format(std::io::Cursor::new(jpeg), image::ImageFormat::Jpeg).into_dimensions().ok()
}

/// Encrypts and stores the file and its renditions. The rows follow in the command that adds the pages.
pub async fn store(blobs: &Blobs, prepared: Prepared, now: Instant) -> Answer<Vec<StoredPage>> {
    let original = blobs.store(&prepared.original, now).await?;
    let mut pages = Vec::with_capacity(prepared.pages.len());
    for (place, page) in prepared.pages.into_iter().enumerate() {
        pages.push(StoredPage {
            original: original.clone(),
            records_original: place == 0,
            display: blobs.store(&page.display, now).await?,
            thumbnail: blobs.store(&page.thumbnail, now).await?,
            width: i64::from(page.width),
            height: i64::from(page.height),
            dpi: page.dpi.map(i64::from),
            verdict: page.verdict,
            digest: page.digest,
        });
    }
    Ok(pages)
}

/// A slice whose picture is stored.
#[derive(Debug, Clone)]
pub struct SliceImage {
    pub stored: Stored,
    pub width: i64,
    pub height: i64,
}

/// Cuts fields out of a page's display form, which is decoded once for all of them, and stores their pictures in the order of `rects`.
pub async fn cut_slices(blobs: &Blobs, display: Vec<u8>, rects: Vec<Rect>, now: Instant) -> Answer<Vec<SliceImage>> {
    let cut = workers::run(move || -> Result<Vec<_>, Fault> {
        let page = image::load_from_memory_with_format(&display, image::ImageFormat::Jpeg)
            .map_err(|error| Fault::inconsistent(format!("a stored page cannot be read: {error}")))?;
        rects.into_iter().map(|rect| cut_slice(&page, rect)).collect()
    });
    let mut slices = Vec::new();
    for (jpeg, width, height) in cut.await?? {
        let stored = blobs.store(&jpeg, now).await?;
        slices.push(SliceImage { stored, width: i64::from(width), height: i64::from(height) });
    }
    Ok(slices)
}

fn cut_slice(page: &image::DynamicImage, rect: Rect) -> Result<(Vec<u8>, u32, u32), Fault> {
    let target = SLICE_HEIGHT_PX.max(page.height() * u32::from(rect.h()) / u32::from(Rect::WHOLE)).min(1_200);
    let jpeg = imaging::slice_jpeg(page, rect, target);
    let (width, height) = jpeg_size(&jpeg).ok_or_else(|| Fault::inconsistent("a cut slice cannot be read"))?;
    Ok((jpeg, width, height))
}

//! From a file's bytes to its pages.

mod pdf;
mod pdf_guard;
mod raster;
mod resolution;
mod tiff;

use std::fmt;
use std::thread;

use image::DynamicImage;

use super::ImageRefusal;

/// The four file types that are taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    Jpeg,
    Png,
    Tiff,
    Pdf,
}

impl MediaType {
    /// The registered media type (IANA), as it stands in a `Content-Type` header.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Pdf => "application/pdf",
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Tiff => "TIFF",
            Self::Pdf => "PDF",
        })
    }
}

/// What a file may cost at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: u64,
    /// Pixels of one page; A4 in 600 dpi has 35 million.
    pub max_pixels: u64,
    /// Pixels of a page's longer side; 300 dpi over one and a half meters have 17,700.
    pub max_side: u32,
    /// Pages of the file.
    pub max_pages: u32,
    /// Bytes of all decoded pages together, and of everything that a PDF unpacks.
    pub max_decoded_bytes: u64,
}

impl Default for Limits {
    /// 20 MiB, 60 million pixels and 20,000 a side for a page, 20 pages, 256 MiB together: 20 gray pages A4 in 400 dpi or color in 200 dpi.
    fn default() -> Self {
        Self {
            max_bytes: 20 * 1024 * 1024,
            max_pixels: 60_000_000,
            max_side: 20_000,
            max_pages: 20,
            max_decoded_bytes: 256 * 1024 * 1024,
        }
    }
}

/// One page of a file, upright, as gray (`ImageLuma8`) or color (`ImageRgb8`).
#[derive(Clone, Debug)]
pub struct DecodedPage {
    /// The pixels.
    pub image: DynamicImage,
    /// Dots per inch: what the file states, else what the pixels would be if the sheet is A4; unknown for other shapes.
    pub dpi: Option<u32>,
    /// Whether `dpi` is the file's own statement.
    pub dpi_stated: bool,
    /// Position in the file, from one.
    pub page_no: u32,
}

/// What the first bytes say the file is; a name or a declared type is never believed.
///
/// A PDF may have up to 1024 bytes before its header (ISO 32000, implementation notes).
pub fn sniff(bytes: &[u8]) -> Option<MediaType> {
    const PDF_HEADER_WITHIN: usize = 1024;
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(MediaType::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(MediaType::Png);
    }
    let tiff: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    if tiff.iter().any(|magic| bytes.starts_with(magic)) {
        return Some(MediaType::Tiff);
    }
    let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
    head.windows(5).any(|window| window == b"%PDF-").then_some(MediaType::Pdf)
}

/// All pages of a file, or the first thing that is wrong with it.
///
/// Runs on a thread of its own: a decoder's panic becomes [`ImageRefusal::Unreadable`],
/// and deeply nested input finds a stack that bears it instead of ending the process.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Vec<DecodedPage>, ImageRefusal> {
    const STACK_BYTES: usize = 32 * 1024 * 1024;
    if bytes.is_empty() {
        return Err(ImageRefusal::Empty);
    }
    let size = bytes.len() as u64;
    if size > limits.max_bytes {
        return Err(ImageRefusal::TooManyBytes { bytes: size, limit: limits.max_bytes });
    }
    let media = sniff(bytes).ok_or(ImageRefusal::UnknownType)?;
    let pages = thread::scope(|scope| {
        let worker = thread::Builder::new().name("decode".into()).stack_size(STACK_BYTES);
        let decoding = worker.spawn_scoped(scope, || decode_as(media, bytes, limits));
        match decoding.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(ImageRefusal::Unreadable { media }),
            Err(_no_thread) => Err(ImageRefusal::Unreadable { media }),
        }
    })?;
    if pages.is_empty() { Err(ImageRefusal::NoPages) } else { Ok(pages) }
}

fn decode_as(media: MediaType, bytes: &[u8], limits: &Limits) -> Result<Vec<DecodedPage>, ImageRefusal> {
    match media {
        MediaType::Jpeg => raster::decode_jpeg(bytes, limits).map(|page| vec![page]),
        MediaType::Png => raster::decode_png(bytes, limits).map(|page| vec![page]),
        MediaType::Tiff => tiff::decode_tiff(bytes, limits),
        MediaType::Pdf => pdf::decode_pdf(bytes, limits),
    }
}

/// Refuses a page by the size in its header, before anything of that size is allocated.
fn check_size(page: u32, width: u32, height: u32, limits: &Limits) -> Result<(), ImageRefusal> {
    if width == 0 || height == 0 {
        return Err(ImageRefusal::NoPages);
    }
    if width.max(height) > limits.max_side {
        return Err(ImageRefusal::TooLong { page, width, height, limit: limits.max_side });
    }
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(ImageRefusal::TooManyPixels { page, width, height, limit: limits.max_pixels });
    }
    Ok(())
}

/// What the pages of one file may still take of `max_decoded_bytes`.
struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    fn new(limits: &Limits) -> Self {
        Self { left: limits.max_decoded_bytes, limit: limits.max_decoded_bytes }
    }

    fn take(&mut self, page: u32, bytes: u64) -> Result<(), ImageRefusal> {
        self.left = self.left.checked_sub(bytes).ok_or(ImageRefusal::TooMuchTogether { page, limit: self.limit })?;
        Ok(())
    }
}

fn finished(image: DynamicImage, stated: Option<u32>, page_no: u32) -> DecodedPage {
    let dpi = stated.or_else(|| resolution::assuming_a4(image.width(), image.height()));
    DecodedPage { image, dpi, dpi_stated: stated.is_some(), page_no }
}

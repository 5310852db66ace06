//! What is wrong with a file that is not taken in.

use thiserror::Error;

use super::MediaType;
use crate::words::mebibytes;

/// Why a file is not taken in as page images; pages count from one.
///
/// Every variant is the sender's to mend: nothing here is a fault of the product.
/// No variant carries anything of the file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ImageRefusal {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The file is larger than the limit.
    #[error("the file has {}, the limit is {}", mebibytes(*bytes), mebibytes(*limit))]
    TooManyBytes { bytes: u64, limit: u64 },
    /// The first bytes are of no accepted type, whatever name the file has.
    #[error("the file is neither JPEG, PNG, TIFF nor PDF")]
    UnknownType,
    /// The type is accepted, but a rarely used form of it is not read.
    #[error("page {page}: {feature} is not supported")]
    Unsupported { page: u32, feature: &'static str },
    /// A page has more pixels than the limit; found before it is decoded.
    #[error("page {page} has {width} x {height} pixels, the limit is {limit}")]
    TooManyPixels { page: u32, width: u32, height: u32, limit: u64 },
    /// A page is longer or wider than any sheet that is scanned; found before it is decoded.
    #[error("page {page} has {width} x {height} pixels, no side may have more than {limit}")]
    TooLong { page: u32, width: u32, height: u32, limit: u32 },
    /// The file has more pages than the limit; `pages` is what is known, at least `limit + 1`.
    #[error("the file has {pages} pages or more, the limit is {limit}")]
    TooManyPages { pages: u32, limit: u32 },
    /// Pages are each within the limit and too large together; `page` is the first that does not fit.
    #[error("pages 1 to {page} need more than {} of memory together", mebibytes(*limit))]
    TooMuchTogether { page: u32, limit: u64 },
    /// Compressed data unpack to more than the limit, which no honest document does.
    #[error("compressed data of the file unpack to more than {}", mebibytes(*limit))]
    Bomb { limit: u64 },
    /// An image inside a PDF has more pixels than a page may have; PDFs share images between pages, so none is named.
    #[error("an image within the PDF has {width} x {height} pixels, the limit is {limit}")]
    TooManyPixelsWithin { width: u32, height: u32, limit: u64 },
    /// The file has no page, or a page without any area.
    #[error("the file has no page")]
    NoPages,
    /// The data end before the page is complete; of a PDF it is the last page that is known of.
    #[error("page {page} is cut short: the file ends too early")]
    Truncated { page: u32 },
    /// The data contradict themselves.
    #[error("page {page} cannot be read: its data are damaged")]
    Broken { page: u32 },
    /// The PDF is encrypted, with or without a password to open it.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// The PDF shows text in a font that it does not carry, so that what is seen depends on the reader.
    #[error("page {page} uses a font that the PDF does not contain")]
    FontMissing { page: u32 },
    /// The decoder gave up on the file without saying why.
    #[error("the {media} file cannot be read")]
    Unreadable { media: MediaType },
}

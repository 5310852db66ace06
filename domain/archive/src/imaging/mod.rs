//! Pure image work of the archive: bytes in, values out.
//!
//! Order of reading: [`sniff`] says what a file is, [`decode`] turns it into pages within [`Limits`],
//! [`judge`] measures a page against a [`QualityPolicy`], [`cut`] and [`slice_jpeg`] take a field out of a page,
//! [`watermark`] marks what leaves the server, [`display_form`] and [`thumbnail`] are for screens.
//!
//! Invariants:
//! - A size written in a file's header is compared with the limits before memory of that size is asked for.
//! - No input makes these functions panic: decoding runs on a thread of its own, whose end by panic is a refusal.
//! - A page that cannot be read whole is refused; half a page is never returned.
//! - Rectangles are in ten-thousandths of the page, so they hold for every rendition of it.
//!
//! Deliberately absent: keeping the original bytes, their hash, who may see a page, time, texts for people.
//! A decoder's running time is not bounded here; the caller bounds how many run at once.

mod decode;
mod encode;
mod quality;
mod rect;
mod refusal;
mod slice;
mod watermark;

#[cfg(test)]
mod tests;

pub use decode::{DecodedPage, Limits, MediaType, decode, sniff};
pub use encode::{display_form, encode_jpeg, thumbnail};
pub use quality::{
    Finding, FindingKind, Gauge, Measures, QualityPolicy, Severity, Verdict, Worse, fingerprint_distance, judge,
};
pub use rect::{PixelBox, Rect, RectError};
pub use refusal::ImageRefusal;
pub use slice::{cut, slice_jpeg};
pub use watermark::{watermark, watermark_jpeg};

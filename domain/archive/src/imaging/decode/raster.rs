//! JPEG and PNG: one page a file.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, RgbImage};

use super::{Budget, DecodedPage, ImageRefusal, Limits, check_size, finished, resolution};

/// The only page of these formats.
const PAGE: u32 = 1;

/// A JPEG, turned upright by its Exif orientation.
///
/// The decoder fills what is missing with gray and reports no error, so completeness is checked first.
pub(super) fn decode_jpeg(bytes: &[u8], limits: &Limits) -> Result<DecodedPage, ImageRefusal> {
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(refused(limits))?;
    let (width, height) = decoder.dimensions();
    check_size(PAGE, width, height, limits)?;
    Budget::new(limits).take(PAGE, decoder.total_bytes())?;
    if !jpeg_is_complete(bytes) {
        return Err(ImageRefusal::Truncated { page: PAGE });
    }
    let exif = decoder.exif_metadata().map_err(refused(limits))?;
    let stated = resolution::of_jpeg(bytes, exif.as_deref());
    let orientation = decoder.orientation().map_err(refused(limits))?;
    let mut image = plain(DynamicImage::from_decoder(decoder).map_err(refused(limits))?, PAGE)?;
    if orientation != Orientation::NoTransforms {
        image.apply_orientation(orientation);
    }
    Ok(finished(image, stated, PAGE))
}

/// A PNG of any bit depth; transparent parts show white paper.
pub(super) fn decode_png(bytes: &[u8], limits: &Limits) -> Result<DecodedPage, ImageRefusal> {
    let (width, height) = png_size(bytes).ok_or(ImageRefusal::Truncated { page: PAGE })?;
    check_size(PAGE, width, height, limits)?;
    let mut decoder_limits = image::Limits::default();
    decoder_limits.max_alloc = Some(limits.max_decoded_bytes);
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), decoder_limits).map_err(refused(limits))?;
    Budget::new(limits).take(PAGE, decoder.total_bytes())?;
    let stated = resolution::of_png(bytes);
    let image = plain(DynamicImage::from_decoder(decoder).map_err(refused(limits))?, PAGE)?;
    Ok(finished(image, stated, PAGE))
}

/// Width and height in the first chunk (PNG specification, 11.2.1), which has a fixed place.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let side = |from: usize| bytes.get(from..from + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some((side(16)?, side(20)?))
}

/// Whether the end marker stands behind the start of the scan (ITU-T T.81, B.1.1.3).
///
/// Within coded data a 0xFF is always followed by zero, so the marker cannot appear there by accident;
/// the thumbnail that cameras embed ends before the scan starts.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    JpegSegments { bytes, at: 2 }
        .find(|(kind, _)| *kind == START_OF_SCAN)
        .is_some_and(|(_, at)| bytes[at..].windows(2).rev().any(|pair| pair == [0xFF, 0xD9]))
}

/// Width and height in a JPEG's frame header (ITU-T T.81, B.2.2), also of one whose tables stand elsewhere.
pub(super) fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let is_frame = |kind: u8| matches!(kind, 0xC0..=0xCF) && !matches!(kind, 0xC4 | 0xC8 | 0xCC);
    let (_, at) = JpegSegments { bytes, at: 2 }.find(|(kind, _)| is_frame(*kind))?;
    let side = |from: usize| Some(u32::from(u16::from_be_bytes(bytes.get(from..from + 2)?.try_into().ok()?)));
    Some((side(at + 7)?, side(at + 5)?))
}

/// Marker kinds and their positions up to the start of the scan, from behind the start of the image.
struct JpegSegments<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Iterator for JpegSegments<'_> {
    type Item = (u8, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.at;
        let &[marker, kind, high, low] = self.bytes.get(at..at + 4)? else { return None };
        if marker != 0xFF {
            return None;
        }
        self.at += match kind {
            // A fill byte, then markers that have no length.
            0xFF => 1,
            0x01 | 0xD0..=0xD8 => 2,
            _ => 2 + usize::from(u16::from_be_bytes([high, low])),
        };
        Some((kind, at))
    }
}

/// Only the two pixel forms that the rest of this module knows.
pub(super) fn plain(image: DynamicImage, page: u32) -> Result<DynamicImage, ImageRefusal> {
    use DynamicImage as Image;
    match image {
        Image::ImageLuma8(_) | Image::ImageRgb8(_) => Ok(image),
        Image::ImageLuma16(_) => Ok(Image::ImageLuma8(image.into_luma8())),
        Image::ImageLumaA8(_) | Image::ImageLumaA16(_) => on_paper_gray(image, page),
        Image::ImageRgba8(_) | Image::ImageRgba16(_) => on_paper_color(image, page),
        other => Ok(Image::ImageRgb8(other.into_rgb8())),
    }
}

fn on_paper_gray(image: DynamicImage, page: u32) -> Result<DynamicImage, ImageRefusal> {
    let (width, height) = (image.width(), image.height());
    let mut pixels = image.into_luma_alpha8().into_raw();
    let mut to = 0;
    for from in (0..pixels.len()).step_by(2) {
        pixels[to] = over_white(pixels[from], pixels[from + 1]);
        to += 1;
    }
    pixels.truncate(to);
    GrayImage::from_raw(width, height, pixels).map(DynamicImage::ImageLuma8).ok_or(ImageRefusal::Broken { page })
}

fn on_paper_color(image: DynamicImage, page: u32) -> Result<DynamicImage, ImageRefusal> {
    let (width, height) = (image.width(), image.height());
    let mut pixels = image.into_rgba8().into_raw();
    let mut to = 0;
    for from in (0..pixels.len()).step_by(4) {
        let alpha = pixels[from + 3];
        for channel in 0..3 {
            pixels[to + channel] = over_white(pixels[from + channel], alpha);
        }
        to += 3;
    }
    pixels.truncate(to);
    RgbImage::from_raw(width, height, pixels).map(DynamicImage::ImageRgb8).ok_or(ImageRefusal::Broken { page })
}

/// A value seen through its opacity, with white behind it.
fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    u8::try_from((value * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

fn refused(limits: &Limits) -> impl Fn(ImageError) -> ImageRefusal + use<> {
    let limit = limits.max_decoded_bytes;
    move |error| match error {
        ImageError::Limits(_) => ImageRefusal::TooMuchTogether { page: PAGE, limit },
        ImageError::Unsupported(_) => ImageRefusal::Unsupported { page: PAGE, feature: "this form of the format" },
        ImageError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => {
            ImageRefusal::Truncated { page: PAGE }
        }
        _ => ImageRefusal::Broken { page: PAGE },
    }
}

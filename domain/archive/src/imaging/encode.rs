//! Renditions of a page for screens; the original bytes are kept elsewhere, untouched.

use image::DynamicImage;
use image::imageops::FilterType;
use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

/// Longest side of the form that stations show, in pixels: A4 in 200 dpi fits.
const DISPLAY_SIDE: u32 = 2_400;

/// Quality of the display form: stamps and thin strokes stay clean, an A4 page has about half a megabyte.
const DISPLAY_QUALITY: u8 = 85;

/// Longest side of a thumbnail in pixels.
const THUMBNAIL_SIDE: u32 = 320;

const THUMBNAIL_QUALITY: u8 = 75;

/// A JPEG of the image, gray or color as the image is; `quality` from 1 to 100, clamped.
///
/// An image without any area is a mistake of the caller; [`super::decode`] never yields one.
/// One longer than the format can say is reduced to what it can.
pub fn encode_jpeg(image: &DynamicImage, quality: u8) -> Vec<u8> {
    if let Some((width, height)) = fitted(image, u32::from(u16::MAX)) {
        return encode_jpeg(&image.thumbnail_exact(width, height), quality);
    }
    let written = match image {
        DynamicImage::ImageLuma8(gray) => write_jpeg(gray, image, quality, ColorType::Luma),
        DynamicImage::ImageRgb8(color) => write_jpeg(color, image, quality, ColorType::Rgb),
        other => write_jpeg(&other.to_rgb8(), image, quality, ColorType::Rgb),
    };
    written.expect("a JPEG of a page below 65,536 pixels a side written to memory cannot fail")
}

fn write_jpeg(samples: &[u8], of: &DynamicImage, quality: u8, color: ColorType) -> Result<Vec<u8>, EncodingError> {
    let side = |length: u32| u16::try_from(length).unwrap_or(u16::MAX);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality.clamp(1, 100));
    // Stamps are thin red strokes: at half their resolution they would run into the black below.
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    encoder.encode(samples, side(of.width()), side(of.height()), color)?;
    Ok(jpeg)
}

/// The form that stations show: JPEG, at most 2,400 pixels on the longer side, never enlarged.
pub fn display_form(image: &DynamicImage) -> Vec<u8> {
    match fitted(image, DISPLAY_SIDE) {
        Some((width, height)) => encode_jpeg(&image.resize_exact(width, height, FilterType::Triangle), DISPLAY_QUALITY),
        None => encode_jpeg(image, DISPLAY_QUALITY),
    }
}

/// The form for lists: JPEG, at most 320 pixels on the longer side, never enlarged.
pub fn thumbnail(image: &DynamicImage) -> Vec<u8> {
    match fitted(image, THUMBNAIL_SIDE) {
        Some((width, height)) => encode_jpeg(&image.thumbnail_exact(width, height), THUMBNAIL_QUALITY),
        None => encode_jpeg(image, THUMBNAIL_QUALITY),
    }
}

/// Size with the longer side at `side`, or nothing if the image is no larger than that.
fn fitted(image: &DynamicImage, side: u32) -> Option<(u32, u32)> {
    let (width, height) = (image.width(), image.height());
    let long = width.max(height);
    let scaled = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) + u64::from(long) / 2) / u64::from(long).max(1);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (long > side).then(|| (scaled(width), scaled(height)))
}

//! Fields cut out of a page.

use image::DynamicImage;
use image::imageops::FilterType;

use super::{Rect, encode_jpeg};

/// Least width and height of a slice in pixels: below it nothing can be read and encoders misbehave.
const MIN_SIDE: u32 = 8;

/// Largest width of an enlarged slice in pixels, so that a long thin field cannot ask for any size.
const MAX_WIDTH: u32 = 4_000;

const MAX_HEIGHT: u32 = 2_000;

/// Quality of a slice: it is looked at closely and is small.
const SLICE_QUALITY: u8 = 85;

/// The part of a page under a rectangle; grown around its middle to at least 8 pixels a side where the page allows.
pub fn cut(image: &DynamicImage, rect: Rect) -> DynamicImage {
    let (page_width, page_height) = (image.width(), image.height());
    let pixels = rect.pixels(page_width, page_height);
    let (left, width) = grown(pixels.left, pixels.width(), page_width);
    let (top, height) = grown(pixels.top, pixels.height(), page_height);
    image.crop_imm(left, top, width, height)
}

/// A slice as a JPEG of the given height, so that the eye finds every field at the same size (`ux.md` A2).
///
/// The height is limited to 8 to 2,000 pixels; a slice that would be wider than 4,000 pixels gets lower instead.
pub fn slice_jpeg(image: &DynamicImage, rect: Rect, target_height_px: u32) -> Vec<u8> {
    let slice = cut(image, rect);
    let (width, height) = (u64::from(slice.width()), u64::from(slice.height()));
    let wanted = u64::from(target_height_px.clamp(MIN_SIDE, MAX_HEIGHT));
    let most = (height * u64::from(MAX_WIDTH) / width).max(1);
    let target_height = wanted.min(most);
    let target_width = ((width * target_height + height / 2) / height).clamp(1, u64::from(MAX_WIDTH));
    let fits = "a slice's size is limited to a few thousand pixels";
    let (target_width, target_height) =
        (u32::try_from(target_width).expect(fits), u32::try_from(target_height).expect(fits));
    encode_jpeg(&slice.resize_exact(target_width, target_height, FilterType::Triangle), SLICE_QUALITY)
}

/// Start and length, grown around the middle to the least side and kept on the page.
fn grown(start: u32, length: u32, page: u32) -> (u32, u32) {
    let least = MIN_SIDE.min(page);
    if length >= least {
        return (start, length);
    }
    let start = start.saturating_sub((least - length) / 2).min(page - least);
    (start, least)
}

//! Who looks, and when, written over what they see.

use font8x8::{BASIC_FONTS, UnicodeFonts};
use image::DynamicImage;

use super::{ImageRefusal, Limits, decode, encode_jpeg};

/// Pixels of a letter's cell before enlargement.
const CELL: u32 = 8;

/// Image height in pixels for each step of the letters' size.
const HEIGHT_PER_SCALE: u32 = 160;

/// Larger letters would hide what a page says; two pixels a dot are read at any zoom that a page is read at.
const SCALE_MAX: u32 = 2;

/// Lines fall by one letter pixel in so many letters, which makes the text run diagonally and survive a crop.
const LETTERS_PER_STEP: u32 = 2;

/// Share of the mark in a marked pixel, out of 256: seen on white and on black, and strokes below stay legible.
const STRENGTH: u32 = 52;

/// The mark's color: middle gray shows on paper and on ink.
const MARK: u32 = 120;

const WATERMARK_QUALITY: u8 = 85;

/// A JPEG of the image with the text repeated over all of it; letters outside of ASCII become `?`.
///
/// Meant for the seat's number and the time: ASCII by construction.
pub fn watermark(image: &DynamicImage, text: &str) -> Vec<u8> {
    let mut marked = match image {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => image.clone(),
        other => DynamicImage::ImageRgb8(other.to_rgb8()),
    };
    let (width, height) = (marked.width(), marked.height());
    let scale = (height / HEIGHT_PER_SCALE).clamp(0, SCALE_MAX - 1) + 1;
    let letters: Vec<[u8; 8]> = text.chars().map(letter).collect();
    let period_x = (text_width(&letters, scale) + 6 * CELL * scale).max(1);
    let period_y = 5 * CELL * scale;
    let mut canvas = Canvas { channels: channels(&marked), width, height, scale, pixels: samples(&mut marked) };
    let rise = text_width(&letters, 1) / CELL / LETTERS_PER_STEP * scale;
    let rows = (height + rise).div_ceil(period_y) + 1;
    for row in 0..rows {
        // Every second line starts half a period earlier, so that no field lies between all marks.
        let shift = if row % 2 == 0 { 0 } else { i64::from(period_x / 2) };
        let top = i64::from(row * period_y) - i64::from(rise);
        for column in 0..=width / period_x + 1 {
            canvas.line(&letters, i64::from(column * period_x) - shift, top);
        }
    }
    encode_jpeg(&marked, WATERMARK_QUALITY)
}

/// The same for a slice that is already a JPEG.
pub fn watermark_jpeg(slice: &[u8], text: &str) -> Result<Vec<u8>, ImageRefusal> {
    let pages = decode(slice, &Limits::default())?;
    let page = pages.first().ok_or(ImageRefusal::NoPages)?;
    Ok(watermark(&page.image, text))
}

fn letter(character: char) -> [u8; 8] {
    let known = if character.is_ascii_graphic() || character == ' ' { character } else { '?' };
    BASIC_FONTS.get(known).unwrap_or([0; 8])
}

fn text_width(letters: &[[u8; 8]], scale: u32) -> u32 {
    u32::try_from(letters.len()).unwrap_or(u32::MAX / 64).min(1_000) * CELL * scale
}

fn channels(image: &DynamicImage) -> usize {
    if matches!(image, DynamicImage::ImageLuma8(_)) { 1 } else { 3 }
}

fn samples(image: &mut DynamicImage) -> &mut [u8] {
    match image {
        DynamicImage::ImageLuma8(gray) => gray,
        DynamicImage::ImageRgb8(color) => color,
        _ => &mut [],
    }
}

struct Canvas<'a> {
    pixels: &'a mut [u8],
    channels: usize,
    width: u32,
    height: u32,
    scale: u32,
}

impl Canvas<'_> {
    /// One repetition of the text with its first letter's corner at (`left`, `top`), which may lie off the image.
    fn line(&mut self, letters: &[[u8; 8]], left: i64, top: i64) {
        let cell = i64::from(CELL * self.scale);
        for (index, glyph) in (0_u32..).zip(letters) {
            let x = left + i64::from(index) * cell;
            let y = top + i64::from(index / LETTERS_PER_STEP * self.scale);
            let is_seen = x > -cell && y > -cell && x < i64::from(self.width) && y < i64::from(self.height);
            if is_seen {
                self.glyph(glyph, x, y);
            }
        }
    }

    fn glyph(&mut self, glyph: &[u8; 8], left: i64, top: i64) {
        for (row, bits) in (0_u32..).zip(glyph) {
            for column in (0..CELL).filter(|column| bits >> column & 1 == 1) {
                self.dot(left + i64::from(column * self.scale), top + i64::from(row * self.scale));
            }
        }
    }

    /// One pixel of a letter, enlarged.
    fn dot(&mut self, left: i64, top: i64) {
        let clamp = |value: i64, most: u32| value.clamp(0, i64::from(most)) as usize;
        let scale = i64::from(self.scale);
        let (from, to) = (clamp(left, self.width), clamp(left + scale, self.width));
        for y in clamp(top, self.height)..clamp(top + scale, self.height) {
            let row = y * self.width as usize;
            for sample in &mut self.pixels[(row + from) * self.channels..(row + to) * self.channels] {
                let mixed = (u32::from(*sample) * (256 - STRENGTH) + MARK * STRENGTH) / 256;
                *sample = u8::try_from(mixed).unwrap_or(u8::MAX);
            }
        }
    }
}

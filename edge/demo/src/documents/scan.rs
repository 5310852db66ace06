//! What a scanner does to a sheet: it lies askew, is a little soft, shaded and noisy, and is packed as JPEG.

use image::codecs::jpeg::{JpegEncoder, PixelDensity};
use image::{ExtendedColorType, RgbImage};
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};

use crate::random::Random;

/// Dots per inch that the forms are drawn for and the files state.
pub const DPI: u16 = 200;

/// How one sheet was scanned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scan {
    /// Degrees, clockwise.
    pub skew_degrees: f32,
    /// Sixteenths of a pixel's ink that spread to each neighbor: the softness of any scanner.
    pub softness: u16,
    /// Deviation in pixels of the blur of a sheet that moved; 0 for one that lay still.
    pub blur: f32,
    /// Deviation of the noise in levels.
    pub noise: f32,
    /// How much darker the far side is, in levels.
    pub shade: f32,
    /// Added to red, green and blue: the lamp's color.
    pub tint: [i16; 3],
}

impl Scan {
    /// An ordinary scan: askew by up to 1.5 degrees, hardly soft.
    pub fn ordinary(random: &mut Random) -> Self {
        let warm = random.between(-5, 3) as i16;
        Self {
            skew_degrees: (random.normal() as f32 * 0.5).clamp(-1.5, 1.5),
            softness: random.between(1, 3) as u16,
            blur: 0.0,
            noise: random.spread(2.0, 5.0),
            shade: random.spread(2.0, 12.0),
            tint: [-2, -2, warm - 3],
        }
    }

    /// Laid on the glass without care.
    pub fn skewed(mut self, random: &mut Random) -> Self {
        let degrees = random.spread(3.6, 5.5);
        self.skew_degrees = if random.chance(1, 2) { degrees } else { -degrees };
        self
    }

    /// Moved while the lamp passed.
    pub fn blurred(mut self, random: &mut Random) -> Self {
        self.blur = random.spread(3.6, 4.6);
        self
    }
}

/// The page as the scanner delivers it.
pub fn through_scanner(sheet: &RgbImage, scan: &Scan, random: &mut Random) -> RgbImage {
    // The lid behind the sheet has the color of the sheet's edge, so that no corner looks cut.
    let lid = *sheet.get_pixel(2, 2);
    let turned =
        rotate_about_center(sheet, scan.skew_degrees.to_radians(), Interpolation::Bilinear, Border::Constant(lid));
    let mut page = if scan.blur > 0.0 { gaussian_blur_f32(&turned, scan.blur) } else { turned };
    soften(&mut page, scan.softness);
    weather(&mut page, scan, random);
    page
}

/// Spreads each pixel to its neighbors across, then down, in whole numbers: a page must not cost a second.
fn soften(page: &mut RgbImage, softness: u16) {
    let row = page.width() as usize * 3;
    for step in [3, row] {
        let levels: &mut [u8] = page;
        let before = levels.to_vec();
        let (keep, total) = (16 - 2 * softness, 16);
        let inner = levels.iter_mut().skip(step).zip(before.windows(2 * step + 1));
        for (level, around) in inner {
            let beside = u16::from(around[0]) + u16::from(around[2 * step]);
            *level = ((u16::from(around[step]) * keep + beside * softness) / total) as u8;
        }
    }
}

/// Shade across the page, tint and noise, in one pass.
fn weather(page: &mut RgbImage, scan: &Scan, random: &mut Random) {
    // Drawing from a table is what keeps a page of a million pixels cheap.
    let grain: Vec<i16> = (0..4_096).map(|_| (random.normal() as f32 * scan.noise).round() as i16).collect();
    let width = page.width() as usize;
    let from_left = random.chance(1, 2);
    let shade: Vec<i16> = (0..width)
        .map(|x| {
            let far = if from_left { x } else { width - 1 - x } as f32 / width as f32;
            -(scan.shade * far * far).round() as i16
        })
        .collect();
    for row in page.chunks_exact_mut(width * 3) {
        let mut draw = random.bits();
        for (pixel, shade) in row.chunks_exact_mut(3).zip(&shade) {
            draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let change = shade + grain[(draw >> 52) as usize];
            for (level, tint) in pixel.iter_mut().zip(scan.tint) {
                *level = (i16::from(*level) + change + tint).clamp(0, 255) as u8;
            }
        }
    }
}

/// Packs the page as the scanners of outlets do: quality 80, with its dots per inch.
pub fn to_jpeg(page: &RgbImage) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 80);
    encoder.set_pixel_density(PixelDensity::dpi(DPI));
    encoder.encode(page.as_raw(), page.width(), page.height(), ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

//! A short hash that is similar for images of the same sheet.

use image::DynamicImage;

use super::sheet::Sheet;

/// Side of the square that the content is reduced to.
const SIDE: usize = 32;

/// Side of the block of low frequencies that are kept; its square is the number of bits.
const KEPT: usize = 8;

/// In how many of 64 bits two fingerprints differ.
///
/// Renditions of one image (other size, compression, a trace of skew) mostly differ in ten bits or less,
/// different sheets in about 32.
/// Filled copies of one printed form lie between, so a small distance is a reason to ask, never to refuse.
pub fn fingerprint_distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// Signs of the low frequencies of where the ink is, within the box of the content (perceptual hash by cosine transform).
pub(super) fn of(sheet: &Sheet) -> u64 {
    let content = sheet.content.pixels(sheet.gray.width(), sheet.gray.height());
    let ink = DynamicImage::ImageLuma8(sheet.mask.clone())
        .crop_imm(content.left, content.top, content.width(), content.height())
        .thumbnail_exact(SIDE as u32, SIDE as u32)
        .into_luma8();
    let frequencies = low_frequencies(ink.as_raw());
    let mut sorted = frequencies;
    sorted[1..].sort_by(f64::total_cmp);
    let median = sorted[KEPT * KEPT / 2];
    // The first is the mean of the whole and always large: it tells nothing.
    frequencies.iter().skip(1).fold(0, |bits, value| bits << 1 | u64::from(*value > median))
}

/// The lowest frequencies of a square of pixels (discrete cosine transform, type II), rows first, then columns.
fn low_frequencies(pixels: &[u8]) -> [f64; KEPT * KEPT] {
    let basis: Vec<[f64; SIDE]> = (0..KEPT)
        .map(|frequency| {
            std::array::from_fn(|at| {
                let turn = (2 * at + 1) as f64 * frequency as f64 / (2 * SIDE) as f64;
                (std::f64::consts::PI * turn).cos()
            })
        })
        .collect();
    let mut rows = [[0.0; KEPT]; SIDE];
    for (row, line) in rows.iter_mut().zip(pixels.chunks_exact(SIDE)) {
        for (value, basis) in row.iter_mut().zip(&basis) {
            *value = line.iter().zip(basis).map(|(pixel, weight)| f64::from(*pixel) * weight).sum();
        }
    }
    let mut kept = [0.0; KEPT * KEPT];
    for (index, value) in kept.iter_mut().enumerate() {
        let (frequency, column) = (index / KEPT, index % KEPT);
        *value = rows.iter().zip(&basis[frequency]).map(|(row, weight)| row[column] * weight).sum();
    }
    kept
}

//! Pages that the quality gate lets pass: paper with lines of ink, different for every seed.

use image::{GrayImage, Luma};
use std::io::Cursor;

/// A sharp, level page of 1700 by 1100 pixels at 200 dpi, as PNG without a stated resolution.
pub fn page(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut image = GrayImage::from_pixel(1700, 1100, Luma([244]));
    for row in 0..18u32 {
        let top = 60 + row * 56;
        let mut x = 80;
        while x < 1600 {
            let width = 6 + (next() % 10) as u32;
            let height = 14 + (next() % 20) as u32;
            for (dx, dy) in (0..width).flat_map(|dx| (0..height).map(move |dy| (dx, dy))) {
                image.put_pixel(x + dx, top + dy, Luma([28]));
            }
            x += width + 8 + (next() % 24) as u32;
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture is written");
    bytes.into_inner()
}

//! Pages that the quality gate lets pass: paper with lines of ink, different for every seed.

use image::{GrayImage, Luma};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::io::Cursor;

const WIDTH: u32 = 1_010;
const HEIGHT: u32 = 640;

/// A sharp, level page as PNG without a stated resolution.
pub fn page(seed: u64) -> Vec<u8> {
    let mut random = StdRng::seed_from_u64(seed);
    let mut image = GrayImage::from_pixel(WIDTH, HEIGHT, Luma([244]));
    for top in (40..HEIGHT - 60).step_by(48) {
        let mut x = 50;
        while x < WIDTH - 60 {
            let (width, height) = (random.random_range(4..12), random.random_range(10..28));
            for (dx, dy) in (0..width).flat_map(|dx| (0..height).map(move |dy| (dx, dy))) {
                image.put_pixel(x + dx, top + dy, Luma([28]));
            }
            x += width + random.random_range(6..24);
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("a picture is written");
    bytes.into_inner()
}

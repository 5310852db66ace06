use image::{DynamicImage, GrayImage, Luma};

use super::samples::*;
use crate::imaging::*;

fn size_of(jpeg: &[u8]) -> (u32, u32) {
    let page = decoded(jpeg).remove(0);
    (page.image.width(), page.image.height())
}

#[test]
fn a_rectangle_lies_on_the_page_and_has_an_area() {
    let table = [
        ((0, 0, 10_000, 10_000), None),
        ((9_999, 9_999, 1, 1), None),
        ((0, 0, 0, 5), Some(RectError::Empty { w: 0, h: 5 })),
        ((0, 0, 5, 0), Some(RectError::Empty { w: 5, h: 0 })),
        ((9_000, 0, 1_001, 5), Some(RectError::OffPage { right: 10_001, bottom: 5 })),
        ((0, u16::MAX, 1, u16::MAX), Some(RectError::OffPage { right: 1, bottom: 131_070 })),
    ];
    for ((x, y, w, h), expected) in table {
        assert_eq!(Rect::new(x, y, w, h).err(), expected, "{x} {y} {w} {h}");
    }
}

#[test]
fn a_slice_is_the_same_part_of_every_rendition() {
    let rect = Rect::new(2_500, 5_000, 5_000, 1_000).expect("on the page");
    for (width, height) in [(1_700, 2_200), (850, 1_100), (333, 777)] {
        let page = DynamicImage::ImageLuma8(GrayImage::from_fn(width, height, |x, _| Luma([(x * 250 / width) as u8])));
        let slice = cut(&page, rect).into_luma8();
        let expected = (width.div_ceil(2), height.div_ceil(10));
        assert!(slice.width().abs_diff(expected.0) <= 1 && slice.height().abs_diff(expected.1) <= 1, "{slice:?}");
        assert!(slice.get_pixel(0, 0).0[0].abs_diff(62) <= 1, "it starts at a quarter of the page");
    }
}

#[test]
fn the_smallest_rectangle_still_gives_eight_pixels() {
    let page = DynamicImage::ImageLuma8(GrayImage::from_pixel(500, 500, Luma([9])));
    for (x, y) in [(0, 0), (5_000, 5_000), (9_999, 9_999)] {
        let slice = cut(&page, Rect::new(x, y, 1, 1).expect("on the page"));
        assert_eq!((slice.width(), slice.height()), (8, 8), "at {x} {y}");
    }
    let tiny = DynamicImage::ImageLuma8(GrayImage::from_pixel(3, 2, Luma([9])));
    let slice = cut(&tiny, Rect::PAGE);
    assert_eq!((slice.width(), slice.height()), (3, 2), "a page smaller than that is given whole");
}

#[test]
fn a_slice_has_the_height_that_the_station_asks_for() {
    let amount = Rect::new(1_000, 800, 4_000, 300).expect("on the page");
    assert_eq!(size_of(&slice_jpeg(&voucher(), amount, 120)).1, 120);
    assert_eq!(size_of(&slice_jpeg(&voucher(), amount, 0)).1, 8);
    let thin = Rect::new(0, 800, 10_000, 30).expect("on the page");
    let (width, height) = size_of(&slice_jpeg(&voucher(), thin, 5_000));
    assert!((3_500..=4_000).contains(&width) && height < 30, "a long thin field is limited by its width");
}

#[test]
fn renditions_keep_their_limits_and_never_grow() {
    let long = DynamicImage::ImageLuma8(GrayImage::from_pixel(1_000, 5_000, Luma([200])));
    assert_eq!(size_of(&display_form(&long)), (480, 2_400));
    assert_eq!(size_of(&thumbnail(&long)), (64, 320));
    assert_eq!(size_of(&display_form(&small())), (60, 40));
    assert_eq!(size_of(&thumbnail(&small())), (60, 40));
}

#[test]
fn a_gray_page_stays_gray() {
    let page = decoded(&encode_jpeg(&voucher(), 85)).remove(0);
    assert!(page.image.as_luma8().is_some());
}

/// Share of pixels, per thousand, that differ by more than what compression does.
fn changed(one: &DynamicImage, other: &DynamicImage, from_row: u32, to_row: u32) -> usize {
    let (one, other) = (one.to_luma8(), other.to_luma8());
    let rows = (from_row * one.width()) as usize..(to_row * one.width()) as usize;
    let pairs = one.as_raw()[rows.clone()].iter().zip(&other.as_raw()[rows.clone()]);
    pairs.filter(|(one, other)| one.abs_diff(**other) > 15).count() * 1_000 / rows.len()
}

#[test]
fn a_watermark_covers_the_slice_and_leaves_it_legible() {
    for level in [255, 128, 0] {
        let slice = DynamicImage::ImageLuma8(GrayImage::from_pixel(800, 120, Luma([level])));
        let marked = decoded(&watermark(&slice, "S-0417 2026-03-02 10:15:07")).remove(0).image;
        assert_eq!((marked.width(), marked.height()), (800, 120));
        if level == 128 {
            continue;
        }
        for third in 0..3 {
            let share = changed(&slice, &marked, third * 40, third * 40 + 40);
            assert!((15..400).contains(&share), "level {level}, third {third}: {share} per mille changed");
        }
        let extreme = marked.to_luma8().pixels().map(|pixel| pixel.0[0].abs_diff(level)).max();
        assert!(extreme < Some(110), "level {level}: strokes stay apart from the mark, {extreme:?}");
    }
}

#[test]
fn a_watermark_is_put_on_a_finished_slice_and_on_nothing_else() {
    let slice = slice_jpeg(&voucher(), Rect::new(0, 700, 9_000, 400).expect("on the page"), 120);
    let marked = watermark_jpeg(&slice, "S-0417").expect("a slice is a JPEG");
    assert_eq!(size_of(&marked), size_of(&slice));
    assert_eq!(watermark_jpeg(b"no image", "S-0417").err(), Some(ImageRefusal::UnknownType));
}

#[test]
fn any_text_makes_a_watermark() {
    for text in ["", " ", "座席 17", "a\u{0}b", &"long ".repeat(200)] {
        assert_eq!(size_of(&watermark(&small(), text)), (60, 40), "{text:?}");
    }
}

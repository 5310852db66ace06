use image::{DynamicImage, GrayImage, Luma};

use super::samples::*;
use crate::imaging::*;

fn verdict(image: DynamicImage) -> Verdict {
    judge(&page_of(image), &QualityPolicy::default())
}

fn kinds(verdict: &Verdict) -> Vec<(FindingKind, Severity)> {
    verdict.findings.iter().map(|finding| (finding.kind, finding.severity)).collect()
}

#[test]
fn a_good_voucher_has_no_findings() {
    assert_eq!(kinds(&verdict(voucher())), []);
}

#[test]
fn each_defect_is_found_with_its_figure() {
    use FindingKind::*;
    let refuse = |kind| vec![(kind, Severity::Refuse)];
    let blank = GrayImage::from_fn(1_700, 2_200, |x, y| Luma([244 + ((x * 31 + y * 17) % 7) as u8]));
    let darkened = voucher().into_luma8().pixels().map(|pixel| pixel.0[0] / 3).collect();
    let darkened = GrayImage::from_raw(1_700, 2_200, darkened).expect("same size");
    let faint: Vec<u8> = voucher().into_luma8().pixels().map(|pixel| 255 - (255 - pixel.0[0]) / 8).collect();
    let faint = GrayImage::from_raw(1_700, 2_200, faint).expect("same size");
    let table = [
        ("four degrees askew", turned(&voucher(), 4.0, 246), refuse(Skewed)),
        ("four degrees the other way", turned(&voucher(), -4.0, 246), refuse(Skewed)),
        ("two and a half degrees", turned(&voucher(), 2.5, 246), vec![(Skewed, Severity::Warn)]),
        ("out of focus", voucher().blur(6.0), refuse(Blurred)),
        ("the empty back", DynamicImage::ImageLuma8(blank), refuse(Blank)),
        ("too few pixels", voucher().thumbnail(700, 700), refuse(FewPixels)),
        ("underexposed", DynamicImage::ImageLuma8(darkened), refuse(TooDark)),
        ("overexposed", DynamicImage::ImageLuma8(faint), refuse(TooBright)),
        ("a corner torn off", without_corner(&voucher(), 500), refuse(CutCorner)),
        ("a dog's ear", without_corner(&voucher(), 150), vec![(CutCorner, Severity::Warn)]),
    ];
    for (name, image, expected) in table {
        let found = verdict(image);
        assert_eq!(kinds(&found), expected, "{name}: {:?}", found.findings);
    }
}

/// A triangle of dark scanner lid at the right upper corner.
pub fn without_corner(image: &DynamicImage, leg: u32) -> DynamicImage {
    let mut image = image.to_rgb8();
    let width = image.width();
    for (x, y) in (0..leg).flat_map(|y| (0..leg - y).map(move |x| (x, y))) {
        image.put_pixel(width - 1 - x, y, image::Rgb([25, 25, 28]));
    }
    DynamicImage::ImageRgb8(image)
}

#[test]
fn the_region_of_a_missing_corner_is_that_corner() {
    let found = verdict(without_corner(&voucher(), 500));
    let region = found.findings[0].region.expect("a corner has a place");
    assert!(region.x() > 6_900 && region.y() == 0, "{region:?}");
    assert!(region.x() + region.w() == Rect::WHOLE && (2_000..2_600).contains(&region.h()), "{region:?}");
}

#[test]
fn skew_is_measured_to_a_fifth_of_a_degree_with_its_direction() {
    for degrees in [-7.0, -2.0, -0.5, 0.0, 1.0, 3.0, 8.0_f64] {
        let measured = Measures::of(&page_of(turned(&voucher(), degrees, 246))).skew.expect("lines are clear");
        let expected = (degrees * 100.0) as i64;
        assert!((measured - expected).abs() <= 20, "{degrees} degrees measured as {measured}");
    }
}

#[test]
fn a_sheet_askew_on_a_dark_bed_is_askew_and_lacks_no_corner() {
    let found = verdict(turned(&voucher(), 4.0, 15));
    assert_eq!(kinds(&found), [(FindingKind::Skewed, Severity::Refuse)], "{:?}", found.findings);
}

#[test]
fn the_stated_resolution_counts_before_the_number_of_pixels() {
    let mut page = page_of(voucher());
    (page.dpi, page.dpi_stated) = (Some(150), true);
    let found = judge(&page, &QualityPolicy::default()).findings;
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].measured, found[0].limit), (FindingKind::LowResolution, 150, 200));
    assert!(!judge(&page, &QualityPolicy::attachment()).refuses(), "a receipt in 150 dpi can be read");
    page.dpi_stated = false;
    assert_eq!(judge(&page, &QualityPolicy::default()).findings, [], "an estimate refuses nothing");
}

#[test]
fn a_figure_that_equals_the_limit_keeps_it() {
    let table = [
        (Gauge::at_least(200, 150), 200, None),
        (Gauge::at_least(200, 150), 199, Some((Severity::Warn, 200))),
        (Gauge::at_least(200, 150), 150, Some((Severity::Warn, 200))),
        (Gauge::at_least(200, 150), 149, Some((Severity::Refuse, 150))),
        (Gauge::at_most(200, 300), 300, Some((Severity::Warn, 200))),
        (Gauge::at_most(200, 300), 301, Some((Severity::Refuse, 300))),
        (Gauge::off(), i64::MIN, None),
    ];
    for (gauge, measured, expected) in table {
        assert_eq!(gauge.weigh(measured), expected, "{gauge:?} at {measured}");
    }
}

#[test]
fn the_content_box_holds_the_writing_and_leaves_the_margin() {
    let content = verdict(voucher()).content;
    let pixels = content.pixels(1_700, 2_200);
    // Print from 160 to 1,360 between rules at 141 and 2,061.
    assert!((100..=165).contains(&pixels.left) && (1_355..=1_600).contains(&pixels.right), "{pixels:?}");
    assert!((120..=145).contains(&pixels.top) && (2_055..=2_085).contains(&pixels.bottom), "{pixels:?}");
}

#[test]
fn a_fingerprint_outlives_another_size_and_compression() {
    let print = |image: &DynamicImage| Measures::of(&page_of(image.clone())).fingerprint;
    let original = print(&voucher());
    let smaller = voucher().resize_exact(1_200, 1_553, image::imageops::FilterType::Triangle);
    let coarser = decoded(&encode_jpeg(&voucher(), 40)).remove(0).image;
    for (name, rendition) in [("smaller", smaller), ("coarser", coarser)] {
        let distance = fingerprint_distance(original, print(&rendition));
        assert!(distance <= 10, "{name}: {distance}");
    }
}

#[test]
fn images_of_any_odd_shape_are_judged_without_fault() {
    for (width, height) in [(1, 1), (1, 20_000), (20_000, 1), (2, 3), (17, 1_000)] {
        let image = DynamicImage::ImageLuma8(GrayImage::from_fn(width, height, |x, y| Luma([(x ^ y) as u8])));
        assert!(verdict(image).refuses() || width.max(height) >= 1_000, "{width} x {height}");
    }
}

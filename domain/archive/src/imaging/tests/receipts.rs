//! The gate on real scans, if they are at hand; and on the same scans spoiled on purpose.

use std::fs;
use std::path::PathBuf;
use std::thread;

use image::{DynamicImage, GrayImage, Luma};

use super::quality::without_corner;
use super::samples::{page_of, turned};
use crate::imaging::*;

/// The scans with their names, sorted; none if the folder is absent.
fn receipts() -> Vec<(String, DecodedPage)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images/receipts");
    let Ok(entries) = fs::read_dir(&folder) else {
        eprintln!("skipped: no scanned receipts at ../shared/data/images/receipts");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jpg"));
    files.sort();
    let read = |path: &PathBuf| {
        let bytes = fs::read(path).expect("readable");
        let page = decode(&bytes, &Limits::default()).expect("a scan is read").remove(0);
        (path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), page)
    };
    files.iter().map(read).collect()
}

#[test]
fn real_receipts_pass_the_gate() {
    let receipts = receipts();
    let mut passed = 0;
    for (name, page) in &receipts {
        let verdict = judge(page, &QualityPolicy::default());
        let measures = Measures::of(page);
        passed += usize::from(!verdict.refuses());
        println!(
            "{name} skew {:>4} sharp {:>4} ink {:>5} paper {:>3} contrast {:>3} content {:?} {:?}",
            measures.skew.unwrap_or(0),
            measures.sharpness,
            measures.ink,
            measures.paper_level,
            measures.contrast,
            measures.content,
            verdict.findings
        );
    }
    assert!(passed * 100 >= receipts.len() * 95, "{passed} of {} passed", receipts.len());
    let attachments = receipts.iter().filter(|(_, page)| !judge(page, &QualityPolicy::attachment()).refuses()).count();
    assert_eq!(attachments, receipts.len(), "as attachments all of them are good enough");
}

type Spoil = fn(&DynamicImage) -> DynamicImage;

#[test]
fn spoiled_receipts_are_found_out() {
    let receipts = receipts();
    let ways: [(FindingKind, Spoil); 5] = [
        (FindingKind::Skewed, |image| turned(image, 6.0, 250)),
        (FindingKind::Blurred, |image| image.blur(6.0)),
        (FindingKind::Blank, blank),
        (FindingKind::CutCorner, |image| without_corner(image, image.width().min(image.height()) / 4)),
        // From about 200 dpi to 60; the file does not say how large the paper is.
        (FindingKind::FewPixels, |image| image.thumbnail(image.width() * 3 / 10, image.height() * 3 / 10)),
    ];
    thread::scope(|scope| {
        for (kind, spoil) in ways {
            let receipts = &receipts;
            scope.spawn(move || assert_found(receipts, kind, spoil));
        }
    });
}

fn assert_found(receipts: &[(String, DecodedPage)], kind: FindingKind, spoil: Spoil) {
    let is_found = |page: &DecodedPage| {
        let verdict = judge(&page_of(spoil(&page.image)), &QualityPolicy::default());
        verdict.findings.iter().any(|finding| finding.kind == kind && finding.severity == Severity::Refuse)
    };
    let missed: Vec<&str> =
        receipts.iter().filter(|(_, page)| !is_found(page)).map(|(name, _)| name.as_str()).collect();
    println!("{}: {} of {} missed: {missed:?}", kind.name(), missed.len(), receipts.len());
    assert!(missed.len() * 10 <= receipts.len(), "{} missed: {missed:?}", kind.name());
}

/// The back of a sheet: paper with the scanner's noise.
fn blank(image: &DynamicImage) -> DynamicImage {
    let noise = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)) >> 7 & 7;
    DynamicImage::ImageLuma8(GrayImage::from_fn(image.width(), image.height(), |x, y| Luma([240 + noise(x, y) as u8])))
}

#[test]
fn the_same_receipt_is_recognized_and_another_is_not_mistaken_for_it() {
    let receipts = receipts();
    let prints: Vec<u64> = receipts.iter().map(|(_, page)| Measures::of(page).fingerprint).collect();
    let again = |page: &DecodedPage| {
        let smaller = page.image.resize_exact(
            page.image.width() * 4 / 5,
            page.image.height() * 4 / 5,
            image::imageops::FilterType::Triangle,
        );
        let jpeg = encode_jpeg(&turned(&smaller, 0.3, 250), 60);
        Measures::of(&decode(&jpeg, &Limits::default()).expect("just encoded").remove(0)).fingerprint
    };
    let near =
        receipts.iter().zip(&prints).filter(|((_, page), print)| fingerprint_distance(again(page), **print) <= 10);
    let recognized = near.count();
    let pairs =
        prints.iter().enumerate().flat_map(|(index, one)| prints[index + 1..].iter().map(move |other| (*one, *other)));
    let mistaken = pairs.filter(|(one, other)| fingerprint_distance(*one, *other) <= 10).count();
    println!("recognized {recognized} of {}, pairs mistaken {mistaken}", receipts.len());
    assert!(recognized * 100 >= receipts.len() * 85, "{recognized} of {} recognized", receipts.len());
    assert!(mistaken * 200 <= prints.len() * prints.len(), "{mistaken} pairs mistaken");
}

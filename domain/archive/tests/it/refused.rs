//! Files that are refused: with the right code, and without a byte or a row left behind.

use crate::desk::{Counter, refusal};
use crate::pictures::{blank, page, pdf_bomb, png, png_bomb, sheet, tiff};
use image::imageops::FilterType;
use kernel::Code;

async fn check(name: &str, file: Vec<u8>, code: Code, words: [&str; 2]) {
    let counter = Counter::new().await;
    let refused = refusal(counter.takes_in(file).await);
    assert_eq!(refused.code, code, "{name}: {refused}");
    assert!(refused.zh().contains(words[0]), "{name}: {}", refused.zh());
    assert!(refused.en().contains(words[1]), "{name}: {}", refused.en());
    assert_eq!(counter.objects(), Vec::<std::path::PathBuf>::new(), "{name} left a byte");
    assert_eq!(counter.rows().await, (0, 0), "{name} left a row");
}

/// A good picture that is followed by what a scanner would never write, up to so many bytes.
fn padded(bytes: usize) -> Vec<u8> {
    let mut file = page(1);
    file.resize(bytes, 0);
    file
}

#[tokio::test]
async fn a_file_of_21_megabytes_is_too_large() {
    check("21 MB", padded(21 * 1024 * 1024), Code::ImageTooLarge, ["21 MB，上限 20 MB", "21 MB, the limit is 20 MB"])
        .await;
}

#[tokio::test]
async fn a_file_of_200_megabytes_is_too_large() {
    check("200 MB", vec![0xFF; 200 * 1024 * 1024], Code::ImageTooLarge, ["上限", "the limit is"]).await;
}

#[tokio::test]
async fn a_file_that_unpacks_beyond_all_measure_is_too_large() {
    check("a PNG of 60,000 pixels squared", png_bomb(), Code::ImageTooLarge, ["60000×60000", "60000 x 60000"]).await;
    let bomb = pdf_bomb(300);
    assert!(bomb.len() < 1024 * 1024, "small from outside: {} bytes", bomb.len());
    check("a PDF of 300 MiB of zeros", bomb, Code::ImageTooLarge, ["压缩数据", "unpack"]).await;
}

#[tokio::test]
async fn a_file_of_another_type_is_not_supported_whatever_it_is_called() {
    let files: [(&str, &[u8]); 5] = [
        ("a program", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("a web page", b"<!DOCTYPE html><html></html>"),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a GIF", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"),
        ("an archive", b"PK\x03\x04\x14\x00\x00\x00"),
    ];
    for (name, file) in files {
        check(name, file.to_vec(), Code::UnsupportedImage, ["JPEG", "neither JPEG"]).await;
    }
}

#[tokio::test]
async fn a_file_that_ends_too_early_or_is_empty_is_broken() {
    check("an empty file", Vec::new(), Code::BrokenImage, ["文件为空", "empty"]).await;
    let whole = page(1);
    for tenth in [3, 5, 9] {
        let cut = whole[..whole.len() * tenth / 10].to_vec();
        check("a PNG cut short", cut, Code::BrokenImage, ["第 1 页", "page 1"]).await;
    }
    let jpeg = archive::imaging::encode_jpeg(&sheet(1), 85);
    check("a JPEG cut short", jpeg[..jpeg.len() / 2].to_vec(), Code::BrokenImage, ["第 1 页", "page 1"]).await;
}

#[tokio::test]
async fn a_page_of_poor_quality_is_refused_with_what_is_wrong_and_where() {
    check("a blank page", blank(), Code::PoorImage, ["空白页", "blank page"]).await;
    let small = png(&sheet(1).resize_exact(600, 388, FilterType::Triangle));
    check("a page of few pixels", small, Code::PoorImage, ["分辨率不足", "resolution too low"]).await;
    let counter = Counter::new().await;
    let one_bad = tiff(&[sheet(1), image::load_from_memory(&blank()).expect("a picture"), sheet(2)]);
    let refused = refusal(counter.takes_in(one_bad).await);
    assert_eq!((refused.code, refused.field.as_deref()), (Code::PoorImage, Some("page 2")));
    assert_eq!(
        (counter.objects().len(), counter.rows().await),
        (0, (0, 0)),
        "the good pages beside it are not kept either"
    );
}

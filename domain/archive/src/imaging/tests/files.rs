use image::{DynamicImage, GrayImage, Luma};
use tiff::encoder::{Compression, DeflateLevel};

use super::samples::*;
use crate::imaging::*;

#[test]
fn the_first_bytes_say_what_a_file_is() {
    let table: [(&[u8], Option<MediaType>); 9] = [
        (b"\xFF\xD8\xFF\xE0....", Some(MediaType::Jpeg)),
        (b"\x89PNG\r\n\x1a\n....", Some(MediaType::Png)),
        (b"II*\0....", Some(MediaType::Tiff)),
        (b"MM\0*....", Some(MediaType::Tiff)),
        (b"%PDF-1.7", Some(MediaType::Pdf)),
        (b"\n\n%PDF-1.4", Some(MediaType::Pdf)),
        (b"GIF89a", None),
        (b"<html>", None),
        (b"", None),
    ];
    for (bytes, expected) in table {
        assert_eq!(sniff(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let far = [vec![b' '; 1024], b"%PDF-1.4".to_vec()].concat();
    assert_eq!(sniff(&far), None, "the header of a PDF stands in its first 1024 bytes");
}

#[test]
fn a_file_of_each_kind_is_read() {
    for (name, file) in good_files() {
        let pages = decoded(&file);
        assert_eq!(pages.len(), if matches!(name, "TIFF" | "PDF") { 2 } else { 1 }, "{name}");
        for (expected, page) in (1..).zip(&pages) {
            assert_eq!(page.page_no, expected, "{name}");
        }
    }
    let page = decoded(&png(&small())).remove(0);
    assert_eq!(page.image, small());
}

#[test]
fn transparent_parts_show_white_paper() {
    let clear = image::RgbaImage::from_pixel(9, 9, image::Rgba([200, 0, 0, 0]));
    let page = decoded(&png(&DynamicImage::ImageRgba8(clear))).remove(0);
    assert_eq!(page.image.to_rgb8().get_pixel(4, 4).0, [255, 255, 255]);
    let half = image::GrayAlphaImage::from_pixel(9, 9, image::LumaA([0, 128]));
    let page = decoded(&png(&DynamicImage::ImageLumaA8(half))).remove(0);
    assert_eq!(page.image.to_luma8().get_pixel(4, 4).0, [127]);
}

#[test]
fn a_photograph_taken_sideways_is_turned_upright() {
    let lying = with_jpeg_segment(&encode_jpeg(&small(), 90), 0xE1, &exif(6, 300));
    let page = decoded(&lying).remove(0);
    assert_eq!((page.image.width(), page.image.height()), (40, 60));
    assert_eq!((page.dpi, page.dpi_stated), (Some(300), true));
}

#[test]
fn the_stated_resolution_is_read_and_a_meaningless_one_is_not_believed() {
    let jfif = |unit: u8, density: u16| {
        let [high, low] = density.to_be_bytes();
        let header = [b"JFIF\0\x01\x02".as_slice(), &[unit, high, low, high, low, 0, 0]].concat();
        let plain = encode_jpeg(&small(), 85);
        with_jpeg_segment(&plain, 0xE0, &header)
    };
    let phys = |per_meter: u32, unit: u8| {
        let data = [per_meter.to_be_bytes().as_slice(), &per_meter.to_be_bytes(), &[unit]].concat();
        with_png_chunk(&png(&small()), b"pHYs", &data)
    };
    let gray = small().into_luma8();
    let table = [
        ("JFIF, 200 per inch", jfif(1, 200), Some(200)),
        ("JFIF, 118 per centimeter", jfif(2, 118), Some(300)),
        ("JFIF, aspect only", jfif(0, 1), None),
        ("JFIF, a program's 72", jfif(1, 72), None),
        ("JFIF, a program's 96", jfif(1, 96), None),
        ("PNG, 11811 per meter", phys(11_811, 1), Some(300)),
        ("PNG, no unit", phys(11_811, 0), None),
        ("TIFF, 300 per inch", tiff_pages(&[(gray, Compression::Lzw)]), Some(300)),
        ("PDF, drawn", pdf_pages(1), Some(200)),
        ("PDF, a scan in 100 dpi", pdf_of_image(GRAY_IMAGE_400_BY_300, &vec![200; 120_000]), Some(100)),
    ];
    for (name, file, expected) in table {
        let page = decoded(&file).remove(0);
        assert_eq!(page.dpi, expected, "{name}");
        assert_eq!(page.dpi_stated, expected.is_some(), "{name}");
    }
}

const GRAY_IMAGE_400_BY_300: &str = "/Width 400 /Height 300 /ColorSpace /DeviceGray /BitsPerComponent 8";

#[test]
fn without_a_statement_a_sheet_of_the_shape_of_a4_is_taken_for_one() {
    let a4 = DynamicImage::ImageLuma8(GrayImage::from_pixel(827, 1_169, Luma([250])));
    let page = decoded(&png(&a4)).remove(0);
    assert_eq!((page.dpi, page.dpi_stated), (Some(100), false));
}

#[test]
fn every_page_of_a_tiff_comes_in_order_whatever_its_compression() {
    let compressions = [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Balanced),
        Compression::Packbits,
    ];
    let pages: Vec<(GrayImage, Compression)> = (10_u8..)
        .zip(compressions)
        .map(|(level, compression)| (GrayImage::from_fn(90, 50, |x, _| Luma([level + x as u8])), compression))
        .collect();
    let read = decoded(&tiff_pages(&pages));
    assert_eq!(read.len(), 4);
    for (page, (expected, _)) in read.iter().zip(&pages) {
        assert_eq!(page.image.as_luma8(), Some(expected), "page {}", page.page_no);
    }
}

/// A black bar from (8, 4) to (23, 11) on 32 by 16 pixels, as libtiff packs it.
const G4_BAR: [u8; 10] = [0xF3, 0x30, 0x5F, 0xFF, 0xFF, 0xF1, 0xF0, 0x01, 0x00, 0x10];

#[test]
fn a_fax_page_of_one_bit_comes_out_black_on_white() {
    let fax = tiff_by_hand(
        &G4_BAR,
        &[(256, 32), (257, 16), (258, 1), (259, 4), (262, 0), (273, 8), (277, 1), (278, 16), (279, 10)],
    );
    let bits: Vec<u8> =
        (0..16).flat_map(|y| if (4..12).contains(&y) { [0xFF, 0, 0, 0xFF] } else { [0xFF; 4] }).collect();
    let plain = tiff_by_hand(
        &bits,
        &[(256, 32), (257, 16), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 16), (279, 64)],
    );
    let expected =
        GrayImage::from_fn(32, 16, |x, y| Luma([if (8..24).contains(&x) && (4..12).contains(&y) { 0 } else { 255 }]));
    for (name, file) in [("G4, white is zero", fax), ("uncompressed, black is zero", plain)] {
        assert_eq!(decoded(&file).remove(0).image.as_luma8(), Some(&expected), "{name}");
    }
}

#[test]
fn a_bilevel_row_that_ends_within_a_byte_is_not_shifted() {
    let file = tiff_by_hand(
        &[0b1010_1010, 0b1100_0000, 0b0101_0101, 0b0100_0000],
        &[(256, 10), (257, 2), (258, 1), (259, 1), (262, 1), (273, 8), (277, 1), (278, 2), (279, 4)],
    );
    let page = decoded(&file).remove(0).image.into_luma8();
    let row = |y| (0..10).map(|x| page.get_pixel(x, y).0[0] / 255).collect::<Vec<u8>>();
    assert_eq!(row(0), [1, 0, 1, 0, 1, 0, 1, 0, 1, 1]);
    assert_eq!(row(1), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
}

#[test]
fn a_pdf_is_drawn_in_200_dpi_on_white() {
    let page = decoded(&pdf_pages(1)).remove(0);
    assert_eq!((page.image.width(), page.image.height()), (800, 600));
    let pixels = page.image.to_rgb8();
    assert_eq!(pixels.get_pixel(25, 300).0, [0, 0, 0], "the bar");
    assert_eq!(pixels.get_pixel(700, 100).0, [255, 255, 255], "the paper");
    let text = pixels.enumerate_pixels().filter(|(x, _, pixel)| *x > 100 && pixel.0[0] < 100).count();
    assert!(text > 1_000, "the line of text has only {text} dark pixels");
}

#[test]
fn a_scan_within_a_pdf_is_drawn() {
    let jpeg = encode_jpeg(&DynamicImage::ImageLuma8(GrayImage::from_pixel(400, 300, Luma([90]))), 90);
    let file = pdf_of_image(&format!("{GRAY_IMAGE_400_BY_300} /Filter /DCTDecode"), &jpeg);
    let page = decoded(&file).remove(0);
    let level = page.image.to_luma8().get_pixel(400, 300).0[0];
    assert!((85..=95).contains(&level), "level {level}");
}

#[test]
fn each_thing_that_can_be_wrong_has_its_own_refusal() {
    let limits = Limits { max_bytes: 1_000_000, max_pages: 2, ..Limits::default() };
    let gray = small().into_luma8();
    let three = || (0..3).map(|_| (gray.clone(), Compression::Lzw)).collect::<Vec<_>>();
    let jpeg = encode_jpeg(&small(), 85);
    let page_tags = |width, height, compression| {
        [
            (256, width),
            (257, height),
            (258, 8),
            (259, compression),
            (262, 1),
            (273, 8),
            (277, 1),
            (278, height),
            (279, 4),
        ]
    };
    let table: Vec<(&str, Vec<u8>, ImageRefusal)> = vec![
        ("nothing", vec![], ImageRefusal::Empty),
        ("too large", vec![0; 1_000_001], ImageRefusal::TooManyBytes { bytes: 1_000_001, limit: 1_000_000 }),
        ("a GIF named .jpg", b"GIF89a....".to_vec(), ImageRefusal::UnknownType),
        ("a JPEG cut off", jpeg[..jpeg.len() - 2].to_vec(), ImageRefusal::Truncated { page: 1 }),
        ("a TIFF of three pages", tiff_pages(&three()), ImageRefusal::TooManyPages { pages: 3, limit: 2 }),
        ("a PDF of three pages", pdf_pages(3), ImageRefusal::TooManyPages { pages: 3, limit: 2 }),
        (
            "a TIFF of ten thousand pixels squared",
            tiff_by_hand(&[0; 4], &page_tags(10_000, 10_000, 1)),
            ImageRefusal::TooManyPixels { page: 1, width: 10_000, height: 10_000, limit: 60_000_000 },
        ),
        (
            "a TIFF of a mile",
            tiff_by_hand(&[0; 4], &page_tags(100, 90_000, 1)),
            ImageRefusal::TooLong { page: 1, width: 100, height: 90_000, limit: 20_000 },
        ),
        (
            "a TIFF in a private compression",
            tiff_by_hand(&[0; 4], &page_tags(2, 2, 34_712)),
            ImageRefusal::Unsupported { page: 1, feature: "this form of TIFF" },
        ),
        ("a PDF that is cut off", pdf_pages(2)[..800].to_vec(), ImageRefusal::Truncated { page: 2 }),
        ("a PDF that is encrypted", encrypted_pdf(), ImageRefusal::Encrypted),
        (
            "a PDF without pages",
            pdf(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec()]),
            ImageRefusal::NoPages,
        ),
        ("a PDF of nothing", b"%PDF-1.4\n%%EOF\n".to_vec(), ImageRefusal::Broken { page: 1 }),
    ];
    for (name, file, expected) in table {
        assert_eq!(decode(&file, &limits).err(), Some(expected), "{name}");
    }
}

fn encrypted_pdf() -> Vec<u8> {
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec(),
        b"<< /Filter /Standard /V 1 /R 2 /O <00> /U <00> /P -44 >>".to_vec(),
    ];
    pdf_with_trailer(&objects, "/Encrypt 3 0 R /ID [<00> <00>]")
}

#[test]
fn pages_that_are_too_much_together_are_refused_before_any_is_decoded() {
    let limits = Limits { max_decoded_bytes: 5_000, ..Limits::default() };
    let gray = GrayImage::from_pixel(60, 40, Luma([9]));
    let pages: Vec<_> = (0..3).map(|_| (gray.clone(), Compression::Lzw)).collect();
    assert_eq!(
        decode(&tiff_pages(&pages), &limits).err(),
        Some(ImageRefusal::TooMuchTogether { page: 3, limit: 5_000 })
    );
}

#[test]
fn the_damaged_page_is_named() {
    let gray = GrayImage::from_fn(90, 50, |x, y| Luma([(x * y) as u8]));
    let deflate = Compression::Deflate(DeflateLevel::Balanced);
    let mut file = tiff_pages(&[(gray.clone(), Compression::Lzw), (gray, deflate)]);
    let start = file.windows(2).rposition(|pair| pair[0] == 0x78 && pair[1].is_multiple_of(2)).map(|at| at + 20);
    let at = start.expect("the second page is deflated");
    for byte in &mut file[at..at + 40] {
        *byte ^= 0x5A;
    }
    let refusal = decode(&file, &Limits::default()).err();
    assert!(
        matches!(refusal, Some(ImageRefusal::Broken { page: 2 } | ImageRefusal::Truncated { page: 2 })),
        "{refusal:?}"
    );
}

#[test]
fn a_pdf_that_leaves_its_chinese_font_to_the_reader_is_refused_and_not_shown_without_text() {
    let file = pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 216] /Contents 4 0 R \
          /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_vec(),
        stream("", b"BT /F1 24 Tf 60 100 Td <D6D0B9FA> Tj ET"),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /GBK-EUC-H /DescendantFonts [6 0 R] >>"
            .to_vec(),
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light \
          /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R >>"
            .to_vec(),
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 \
          /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_vec(),
    ]);
    assert_eq!(decode(&file, &Limits::default()).err(), Some(ImageRefusal::FontMissing { page: 1 }));
}

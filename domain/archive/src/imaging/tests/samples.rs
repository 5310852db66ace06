//! Files that the tests make themselves.

use std::io::{Cursor, Write};

use flate2::Compression as Deflate;
use flate2::write::ZlibEncoder;
use font8x8::{BASIC_FONTS, UnicodeFonts};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use tiff::encoder::{Compression, Rational, TiffEncoder, colortype};
use tiff::tags::ResolutionUnit;

use crate::imaging::{DecodedPage, Limits, decode, encode_jpeg};

/// A voucher as a scanner in 200 dpi sees it: A4, lines of print, a frame.
pub fn voucher() -> DynamicImage {
    voucher_number(1)
}

/// Vouchers of the same form with different entries.
pub fn voucher_number(number: u32) -> DynamicImage {
    let mut page = GrayImage::from_pixel(1_700, 2_200, Luma([246]));
    for line in 0..28 {
        let entry = (line * 7_919 + number * 104_729) % 1_000_000;
        let text = format!("{line:02} PAYER ACCOUNT 6222 02{entry:06} AMOUNT {entry}.00 YUAN");
        print(&mut page, 160, 180 + line * 66, 3, &text);
    }
    for x in 120..1_580 {
        for y in [140, 141, 142, 2_060, 2_061, 2_062] {
            page.put_pixel(x, y, Luma([40]));
        }
    }
    DynamicImage::ImageLuma8(page)
}

fn print(page: &mut GrayImage, left: u32, top: u32, scale: u32, text: &str) {
    for (index, character) in (0_u32..).zip(text.chars()) {
        for (row, bits) in (0_u32..).zip(BASIC_FONTS.get(character).unwrap_or_default()) {
            for column in (0..8_u32).filter(|column| bits >> column & 1 == 1) {
                let (x, y) = (left + (index * 8 + column) * scale, top + row * scale);
                for (dx, dy) in (0..scale).flat_map(|dy| (0..scale).map(move |dx| (dx, dy))) {
                    if x + dx < page.width() && y + dy < page.height() {
                        page.put_pixel(x + dx, y + dy, Luma([30]));
                    }
                }
            }
        }
    }
}

/// Turned about the middle by nearest pixels in steps of 1/65536: many scans in seconds even in a slow build.
pub fn turned(image: &DynamicImage, degrees: f64, surround: u8) -> DynamicImage {
    let source = image.to_luma8();
    let (width, height) = (i64::from(source.width()), i64::from(source.height()));
    let unit = |value: f64| (value * 65_536.0) as i64;
    let (sine, cosine) = (unit(degrees.to_radians().sin()), unit(degrees.to_radians().cos()));
    let mut pixels = vec![surround; source.as_raw().len()];
    for (y, row) in (0_i64..).zip(pixels.chunks_exact_mut(width as usize)) {
        let (across, down) = (-width / 2, y - height / 2);
        let mut from_x = across * cosine + down * sine + (width << 15);
        let mut from_y = down * cosine - across * sine + (height << 15);
        for pixel in row {
            let (x, y) = (from_x >> 16, from_y >> 16);
            if x >= 0 && x < width && y >= 0 && y < height {
                *pixel = source.as_raw()[(y * width + x) as usize];
            }
            from_x += cosine;
            from_y -= sine;
        }
    }
    DynamicImage::ImageLuma8(GrayImage::from_raw(source.width(), source.height(), pixels).expect("same size"))
}

/// A page as `decode` would give it, with nothing stated of its resolution.
pub fn page_of(image: DynamicImage) -> DecodedPage {
    DecodedPage { image, dpi: None, dpi_stated: false, page_no: 1 }
}

pub fn small() -> DynamicImage {
    DynamicImage::ImageRgb8(image::RgbImage::from_fn(60, 40, |x, y| image::Rgb([(x * 4) as u8, (y * 6) as u8, 90])))
}

pub fn png(image: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).expect("an image becomes a PNG");
    file.into_inner()
}

/// A chunk inserted behind the PNG's header, with its right checksum.
pub fn with_png_chunk(png: &[u8], kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    const BEHIND_HEADER: usize = 8 + 25;
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let length = u32::try_from(data.len()).expect("a chunk is short");
    [&png[..BEHIND_HEADER], &length.to_be_bytes(), kind, data, &crc.sum().to_be_bytes(), &png[BEHIND_HEADER..]].concat()
}

/// A JPEG with an application segment right behind its start.
pub fn with_jpeg_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("a segment is short");
    [&jpeg[..2], &[0xFF, marker], &length.to_be_bytes(), data, &jpeg[2..]].concat()
}

/// An Exif block that states an orientation and a resolution per inch.
pub fn exif(orientation: u16, dpi: u32) -> Vec<u8> {
    let mut block = b"Exif\0\0MM\0*\0\0\0\x08\0\x03".to_vec();
    block.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1]);
    block.extend(orientation.to_be_bytes());
    block.extend([0, 0]);
    block.extend([0x01, 0x1A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50]);
    block.extend([0x01, 0x28, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0]);
    block.extend([0, 0, 0, 0]);
    block.extend(dpi.to_be_bytes());
    block.extend(1_u32.to_be_bytes());
    block
}

/// A TIFF with a page for each compression, 8 bits gray, 300 dpi.
pub fn tiff_pages(pages: &[(GrayImage, Compression)]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    for (index, (page, compression)) in pages.iter().enumerate() {
        let mut encoder = if index == 0 {
            TiffEncoder::new(&mut file).expect("a TIFF starts")
        } else {
            break;
        }
        .with_compression(*compression);
        write_gray(&mut encoder, page);
        for (page, compression) in &pages[1..] {
            encoder = encoder.with_compression(*compression);
            write_gray(&mut encoder, page);
        }
    }
    file.into_inner()
}

fn write_gray(encoder: &mut TiffEncoder<&mut Cursor<Vec<u8>>>, page: &GrayImage) {
    let mut image = encoder.new_image::<colortype::Gray8>(page.width(), page.height()).expect("a page starts");
    image.resolution(ResolutionUnit::Inch, Rational { n: 300, d: 1 });
    image.write_data(page.as_raw()).expect("a page is written");
}

/// A TIFF directory by hand: tags with one value each, which may point into `data` (at offset 8).
pub fn tiff_by_hand(data: &[u8], tags: &[(u16, u32)]) -> Vec<u8> {
    let mut file = b"II*\0".to_vec();
    let directory = 8 + u32::try_from(data.len()).expect("small") + (data.len() % 2) as u32;
    file.extend(directory.to_le_bytes());
    file.extend(data);
    file.extend(vec![0; data.len() % 2]);
    file.extend(u16::try_from(tags.len()).expect("few").to_le_bytes());
    for (tag, value) in tags {
        file.extend(tag.to_le_bytes());
        file.extend(4_u16.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend([0; 4]);
    file
}

/// Objects of a PDF in order, numbered from one, the first being the catalog; with a right cross-reference table.
pub fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    pdf_with_trailer(objects, "")
}

pub fn pdf_with_trailer(objects: &[Vec<u8>], extra: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for offset in offsets {
        file.extend(format!("{offset:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    file.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {extra} >>\nstartxref\n{start}\n%%EOF\n").bytes());
    file
}

pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    [format!("<< {dictionary} /Length {} >>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

/// Pages of 4 by 3 inches with a line of text in Helvetica and a black bar a quarter of an inch wide on the left.
pub fn pdf_pages(count: usize) -> Vec<u8> {
    let kids: String = (0..count).map(|page| format!("{} 0 R ", 4 + page * 2)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>").into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    for page in 0..count {
        let content = 5 + page * 2;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 216] /Contents {content} 0 R \
                 /Resources << /Font << /F1 3 0 R >> >> >>"
            )
            .into_bytes(),
        );
        objects.push(stream("", b"0 0 18 216 re f BT /F1 24 Tf 60 100 Td (Voucher 4711) Tj ET"));
    }
    pdf(&objects)
}

/// One page of 4 by 3 inches that shows one image object, given as its dictionary and data.
pub fn pdf_of_image(dictionary: &str, data: &[u8]) -> Vec<u8> {
    pdf(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 216] /Contents 4 0 R \
          /Resources << /XObject << /Im1 5 0 R >> >> >>"
            .to_vec(),
        stream("", b"q 288 0 0 216 0 0 cm /Im1 Do Q"),
        stream(&format!("/Type /XObject /Subtype /Image {dictionary}"), data),
    ])
}

pub fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Deflate::best());
    encoder.write_all(data).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// So many mebibytes of zeros, deflated.
pub fn deflated_zeros(mebibytes: usize) -> Vec<u8> {
    let block = vec![0; 1024 * 1024];
    let mut encoder = ZlibEncoder::new(Vec::new(), Deflate::best());
    for _ in 0..mebibytes {
        encoder.write_all(&block).expect("memory takes it");
    }
    encoder.finish().expect("memory takes it")
}

/// One good file of each kind with what to call it.
pub fn good_files() -> Vec<(&'static str, Vec<u8>)> {
    let gray = small().into_luma8();
    vec![
        ("JPEG", encode_jpeg(&small(), 85)),
        ("PNG", png(&small())),
        ("TIFF", tiff_pages(&[(gray.clone(), Compression::Lzw), (gray, Compression::Packbits)])),
        ("PDF", pdf_pages(2)),
    ]
}

pub fn decoded(file: &[u8]) -> Vec<DecodedPage> {
    decode(file, &Limits::default()).expect("the file is good")
}

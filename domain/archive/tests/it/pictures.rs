//! Files that outlets send: good pages, and the same sheet in other forms.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use std::io::{Cursor, Write};

/// A sharp, level sheet of 1700 by 1100 pixels with rows of ink, different for every seed.
pub fn sheet(seed: u64) -> DynamicImage {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut image = GrayImage::from_pixel(1700, 1100, Luma([244]));
    for row in 0..18 {
        let mut left = 80;
        while left < 1600 {
            let (width, height) = (6 + (next() % 10) as u32, 14 + (next() % 20) as u32);
            for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
                image.put_pixel(left + x, 60 + row * 56 + y, Luma([28]));
            }
            left += width + 8 + (next() % 24) as u32;
        }
    }
    DynamicImage::ImageLuma8(image)
}

pub fn png(image: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, ImageFormat::Png).expect("a picture is written");
    file.into_inner()
}

/// A page as an outlet sends it.
pub fn page(seed: u64) -> Vec<u8> {
    png(&sheet(seed))
}

/// A scan with nothing on it.
pub fn blank() -> Vec<u8> {
    png(&DynamicImage::ImageLuma8(GrayImage::from_pixel(1700, 1100, Luma([244]))))
}

/// Several sheets in one file.
pub fn tiff(sheets: &[DynamicImage]) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut file).expect("a TIFF starts");
    for sheet in sheets {
        let gray = sheet.to_luma8();
        encoder
            .write_image::<tiff::encoder::colortype::Gray8>(gray.width(), gray.height(), gray.as_raw())
            .expect("a page is written");
    }
    file.into_inner()
}

/// So many mebibytes of zeros, deflated to a thousandth.
pub fn deflated_zeros(mebibytes: usize) -> Vec<u8> {
    let block = vec![0; 1024 * 1024];
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..mebibytes {
        encoder.write_all(&block).expect("memory takes it");
    }
    encoder.finish().expect("memory takes it")
}

/// A PDF of one page whose content unpacks to so many mebibytes.
pub fn pdf_bomb(mebibytes: usize) -> Vec<u8> {
    let content = deflated_zeros(mebibytes);
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 288 216] /Contents 4 0 R >>".to_vec(),
        [
            format!("<< /Filter /FlateDecode /Length {} >>\nstream\n", content.len()).as_bytes(),
            &content,
            b"\nendstream",
        ]
        .concat(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend([format!("{number} 0 obj\n").as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = file.len();
    let size = objects.len() + 1;
    file.extend(format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}

/// A PNG that says to be 60,000 pixels wide and high, and carries a gigabyte of zeros in a megabyte.
pub fn png_bomb() -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        let length = u32::try_from(data.len()).expect("a chunk is short");
        [&length.to_be_bytes(), kind.as_slice(), data, &crc.sum().to_be_bytes()].concat()
    };
    let side = 60_000_u32.to_be_bytes();
    let header = [&side, side.as_slice(), &[8, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", &deflated_zeros(64)), chunk(b"IEND", &[])]
        .concat()
}

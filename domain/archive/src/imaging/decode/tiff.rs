//! TIFF of one or several pages, as scanners and fax servers write it.

use std::io::Cursor;

use image::{DynamicImage, GrayImage, RgbImage};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::raster::{jpeg_size, plain};
use super::{Budget, DecodedPage, ImageRefusal, Limits, check_size, finished, resolution};

type TiffFile<'a> = Decoder<Cursor<&'a [u8]>>;

/// All pages; reduced copies of a page (TIFF 6.0, tag 254) are passed over.
///
/// The first walk reads directories only, so that size and count are refused before any page is decoded.
pub(super) fn decode_tiff(bytes: &[u8], limits: &Limits) -> Result<Vec<DecodedPage>, ImageRefusal> {
    let mut wanted = Vec::new();
    let mut budget = Budget::new(limits);
    let mut file = open(bytes, limits, 1)?;
    let mut directory = 0;
    loop {
        let page = u32::try_from(wanted.len() + 1).unwrap_or(u32::MAX);
        if !is_reduced_copy(&mut file, page)? {
            if page > limits.max_pages {
                return Err(ImageRefusal::TooManyPages { pages: page, limit: limits.max_pages });
            }
            let (width, height) = file.dimensions().map_err(refused(page))?;
            check_size(page, width, height, limits)?;
            budget.take(page, decoded_bytes(&mut file, page)?)?;
            check_jpeg_chunks(&mut file, bytes, page, limits)?;
            wanted.push(directory);
        }
        if !file.more_images() {
            break;
        }
        directory += 1;
        if directory > 2 * limits.max_pages as usize {
            return Err(ImageRefusal::TooManyPages { pages: page, limit: limits.max_pages });
        }
        file.next_image().map_err(refused(page + 1))?;
    }
    let mut file = open(bytes, limits, 1)?;
    let mut pages = Vec::with_capacity(wanted.len());
    for (page, directory) in (1..).zip(wanted) {
        file.seek_to_image(directory).map_err(refused(page))?;
        let stated = stated_dpi(&mut file, page)?;
        pages.push(finished(decode_page(&mut file, page)?, stated, page));
    }
    Ok(pages)
}

fn open<'a>(bytes: &'a [u8], limits: &Limits, page: u32) -> Result<TiffFile<'a>, ImageRefusal> {
    let most = usize::try_from(limits.max_decoded_bytes).unwrap_or(usize::MAX);
    let mut decoder_limits = tiff::decoder::Limits::default();
    decoder_limits.decoding_buffer_size = most;
    decoder_limits.intermediate_buffer_size = most;
    let file = Decoder::new(Cursor::new(bytes)).map_err(refused(page))?;
    Ok(file.with_limits(decoder_limits))
}

fn is_reduced_copy(file: &mut TiffFile<'_>, page: u32) -> Result<bool, ImageRefusal> {
    let kind: Option<u32> = file.find_tag_unsigned(Tag::NewSubfileType).map_err(refused(page))?;
    Ok(kind.is_some_and(|bits| bits & 1 == 1))
}

/// Bytes of the page in memory: what the decoder yields and what it becomes, whichever is more.
fn decoded_bytes(file: &mut TiffFile<'_>, page: u32) -> Result<u64, ImageRefusal> {
    let (width, height) = file.dimensions().map_err(refused(page))?;
    let channels = match file.colortype().map_err(refused(page))? {
        ColorType::Gray(_) => 1,
        _ => 3,
    };
    let raw = file.image_buffer_layout().map_err(refused(page))?.complete_len as u64;
    Ok(raw.max(u64::from(width) * u64::from(height) * channels))
}

/// JPEG strips and tiles have sizes of their own, and the decoder believes them.
fn check_jpeg_chunks(file: &mut TiffFile<'_>, bytes: &[u8], page: u32, limits: &Limits) -> Result<(), ImageRefusal> {
    const JPEG: u16 = 7;
    let compression: Option<u16> = file.find_tag_unsigned(Tag::Compression).map_err(refused(page))?;
    if compression != Some(JPEG) {
        return Ok(());
    }
    for tag in [Tag::StripOffsets, Tag::TileOffsets] {
        let offsets: Option<Vec<u64>> = file.find_tag_unsigned_vec(tag).map_err(refused(page))?;
        for offset in offsets.into_iter().flatten() {
            let chunk = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..));
            if let Some((width, height)) = chunk.and_then(jpeg_size) {
                check_size(page, width, height, limits)?;
            }
        }
    }
    Ok(())
}

fn stated_dpi(file: &mut TiffFile<'_>, page: u32) -> Result<Option<u32>, ImageRefusal> {
    let unit = file.find_tag_unsigned(Tag::ResolutionUnit).map_err(refused(page))?.unwrap_or(2);
    let Some(value) = file.find_tag(Tag::XResolution).map_err(refused(page))? else { return Ok(None) };
    Ok(match value {
        tiff::decoder::ifd::Value::Rational(numerator, denominator) => {
            resolution::of_tiff(numerator, denominator, unit)
        }
        _ => None,
    })
}

fn decode_page(file: &mut TiffFile<'_>, page: u32) -> Result<DynamicImage, ImageRefusal> {
    const SEPARATE_PLANES: u16 = 2;
    let (width, height) = file.dimensions().map_err(refused(page))?;
    let color = file.colortype().map_err(refused(page))?;
    let planes: Option<u16> = file.find_tag_unsigned(Tag::PlanarConfiguration).map_err(refused(page))?;
    if planes == Some(SEPARATE_PLANES) && color.num_samples() > 1 {
        return Err(ImageRefusal::Unsupported { page, feature: "a TIFF with separate color planes" });
    }
    let samples = match file.read_image().map_err(refused(page))? {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.into_iter().map(|wide| wide.to_be_bytes()[0]).collect(),
        _ => return Err(ImageRefusal::Unsupported { page, feature: "this sample format of TIFF" }),
    };
    let image = match color {
        ColorType::Gray(bits @ (1 | 2 | 4)) => gray(width, height, unpacked(&samples, width, bits)),
        ColorType::Gray(8 | 16) => gray(width, height, samples),
        ColorType::RGB(8 | 16) => rgb(width, height, samples),
        ColorType::YCbCr(8) => rgb(width, height, samples.chunks_exact(3).flat_map(ycbcr).collect()),
        ColorType::CMYK(8) => rgb(width, height, samples.chunks_exact(4).flat_map(cmyk).collect()),
        ColorType::RGBA(8 | 16) => image::RgbaImage::from_raw(width, height, samples).map(DynamicImage::ImageRgba8),
        _ => return Err(ImageRefusal::Unsupported { page, feature: "this color model of TIFF" }),
    };
    plain(image.ok_or(ImageRefusal::Broken { page })?, page)
}

fn gray(width: u32, height: u32, samples: Vec<u8>) -> Option<DynamicImage> {
    GrayImage::from_raw(width, height, samples).map(DynamicImage::ImageLuma8)
}

fn rgb(width: u32, height: u32, samples: Vec<u8>) -> Option<DynamicImage> {
    RgbImage::from_raw(width, height, samples).map(DynamicImage::ImageRgb8)
}

/// One byte a pixel from 1, 2 or 4 bits a pixel; a table a byte, because a fax page has ten million pixels.
fn unpacked(packed: &[u8], width: u32, bits: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let most = (1_u16 << bits) - 1;
    let table: Vec<Vec<u8>> = (0..=255_u16)
        .map(|byte| {
            let level = |slot: usize| (byte >> (8 - usize::from(bits) * (slot + 1))) & most;
            (0..per_byte).map(|slot| u8::try_from(level(slot) * 255 / most).unwrap_or(u8::MAX)).collect()
        })
        .collect();
    let width = width as usize;
    let stride = width.div_ceil(per_byte);
    let mut pixels = Vec::with_capacity(packed.len() / stride * width + per_byte);
    for row in packed.chunks_exact(stride) {
        let end = pixels.len() + width;
        for byte in row {
            pixels.extend_from_slice(&table[usize::from(*byte)]);
        }
        pixels.truncate(end);
    }
    pixels
}

/// Full-range YCbCr of JPEG (ITU-T T.871, 7) in integers of 1/65536.
fn ycbcr(pixel: &[u8]) -> [u8; 3] {
    let (luma, blue, red) = (i32::from(pixel[0]) << 16, i32::from(pixel[1]) - 128, i32::from(pixel[2]) - 128);
    let channel = |value: i32| u8::try_from(((value + 32_768) >> 16).clamp(0, 255)).unwrap_or(u8::MAX);
    [channel(luma + 91_881 * red), channel(luma - 22_554 * blue - 46_802 * red), channel(luma + 116_130 * blue)]
}

/// Naive separation without a profile: good enough to read a voucher.
fn cmyk(pixel: &[u8]) -> [u8; 3] {
    let key = 255 - u32::from(pixel[3]);
    [0, 1, 2].map(|ink| u8::try_from((255 - u32::from(pixel[ink])) * key / 255).unwrap_or(u8::MAX))
}

fn refused(page: u32) -> impl Fn(TiffError) -> ImageRefusal {
    move |error| match error {
        TiffError::IoError(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => ImageRefusal::Truncated { page },
        TiffError::UnsupportedError(_) => ImageRefusal::Unsupported { page, feature: "this form of TIFF" },
        _ => ImageRefusal::Broken { page },
    }
}

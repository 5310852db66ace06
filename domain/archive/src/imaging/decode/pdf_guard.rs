//! Keeps a PDF from unpacking to more memory than the machine has.
//!
//! The renderer's filters have no limit of their own: 20 MiB of deflated zeros become 20 GB.
//! So everything that a filter would unpack is unpacked here first, into nothing, counting.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::ZlibDecoder;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::raster::jpeg_size;
use super::{ImageRefusal, Limits};

/// The most that run-length coding (ISO 32000-1, 7.4.5) makes of a byte: 128 out of two.
const RUN_LENGTH_RATIO: u64 = 64;

/// Before the file is parsed: every deflated stream, wherever it stands.
///
/// Parsing itself already unpacks cross-reference and object streams, so this cannot wait for a dictionary.
pub(super) fn check_raw(bytes: &[u8], limits: &Limits) -> Result<(), ImageRefusal> {
    if is_encrypted(bytes) {
        return Err(ImageRefusal::Encrypted);
    }
    let mut meter = Meter::new(limits);
    for start in after(bytes, b"stream") {
        let data = &bytes[start..];
        let data = data.strip_prefix(b"\r\n").or_else(|| data.strip_prefix(b"\n")).unwrap_or(data);
        meter.inflate(data)?;
    }
    Ok(())
}

/// After parsing, before rendering: every stream's chain of filters, every image's size.
pub(super) fn check_objects(pdf: &Pdf, limits: &Limits) -> Result<(), ImageRefusal> {
    let mut meter = Meter::new(limits);
    for object in pdf.objects() {
        if let Object::Stream(stream) = object {
            check_stream(&stream, &mut meter, limits)?;
        }
    }
    Ok(())
}

/// The encryption dictionary is named in the trailer, which is never encrypted or packed (ISO 32000-1, 7.6.1).
fn is_encrypted(bytes: &[u8]) -> bool {
    after(bytes, b"/Encrypt").any(|end| {
        let value = bytes[end..].trim_ascii_start();
        value.starts_with(b"<<") || value.first().is_some_and(u8::is_ascii_digit)
    })
}

fn check_stream(stream: &Stream<'_>, meter: &mut Meter, limits: &Limits) -> Result<(), ImageRefusal> {
    let dict = stream.dict();
    check_dimensions(dict, limits)?;
    let mut data = stream.raw_data();
    for filter in filters(dict) {
        data = match &*filter {
            b"FlateDecode" | b"Fl" => Cow::Owned(meter.inflated(&data)?),
            b"LZWDecode" | b"LZW" => return meter.count(lzw_length(&data)),
            b"RunLengthDecode" | b"RL" => return meter.count(data.len() as u64 * RUN_LENGTH_RATIO),
            b"ASCIIHexDecode" | b"AHx" => Cow::Owned(ascii_hex(&data)),
            b"ASCII85Decode" | b"A85" => Cow::Owned(ascii_85(&data)),
            b"DCTDecode" | b"DCT" => return check_jpeg(&data, limits),
            b"JPXDecode" => return check_jpeg_2000(&data, limits),
            b"JBIG2Decode" => return check_jbig2(&data, limits),
            // Fax images are allocated by the dictionary's own figures, checked above; the renderer knows no others.
            _ => return Ok(()),
        };
    }
    check_inline_images(&data, meter)
}

/// The names of a stream's filters in the order in which they unpack (ISO 32000-1, 7.4.1).
fn filters<'a>(dict: &Dict<'a>) -> Vec<Name<'a>> {
    ["F", "Filter"]
        .into_iter()
        .filter_map(|key| match dict.get::<Object<'a>>(key)? {
            Object::Name(name) => Some(vec![name]),
            Object::Array(names) => Some(names_of(&names)),
            _ => None,
        })
        .next()
        .unwrap_or_default()
}

fn names_of<'a>(names: &Array<'a>) -> Vec<Name<'a>> {
    names.iter::<Name<'a>>().collect()
}

/// An image's declared size; also the columns of a fax image, which may differ from its width.
fn check_dimensions(dict: &Dict<'_>, limits: &Limits) -> Result<(), ImageRefusal> {
    let number =
        |dict: &Dict<'_>, key: &str| dict.get::<i64>(key).map(|value| u32::try_from(value).unwrap_or(u32::MAX));
    let parameters = dict.get::<Dict<'_>>("DecodeParms").unwrap_or_default();
    let width = number(dict, "Width").max(number(&parameters, "Columns"));
    let height = number(dict, "Height").max(number(&parameters, "Rows"));
    match (width, height) {
        (Some(width), Some(height)) => check_image(width, height, limits),
        _ => Ok(()),
    }
}

fn check_image(width: u32, height: u32, limits: &Limits) -> Result<(), ImageRefusal> {
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return Err(ImageRefusal::TooManyPixelsWithin { width, height, limit: limits.max_pixels });
    }
    Ok(())
}

/// A JPEG inside has its own size, whatever the dictionary says.
fn check_jpeg(data: &[u8], limits: &Limits) -> Result<(), ImageRefusal> {
    match jpeg_size(data) {
        Some((width, height)) => check_image(width, height, limits),
        None => Ok(()),
    }
}

/// The size marker of a JPEG 2000 code stream (ITU-T T.800, A.5.1): offsets count as well, they are allocated too.
fn check_jpeg_2000(data: &[u8], limits: &Limits) -> Result<(), ImageRefusal> {
    let Some(at) = after(data, &[0xFF, 0x4F, 0xFF, 0x51]).next() else { return Ok(()) };
    let number = |from: usize| data.get(from..from + 4)?.try_into().ok().map(u32::from_be_bytes);
    match (number(at + 4), number(at + 8)) {
        (Some(width), Some(height)) => check_image(width, height, limits),
        _ => Ok(()),
    }
}

/// The sizes in JBIG2's page and region segments (ITU-T T.88, 7.2 and 7.4.1).
fn check_jbig2(data: &[u8], limits: &Limits) -> Result<(), ImageRefusal> {
    const PAGE_INFORMATION: u8 = 48;
    const UNKNOWN: u32 = u32::MAX;
    let mut rest = data;
    while let Some((kind, content)) = jbig2_segment(rest) {
        let number = |from: usize| content.get(from..from + 4)?.try_into().ok().map(u32::from_be_bytes);
        let has_size = matches!(kind, 4..=7 | 20..=23 | 36..=43 | PAGE_INFORMATION);
        if let (true, Some(width), Some(height)) = (has_size, number(0), number(4)) {
            let height = if kind == PAGE_INFORMATION && height == UNKNOWN { 1 } else { height };
            check_image(width, height, limits)?;
        }
        let before = rest.len() - content.len();
        let length = rest[before - 4..before].try_into().map_or(UNKNOWN, u32::from_be_bytes);
        match content.get(length as usize..) {
            Some(next) => rest = next,
            None => break,
        }
    }
    Ok(())
}

/// The kind of the first segment and all that follows its header.
fn jbig2_segment(data: &[u8]) -> Option<(u8, &[u8])> {
    let number = u32::from_be_bytes(data.get(..4)?.try_into().ok()?);
    let (flags, counts) = (*data.get(4)?, *data.get(5)?);
    let (referred, count_bytes) = match counts >> 5 {
        7 => {
            let count = u32::from_be_bytes(data.get(5..9)?.try_into().ok()?) & 0x1FFF_FFFF;
            (count as usize, 4 + (count as usize + 1).div_ceil(8))
        }
        short => (usize::from(short), 1),
    };
    let reference_bytes = match number {
        0..=256 => 1,
        257..=65_536 => 2,
        _ => 4,
    };
    let page_bytes = if flags & 0x40 == 0 { 1 } else { 4 };
    let header = 5 + count_bytes + referred * reference_bytes + page_bytes + 4;
    Some((flags & 0x3F, data.get(header..)?))
}

/// Deflated images within a content stream, a second chance for a bomb within a bomb.
fn check_inline_images(content: &[u8], meter: &mut Meter) -> Result<(), ImageRefusal> {
    for start in after(content, b"ID") {
        match content.get(start) {
            Some(space) if space.is_ascii_whitespace() => meter.inflate(&content[start + 1..])?,
            _ => {}
        }
    }
    Ok(())
}

/// Counts what unpacking yields over a whole file.
struct Meter {
    left: u64,
    limit: u64,
}

impl Meter {
    fn new(limits: &Limits) -> Self {
        Self { left: limits.max_decoded_bytes, limit: limits.max_decoded_bytes }
    }

    fn count(&mut self, bytes: u64) -> Result<(), ImageRefusal> {
        self.left = self.left.checked_sub(bytes).ok_or(ImageRefusal::Bomb { limit: self.limit })?;
        Ok(())
    }

    /// Unpacks into nothing; data that are not deflated yield nothing.
    fn inflate(&mut self, data: &[u8]) -> Result<(), ImageRefusal> {
        if !looks_deflated(data) {
            return Ok(());
        }
        let mut chunk = [0; 64 * 1024];
        let mut decoder = ZlibDecoder::new(data);
        while let Ok(read @ 1..) = decoder.read(&mut chunk) {
            self.count(read as u64)?;
        }
        Ok(())
    }

    /// Unpacks into memory, at most what is left; stops where the data are damaged, as the renderer does.
    fn inflated(&mut self, data: &[u8]) -> Result<Vec<u8>, ImageRefusal> {
        let mut chunk = [0; 64 * 1024];
        let mut decoder = ZlibDecoder::new(data);
        let mut whole = Vec::new();
        while let Ok(read @ 1..) = decoder.read(&mut chunk) {
            self.count(read as u64)?;
            whole.extend_from_slice(&chunk[..read]);
        }
        Ok(whole)
    }
}

/// The check of a zlib header (RFC 1950, 2.2): method 8, and both bytes together a multiple of 31.
fn looks_deflated(data: &[u8]) -> bool {
    matches!(data, [method, flags, ..] if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

/// The unpacked length of LZW data (ISO 32000-1, 7.4.4) from the lengths of the table's strings alone.
fn lzw_length(data: &[u8]) -> u64 {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let (mut lengths, mut total, mut previous) = (vec![1_u64; 258], 0_u64, 0_u64);
    let (mut bits, mut held) = (0_u64, 0_u32);
    for byte in data {
        bits = bits << 8 | u64::from(*byte);
        held += 8;
        // One early, as PDF's default has it; a late change differs by one string only.
        let width = (usize::BITS - (lengths.len() + 1).leading_zeros()).clamp(9, 12);
        if held < width {
            continue;
        }
        held -= width;
        let code = usize::try_from(bits >> held & ((1 << width) - 1)).unwrap_or(END);
        if code == END {
            break;
        }
        if code == CLEAR {
            lengths.truncate(258);
            previous = 0;
            continue;
        }
        let length = lengths.get(code).copied().unwrap_or(previous + 1);
        if previous > 0 && lengths.len() < 4096 {
            lengths.push(previous + 1);
        }
        total += length;
        previous = length;
    }
    total
}

fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = data
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| char::from(*byte).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok())
        .collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
}

fn ascii_85(data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(data.len());
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for byte in data.iter().take_while(|byte| **byte != b'~') {
        match byte {
            b'z' if group.is_empty() => bytes.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => continue,
        }
        if group.len() == 5 {
            push_group(&mut bytes, &group, 4);
            group.clear();
        }
    }
    if group.len() > 1 {
        let kept = group.len() - 1;
        group.resize(5, 84);
        push_group(&mut bytes, &group, kept);
    }
    bytes
}

fn push_group(bytes: &mut Vec<u8>, group: &[u8], kept: usize) {
    let value = group.iter().fold(0_u32, |value, digit| value.wrapping_mul(85).wrapping_add(u32::from(*digit)));
    bytes.extend_from_slice(&value.to_be_bytes()[..kept]);
}

/// The positions just behind every occurrence of a mark.
fn after<'a>(bytes: &'a [u8], mark: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    let first = mark[0];
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = bytes.get(at..)?.iter().position(|byte| *byte == first) {
            let start = at + found;
            at = start + 1;
            if bytes[start..].starts_with(mark) {
                return Some(start + mark.len());
            }
        }
        None
    })
}

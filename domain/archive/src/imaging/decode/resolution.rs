//! Dots per inch, as files state them.

/// Figures that programs write when they do not know: 72 and 96 are screens, not scanners.
const NOT_A_STATEMENT: [u32; 2] = [72, 96];

/// Outside of this no scanner works; such a figure is damage or a joke.
const PLAUSIBLE: std::ops::RangeInclusive<u32> = 30..=4800;

/// A stated figure, if it can be believed.
pub(super) fn believed(dpi: Option<u32>) -> Option<u32> {
    dpi.filter(|dpi| PLAUSIBLE.contains(dpi) && !NOT_A_STATEMENT.contains(dpi))
}

/// Dots per inch if the page has the shape of A4 (210 mm x 297 mm, ISO 216) in either direction, within two percent.
pub(super) fn assuming_a4(width: u32, height: u32) -> Option<u32> {
    let (long, short) = (u64::from(width.max(height)), u64::from(width.min(height)));
    let a4_is_shaped = long * 2100 >= short * 2970 * 98 / 100 && long * 2100 <= short * 2970 * 102 / 100;
    let dpi = u32::try_from((long * 254 + 1485) / 2970).ok()?;
    a4_is_shaped.then_some(dpi)
}

/// Dots per inch of a JPEG: its Exif block first, because cameras keep a meaningless JFIF header beside it.
pub(super) fn of_jpeg(bytes: &[u8], exif: Option<&[u8]>) -> Option<u32> {
    believed(exif.and_then(of_exif)).or_else(|| believed(of_jfif(bytes)))
}

/// The density of a JFIF header (ITU-T T.871, 10.1): units 1 is per inch, 2 per centimeter.
fn of_jfif(bytes: &[u8]) -> Option<u32> {
    let at = bytes.get(..4096.min(bytes.len()))?.windows(5).position(|window| window == b"JFIF\0")?;
    let header = bytes.get(at + 5..at + 12)?;
    let density = u32::from(u16::from_be_bytes([header[3], header[4]]));
    match header[2] {
        1 => Some(density),
        2 => Some(per_centimeter(density)),
        _ => None,
    }
}

/// The resolution of a PNG's `pHYs` chunk (PNG specification, 11.3.4.3), which is per meter.
pub(super) fn of_png(bytes: &[u8]) -> Option<u32> {
    let mut at = 8;
    loop {
        let length = usize::try_from(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        if kind == b"IDAT" || kind == b"IEND" {
            return None;
        }
        if kind == b"pHYs" {
            let data = bytes.get(at + 8..at + 17)?;
            let per_meter = u64::from(u32::from_be_bytes(data[..4].try_into().ok()?));
            let dpi = u32::try_from((per_meter * 254 + 5_000) / 10_000).ok()?;
            return believed((data[8] == 1).then_some(dpi));
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
}

/// Dots per inch from a TIFF resolution and its unit (TIFF 6.0, tags 282 and 296): 2 is inch, 3 is centimeter.
pub(super) fn of_tiff(numerator: u32, denominator: u32, unit: u16) -> Option<u32> {
    let value = numerator.checked_div(denominator)?;
    believed(match unit {
        2 => Some(value),
        3 => Some(per_centimeter(value)),
        _ => None,
    })
}

/// The resolution of the first directory of an Exif block, which is a small TIFF.
fn of_exif(exif: &[u8]) -> Option<u32> {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let tiff = ExifReader { big_endian: exif.starts_with(b"MM"), bytes: exif };
    let directory = tiff.u32_at(4)?;
    let entries = usize::from(tiff.u16_at(directory)?).min(512);
    let (mut resolution, mut unit) = (None, 2);
    for entry in (0..entries).map(|index| directory + 2 + index * 12) {
        match tiff.u16_at(entry)? {
            0x011A => {
                let at = tiff.u32_at(entry + 8)?;
                resolution = Some((tiff.u32_at(at)?, tiff.u32_at(at + 4)?));
            }
            0x0128 => unit = tiff.u16_at(entry + 8)?,
            _ => {}
        }
    }
    let (numerator, denominator) = resolution?;
    of_tiff(u32::try_from(numerator).ok()?, u32::try_from(denominator).ok()?, unit)
}

struct ExifReader<'a> {
    big_endian: bool,
    bytes: &'a [u8],
}

impl ExifReader<'_> {
    fn u16_at(&self, at: usize) -> Option<u16> {
        let raw: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian { u16::from_be_bytes(raw) } else { u16::from_le_bytes(raw) })
    }

    fn u32_at(&self, at: usize) -> Option<usize> {
        let raw: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if self.big_endian { u32::from_be_bytes(raw) } else { u32::from_le_bytes(raw) }).ok()
    }
}

fn per_centimeter(value: u32) -> u32 {
    u32::try_from((u64::from(value) * 254 + 50) / 100).unwrap_or(u32::MAX)
}

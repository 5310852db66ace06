//! PDF, rendered page by page.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::object::{Name, Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::{DynamicImage, RgbImage};

use super::{Budget, DecodedPage, ImageRefusal, Limits, check_size, finished, pdf_guard};

/// Rendering resolution in dots per inch: the trade's least for vouchers (`domain.md` 1.4, trade practice).
const RENDER_DPI: u32 = 200;

/// Units of a PDF page per inch (ISO 32000-1, 8.3.2.3).
const POINTS_PER_INCH: f32 = 72.0;

/// All pages in 200 dpi, on white.
pub(super) fn decode_pdf(bytes: &[u8], limits: &Limits) -> Result<Vec<DecodedPage>, ImageRefusal> {
    pdf_guard::check_raw(bytes, limits)?;
    let ends = has_end(bytes);
    let pdf = Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ImageRefusal::Encrypted,
        LoadPdfError::Invalid if !ends => ImageRefusal::Truncated { page: 1 },
        LoadPdfError::Invalid => ImageRefusal::Broken { page: 1 },
    })?;
    let pages = pdf.pages();
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    if !ends {
        return Err(ImageRefusal::Truncated { page: count.max(1) });
    }
    if count > limits.max_pages {
        return Err(ImageRefusal::TooManyPages { pages: count, limit: limits.max_pages });
    }
    let mut budget = Budget::new(limits);
    for (page_no, page) in (1..).zip(pages.iter()) {
        let (width, height) = rendered_size(page);
        check_size(page_no, width, height, limits)?;
        if width.max(height) > u32::from(u16::MAX) {
            let limit = u32::from(u16::MAX);
            return Err(ImageRefusal::TooLong { page: page_no, width, height, limit });
        }
        // The renderer paints in four bytes a pixel; pages are kept in three.
        budget.take(page_no, u64::from(width) * u64::from(height) * 4)?;
    }
    pdf_guard::check_objects(&pdf, limits)?;
    let cache = RenderCache::new();
    (1..).zip(pages.iter()).map(|(page_no, page)| render(page, page_no, &cache)).collect()
}

/// Whether the end mark stands near the end; the reader repairs a file without it, silently losing what is missing.
fn has_end(bytes: &[u8]) -> bool {
    const WITHIN: usize = 4_096;
    let tail = &bytes[bytes.len().saturating_sub(WITHIN)..];
    tail.windows(5).any(|window| window == b"%%EOF")
}

/// Pixels of a page.
fn rendered_size(page: &Page<'_>) -> (u32, u32) {
    let scale = RENDER_DPI as f32 / POINTS_PER_INCH;
    let (width, height) = page.render_dimensions();
    ((width * scale) as u32, (height * scale) as u32)
}

fn render<'a>(page: &'a Page<'a>, page_no: u32, cache: &RenderCache<'a>) -> Result<DecodedPage, ImageRefusal> {
    let broken_image = Arc::new(AtomicBool::new(false));
    let missing_font = Arc::new(AtomicBool::new(false));
    let settings = settings_that_tell(&broken_image, &missing_font);
    let scale = RENDER_DPI as f32 / POINTS_PER_INCH;
    let target = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = hayro::render(page, cache, &settings, &RenderSettings::default(), &target);
    if broken_image.load(Ordering::Relaxed) {
        return Err(ImageRefusal::Broken { page: page_no });
    }
    if missing_font.load(Ordering::Relaxed) {
        return Err(ImageRefusal::FontMissing { page: page_no });
    }
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let mut pixels = pixmap.data_as_u8_slice().to_vec();
    drop_alpha(&mut pixels);
    let image = RgbImage::from_raw(width, height, pixels).ok_or(ImageRefusal::Broken { page: page_no })?;
    Ok(finished(DynamicImage::ImageRgb8(image), Some(effective_dpi(page)), page_no))
}

/// The renderer draws what it can and goes on; these settings note what it could not draw.
///
/// Latin text in a font that is not embedded is drawn in a similar one, as every reader does.
/// Chinese text would be left out without a word, so its font must be in the file.
fn settings_that_tell(broken_image: &Arc<AtomicBool>, missing_font: &Arc<AtomicBool>) -> InterpreterSettings {
    let usual = InterpreterSettings::default();
    let (broken_image, unknown_font) = (Arc::clone(broken_image), Arc::clone(missing_font));
    let (absent_font, substitute) = (Arc::clone(missing_font), Arc::clone(&usual.font_resolver));
    InterpreterSettings {
        warning_sink: Arc::new(move |warning| match warning {
            InterpreterWarning::ImageDecodeFailure => broken_image.store(true, Ordering::Relaxed),
            InterpreterWarning::UnsupportedFont => unknown_font.store(true, Ordering::Relaxed),
            _ => {}
        }),
        font_resolver: Arc::new(move |query| {
            if matches!(query, FontQuery::Fallback(font) if font.character_collection.is_some()) {
                absent_font.store(true, Ordering::Relaxed);
            }
            substitute(query)
        }),
        ..usual
    }
}

/// Four bytes a pixel to three, in place: the background is opaque, so alpha says nothing.
fn drop_alpha(pixels: &mut Vec<u8>) {
    let count = pixels.len() / 4;
    for index in 0..count {
        pixels.copy_within(index * 4..index * 4 + 3, index * 3);
    }
    pixels.truncate(count * 3);
}

/// Dots per inch of what is seen: a scan inside a PDF is no better than the scan.
///
/// A scan is taken to be an image of the page's shape, within five percent; anything else counts as drawn.
fn effective_dpi(page: &Page<'_>) -> u32 {
    let (page_width, page_height) = page.base_dimensions();
    let images = page.resources().x_objects.entries().filter_map(|(name, _)| {
        let stream = page.resources().get_x_object(&name)?;
        image_size(&stream)
    });
    let fills_page = |(width, height): &(u32, u32)| {
        let (across, down) = (*width as f32 * page_height, *height as f32 * page_width);
        (across - down).abs() <= 0.05 * across.max(down)
    };
    let scan = images.filter(fills_page).map(|(width, _)| width).max();
    match scan {
        Some(width) => ((width as f32 * POINTS_PER_INCH / page_width).round() as u32).min(RENDER_DPI),
        None => RENDER_DPI,
    }
}

fn image_size(stream: &Stream<'_>) -> Option<(u32, u32)> {
    let dict = stream.dict();
    let is_image = matches!(dict.get::<Object<'_>>("Subtype"), Some(Object::Name(name)) if is_named(&name, b"Image"));
    is_image.then(|| Some((dict.get::<u32>("Width")?, dict.get::<u32>("Height")?))).flatten()
}

fn is_named(name: &Name<'_>, text: &[u8]) -> bool {
    std::ops::Deref::deref(name) == text
}

//! Rectangles on a page, independent of its resolution.

use thiserror::Error;

/// A rectangle on a page in ten-thousandths of the page's width and height; never empty, never over the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    x: u16,
    y: u16,
    w: u16,
    h: u16,
}

/// Why four numbers are no rectangle on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RectError {
    /// Width or height is zero.
    #[error("the rectangle is empty: width {w}, height {h}")]
    Empty { w: u16, h: u16 },
    /// It reaches over the right or lower edge of the page.
    #[error("the rectangle leaves the page: right edge {right}, lower edge {bottom}, at most {}", Rect::WHOLE)]
    OffPage { right: u32, bottom: u32 },
}

impl Rect {
    /// Page width and page height in the unit of a rectangle.
    pub const WHOLE: u16 = 10_000;

    /// The whole page.
    pub const PAGE: Rect = Rect { x: 0, y: 0, w: Self::WHOLE, h: Self::WHOLE };

    /// A rectangle from its left upper corner and its size, in ten-thousandths.
    pub fn new(x: u16, y: u16, w: u16, h: u16) -> Result<Self, RectError> {
        if w == 0 || h == 0 {
            return Err(RectError::Empty { w, h });
        }
        let (right, bottom) = (u32::from(x) + u32::from(w), u32::from(y) + u32::from(h));
        if right > u32::from(Self::WHOLE) || bottom > u32::from(Self::WHOLE) {
            return Err(RectError::OffPage { right, bottom });
        }
        Ok(Self { x, y, w, h })
    }

    /// Left edge.
    pub fn x(self) -> u16 {
        self.x
    }

    /// Upper edge.
    pub fn y(self) -> u16 {
        self.y
    }

    /// Width, at least one.
    pub fn w(self) -> u16 {
        self.w
    }

    /// Height, at least one.
    pub fn h(self) -> u16 {
        self.h
    }

    /// The smallest rectangle that holds the pixel box `left..right`, `top..bottom` of a page; clamped to the page.
    pub fn around(pixels: PixelBox, page_width: u32, page_height: u32) -> Self {
        let (x, w) = share(pixels.left, pixels.right, page_width);
        let (y, h) = share(pixels.top, pixels.bottom, page_height);
        Self { x, y, w, h }
    }

    /// The pixel box on a page of the given size; at least one pixel, rounded outwards so that no stroke is lost.
    pub fn pixels(self, page_width: u32, page_height: u32) -> PixelBox {
        let (left, right) = span(self.x, self.w, page_width);
        let (top, bottom) = span(self.y, self.h, page_height);
        PixelBox { left, top, right, bottom }
    }
}

/// A box of pixels: `left` and `top` inside, `right` and `bottom` just outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelBox {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl PixelBox {
    pub fn width(self) -> u32 {
        self.right - self.left
    }

    pub fn height(self) -> u32 {
        self.bottom - self.top
    }
}

/// Start and length in ten-thousandths, of pixels `from..to` out of `size`.
fn share(from: u32, to: u32, size: u32) -> (u16, u16) {
    let (size, whole) = (u64::from(size.max(1)), u64::from(Rect::WHOLE));
    let start = (u64::from(from) * whole / size).min(whole - 1);
    let end = (u64::from(to) * whole).div_ceil(size).clamp(start + 1, whole);
    (narrow(start), narrow(end - start))
}

fn narrow(value: u64) -> u16 {
    u16::try_from(value).expect("a share of a page is at most ten thousand")
}

/// Pixels `from..to` out of `size`, of a start and length in ten-thousandths.
fn span(start: u16, length: u16, size: u32) -> (u32, u32) {
    let (size, whole) = (u64::from(size.max(1)), u64::from(Rect::WHOLE));
    let from = (u64::from(start) * size / whole).min(size - 1);
    let to = ((u64::from(start) + u64::from(length)) * size).div_ceil(whole).clamp(from + 1, size);
    let fits = "a pixel position is at most the page's size";
    (u32::try_from(from).expect(fits), u32::try_from(to).expect(fits))
}

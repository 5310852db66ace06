//! Ink on paper: lines, frames and text that fits its box.
//!
//! Ink darkens what lies under it, as on paper, so that a seal over writing leaves both readable.

use ab_glyph::{Font, FontRef, Glyph, GlyphId, PxScale, ScaleFont, point};
use image::{Rgb, RgbImage};

use crate::random::Random;

/// Color of an ink at full strength.
pub type Ink = [u8; 3];

pub const BLACK: Ink = [28, 28, 34];
pub const PRESS_BLUE: Ink = [34, 70, 118];
pub const PRESS_BROWN: Ink = [112, 72, 40];
pub const PEN_BLUE: Ink = [30, 48, 132];
pub const SEAL_RED: Ink = [206, 38, 42];

/// A place on the form in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Cell {
    pub const fn new(x: u32, y: u32, w: u32, h: u32) -> Self {
        Self { x, y, w, h }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

/// How a text is written: with what, how large at most, how unsteadily.
#[derive(Clone, Copy)]
pub struct Pen<'f> {
    pub font: &'f FontRef<'static>,
    pub ink: Ink,
    /// Height in pixels of the largest letters that are tried; a long text is written smaller.
    pub size: f32,
    /// 0 for print; 1 for a hand whose letters vary visibly.
    pub unsteady: f32,
}

/// A sheet that is being drawn.
pub struct Canvas {
    pub image: RgbImage,
}

/// One mark of a text: which glyph, where its baseline begins, how large.
type Placed = (GlyphId, f32);

impl Canvas {
    pub fn new(width: u32, height: u32, paper: Ink) -> Self {
        Self { image: RgbImage::from_pixel(width, height, Rgb(paper)) }
    }

    /// Puts ink on one pixel; `strength` is 0 to 1.
    pub fn mark(&mut self, x: i32, y: i32, ink: Ink, strength: f32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        let Some(pixel) = self.image.get_pixel_mut_checked(x, y) else { return };
        let strength = (strength.clamp(0.0, 1.0) * 256.0) as u32;
        for (level, ink) in pixel.0.iter_mut().zip(ink) {
            let taken = (255 - u32::from(ink)) * strength / 256;
            *level = (u32::from(*level) * (255 - taken) / 255) as u8;
        }
    }

    pub fn fill(&mut self, cell: Cell, ink: Ink, strength: f32) {
        for y in cell.y..cell.y + cell.h {
            for x in cell.x..cell.x + cell.w {
                self.mark(x as i32, y as i32, ink, strength);
            }
        }
    }

    pub fn line_across(&mut self, x: u32, y: u32, length: u32, thickness: u32, ink: Ink) {
        self.fill(Cell::new(x, y, length, thickness), ink, 0.9);
    }

    pub fn line_down(&mut self, x: u32, y: u32, length: u32, thickness: u32, ink: Ink) {
        self.fill(Cell::new(x, y, thickness, length), ink, 0.9);
    }

    pub fn frame(&mut self, cell: Cell, thickness: u32, ink: Ink) {
        self.line_across(cell.x, cell.y, cell.w, thickness, ink);
        self.line_across(cell.x, cell.y + cell.h - thickness, cell.w, thickness, ink);
        self.line_down(cell.x, cell.y, cell.h, thickness, ink);
        self.line_down(cell.x + cell.w - thickness, cell.y, cell.h, thickness, ink);
    }

    /// Writes `text` on one line in the middle of the height of `cell`, smaller when it would not fit.
    pub fn write(&mut self, text: &str, cell: Cell, pen: &Pen, align: Align, random: &mut Random) {
        let size = fitting_size(text, cell, pen);
        let scaled = pen.font.as_scaled(PxScale::from(size));
        let (marks, width) = place(text, pen.font, size);
        let room = cell.w as f32 - width;
        let left = cell.x as f32
            + match align {
                Align::Left => (room * 0.5).min(6.0),
                Align::Center => room * 0.5,
                Align::Right => room - (room * 0.5).min(6.0),
            };
        let baseline = cell.y as f32 + cell.h as f32 * 0.5 + (scaled.ascent() + scaled.descent()) * 0.5;
        // A hand drifts along the line and varies from letter to letter.
        let drift = random.spread(-0.012, 0.012) * pen.unsteady;
        for (id, x) in marks {
            let vary = 1.0 + random.spread(-0.05, 0.05) * pen.unsteady;
            let rise = random.spread(-0.03, 0.03) * pen.unsteady * size + drift * x;
            let strength = 1.0 - random.spread(0.0, 0.18) * pen.unsteady;
            let glyph = id.with_scale_and_position(size * vary, point(left + x, baseline + rise));
            self.stamp(pen.font, glyph, pen.ink, strength);
        }
    }

    /// Writes the characters below each other, as the labels at the edge of a form are.
    pub fn write_down(&mut self, text: &str, cell: Cell, pen: &Pen, random: &mut Random) {
        let count = text.chars().count().max(1) as u32;
        let step = cell.h / count;
        for (place, c) in text.chars().enumerate() {
            let part = Cell::new(cell.x, cell.y + step * place as u32, cell.w, step);
            self.write(c.encode_utf8(&mut [0; 4]), part, pen, Align::Center, random);
        }
    }

    fn stamp(&mut self, font: &FontRef<'static>, glyph: Glyph, ink: Ink, strength: f32) {
        let Some(outline) = font.outline_glyph(glyph) else { return };
        let bounds = outline.px_bounds();
        let (left, top) = (bounds.min.x as i32, bounds.min.y as i32);
        outline.draw(|x, y, coverage| {
            if coverage > 0.02 {
                self.mark(left + x as i32, top + y as i32, ink, coverage * strength);
            }
        });
    }
}

/// Glyphs with the place of each on the line, and the width of them all, in pixels.
fn place(text: &str, font: &FontRef<'static>, size: f32) -> (Vec<Placed>, f32) {
    let scaled = font.as_scaled(PxScale::from(size));
    let mut x = 0.0;
    let marks = text
        .chars()
        .map(|c| {
            let id = font.glyph_id(c);
            let at = (id, x);
            x += scaled.h_advance(id);
            at
        })
        .collect();
    (marks, x)
}

/// The pen's size, or the largest below it at which the text fits the cell with a little room at both ends.
pub fn fitting_size(text: &str, cell: Cell, pen: &Pen) -> f32 {
    let size = pen.size.min(cell.h as f32 * 0.96);
    let (_, width) = place(text, pen.font, size);
    let room = cell.w as f32 - 12.0;
    // Unsteady letters may come out a twentieth larger than planned.
    let widest = width * (1.0 + 0.05 * pen.unsteady);
    if widest > room { size * room / widest } else { size }
}

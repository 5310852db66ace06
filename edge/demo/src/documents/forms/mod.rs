//! The printed forms: one table of places per form drives what is drawn here and what the business type cuts out.
//!
//! A place is where a value is written; its slice is a little larger, so that a sheet that lay askew by 1.5 degrees
//! still has the whole value on the slice.

pub mod cheque;
pub mod payment_order;
pub mod payroll;

use super::canvas::{Align, BLACK, Canvas, Cell, Ink, Pen};
use super::contents::{Contents, Figures};
use super::fonts;
use crate::random::Random;

/// Where a field is written on its form.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub field: &'static str,
    pub cell: Cell,
}

pub(super) const fn place(field: &'static str, x: u32, y: u32, w: u32, h: u32) -> Place {
    Place { field, cell: Cell::new(x, y, w, h) }
}

/// A form: its business type, its size in pixels at 200 dpi, its places, how it is drawn.
#[derive(Clone, Copy)]
pub struct Form {
    pub business_type: &'static str,
    pub width: u32,
    pub height: u32,
    pub paper: Ink,
    pub places: &'static [Place],
    pub(super) draw: fn(&mut Sheet, &Contents),
    /// The value of a field as a perfect clerk keys it.
    pub(super) value: fn(&Contents, &str) -> Option<String>,
}

/// Pixels by which a slice is larger than its place at each side, across and down.
const SLICE_MARGIN: (u32, u32) = (16, 10);

/// A rectangle in 1/10,000 of the page: x, y, width, height.
pub type Rect = [u32; 4];

impl Form {
    pub fn place(&self, field: &str) -> Option<Cell> {
        self.places.iter().find(|place| place.field == field).map(|place| place.cell)
    }

    /// The rectangle that the business type cuts out for a field.
    pub fn slice(&self, field: &str) -> Option<Rect> {
        let cell = self.place(field)?;
        let (across, down) = SLICE_MARGIN;
        let (left, top) = (cell.x.saturating_sub(across), cell.y.saturating_sub(down));
        let (right, bottom) = ((cell.x + cell.w + across).min(self.width), (cell.y + cell.h + down).min(self.height));
        let part = |pixels: u32, whole: u32| (pixels * 10_000).div_ceil(whole);
        let (x, y) = (left * 10_000 / self.width, top * 10_000 / self.height);
        Some([x, y, part(right, self.width).min(10_000) - x, part(bottom, self.height).min(10_000) - y])
    }
}

/// Every form, in the order of their codes.
pub const FORMS: [Form; 3] = [cheque::FORM, payroll::FORM, payment_order::FORM];

/// A form being filled in: the canvas, the pens of this customer, and this sheet's chances.
pub struct Sheet<'a> {
    pub canvas: &'a mut Canvas,
    pub form: &'a Form,
    pub press: Ink,
    pub pen: Pen<'static>,
    pub random: &'a mut Random,
    /// Whether the seals are on it.
    pub signed: bool,
}

impl Sheet<'_> {
    /// Printed words of the form in a cell.
    pub fn label(&mut self, text: &str, cell: Cell, size: f32, align: Align) {
        let pen = Pen { font: &fonts::SERIF, ink: self.press, size, unsteady: 0.0 };
        self.canvas.write(text, cell, &pen, align, self.random);
    }

    pub fn label_down(&mut self, text: &str, cell: Cell, size: f32) {
        let pen = Pen { font: &fonts::SERIF, ink: self.press, size, unsteady: 0.0 };
        self.canvas.write_down(text, cell, &pen, self.random);
    }

    /// What the bank's numbering machine printed.
    pub fn numbered(&mut self, text: &str, cell: Cell, size: f32, ink: Ink) {
        let pen = Pen { font: &fonts::SANS, ink, size, unsteady: 0.0 };
        self.canvas.write(text, cell, &pen, Align::Left, self.random);
    }

    /// The customer's writing in the place of a field.
    pub fn fill_in(&mut self, field: &str, text: &str, align: Align) {
        if let Some(cell) = self.form.place(field) {
            self.write(text, cell, align);
        }
    }

    /// The customer's writing anywhere.
    pub fn write(&mut self, text: &str, cell: Cell, align: Align) {
        let pen = self.pen;
        self.canvas.write(text, cell, &pen, align, self.random);
    }

    /// An empty or a ticked box before a printed word.
    pub fn choice(&mut self, text: &str, cell: Cell, ticked: bool) {
        let side = cell.h * 4 / 10;
        let at = Cell::new(cell.x, cell.y + (cell.h - side) / 2, side, side);
        self.canvas.frame(at, 2, self.press);
        if ticked {
            for step in 0..side + 8 {
                let (x, down) = (at.x + step, if step < side / 3 { step } else { (2 * side / 3).saturating_sub(step) });
                let y = at.y + side / 2 + down.min(side / 2);
                let y = if step < side / 3 { y } else { y.saturating_sub((step - side / 3) * 8 / 10) };
                self.canvas.fill(Cell::new(x, y, 3, 4), BLACK, 0.8);
            }
        }
        self.label(
            text,
            Cell::new(cell.x + side + 4, cell.y, cell.w - side - 4, cell.h),
            cell.h as f32 * 0.62,
            Align::Left,
        );
    }

    /// The printed grid with one column per digit, headed by their units, and the figures written into it;
    /// `head` is how much of the place's height the units take.
    pub fn figures(&mut self, field: &str, head: u32, figures: &Figures) {
        const UNITS: [&str; 11] = ["亿", "千", "百", "十", "万", "千", "百", "十", "元", "角", "分"];
        let Some(whole) = self.form.place(field) else { return };
        let cell = Cell::new(whole.x, whole.y + head, whole.w, whole.h - head);
        let step = cell.w / 11;
        let characters: Vec<char> = figures.with_sign().chars().collect();
        for (column, unit) in UNITS.into_iter().enumerate() {
            let x = cell.x + step * column as u32;
            self.label(unit, Cell::new(x, cell.y - head, step, head), head as f32 * 0.72, Align::Center);
            if column > 0 {
                // Every third line is stronger, as thousands are.
                let thickness = if matches!(column, 3 | 6 | 9) { 3 } else { 1 };
                self.canvas.line_down(x, cell.y - head, head + cell.h, thickness, self.press);
            }
            let from_right = UNITS.len() - 1 - column;
            if let Some(index) = characters.len().checked_sub(from_right + 1) {
                let text = characters[index].to_string();
                self.write(&text, Cell::new(x, cell.y, step, cell.h), Align::Center);
            }
        }
        self.canvas.line_across(cell.x, cell.y, cell.w, 1, self.press);
    }

    /// The mark of the invented bank: a ring with a hub in it.
    pub fn emblem(&mut self, x: u32, y: u32, radius: i32) {
        for v in -radius..=radius {
            for u in -radius..=radius {
                let square = u * u + v * v;
                let ring = square <= radius * radius && square >= (radius * 8 / 10) * (radius * 8 / 10);
                let hub = square <= (radius * 3 / 10) * (radius * 3 / 10);
                let spoke = square <= radius * radius && (u.abs() <= radius / 12 + 1 || v.abs() <= radius / 12 + 1);
                if ring || hub || spoke {
                    self.canvas.mark(x as i32 + u, y as i32 + v, [160, 36, 44], 0.85);
                }
            }
        }
    }
}

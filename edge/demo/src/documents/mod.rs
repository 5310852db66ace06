//! Vouchers of the demonstration: drawn, filled in, sealed, and passed through a scanner, all from one seed.
//!
//! Invariants:
//! - The same order gives the same bytes.
//! - A value is written inside its place, and the truth beside an image is what is written on it, mistakes included.
//!
//! Deliberately absent: any likeness of a real bank's form, mark or seal; letters outside the shipped fonts.

pub mod canvas;
pub mod contents;
pub mod fonts;
pub mod forms;
pub mod scan;
mod seal;

use std::collections::BTreeMap;

use image::RgbImage;
use kernel::calendar::BusinessDate;

use crate::province::Accounts;
use crate::random::Random;
use canvas::{BLACK, Canvas, PEN_BLUE, PRESS_BLUE, PRESS_BROWN, Pen};
use contents::Contents;
use forms::{FORMS, Form, Sheet};
use scan::Scan;

/// What is wrong with a voucher or its image; the text is what truth files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// The amount in words is not the amount in figures.
    WordsDiffer,
    /// The image is too soft to be read.
    Blurred,
    /// The sheet lay askew by more than three degrees.
    Skewed,
    /// No seal is on it.
    SealMissing,
}

impl Flaw {
    /// Whether scanning the sheet again takes the flaw away.
    pub const fn is_of_the_image(self) -> bool {
        matches!(self, Self::Blurred | Self::Skewed)
    }
}

/// How a voucher comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// As the seed has it: about 7 in 100 have a flaw.
    AsFound,
    /// The same sheet scanned again with care: flaws of the image are gone, those of the paper are not.
    Rescanned,
    /// Without flaws: the customer wrote it anew.
    Corrected,
}

/// Which voucher to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub business_type: &'static str,
    pub seed: u64,
    pub today: BusinessDate,
    pub condition: Condition,
}

/// A finished voucher.
#[derive(Debug, Clone)]
pub struct Document {
    pub business_type: &'static str,
    /// The kind of its only page in the business type.
    pub page_kind: &'static str,
    pub page: RgbImage,
    /// Field → the value as a perfect clerk keys it from this sheet.
    pub fields: BTreeMap<String, String>,
    pub flaws: Vec<Flaw>,
}

impl Document {
    /// Makes the page wider by so many pixels of its right edge, too few to move a field out of its place.
    pub fn widen(&mut self, pixels: u32) {
        let (width, height) = self.page.dimensions();
        self.page = RgbImage::from_fn(width + pixels, height, |x, y| *self.page.get_pixel(x.min(width - 1), y));
    }

    /// The image as an outlet sends it.
    pub fn to_jpeg(&self) -> Result<Vec<u8>, image::ImageError> {
        scan::to_jpeg(&self.page)
    }
}

pub const PAGE_KIND: &str = "voucher_front";

/// The codes of the business types that can be drawn, R01 most often.
pub fn draw_business_type(random: &mut Random) -> &'static str {
    const MIX: [&str; 6] = ["R01", "R01", "R01", "C02", "C02", "P01"];
    MIX[random.index(MIX.len())]
}

/// The form of a business type, if it is one of those drawn here.
pub fn form(business_type: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.business_type == business_type)
}

/// Makes the voucher of an order; `None` for a business type without a form here.
pub fn make(order: &Order, accounts: &Accounts) -> Option<Document> {
    let form = form(order.business_type)?;
    let mut random = Random::stream(order.seed, order.business_type);
    let mut contents = Contents::draw(order.business_type, accounts, order.today, &mut random);
    let mut flaws = draw_flaws(&mut Random::stream(order.seed, "flaws"));
    match order.condition {
        Condition::AsFound => {}
        Condition::Rescanned => flaws.retain(|flaw| !flaw.is_of_the_image()),
        Condition::Corrected => flaws.clear(),
    }
    if flaws.contains(&Flaw::WordsDiffer) {
        contents.spoil_words(&mut Random::stream(order.seed, "words"));
    }
    let mut hand = Random::stream(order.seed, "hand");
    let mut canvas = Canvas::new(form.width, form.height, form.paper);
    let press = if hand.chance(1, 3) { PRESS_BROWN } else { PRESS_BLUE };
    let pen = draw_pen(&mut hand);
    let signed = !flaws.contains(&Flaw::SealMissing);
    (form.draw)(&mut Sheet { canvas: &mut canvas, form, press, pen, random: &mut hand, signed }, &contents);
    let page = scan::through_scanner(&canvas.image, &draw_scan(order, &flaws), &mut hand);
    let value = |field: &'static str| (form.value)(&contents, field).map(|value| (field.to_owned(), value));
    let fields = form.places.iter().filter_map(|place| value(place.field)).collect();
    Some(Document { business_type: form.business_type, page_kind: PAGE_KIND, page, fields, flaws })
}

/// Two in a hundred disagree in words and figures; the others come up in three of two hundred each.
fn draw_flaws(random: &mut Random) -> Vec<Flaw> {
    let chances = [(Flaw::WordsDiffer, 4), (Flaw::Blurred, 3), (Flaw::Skewed, 3), (Flaw::SealMissing, 3)];
    chances.into_iter().filter(|(_, count)| random.chance(*count, 200)).map(|(flaw, _)| flaw).collect()
}

/// A third of customers print their vouchers; the others write in one of two hands.
fn draw_pen(random: &mut Random) -> Pen<'static> {
    let ink = if random.chance(1, 2) { BLACK } else { PEN_BLUE };
    match random.below(3) {
        0 => Pen { font: &fonts::SANS, ink: BLACK, size: 40.0, unsteady: 0.0 },
        1 => Pen { font: &fonts::CAREFUL_HAND, ink, size: 52.0, unsteady: 0.8 },
        _ => Pen { font: &fonts::RUNNING_HAND, ink, size: 54.0, unsteady: 0.7 },
    }
}

fn draw_scan(order: &Order, flaws: &[Flaw]) -> Scan {
    let purpose = if order.condition == Condition::AsFound { "scan" } else { "second scan" };
    let mut random = Random::stream(order.seed, purpose);
    let mut scan = Scan::ordinary(&mut random);
    if flaws.contains(&Flaw::Skewed) {
        scan = scan.skewed(&mut random);
    }
    if flaws.contains(&Flaw::Blurred) {
        scan = scan.blurred(&mut random);
    }
    scan
}

#[cfg(test)]
mod tests;

//! Impressions of seals: a company's round one with its name on the rim and a star, and a person's square one.
//!
//! The ink is uneven and the whole stands a little turned, as a hand presses it.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};

use super::canvas::{Canvas, SEAL_RED};
use super::fonts::SERIF;
use crate::random::Random;

/// Where an impression stands and how it was pressed.
struct Press {
    center: (f32, f32),
    /// Radians, clockwise on the page.
    turn: f32,
    strength: f32,
    /// Chooses the pattern of missing ink.
    grain: u64,
}

impl Press {
    fn new(center: (u32, u32), random: &mut Random) -> Self {
        Self {
            center: (center.0 as f32 + random.spread(-10.0, 10.0), center.1 as f32 + random.spread(-8.0, 8.0)),
            turn: random.spread(-0.2, 0.2),
            strength: random.spread(0.62, 0.85),
            grain: random.bits(),
        }
    }

    /// Marks the point that lies at (x, y) of the unturned seal, measured from its middle.
    fn mark(&self, canvas: &mut Canvas, x: i32, y: i32, coverage: f32) {
        canvas.mark(x, y, SEAL_RED, coverage * self.strength * self.ink_at(x, y));
    }

    /// How much ink the paper took there: coarse patches with fine grain over them.
    fn ink_at(&self, x: i32, y: i32) -> f32 {
        let noise = |x: i32, y: i32, salt: u64| {
            let place = ((x as u64) << 32) ^ (y as u64 & 0xFFFF_FFFF) ^ salt;
            Random::new(place ^ self.grain).unit() as f32
        };
        let patch = noise(x.div_euclid(11), y.div_euclid(11), 1);
        let fine = noise(x, y, 2);
        1.0 - 0.3 * patch * patch - if fine > 0.93 { 0.5 } else { 0.1 * fine }
    }

    /// Turns a point of the seal onto the page.
    fn onto_page(&self, x: f32, y: f32) -> (f32, f32) {
        let (sin, cos) = self.turn.sin_cos();
        (self.center.0 + x * cos - y * sin, self.center.1 + x * sin + y * cos)
    }
}

/// The round seal of a company; `center` and `radius` in pixels.
pub fn round(canvas: &mut Canvas, name: &str, purpose: &str, center: (u32, u32), radius: f32, random: &mut Random) {
    let press = Press::new(center, random);
    let reach = radius.ceil() as i32 + 1;
    let (left, top) = (press.center.0 as i32, press.center.1 as i32);
    for y in -reach..=reach {
        for x in -reach..=reach {
            let distance = ((x * x + y * y) as f32).sqrt();
            let rim = (radius - distance).min(distance - (radius - 5.0)).clamp(0.0, 1.0);
            let (sin, cos) = press.turn.sin_cos();
            let (u, v) = (x as f32 * cos + y as f32 * sin, y as f32 * cos - x as f32 * sin);
            let ink = rim.max(if in_star(u, v, radius * 0.27) { 1.0 } else { 0.0 });
            if ink > 0.0 {
                press.mark(canvas, left + x, top + y, ink);
            }
        }
    }
    rim_text(canvas, &press, name, radius);
    level_text(canvas, &press, purpose, radius * 0.58, radius * 0.19);
}

/// The square seal of a person or of the legal representative; `side` in pixels.
pub fn square(canvas: &mut Canvas, name: &str, center: (u32, u32), side: f32, random: &mut Random) {
    let press = Press::new(center, random);
    let half = side * 0.5;
    let steps = (side * 2.0) as i32;
    for along in 0..=steps {
        let at = along as f32 * 0.5 - half;
        for depth in 0..8 {
            let edge = half - depth as f32 * 0.5;
            for (x, y) in [(at, -edge), (at, edge), (-edge, at), (edge, at)] {
                let (x, y) = press.onto_page(x, y);
                press.mark(canvas, x as i32, y as i32, 0.5);
            }
        }
    }
    // Read from the right column down, as seals are: 王小明印.
    let text: Vec<char> = name.chars().chain("之印".chars()).take(4).collect();
    let text: Vec<char> = if name.chars().count() == 3 { name.chars().chain(['印']).collect() } else { text };
    let quarter = side * 0.22;
    let places = [(quarter, -quarter), (quarter, quarter), (-quarter, -quarter), (-quarter, quarter)];
    for (c, (x, y)) in text.into_iter().zip(places) {
        turned_letter(canvas, &press, c, side * 0.46, (x, y), 0.0);
    }
}

fn in_star(x: f32, y: f32, radius: f32) -> bool {
    let distance = (x * x + y * y).sqrt();
    if distance > radius {
        return false;
    }
    // Within a tenth of the circle, the edge runs straight from a point to a notch at 0.382 of the radius.
    let tenth = std::f32::consts::PI / 5.0;
    let from_top = x.atan2(-y).abs() % (2.0 * tenth);
    let from_point = from_top.min(2.0 * tenth - from_top);
    let (notch_x, notch_y) = (0.382 * radius * tenth.sin(), 0.382 * radius * tenth.cos());
    let (u, v) = (distance * from_point.sin(), distance * from_point.cos());
    u * (radius - notch_y) <= (radius - v) * notch_x
}

/// The name along the upper rim, evenly spread over at most 260 degrees.
fn rim_text(canvas: &mut Canvas, press: &Press, name: &str, radius: f32) {
    let count = name.chars().count().max(2) as f32;
    let arc = (count * 0.36).min(4.4);
    let size = (radius * 0.34).min(arc / (count - 1.0) * radius * 0.86);
    for (place, c) in name.chars().enumerate() {
        let angle = -arc * 0.5 + arc * place as f32 / (count - 1.0);
        let reach = radius * 0.75;
        turned_letter(canvas, press, c, size, (reach * angle.sin(), -reach * angle.cos()), angle);
    }
}

fn level_text(canvas: &mut Canvas, press: &Press, text: &str, below: f32, size: f32) {
    let count = text.chars().count() as f32;
    for (place, c) in text.chars().enumerate() {
        let x = (place as f32 - (count - 1.0) * 0.5) * size * 1.12;
        turned_letter(canvas, press, c, size, (x, below), 0.0);
    }
}

/// One letter about its own middle; `middle` is measured from the middle of the seal.
fn turned_letter(canvas: &mut Canvas, press: &Press, c: char, size: f32, middle: (f32, f32), turn: f32) {
    let font: &FontRef<'static> = &SERIF;
    let scaled = font.as_scaled(PxScale::from(size * 1.3));
    let glyph = scaled.glyph_id(c).with_scale_and_position(PxScale::from(size * 1.3), point(0.0, 0.0));
    let Some(outline) = font.outline_glyph(glyph) else { return };
    let bounds = outline.px_bounds();
    let (width, height) = (bounds.width(), bounds.height());
    let (sin, cos) = turn.sin_cos();
    outline.draw(|x, y, coverage| {
        if coverage < 0.05 {
            return;
        }
        let (u, v) = (x as f32 - width * 0.5, y as f32 - height * 0.5);
        // Half steps, so that turning leaves no holes between the pixels.
        for (du, dv) in [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)] {
            let (a, b) = ((u + du) * cos - (v + dv) * sin, (u + du) * sin + (v + dv) * cos);
            let (px, py) = press.onto_page(middle.0 + a, middle.1 + b);
            press.mark(canvas, px as i32, py as i32, coverage * 0.42);
        }
    });
}

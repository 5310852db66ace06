//! The reduced copy of a page on which everything is measured, and what is paper, ink and background on it.

use image::{DynamicImage, GrayImage};
use imageproc::contrast::adaptive_threshold;

use crate::imaging::Rect;
use crate::imaging::rect::PixelBox;

/// Pixels of the reduced copy: text of ten points on A4 keeps strokes of more than a pixel.
const WORK_PIXELS: u64 = 700_000;

/// Half a side of the square whose mean a pixel is compared with, in pixels of the reduced copy.
const INK_RADIUS: u32 = 14;

/// How much darker than that mean ink is; less is noise of scanners and of JPEG.
const INK_DEPTH: i32 = 20;

/// Longer side of the coarse map on which the background is found.
const MAP_SIDE: u32 = 200;

/// Background is darker than this share of the paper's level, in percent.
const BACKGROUND_PERCENT: u32 = 50;

/// Width of the frame, per mille of the page, in which nothing counts as ink: scanners leave lines at the edges.
const FRAME: u32 = 12;

/// Widest dark strip along an edge behind which a cut corner is still looked for, in cells of the map.
const STRIP_CELLS: usize = 8;

/// Share of the ink, per thousand, that may lie outside of the content's box at each edge: dust and punch holes.
const STRAY_INK: u64 = 2;

/// A page reduced to gray, with its parts told apart.
pub(super) struct Sheet {
    pub gray: GrayImage,
    /// Zero where there is ink.
    pub mask: GrayImage,
    /// Level of the paper, 0 to 255.
    pub paper: u8,
    /// Lower edges of ink as (x, y): base lines of text make many at one height.
    pub lower_edges: Vec<(u32, u32)>,
    /// Right edges of ink as (x, y).
    pub right_edges: Vec<(u32, u32)>,
    pub content: Rect,
    background: Background,
    ink_pixels: u64,
    ink_level_sum: u64,
}

impl Sheet {
    pub(super) fn of(image: &DynamicImage) -> Self {
        let (width, height) = work_size(image.width(), image.height());
        let gray = match (width, height) == (image.width(), image.height()) {
            true => image.to_luma8(),
            false => image.thumbnail_exact(width, height).into_luma8(),
        };
        let map = coarse_map(&gray);
        let paper = paper_level(&map);
        let background = Background::of(&map, paper);
        let mask = adaptive_threshold(&gray, INK_RADIUS, INK_DEPTH);
        let mut sheet = Self {
            gray,
            mask,
            paper,
            lower_edges: Vec::new(),
            right_edges: Vec::new(),
            content: Rect::PAGE,
            background,
            ink_pixels: 0,
            ink_level_sum: 0,
        };
        sheet.find_ink();
        sheet
    }

    /// One pass over the ink: counts by row and column, its level, and the lower edges.
    fn find_ink(&mut self) {
        let (width, height) = self.gray.dimensions();
        let stride = width as usize;
        let mut columns = vec![0_u64; stride];
        let mut rows = vec![0_u64; height as usize];
        let (mask, gray) = (self.mask.as_raw(), self.gray.as_raw());
        let (frame_x, frame_y) = (width * FRAME / 1_000, height * FRAME / 1_000);
        for y in frame_y..height - frame_y {
            let from = y as usize * stride;
            let row = &mask[from..from + stride - frame_x as usize];
            // Most of a page is paper; the library's search for the next ink pixel is fast in every build.
            let mut x = frame_x as usize;
            while let Some(next) = row[x..].iter().position(|level| *level == 0) {
                x += next;
                if !self.background.covers(x as u32, y, width, height) {
                    columns[x] += 1;
                    rows[y as usize] += 1;
                    self.ink_level_sum += u64::from(gray[from + x]);
                    if mask.get(from + stride + x).is_some_and(|below| *below != 0) {
                        self.lower_edges.push((x as u32, y));
                    }
                    if row.get(x + 1).is_some_and(|beside| *beside != 0) {
                        self.right_edges.push((x as u32, y));
                    }
                }
                x += 1;
            }
        }
        self.ink_pixels = rows.iter().sum();
        let ((left, right), (top, bottom)) = (trimmed(&columns), trimmed(&rows));
        if right > left && bottom > top {
            self.content = Rect::around(PixelBox { left, top, right, bottom }, width, height);
        }
    }

    /// Ink per 100,000 of the paper's area.
    pub(super) fn ink_per_100_000(&self) -> i64 {
        let area = u64::from(self.gray.width()) * u64::from(self.gray.height());
        let paper = area * u64::from(1_000 - self.background.per_mille()) / 1_000;
        i64::try_from(self.ink_pixels * 100_000 / paper.max(1)).unwrap_or(i64::MAX)
    }

    /// Difference of level between paper and ink.
    pub(super) fn contrast(&self) -> i64 {
        let ink = self.ink_level_sum.checked_div(self.ink_pixels).unwrap_or(0);
        i64::from(self.paper) - i64::try_from(ink).unwrap_or(255)
    }

    /// The corner that is missing; the larger if several are.
    pub(super) fn cut_corner(&self) -> Option<CutCorner> {
        self.background.cut_corner()
    }
}

fn work_size(width: u32, height: u32) -> (u32, u32) {
    let pixels = u64::from(width) * u64::from(height);
    if pixels <= WORK_PIXELS {
        return (width, height);
    }
    // A side shrinks by the root of the ratio, in thousandths.
    let scale = (WORK_PIXELS * 1_000_000 / pixels).isqrt();
    let scaled = |side: u32| u32::try_from(u64::from(side) * scale / 1_000).unwrap_or(side).max(1);
    (scaled(width), scaled(height))
}

fn coarse_map(gray: &GrayImage) -> GrayImage {
    let long = gray.width().max(gray.height());
    let scaled = |side: u32| (side * MAP_SIDE / long).clamp(1, MAP_SIDE);
    DynamicImage::ImageLuma8(gray.clone()).thumbnail_exact(scaled(gray.width()), scaled(gray.height())).into_luma8()
}

/// The level that most of the bright half of the page has: its upper quartile.
fn paper_level(map: &GrayImage) -> u8 {
    let mut levels = map.as_raw().clone();
    levels.sort_unstable();
    levels.get(levels.len() * 3 / 4).copied().unwrap_or(0)
}

/// First and last-but-one index between which all but stray ink lies.
fn trimmed(counts: &[u64]) -> (u32, u32) {
    let total: u64 = counts.iter().sum();
    let stray = total * STRAY_INK / 1_000;
    let reach = |counts: &mut dyn Iterator<Item = &u64>| {
        let mut seen = 0;
        counts
            .take_while(|count| {
                seen += **count;
                seen <= stray
            })
            .count()
    };
    let start = reach(&mut counts.iter());
    let end = counts.len() - reach(&mut counts.iter().rev());
    (u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
}

/// A missing corner.
pub(super) struct CutCorner {
    /// Shorter leg in 1/10,000 of the page's shorter side.
    pub leg: i64,
    pub region: Rect,
}

/// The dark surface around a sheet: all that is dark and hangs together with the image's edge.
struct Background {
    width: usize,
    height: usize,
    cells: Vec<bool>,
}

impl Background {
    fn of(map: &GrayImage, paper: u8) -> Self {
        let (width, height) = (map.width() as usize, map.height() as usize);
        let dark_below = u32::from(paper) * BACKGROUND_PERCENT / 100;
        let dark: Vec<bool> = map.as_raw().iter().map(|level| u32::from(*level) < dark_below).collect();
        let mut cells = vec![false; dark.len()];
        let mut open: Vec<usize> = Vec::new();
        for (index, is_dark) in dark.iter().enumerate() {
            let (x, y) = (index % width, index / width);
            let is_edge = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
            if *is_dark && is_edge {
                cells[index] = true;
                open.push(index);
            }
        }
        while let Some(index) = open.pop() {
            let (x, y) = (index % width, index / width);
            let neighbors = [
                (x > 0).then(|| index - 1),
                (x + 1 < width).then_some(index + 1),
                (y > 0).then(|| index - width),
                (y + 1 < height).then_some(index + width),
            ];
            for neighbor in neighbors.into_iter().flatten() {
                if dark[neighbor] && !cells[neighbor] {
                    cells[neighbor] = true;
                    open.push(neighbor);
                }
            }
        }
        Self { width, height, cells }
    }

    /// Whether a pixel of an image of the given size is background or right beside it, where edges look like ink.
    fn covers(&self, x: u32, y: u32, width: u32, height: u32) -> bool {
        let cell_x = (u64::from(x) * self.width as u64 / u64::from(width)) as usize;
        let cell_y = (u64::from(y) * self.height as u64 / u64::from(height)) as usize;
        let (left, right) = (cell_x.saturating_sub(1), (cell_x + 2).min(self.width));
        (cell_y.saturating_sub(1)..(cell_y + 2).min(self.height))
            .any(|row| self.cells[row * self.width + left..row * self.width + right].contains(&true))
    }

    fn per_mille(&self) -> u32 {
        let count = self.cells.iter().filter(|cell| **cell).count();
        u32::try_from(count * 1_000 / self.cells.len().max(1)).unwrap_or(1_000)
    }

    /// The largest triangle of background at a corner.
    ///
    /// A sheet that lies askew on a dark surface shows long thin triangles: that is skew, not loss.
    /// Scanners leave dark strips along edges, so the legs are also looked for a little inside.
    fn cut_corner(&self) -> Option<CutCorner> {
        let corners = [(false, false), (true, false), (false, true), (true, true)];
        let tries = corners.iter().flat_map(|(right, bottom)| {
            (0..=STRIP_CELLS).step_by(2).filter_map(|inset| self.triangle(*right, *bottom, inset))
        });
        tries.max_by_key(|corner| corner.leg)
    }

    /// The triangle at a corner whose legs run `inset` cells inside of the image's edges.
    fn triangle(&self, right: bool, bottom: bool, inset: usize) -> Option<CutCorner> {
        let cell = |x: usize, y: usize| {
            let x = if right { self.width - 1 - x } else { x };
            let y = if bottom { self.height - 1 - y } else { y };
            self.cells[y * self.width + x]
        };
        let short_side = self.width.min(self.height);
        if short_side <= 2 * inset {
            return None;
        }
        let across = (inset..self.width).take_while(|x| cell(*x, inset)).count();
        let down = (inset..self.height).take_while(|y| cell(inset, *y)).count();
        let (short, long) = (across.min(down), across.max(down));
        if short < 2 || long > short * 4 || short > short_side * 2 / 3 {
            return None;
        }
        let within = |x: usize, y: usize| x * down + y * across < across * down;
        let (mut inside, mut filled, mut beyond) = (0, 0, 0);
        for (x, y) in (0..down).flat_map(|y| (0..across).map(move |x| (x, y))) {
            match (within(x, y), cell(x + inset, y + inset)) {
                (true, is_background) => {
                    inside += 1;
                    filled += usize::from(is_background);
                }
                (false, true) => beyond += 1,
                (false, false) => {}
            }
        }
        let is_triangle = filled * 100 >= inside * 85 && beyond * 100 <= inside * 40;
        is_triangle.then(|| self.corner(right, bottom, across + inset, down + inset))
    }

    fn corner(&self, right: bool, bottom: bool, across: usize, down: usize) -> CutCorner {
        let (left, top) = (if right { self.width - across } else { 0 }, if bottom { self.height - down } else { 0 });
        let pixels =
            PixelBox { left: left as u32, top: top as u32, right: (left + across) as u32, bottom: (top + down) as u32 };
        let leg = across.min(down) * 10_000 / self.width.min(self.height);
        CutCorner {
            leg: i64::try_from(leg).unwrap_or(i64::MAX),
            region: Rect::around(pixels, self.width as u32, self.height as u32),
        }
    }
}

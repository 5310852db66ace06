//! How steep the edges of letters are.

use image::GrayImage;

use super::sheet::Sheet;

/// Edges looked at in each direction at most; more would only cost time.
const MAX_EDGES: usize = 2_500;

/// With fewer edges a direction says nothing.
const MIN_EDGES: usize = 60;

/// Differences of level below this are paper and noise.
const LEAST_STEP: i64 = 12;

/// Curvature against slope of letters' edges, in per mille: 1,000 for a step from one pixel to the next.
///
/// A ratio, so that neither contrast nor the amount of text matters.
/// Measured down and across; the worse counts, because a moved page is soft in one direction only.
/// Zero where ink has no edges at all: asked only of pages that are not blank.
pub(super) fn of(sheet: &Sheet) -> i64 {
    let down = softness(&sheet.gray, &sheet.lower_edges, Direction::Down);
    let across = softness(&sheet.gray, &sheet.right_edges, Direction::Across);
    match (down, across) {
        (Some(down), Some(across)) => down.min(across),
        (one, other) => one.or(other).unwrap_or(0),
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Down,
    Across,
}

fn softness(gray: &GrayImage, edges: &[(u32, u32)], direction: Direction) -> Option<i64> {
    let step = edges.len().div_ceil(MAX_EDGES).max(1);
    let mut profiles: Vec<(i64, i64)> =
        edges.iter().step_by(step).filter_map(|edge| profile(gray, *edge, direction)).collect();
    if profiles.len() < MIN_EDGES {
        return None;
    }
    // The steeper half: the rest are shadows, folds and faint strokes.
    let half = profiles.len() / 2;
    profiles.select_nth_unstable_by_key(half, |(slope, _)| *slope);
    let (slopes, curvatures) = profiles[half..].iter().fold((0, 0), |sum, edge| (sum.0 + edge.0, sum.1 + edge.1));
    Some(1_000 * curvatures / slopes.max(1))
}

/// Squares of the steepest slope and the strongest curvature across an edge, over three pixels along it.
fn profile(gray: &GrayImage, (x, y): (u32, u32), direction: Direction) -> Option<(i64, i64)> {
    const BEFORE: i64 = 2;
    const COUNT: usize = 6;
    let (along, across) = match direction {
        Direction::Down => ((1, 0), (0, 1)),
        Direction::Across => ((0, 1), (1, 0)),
    };
    let (width, raw) = (i64::from(gray.width()), gray.as_raw());
    let mut levels = [0_i64; COUNT];
    for (position, level) in (-BEFORE..).zip(&mut levels) {
        for side in -1..=1 {
            let (x, y) = (
                i64::from(x) + across.0 * position + along.0 * side,
                i64::from(y) + across.1 * position + along.1 * side,
            );
            if x < 0 || y < 0 || x >= width {
                return None;
            }
            *level += i64::from(*raw.get((y * width + x) as usize)?);
        }
    }
    let (mut slope, mut curvature) = (0, 0);
    for at in 1..COUNT - 1 {
        slope = slope.max((levels[at + 1] - levels[at - 1]).abs());
        curvature = curvature.max((levels[at + 1] - 2 * levels[at] + levels[at - 1]).abs());
    }
    (slope >= 3 * LEAST_STEP).then_some((slope * slope, curvature * curvature))
}

//! How far lines of text are from level.

use super::sheet::Sheet;

/// Most angles looked at, to either side, in 1/100 degree: beyond it any page is refused anyway.
const REACH: i64 = 1_200;

const COARSE_STEP: i64 = 50;

const FINE_STEP: i64 = 10;

/// Points used at most; more would only cost time.
const MAX_POINTS: usize = 6_000;

/// Fewer points than this say nothing about lines.
const MIN_POINTS: usize = 120;

/// The best angle must gather the points this much better than the average angle, in percent.
const MIN_CLEARNESS: f64 = 130.0;

/// The angle of the text lines in 1/100 degree, positive when they fall to the right; nothing if there are no clear lines.
///
/// Lower edges of letters are projected along each angle; at the right one they fall into few rows (projection profile).
pub(super) fn of(sheet: &Sheet) -> Option<i64> {
    let edges = &sheet.lower_edges;
    if edges.len() < MIN_POINTS {
        return None;
    }
    let step = edges.len().div_ceil(MAX_POINTS);
    let points: Vec<(f64, f64)> = edges.iter().step_by(step).map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
    let diagonal = f64::from(sheet.gray.width()).hypot(f64::from(sheet.gray.height()));
    let mut rows = vec![0_i64; (2.0 * diagonal) as usize + 4];
    let mut best = (0, i64::MIN);
    let mut sum = 0;
    let mut count = 0;
    for angle in (-REACH..=REACH).step_by(COARSE_STEP as usize) {
        let score = gathered(&points, angle, diagonal, &mut rows);
        sum += score;
        count += 1;
        if score > best.1 {
            best = (angle, score);
        }
    }
    let is_clear = best.1 as f64 * 100.0 >= MIN_CLEARNESS * sum as f64 / f64::from(count);
    if !is_clear {
        return None;
    }
    for angle in (best.0 - COARSE_STEP..=best.0 + COARSE_STEP).step_by(FINE_STEP as usize) {
        let score = gathered(&points, angle, diagonal, &mut rows);
        if score > best.1 {
            best = (angle, score);
        }
    }
    Some(best.0)
}

/// Sum of squares of how many points fall into each row when looked at along an angle.
fn gathered(points: &[(f64, f64)], angle: i64, diagonal: f64, rows: &mut [i64]) -> i64 {
    rows.fill(0);
    let (sine, cosine) = (angle as f64 / 100.0).to_radians().sin_cos();
    for (x, y) in points {
        rows[(y * cosine - x * sine + diagonal) as usize] += 1;
    }
    rows.iter().map(|count| count * count).sum()
}

//! Whether a page is good enough to work from, in figures.
//!
//! Everything is measured on a reduced copy, so that a page costs the same whatever its resolution.

mod fingerprint;
mod policy;
mod sharpness;
mod sheet;
mod skew;

pub use fingerprint::fingerprint_distance;
pub use policy::{Gauge, QualityPolicy, Severity, Worse};

use super::{DecodedPage, Rect};
use sheet::Sheet;

/// What can be wrong with a page image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// Scanned too coarsely: `measured` is the dots per inch that the file states.
    LowResolution,
    /// The file states no dots per inch, and the page has few pixels: `measured` is those of its longer side.
    FewPixels,
    /// Lines of text are not level: `measured` is 1/100 degree, without sign.
    Skewed,
    /// Edges are soft: `measured` is per mille of the steepness of a perfect edge.
    Blurred,
    /// Nothing is on the page: `measured` is ink per 100,000 of its area.
    Blank,
    /// A corner is missing or folded: `measured` is its shorter leg in 1/10,000 of the page's shorter side.
    CutCorner,
    /// The paper is dark: `measured` is its level from 0 to 255.
    TooDark,
    /// Ink hardly differs from paper: `measured` is the difference of levels from 0 to 255.
    TooBright,
}

impl FindingKind {
    /// A stable name for stored shapes and texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::LowResolution => "low_resolution",
            Self::FewPixels => "few_pixels",
            Self::Skewed => "skewed",
            Self::Blurred => "blurred",
            Self::Blank => "blank",
            Self::CutCorner => "cut_corner",
            Self::TooDark => "too_dark",
            Self::TooBright => "too_bright",
        }
    }
}

/// One thing that is wrong, with its figure and the limit that it misses, both in the unit of the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    pub severity: Severity,
    pub measured: i64,
    pub limit: i64,
    /// Where, if it is not the page as a whole.
    pub region: Option<Rect>,
}

/// The outcome for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What is wrong, worst first; empty for a good page.
    pub findings: Vec<Finding>,
    /// The box around what is written; the whole page if nothing is.
    pub content: Rect,
    /// Similar for images of the same sheet: see [`fingerprint_distance`].
    pub fingerprint: u64,
}

impl Verdict {
    /// Whether the page must be taken again.
    pub fn refuses(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Refuse)
    }
}

/// What is measured of a page, each in the unit of its [`FindingKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    /// Dots per inch, if the file states them.
    pub dpi: Option<u32>,
    /// Pixels of the longer side.
    pub long_side_px: u32,
    /// 1/100 degree, positive when lines fall to the right; nothing if the page shows no clear lines.
    pub skew: Option<i64>,
    pub sharpness: i64,
    pub ink: i64,
    pub paper_level: i64,
    pub contrast: i64,
    /// Shorter leg and place of the corner that is missing, the largest if several are.
    pub cut_corner: Option<(i64, Rect)>,
    pub content: Rect,
    pub fingerprint: u64,
}

impl Measures {
    /// Measures a page; a page of 200 dpi takes some hundredths of a second.
    pub fn of(page: &DecodedPage) -> Self {
        let sheet = Sheet::of(&page.image);
        Self {
            dpi: page.dpi.filter(|_| page.dpi_stated),
            long_side_px: page.image.width().max(page.image.height()),
            skew: skew::of(&sheet),
            sharpness: sharpness::of(&sheet),
            ink: sheet.ink_per_100_000(),
            paper_level: i64::from(sheet.paper),
            contrast: sheet.contrast(),
            cut_corner: sheet.cut_corner().map(|corner| (corner.leg, corner.region)),
            content: sheet.content,
            fingerprint: fingerprint::of(&sheet),
        }
    }
}

/// Measures a page against a policy.
///
/// A blank page gets no finding on blur, skew or contrast: there is nothing to measure them on.
pub fn judge(page: &DecodedPage, policy: &QualityPolicy) -> Verdict {
    let measures = Measures::of(page);
    let mut findings = Vec::new();
    let mut weigh = |kind, gauge: Gauge, measured: i64, region: Option<Rect>| {
        let outcome = gauge.weigh(measured);
        if let Some((severity, limit)) = outcome {
            findings.push(Finding { kind, severity, measured, limit, region });
        }
        outcome.is_some_and(|(severity, _)| severity == Severity::Refuse)
    };
    match measures.dpi {
        Some(dpi) => weigh(FindingKind::LowResolution, policy.dpi, i64::from(dpi), None),
        None => weigh(FindingKind::FewPixels, policy.long_side_px, i64::from(measures.long_side_px), None),
    };
    weigh(FindingKind::TooDark, policy.paper_level, measures.paper_level, None);
    if let Some((leg, region)) = measures.cut_corner {
        weigh(FindingKind::CutCorner, policy.cut_corner, leg, Some(region));
    }
    let is_blank = weigh(FindingKind::Blank, policy.ink, measures.ink, None);
    if !is_blank {
        weigh(FindingKind::TooBright, policy.contrast, measures.contrast, None);
        weigh(FindingKind::Blurred, policy.sharpness, measures.sharpness, None);
        weigh(FindingKind::Skewed, policy.skew, measures.skew.unwrap_or(0).abs(), None);
    }
    findings.sort_by_key(|finding| finding.severity);
    Verdict { findings, content: measures.content, fingerprint: measures.fingerprint }
}

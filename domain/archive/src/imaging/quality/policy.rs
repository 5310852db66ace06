//! Limits of quality, as data.

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The page must be taken again.
    Refuse,
    /// The sender is told and may go on.
    Warn,
}

/// On which side of its limits a figure is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// Below the limit.
    Lower,
    /// Above the limit.
    Higher,
}

/// Two limits for one figure; a figure that equals a limit keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    pub worse: Worse,
    pub warn: i64,
    pub refuse: i64,
}

impl Gauge {
    /// Bad below `refuse`, doubtful below `warn`.
    pub const fn at_least(warn: i64, refuse: i64) -> Self {
        Self { worse: Worse::Lower, warn, refuse }
    }

    /// Bad above `refuse`, doubtful above `warn`.
    pub const fn at_most(warn: i64, refuse: i64) -> Self {
        Self { worse: Worse::Higher, warn, refuse }
    }

    /// Never finds anything.
    pub const fn off() -> Self {
        Self { worse: Worse::Lower, warn: i64::MIN, refuse: i64::MIN }
    }

    /// The severity of a figure and the limit that it misses.
    pub fn weigh(self, measured: i64) -> Option<(Severity, i64)> {
        let misses = |limit: i64| match self.worse {
            Worse::Lower => measured < limit,
            Worse::Higher => measured > limit,
        };
        if misses(self.refuse) {
            return Some((Severity::Refuse, self.refuse));
        }
        misses(self.warn).then_some((Severity::Warn, self.warn))
    }
}

/// Limits for one kind of page; the unit of each is that of its [`super::FindingKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QualityPolicy {
    /// Dots per inch, where the file states them.
    pub dpi: Gauge,
    /// Pixels of the longer side, where it does not.
    pub long_side_px: Gauge,
    pub skew: Gauge,
    pub sharpness: Gauge,
    pub ink: Gauge,
    pub cut_corner: Gauge,
    pub paper_level: Gauge,
    pub contrast: Gauge,
}

impl Default for QualityPolicy {
    /// For vouchers.
    ///
    /// 200 dpi and 3 degrees are trade practice (`domain.md` 1.4).
    /// The rest was set between what sixty real scans show and what the same scans show when spoiled on purpose;
    /// a dog's ear up to a fifth of the shorter side is a warning, since it seldom takes writing with it.
    fn default() -> Self {
        Self {
            dpi: Gauge::at_least(200, 200),
            long_side_px: Gauge::at_least(1_200, 1_000),
            skew: Gauge::at_most(200, 300),
            sharpness: Gauge::at_least(180, 100),
            ink: Gauge::at_least(200, 60),
            cut_corner: Gauge::at_most(200, 2_000),
            paper_level: Gauge::at_least(150, 90),
            contrast: Gauge::at_least(45, 30),
        }
    }
}

impl QualityPolicy {
    /// For attachments such as receipts, which carry no seal to be compared: 120 dpi suffice to read them.
    pub fn attachment() -> Self {
        Self { dpi: Gauge::at_least(200, 120), long_side_px: Gauge::at_least(1_000, 800), ..Self::default() }
    }
}

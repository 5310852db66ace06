//! An institution: its class, its place in the tree, its opening hours.

use kernel::InstitutionId;
use kernel::calendar::{BusinessDate, CalendarError, OpeningHours};

/// What kind of node of the bank's tree an institution is (`domain.md` 1.1, trade practice).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstitutionClass {
    HeadOffice,
    Province,
    /// A branch between province and sub-branch.
    Tier2Branch,
    SubBranch,
    /// The lowest kind, which serves customers.
    Outlet,
    /// The provincial operations center.
    Center,
    SubCenter,
}

impl InstitutionClass {
    pub const ALL: [Self; 7] = [
        Self::HeadOffice,
        Self::Province,
        Self::Tier2Branch,
        Self::SubBranch,
        Self::Outlet,
        Self::Center,
        Self::SubCenter,
    ];

    /// The stored and transmitted form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HeadOffice => "head_office",
            Self::Province => "province",
            Self::Tier2Branch => "tier2_branch",
            Self::SubBranch => "sub_branch",
            Self::Outlet => "outlet",
            Self::Center => "center",
            Self::SubCenter => "sub_center",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == text)
    }

    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::HeadOffice => "总行",
            Self::Province => "省分行",
            Self::Tier2Branch => "二级分行",
            Self::SubBranch => "支行",
            Self::Outlet => "网点",
            Self::Center => "运营中心",
            Self::SubCenter => "分中心",
        }
    }

    pub const fn name_en(self) -> &'static str {
        match self {
            Self::HeadOffice => "head office",
            Self::Province => "province",
            Self::Tier2Branch => "tier-2 branch",
            Self::SubBranch => "sub-branch",
            Self::Outlet => "outlet",
            Self::Center => "center",
            Self::SubCenter => "sub-center",
        }
    }

    /// The classes directly above; a province may also be the root, since the product serves one province.
    pub const fn parents(self) -> &'static [Self] {
        match self {
            Self::HeadOffice => &[],
            Self::Province => &[Self::HeadOffice],
            Self::Tier2Branch => &[Self::Province],
            // A province runs some sub-branches itself.
            Self::SubBranch => &[Self::Tier2Branch, Self::Province],
            Self::Outlet => &[Self::SubBranch, Self::Tier2Branch],
            Self::Center => &[Self::Province, Self::HeadOffice],
            Self::SubCenter => &[Self::Center],
        }
    }

    pub const fn may_be_root(self) -> bool {
        matches!(self, Self::HeadOffice | Self::Province)
    }
}

/// Opening hours of a week as they are written and as they are computed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Monday first, each `08:30-11:30,13:30-17:00`, or empty for a closed day.
    week: [String; 7],
    make_up: String,
    hours: OpeningHours,
}

impl Opening {
    /// `week` begins with Monday; `make_up` holds the hours of a worked weekend day without hours of its own.
    pub fn new(week: [String; 7], make_up: String) -> Result<Self, CalendarError> {
        let mut spans: [Vec<kernel::calendar::OpenSpan>; 7] = Default::default();
        for (text, day) in week.iter().zip(spans.iter_mut()) {
            *day = OpeningHours::parse_day(text)?;
        }
        let hours = OpeningHours::new(spans, OpeningHours::parse_day(&make_up)?)?;
        Ok(Self { week, make_up, hours })
    }

    /// The same hours from Monday to Friday and on make-up days.
    pub fn weekdays(text: &str) -> Result<Self, CalendarError> {
        let week = std::array::from_fn(|index| if index < 5 { text.to_owned() } else { String::new() });
        Self::new(week, text.to_owned())
    }

    /// What the calendar computes with.
    pub fn hours(&self) -> &OpeningHours {
        &self.hours
    }

    /// The written form of each day, Monday first.
    pub fn week(&self) -> &[String; 7] {
        &self.week
    }

    pub fn make_up(&self) -> &str {
        &self.make_up
    }
}

/// A node of the bank's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    pub institution_id: InstitutionId,
    /// The bank's own number of it, unique.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub class: InstitutionClass,
    pub parent: Option<InstitutionId>,
    /// `/<id>/<id>/` from the root to this institution; an institution is within another when its path begins with the other's.
    pub path: String,
    /// The 12-digit bank code of the payment system, where it has one.
    pub cnaps: Option<String>,
    pub opening: Opening,
    /// From this date on it works no more.
    pub closed_on: Option<BusinessDate>,
    /// Rises by one with each edit; an edit names the version it was made from.
    pub version: i64,
}

impl Institution {
    /// Whether this is `ancestor` or stands somewhere below it.
    pub fn is_within(&self, ancestor: &InstitutionId) -> bool {
        path_holds(&self.path, ancestor)
    }
}

/// Whether a path leads through `ancestor`.
pub fn path_holds(path: &str, ancestor: &InstitutionId) -> bool {
    path.split('/').any(|id| id == ancestor.as_str())
}

/// The `LIKE` pattern of the paths of `top` and all institutions below it, for the lists of other areas.
///
/// The underscore of an id also stands for any one sign there, which is harmless: no id has another sign after its prefix.
pub fn subtree_pattern(top: &InstitutionId) -> String {
    format!("%/{top}/%")
}

/// What an administrator enters for a new institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstitution {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub class: InstitutionClass,
    pub parent: Option<InstitutionId>,
    pub cnaps: Option<String>,
    pub opening: Opening,
}

/// Which institutions a list shows; an absent part does not restrict.
#[derive(Debug, Clone, Default)]
pub struct InstitutionFilter {
    /// This institution and all below it.
    pub under: Option<InstitutionId>,
    pub class: Option<InstitutionClass>,
    /// Part of the code or of either name.
    pub text: Option<String>,
}

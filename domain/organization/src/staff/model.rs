//! People who work for the bank, the vendors that lend some of them, and who is kin to whom.

use crate::post::Category;
use kernel::calendar::BusinessDate;
use kernel::{InstitutionId, PersonId, VendorId};
use std::fmt;

/// A person known to the product.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    pub person_id: PersonId,
    /// What the person signs in with; unique for ever, also after leaving.
    pub employee_no: String,
    /// Shown to colleagues; never in a log, which is why [`fmt::Debug`] leaves it out.
    pub name: String,
    pub category: Category,
    /// The vendor of an outsourced person.
    pub vendor_id: Option<VendorId>,
    /// Where the person belongs; appointments may be elsewhere.
    pub home: InstitutionId,
    /// From this date on the person works here no more.
    pub left_on: Option<BusinessDate>,
}

impl Person {
    /// Whether the person works here on `date`.
    pub fn is_present(&self, date: BusinessDate) -> bool {
        self.left_on.is_none_or(|left_on| date < left_on)
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person")
            .field("person_id", &self.person_id)
            .field("category", &self.category)
            .field("vendor_id", &self.vendor_id)
            .field("home", &self.home)
            .field("left_on", &self.left_on)
            .finish_non_exhaustive()
    }
}

/// What an administrator enters for a new person.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    pub employee_no: String,
    pub name: String,
    pub category: Category,
    /// Given exactly for outsourced people.
    pub vendor_id: Option<VendorId>,
    pub home: InstitutionId,
}

/// Which people a list shows; an absent part does not restrict.
#[derive(Clone, Default)]
pub struct PersonFilter {
    /// Part of the name, or the beginning of the employee number.
    pub text: Option<String>,
    /// At home in this institution or below it.
    pub within: Option<InstitutionId>,
    pub category: Option<Category>,
    /// Also those who have left.
    pub with_left: bool,
}

/// An outsourcing firm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    pub vendor_id: VendorId,
    pub code: String,
    pub name: String,
}

/// Kinship that bars two people from checking each other's work (回避): the four classes of the rules for avoidance by kinship,
/// taken over by banks as trade practice (`domain.md` 7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    Spouse,
    /// Parents, children, grandparents, grandchildren.
    DirectBlood,
    /// Siblings, uncles and aunts, cousins within three generations.
    CollateralBlood,
    /// The spouse's close relatives.
    NearInLaw,
}

impl Relation {
    pub const ALL: [Self; 4] = [Self::Spouse, Self::DirectBlood, Self::CollateralBlood, Self::NearInLaw];

    /// The stored and transmitted form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::DirectBlood => "direct_blood",
            Self::CollateralBlood => "collateral_blood",
            Self::NearInLaw => "near_in_law",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == text)
    }

    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::Spouse => "夫妻",
            Self::DirectBlood => "直系血亲",
            Self::CollateralBlood => "三代以内旁系血亲",
            Self::NearInLaw => "近姻亲",
        }
    }

    pub const fn name_en(self) -> &'static str {
        match self {
            Self::Spouse => "spouse",
            Self::DirectBlood => "direct blood relative",
            Self::CollateralBlood => "collateral blood relative",
            Self::NearInLaw => "close in-law",
        }
    }
}

//! The tree: a province with its operations center, 14 tier-2 branches, 60 sub-branches and 400 outlets.

use crate::words::{BANK_EN, BANK_ZH, Branch, CENTER_DIVISIONS, DISTRICTS, Name, PROVINCE, QUARTERS, TIER2_BRANCHES};
use kernel::checksum::bank_code;

/// The kind of an institution; `as_str` is the text that the product's interface uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Province,
    Center,
    SubCenter,
    #[serde(rename = "tier2_branch")]
    Tier2Branch,
    SubBranch,
    Outlet,
}

impl Class {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Center => "center",
            Self::SubCenter => "sub_center",
            Self::Tier2Branch => "tier2_branch",
            Self::SubBranch => "sub_branch",
            Self::Outlet => "outlet",
        }
    }
}

/// A node of the tree; a parent stands before its children.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Institution {
    /// Six characters, unique: `62` and a running number, or letters for the center.
    pub code: String,
    pub parent: Option<String>,
    pub class: Class,
    pub name_zh: String,
    pub name_en: String,
    /// Twelve digits with a right check digit; the leading 399 belongs to no bank.
    pub cnaps: Option<String>,
    /// Hours from Monday to Friday and on make-up working days, `08:30-11:30,13:30-17:00`.
    pub opening_weekdays: &'static str,
    /// Hours on Saturday and Sunday; empty when closed.
    pub opening_weekends: &'static str,
}

pub(super) const PROVINCE_CODE: &str = "620000";
pub(super) const CENTER_CODE: &str = "62OC00";
const SUB_BRANCHES: usize = 60;
const OUTLETS: usize = 400;
const OFFICE_HOURS: &str = "08:30-12:00,14:00-18:00";
/// The center works through noon: outlets send all day.
const CENTER_HOURS: &str = "08:00-20:00";

pub(super) fn sub_center_code(division: &str) -> String {
    let number = CENTER_DIVISIONS.iter().position(|known| known.code == division).map_or(0, |place| place + 1);
    format!("62OC{number:02}")
}

pub(super) fn generate() -> Vec<Institution> {
    let mut all = vec![province(), center()];
    all.extend(CENTER_DIVISIONS.iter().map(|division| Institution {
        code: sub_center_code(division.code),
        parent: Some(CENTER_CODE.to_owned()),
        class: Class::SubCenter,
        name_zh: division.name.zh.to_owned(),
        name_en: division.name.en.to_owned(),
        cnaps: None,
        opening_weekdays: CENTER_HOURS,
        opening_weekends: "",
    }));
    for (number, branch) in TIER2_BRANCHES.iter().enumerate() {
        all.extend(branch_with_children(number, branch));
    }
    all
}

fn province() -> Institution {
    Institution {
        code: PROVINCE_CODE.to_owned(),
        parent: None,
        class: Class::Province,
        name_zh: format!("{BANK_ZH}{}分行", PROVINCE.zh),
        name_en: format!("{BANK_EN} {} Branch", PROVINCE.en),
        cnaps: Some(cnaps("8210", 1)),
        opening_weekdays: OFFICE_HOURS,
        opening_weekends: "",
    }
}

fn center() -> Institution {
    Institution {
        code: CENTER_CODE.to_owned(),
        parent: Some(PROVINCE_CODE.to_owned()),
        class: Class::Center,
        name_zh: "业务运营支持服务中心".to_owned(),
        name_en: "Business Operations Support Center".to_owned(),
        cnaps: None,
        opening_weekdays: CENTER_HOURS,
        opening_weekends: "",
    }
}

/// How many of `total` fall to the `number`th of `parts`, as evenly as they go.
fn share(total: usize, parts: usize, number: usize) -> usize {
    total / parts + usize::from(number < total % parts)
}

fn branch_with_children(number: usize, branch: &Branch) -> Vec<Institution> {
    let city = branch.city;
    let code = format!("62{:02}00", number + 1);
    let mut bank_codes = (1..).map(|order| cnaps(branch.city_code, order + 10));
    let mut all = vec![Institution {
        code: code.clone(),
        parent: Some(PROVINCE_CODE.to_owned()),
        class: Class::Tier2Branch,
        name_zh: format!("{BANK_ZH}{}分行", city.zh),
        name_en: format!("{} Branch", city.en),
        cnaps: bank_codes.next(),
        opening_weekdays: OFFICE_HOURS,
        opening_weekends: "",
    }];
    let sub_branches = share(SUB_BRANCHES, TIER2_BRANCHES.len(), number);
    let outlets = share(OUTLETS, TIER2_BRANCHES.len(), number);
    // Each outlet of a city takes another quarter, so that no two share a name.
    let mut quarters = QUARTERS.iter().cycle().skip(number * 7);
    let mut serial = 0;
    for (place, district) in DISTRICTS.iter().take(sub_branches).enumerate() {
        serial += 1;
        let parent = Institution {
            code: format!("62{:02}{serial:02}", number + 1),
            parent: Some(code.clone()),
            class: Class::SubBranch,
            name_zh: format!("{}{}支行", city.zh, district.zh),
            name_en: format!("{} {} Sub-branch", city.en, district.en),
            cnaps: bank_codes.next(),
            opening_weekdays: OFFICE_HOURS,
            opening_weekends: "",
        };
        let parent_code = parent.code.clone();
        all.push(parent);
        for order in 0..share(outlets, sub_branches, place) {
            serial += 1;
            let own_code = format!("62{:02}{serial:02}", number + 1);
            let quarter = quarters.next().expect("a cycle over a list that is not empty has no end");
            all.push(outlet(own_code, &parent_code, city, quarter, order, bank_codes.next()));
        }
    }
    all
}

fn outlet(code: String, parent: &str, city: Name, quarter: &Name, order: usize, cnaps: Option<String>) -> Institution {
    // The first outlet of a sub-branch also opens on weekends; country outlets close at noon.
    let (opening_weekdays, opening_weekends) = match order {
        0 => ("08:30-17:30", "09:00-16:00"),
        1..=3 => ("08:30-17:30", ""),
        _ => ("09:00-12:00,14:00-17:30", ""),
    };
    Institution {
        code,
        parent: Some(parent.to_owned()),
        class: Class::Outlet,
        name_zh: format!("{}{}分理处", city.zh, quarter.zh),
        name_en: format!("{} {} Outlet", city.en, quarter.en),
        cnaps,
        opening_weekdays,
        opening_weekends,
    }
}

/// A bank code of the invented bank: 399, the city's four digits, a running number, the check digit.
fn cnaps(city_code: &str, order: usize) -> String {
    let payload = format!("399{city_code}{order:04}");
    let check = bank_code::check_digit(&payload).expect("the payload is eleven digits");
    format!("{payload}{check}")
}

//! The seats that are kept for whoever tries the product, and what each can begin with.

use super::{PASSWORD, Province, SignIn};

/// Somebody one can sign in as.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Visitor {
    pub employee_no: String,
    pub password: String,
    pub name: String,
    pub post_zh: &'static str,
    pub post_en: &'static str,
    /// One sentence: what to try first.
    pub try_en: &'static str,
}

/// Post, its names, and what its first minute is good for; in the order in which a visitor would go through them.
const POSTS: [(&str, &str, &str, &str); 12] = [
    ("duty_supervisor", "值班主管", "Duty supervisor", "Watch the queues move on the board."),
    ("teller", "网点柜员", "Teller", "Capture a voucher and follow it."),
    ("keyer", "录入员", "Keyer", "Go ready and key slices."),
    ("third_keyer", "三录员", "Third keyer", "Settle what two keyers read differently."),
    ("element_checker", "要素审核员", "Element checker", "Check an item against its image."),
    ("refusal_reviewer", "退票复核员", "Refusal reviewer", "Take a second look at a refusal."),
    ("authorizer", "授权员", "Authorizer", "Release a large payment."),
    ("vendor_site_manager", "外包驻场主管", "Vendor site manager", "See what the vendor's seats may see."),
    ("center_manager", "中心负责人", "Center manager", "See the center as a whole."),
    ("organization_administrator", "机构人员管理员", "Organization administrator", "Appoint somebody, and be refused."),
    ("system_administrator", "系统管理员", "System administrator", "List the sessions."),
    ("auditor", "审计员", "Auditor", "Read the journal of an item."),
];

impl Province {
    /// Everyone a visitor can be; an outsourced keyer stands beside the bank's own.
    pub fn visitors(&self) -> Vec<Visitor> {
        let seats = POSTS.iter().flat_map(|(post, post_zh, post_en, try_en)| {
            let people = self.signing_in(post, true);
            let visitors = people.into_iter().filter(|person| person.sign_in == SignIn::Visitor);
            visitors.map(move |person| Visitor {
                employee_no: person.employee_no.clone(),
                password: PASSWORD.to_owned(),
                name: person.name.clone(),
                post_zh,
                post_en,
                try_en: if person.vendor.is_some() && *post == "keyer" {
                    "Key as a vendor's keyer: slices only."
                } else {
                    try_en
                },
            })
        });
        seats.collect()
    }
}

//! Which duty may do what, and how far: the whole policy in one table.
//!
//! A duty with no row may do nothing, and an action with no row may be done by nobody.
//! Source: the roles of centralized processing in the trade (who may do, who may never do on the same item) and the posts of the center.

use crate::Action;
use crate::Action::*;
use organization::Duty;
use organization::Duty::*;

/// How far a grant reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// What the person did or opened.
    Own,
    /// What the work engine handed to the person, while it is handed.
    Assigned,
    /// The institution of the appointment.
    Institution,
    /// The institution of the appointment and all below it.
    Subtree,
    /// The whole bank: only for people of the center, whose trade is the work of all outlets.
    Bank,
}

impl Scope {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Assigned => "assigned",
            Self::Institution => "institution",
            Self::Subtree => "subtree",
            Self::Bank => "bank",
        }
    }
}

type Row = (Duty, &'static [(Action, Scope)]);

/// The policy. One row per duty; read it as a bank's table of posts.
pub const POLICY: &[Row] = &[
    (
        Teller,
        &[
            (CaptureItem, Scope::Institution),
            (SubmitItem, Scope::Institution),
            (WithdrawItem, Scope::Institution),
            (ConfirmItem, Scope::Institution),
            (ViewItem, Scope::Institution),
            (ViewImage, Scope::Institution),
            (ViewBusinessType, Scope::Bank),
        ],
    ),
    (
        OutletSupervisor,
        &[
            (WithdrawItem, Scope::Institution),
            (ViewItem, Scope::Institution),
            (ViewImage, Scope::Institution),
            (ViewBusinessType, Scope::Bank),
            (ViewOrganization, Scope::Institution),
        ],
    ),
    (BranchManager, &[(ViewItem, Scope::Subtree), (ViewOrganization, Scope::Subtree)]),
    (Keyer, &[(TakeWork, Scope::Assigned), (KeySlice, Scope::Assigned)]),
    (ThirdKeyer, &[(TakeWork, Scope::Assigned), (ThirdKeySlice, Scope::Assigned)]),
    (ElementChecker, &[(TakeWork, Scope::Assigned), (CheckItem, Scope::Assigned), (ViewBusinessType, Scope::Bank)]),
    (RefusalReviewer, &[(TakeWork, Scope::Assigned), (ReviewRefusal, Scope::Assigned)]),
    (Authorizer, &[(TakeWork, Scope::Assigned), (AuthorizeItem, Scope::Assigned), (ViewBusinessType, Scope::Bank)]),
    (
        DutySupervisor,
        &[
            (SuperviseWork, Scope::Bank),
            (ResumeItem, Scope::Bank),
            (ViewItem, Scope::Bank),
            (ViewImage, Scope::Bank),
            (ViewBusinessType, Scope::Bank),
            (ViewOrganization, Scope::Bank),
            (ViewReport, Scope::Bank),
            (ViewJob, Scope::Bank),
            (ReviveJob, Scope::Bank),
        ],
    ),
    (
        CenterManager,
        &[
            (ViewItem, Scope::Bank),
            (ViewBusinessType, Scope::Bank),
            (ViewOrganization, Scope::Bank),
            (ViewReport, Scope::Bank),
        ],
    ),
    (QualityInspector, &[(ViewItem, Scope::Bank), (ViewImage, Scope::Bank), (ViewReport, Scope::Bank)]),
    (
        Auditor,
        &[
            (ViewItem, Scope::Bank),
            (ViewImage, Scope::Bank),
            (ViewJournal, Scope::Bank),
            (ViewOrganization, Scope::Bank),
            (ViewBusinessType, Scope::Bank),
            (ViewSession, Scope::Bank),
            (ViewReport, Scope::Bank),
        ],
    ),
    (
        OrganizationAdministrator,
        &[(ViewOrganization, Scope::Bank), (EditOrganization, Scope::Bank), (EditAppointment, Scope::Bank)],
    ),
    (
        SystemAdministrator,
        &[
            (ViewOrganization, Scope::Bank),
            (ViewSession, Scope::Bank),
            (RevokeSession, Scope::Bank),
            (ViewJob, Scope::Bank),
            (EditBusinessType, Scope::Bank),
            (ViewBusinessType, Scope::Bank),
        ],
    ),
    (VendorSiteManager, &[(ViewReport, Scope::Own)]),
];

/// What a duty may do; nothing when the table does not name it.
pub fn grants(duty: Duty) -> &'static [(Action, Scope)] {
    POLICY.iter().find(|(named, _)| *named == duty).map_or(&[], |(_, grants)| grants)
}

/// The matrix as text: one line per action, one column per duty.
pub fn matrix() -> String {
    let mut out = String::new();
    for action in Action::ALL {
        let holders: Vec<String> = POLICY
            .iter()
            .flat_map(|(duty, grants)| grants.iter().map(move |grant| (duty, grant)))
            .filter(|(_, (granted, _))| granted == action)
            .map(|(duty, (_, scope))| format!("{} ({})", duty.as_str(), scope.as_str()))
            .collect();
        out.push_str(&format!(
            "{:<22} {}\n",
            action.as_str(),
            if holders.is_empty() { "nobody".into() } else { holders.join(", ") }
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::separation::INCOMPATIBLE_DUTIES;

    #[test]
    fn the_matrix_changes_only_on_purpose() {
        insta::assert_snapshot!("matrix", matrix());
    }

    #[test]
    fn no_duty_is_listed_twice_and_no_action_twice_in_a_duty() {
        for (place, (duty, grants)) in POLICY.iter().enumerate() {
            assert!(!POLICY[..place].iter().any(|(other, _)| other == duty), "{duty:?} twice");
            for (at, (action, _)) in grants.iter().enumerate() {
                assert!(!grants[..at].iter().any(|(other, _)| other == action), "{duty:?} {action:?} twice");
            }
        }
    }

    #[test]
    fn no_single_duty_holds_two_incompatible_acts_of_the_pipeline() {
        let acts = [CaptureItem, KeySlice, ThirdKeySlice, CheckItem, ReviewRefusal, AuthorizeItem];
        for (duty, grants) in POLICY {
            let held: Vec<_> = grants.iter().map(|(action, _)| action).filter(|action| acts.contains(action)).collect();
            assert!(held.len() <= 1, "{duty:?} holds {held:?}");
        }
    }

    #[test]
    fn a_duty_that_administers_holds_no_act_of_business() {
        let business =
            [CaptureItem, SubmitItem, KeySlice, ThirdKeySlice, CheckItem, ReviewRefusal, AuthorizeItem, ResumeItem];
        for duty in [SystemAdministrator, OrganizationAdministrator, Auditor] {
            assert!(grants(duty).iter().all(|(action, _)| !business.contains(action)), "{duty:?}");
        }
        assert!(INCOMPATIBLE_DUTIES.iter().any(|rule| rule.one.contains(&SystemAdministrator)));
    }
}

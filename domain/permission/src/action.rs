//! Every action that needs a permission, as a value and as a type.
//!
//! The type stands in a function's signature: `fn submit(permit: &Permit<act::SubmitItem>, ..)` cannot be called without one.

use kernel::{Code, Refusal};

/// A marker type of one action.
pub trait Act: Send + Sync + 'static {
    const ACTION: Action;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $zh:literal, $en:literal;)*) => {
        /// What a permission is about. Text form `<resource>.<verb>`, stable in the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Action::$name => $text),* }
            }

            /// What a Chinese reader calls it.
            pub const fn name_zh(self) -> &'static str {
                match self { $(Action::$name => $zh),* }
            }

            /// The same for an English reader, as what somebody is doing.
            pub const fn name_en(self) -> &'static str {
                match self { $(Action::$name => $en),* }
            }

            pub fn parse(text: &str) -> Option<Action> {
                match text { $($text => Some(Action::$name),)* _ => None }
            }
        }

        /// The marker types, one per action.
        pub mod act {
            use super::{Act, Action};
            $(
                $(#[$doc])*
                #[derive(Debug)]
                pub enum $name {}
                impl Act for $name {
                    const ACTION: Action = Action::$name;
                }
            )*
        }
    };
}

impl Action {
    /// The refusal of somebody whose posts do not carry the permission.
    pub fn refused(self) -> Refusal {
        Refusal::detailed(Code::NotPermitted, self.name_zh(), self.name_en())
    }
}

// Grouped by resource, in the order of the item's life.
actions! {
    /// Open an item at an outlet and add or remove pages.
    CaptureItem = "item.capture", "受理业务", "taking items in";
    /// Send a captured, returned or rescanned item to the center.
    SubmitItem = "item.submit", "提交业务", "sending items to the center";
    /// Take an item back before it is posted.
    WithdrawItem = "item.withdraw", "撤销业务", "withdrawing items";
    /// Say at the outlet that the posted result is right, or is not.
    ConfirmItem = "item.confirm", "确认记账结果", "confirming posted results";
    /// Read items and their trace.
    ViewItem = "item.view", "查看业务", "seeing items";
    /// Key a slice as first or second keyer.
    KeySlice = "slice.key", "录入", "keying";
    /// Key a slice as third keyer after a mismatch.
    ThirdKeySlice = "slice.key_third", "三录", "third keying";
    /// Compare the keyed elements with the whole image.
    CheckItem = "item.check", "要素审核", "checking elements";
    /// Take the second look at a proposed refusal.
    ReviewRefusal = "item.review_refusal", "退票复核", "reviewing refusals";
    /// Release an item above its limit to posting.
    AuthorizeItem = "item.authorize", "授权", "authorizing";
    /// Resume a suspended item or retry a failed posting.
    ResumeItem = "item.resume", "恢复挂起业务或再次记账", "resuming items or posting them again";
    /// Open a page image outside a station.
    ViewImage = "image.view", "查看影像", "seeing images";
    /// Be ready for work and receive it.
    TakeWork = "work.take", "领取任务", "taking work";
    /// See the board, re-assign work, change priorities.
    SuperviseWork = "work.supervise", "任务调度", "directing work";
    ViewOrganization = "organization.view", "查看机构与人员", "seeing institutions and people";
    EditOrganization = "organization.edit", "维护机构与人员", "changing institutions and people";
    EditAppointment = "appointment.edit", "维护岗位任命", "making and ending appointments";
    ViewSession = "session.view", "查看登录会话", "seeing sessions";
    RevokeSession = "session.revoke", "终止登录会话", "ending sessions of others";
    ViewBusinessType = "business_type.view", "查看业务种类", "seeing business types";
    EditBusinessType = "business_type.edit", "维护业务种类", "changing business types";
    ViewJournal = "journal.view", "查看操作日志", "reading the journal";
    ViewJob = "job.view", "查看后台作业", "seeing background jobs";
    ReviveJob = "job.revive", "重启后台作业", "reviving background jobs";
    ViewReport = "report.view", "查看报表", "seeing reports";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_refused_reads_the_name_of_the_act_in_both_languages_and_not_its_code() {
        for action in Action::ALL {
            let refusal = action.refused();
            for text in [refusal.zh(), refusal.en()] {
                assert!(!text.contains(action.as_str()), "{text}");
            }
            assert!(refusal.zh().contains(action.name_zh()) && refusal.en().contains(action.name_en()));
            assert!(action.name_en().is_ascii() && !action.name_en().contains(['.', '_']), "{}", action.name_en());
            assert!(action.name_zh().chars().all(|letter| !letter.is_ascii()), "{}", action.name_zh());
        }
    }
}

//! Every action that needs a permission, as a value and as a type.
//!
//! The type stands in a function's signature: `fn submit(permit: &Permit<act::SubmitItem>, ..)` cannot be called without one.

/// A marker type of one action.
pub trait Act: Send + Sync + 'static {
    const ACTION: Action;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What a permission is about. Text form `<resource>.<verb>`, stable in the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* $name),* }

        impl Action {
            pub const ALL: &'static [Action] = &[$(Action::$name),*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Action::$name => $text),* }
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

// Grouped by resource, in the order of the item's life.
actions! {
    /// Open an item at an outlet and add or remove pages.
    CaptureItem = "item.capture";
    /// Send a captured, returned or rescanned item to the center.
    SubmitItem = "item.submit";
    /// Take an item back before it is posted.
    WithdrawItem = "item.withdraw";
    /// Say at the outlet that the posted result is right, or is not.
    ConfirmItem = "item.confirm";
    /// Read items and their trace.
    ViewItem = "item.view";
    /// Key a slice as first or second keyer.
    KeySlice = "slice.key";
    /// Key a slice as third keyer after a mismatch.
    ThirdKeySlice = "slice.key_third";
    /// Compare the keyed elements with the whole image.
    CheckItem = "item.check";
    /// Take the second look at a proposed refusal.
    ReviewRefusal = "item.review_refusal";
    /// Release an item above its limit to posting.
    AuthorizeItem = "item.authorize";
    /// Resume a suspended item or retry a failed posting.
    ResumeItem = "item.resume";
    /// Open a page image outside a station.
    ViewImage = "image.view";
    /// Be ready for work and receive it.
    TakeWork = "work.take";
    /// See the board, re-assign work, change priorities.
    SuperviseWork = "work.supervise";
    ViewOrganization = "organization.view";
    EditOrganization = "organization.edit";
    EditAppointment = "appointment.edit";
    ViewSession = "session.view";
    RevokeSession = "session.revoke";
    ViewBusinessType = "business_type.view";
    EditBusinessType = "business_type.edit";
    ViewJournal = "journal.view";
    ViewJob = "job.view";
    ReviveJob = "job.revive";
    ViewReport = "report.view";
}

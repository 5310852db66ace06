//! An item's life as a table.

use kernel::{
    BusinessDate, Code, Currency, Instant, InstitutionId, ItemId, Money, PersonId, Refusal, Transitions, WorkItemId,
};
use storage::Fault;
use storage::vault::{Private, Sealed, Vault};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($variant),* }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }

            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// Where an item is.
    State {
        Draft = "draft",
        Submitted = "submitted",
        Keying = "keying",
        Checking = "checking",
        RefusalReview = "refusal_review",
        Authorizing = "authorizing",
        Posting = "posting",
        Posted = "posted",
        Confirmed = "confirmed",
        Rescan = "rescan",
        Returned = "returned",
        Refused = "refused",
        Withdrawn = "withdrawn",
        Suspended = "suspended",
        PostFailed = "post_failed",
        ConfirmFailed = "confirm_failed",
    }
}

words! {
    /// What moves an item.
    Move {
        Submit = "submit",
        Slice = "slice",
        SettleKeys = "settle_keys",
        PassToAuthorize = "pass_to_authorize",
        PassToPosting = "pass_to_posting",
        Return = "return",
        AskRescan = "ask_rescan",
        ProposeRefusal = "propose_refusal",
        UpholdRefusal = "uphold_refusal",
        OverturnRefusal = "overturn_refusal",
        Suspend = "suspend",
        Resume = "resume",
        ResumeKeying = "resume_keying",
        ResumeReview = "resume_review",
        Authorize = "authorize",
        SendBack = "send_back",
        Post = "post",
        FailPosting = "fail_posting",
        RetryPosting = "retry_posting",
        Confirm = "confirm",
        FailConfirmation = "fail_confirmation",
        Resubmit = "resubmit",
        Withdraw = "withdraw",
    }
}

/// Every move that an item can make; the database's constraint, the documents' diagram and the console's buttons come from it.
/// Withdrawal ends where posting begins: after that only a reversal undoes.
pub const TRANSITIONS: Transitions<State, Move> = Transitions {
    name: "item",
    rows: &[
        (State::Draft, Move::Submit, State::Submitted),
        (State::Draft, Move::Withdraw, State::Withdrawn),
        (State::Submitted, Move::Slice, State::Keying),
        (State::Submitted, Move::SettleKeys, State::Checking),
        (State::Submitted, Move::Withdraw, State::Withdrawn),
        (State::Keying, Move::SettleKeys, State::Checking),
        (State::Keying, Move::Suspend, State::Suspended),
        (State::Keying, Move::Withdraw, State::Withdrawn),
        (State::Checking, Move::PassToAuthorize, State::Authorizing),
        (State::Checking, Move::PassToPosting, State::Posting),
        (State::Checking, Move::Return, State::Returned),
        (State::Checking, Move::AskRescan, State::Rescan),
        (State::Checking, Move::ProposeRefusal, State::RefusalReview),
        (State::Checking, Move::Suspend, State::Suspended),
        (State::Checking, Move::Withdraw, State::Withdrawn),
        (State::RefusalReview, Move::UpholdRefusal, State::Refused),
        (State::RefusalReview, Move::OverturnRefusal, State::Checking),
        (State::RefusalReview, Move::Suspend, State::Suspended),
        (State::Authorizing, Move::Authorize, State::Posting),
        (State::Authorizing, Move::Return, State::Returned),
        (State::Authorizing, Move::SendBack, State::Checking),
        (State::Authorizing, Move::Suspend, State::Suspended),
        (State::Authorizing, Move::Withdraw, State::Withdrawn),
        (State::Posting, Move::Post, State::Posted),
        (State::Posting, Move::FailPosting, State::PostFailed),
        (State::PostFailed, Move::RetryPosting, State::Posting),
        (State::PostFailed, Move::Return, State::Returned),
        (State::PostFailed, Move::Withdraw, State::Withdrawn),
        (State::Posted, Move::Confirm, State::Confirmed),
        (State::Posted, Move::FailConfirmation, State::ConfirmFailed),
        (State::Rescan, Move::Resubmit, State::Submitted),
        (State::Rescan, Move::Withdraw, State::Withdrawn),
        (State::Returned, Move::Resubmit, State::Submitted),
        (State::Returned, Move::Withdraw, State::Withdrawn),
        (State::Suspended, Move::Resume, State::Checking),
        (State::Suspended, Move::ResumeKeying, State::Keying),
        (State::Suspended, Move::ResumeReview, State::RefusalReview),
        (State::Suspended, Move::Return, State::Returned),
        (State::Suspended, Move::Withdraw, State::Withdrawn),
    ],
};

impl State {
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Draft => "受理中",
            Self::Submitted => "已提交",
            Self::Keying => "录入中",
            Self::Checking => "要素审核",
            Self::RefusalReview => "退票复核",
            Self::Authorizing => "待授权",
            Self::Posting => "记账中",
            Self::Posted => "已记账",
            Self::Confirmed => "已确认",
            Self::Rescan => "退回补扫",
            Self::Returned => "退回补充",
            Self::Refused => "已退票",
            Self::Withdrawn => "已撤销",
            Self::Suspended => "挂起",
            Self::PostFailed => "记账失败",
            Self::ConfirmFailed => "确认失败",
        }
    }

    /// The station or desk that the item is at, as a teller thinks of it.
    pub const fn stage(self) -> &'static str {
        match self {
            Self::Draft | Self::Rescan | Self::Returned => "capture",
            Self::Submitted | Self::Keying => "keying",
            Self::Checking | Self::RefusalReview | Self::Suspended => "checking",
            Self::Authorizing => "authorizing",
            Self::Posting | Self::PostFailed => "posting",
            Self::Posted => "confirming",
            Self::Confirmed | Self::Refused | Self::Withdrawn | Self::ConfirmFailed => "ended",
        }
    }

    /// Whether the outlet may add and remove pages.
    pub const fn takes_pages(self) -> bool {
        matches!(self, Self::Draft | Self::Rescan | Self::Returned)
    }

    /// Whether nothing more happens to the item.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Confirmed | Self::Refused | Self::Withdrawn)
    }
}

/// An item as commands see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub item_id: ItemId,
    /// `<outlet code>-<business date>-<serial>`, what people say on the telephone.
    pub item_no: String,
    pub type_code: String,
    pub type_version: i64,
    pub institution_id: InstitutionId,
    pub institution_path: String,
    pub captured_by: PersonId,
    pub state: State,
    /// Counts every change; the ETag.
    pub version: i64,
    pub business_date: BusinessDate,
    pub priority_class: i64,
    pub currency: Currency,
    pub amount_minor: Option<i64>,
    pub submitted_at: Option<Instant>,
    pub due_at: Option<Instant>,
    pub reason: Option<Reason>,
    /// Counts decisions to post: each has a posting key of its own, because a core answers a key once.
    pub posting_round: i64,
    pub core_reference: Option<String>,
    pub created_at: Instant,
    pub updated_at: Instant,
}

/// Why an item left the straight way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub code: String,
    pub note: Option<Note>,
    /// Places on pages that the reason points at, as the edge drew and checked them; `null` when there is none.
    pub boxes: serde_json::Value,
}

/// What somebody wrote beside a reason code. It may name people and accounts, so it is stored sealed, as the journal's field of it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Just said, and stored by the command that it belongs to.
    Said(Private),
    /// As it is stored.
    Kept(Sealed),
}

impl Note {
    pub fn said(text: impl Into<String>) -> Self {
        Self::Said(Private::new(text))
    }

    pub fn open(&self, vault: &Vault, item_id: &ItemId) -> Result<Private, Fault> {
        match self {
            Self::Said(text) => Ok(text.clone()),
            Self::Kept(sealed) => vault.open_value(sealed, &context(item_id)),
        }
    }

    pub(super) fn seal(&self, vault: &Vault, item_id: &ItemId) -> Result<Sealed, Fault> {
        match self {
            Self::Said(text) => vault.seal(text, &context(item_id)),
            Self::Kept(sealed) => Ok(sealed.clone()),
        }
    }
}

fn context(item_id: &ItemId) -> String {
    format!("items/{item_id}/reason_note")
}

/// What a withdrawal did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    pub version: i64,
    /// The work that ended with the item, each with who held it: the engine tells them (`work::Engine::cancelled`).
    pub ended: Vec<(WorkItemId, Option<PersonId>)>,
}

impl journal::Reply for Withdrawn {
    /// The version, then `work=holder` for each; the holder is empty where nobody held it.
    fn keep(&self) -> String {
        let ended =
            self.ended.iter().map(|(work, holder)| format!(" {work}={}", holder.as_ref().map_or("", PersonId::as_str)));
        std::iter::once(self.version.to_string()).chain(ended).collect()
    }

    fn again(kept: &str) -> Option<Self> {
        let mut parts = kept.split(' ');
        let version = parts.next()?.parse().ok()?;
        let pair = |part: &str| {
            let (work, holder) = part.split_once('=')?;
            let holder = if holder.is_empty() { None } else { Some(PersonId::parse(holder).ok()?) };
            Some((WorkItemId::parse(work).ok()?, holder))
        };
        Some(Self { version, ended: parts.map(pair).collect::<Option<_>>()? })
    }
}

impl Item {
    /// The state after `by`, or the refusal that says what the item is.
    pub fn after(&self, by: Move) -> Result<State, Refusal> {
        TRANSITIONS.next(self.state, by).map_err(|wrong| {
            let en = format!("{} is not open while the item is {}", by.as_str(), wrong.state.as_str());
            Refusal::detailed(Code::WrongState, format!("该业务目前为“{}”", wrong.state.zh()), en)
        })
    }

    pub fn amount(&self) -> Option<Money> {
        self.amount_minor.map(|minor| Money::from_minor(minor, self.currency))
    }

    pub fn is_overdue(&self, now: Instant) -> bool {
        !self.state.is_final() && self.state != State::Posted && self.due_at.is_some_and(|due| due < now)
    }

    /// Names the one intended movement of money: outlet, business date, serial, and which decision to post.
    pub fn posting_key(&self) -> String {
        format!("{}-{}", self.item_no, self.posting_round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_reachable_from_a_draft_and_every_state_but_the_final_ones_has_a_way_on() {
        let mut reached = vec![State::Draft];
        for _ in State::ALL {
            for (from, _, to) in TRANSITIONS.rows {
                if reached.contains(from) && !reached.contains(to) {
                    reached.push(*to);
                }
            }
        }
        for state in State::ALL {
            assert!(reached.contains(state), "{state:?} is never reached");
            let ends = state.is_final() || *state == State::ConfirmFailed;
            assert_eq!(TRANSITIONS.actions(*state).next().is_none(), ends, "{state:?}");
        }
    }

    #[test]
    fn nothing_is_withdrawn_once_posting_has_begun() {
        for state in [State::Posting, State::Posted, State::Confirmed, State::ConfirmFailed, State::Refused] {
            assert!(TRANSITIONS.next(state, Move::Withdraw).is_err(), "{state:?}");
        }
    }

    #[test]
    fn only_posting_leads_to_posted() {
        for (from, by, to) in TRANSITIONS.rows {
            if *to == State::Posted {
                assert_eq!((*from, *by), (State::Posting, Move::Post));
            }
        }
    }

    #[test]
    fn what_a_withdrawal_did_survives_its_text() {
        let now = Instant::from_micros(1);
        let pairs = [(WorkItemId::new(now), None), (WorkItemId::new(now), Some(PersonId::new(now)))];
        for ended in [vec![], pairs.to_vec()] {
            let withdrawn = Withdrawn { version: 7, ended };
            assert_eq!(<Withdrawn as journal::Reply>::again(&journal::Reply::keep(&withdrawn)), Some(withdrawn));
        }
        for broken in ["", "x", "7 wrk", "7 nothing=", "7  "] {
            assert_eq!(<Withdrawn as journal::Reply>::again(broken), None, "{broken}");
        }
    }

    #[test]
    fn what_people_work_on_can_be_suspended_and_a_suspension_has_a_way_back_to_each_of_them_or_to_the_check_before() {
        let suspends = |state: &&State| TRANSITIONS.next(**state, Move::Suspend).is_ok();
        let worked_on = [State::Keying, State::Checking, State::RefusalReview, State::Authorizing];
        assert_eq!(State::ALL.iter().filter(suspends).copied().collect::<Vec<_>>(), worked_on);
        let mut ways: Vec<Move> = TRANSITIONS.actions(State::Suspended).collect();
        ways.sort_unstable();
        assert_eq!(ways, [Move::Return, Move::Resume, Move::ResumeKeying, Move::ResumeReview, Move::Withdraw]);
    }

    #[test]
    fn words_survive_their_text() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(*state));
        }
        for by in Move::ALL {
            assert_eq!(Move::parse(by.as_str()), Some(*by));
        }
    }
}

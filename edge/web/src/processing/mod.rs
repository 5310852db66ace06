//! Centralized processing: the outlet's items, and the stations of the center.

mod authorizing;
mod business_types;
mod checking;
pub(crate) mod items;
mod keying;
mod reasons;
mod refusal_review;
mod station;
pub(crate) mod tasks;
mod wire;

pub use station::news as item_news;
pub(crate) use station::{ItemNews, announce};

use crate::area::{Area, endpoints};
use crate::extract::{Allowed, Either, Session};
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("processing");
    endpoints!(area:
        query Allowed<act::ViewBusinessType> => business_types::list;
        query Session => reasons::list;
        query Allowed<act::ViewItem> => items::list::list;
        command Allowed<act::CaptureItem> => items::open::open;
        query Allowed<act::ViewItem> => items::read::read;
        query Allowed<act::ViewItem> => items::trace::trace;
        upload Allowed<act::CaptureItem> => items::pages::add::add;
        command Allowed<act::CaptureItem> => items::pages::remove::remove;
        command Allowed<act::SubmitItem> => items::submit::submit;
        command Allowed<act::SubmitItem> => items::resubmit::resubmit;
        command Allowed<act::WithdrawItem> => items::withdraw::withdraw;
        command Allowed<act::ConfirmItem> => items::confirm::confirm;
        command Allowed<act::ConfirmItem> => items::confirm_failure::fail;
        command Allowed<act::ResumeItem> => items::resume::resume;
        command Allowed<act::ResumeItem> => items::retry_posting::retry;
        command Allowed<act::ResumeItem> => items::return_item::return_item;
        command Either<act::KeySlice, act::ThirdKeySlice> => keying::entry::enter;
        act Either<act::KeySlice, act::ThirdKeySlice> => keying::draft::draft;
        act Either<act::KeySlice, act::ThirdKeySlice> => keying::wider::wider;
        act Either<act::KeySlice, act::ThirdKeySlice> => keying::image::image;
        command Allowed<act::CheckItem> => checking::pass::pass;
        command Allowed<act::CheckItem> => checking::return_item::return_item;
        command Allowed<act::CheckItem> => checking::rescan::rescan;
        command Allowed<act::CheckItem> => checking::refuse::refuse;
        command Allowed<act::CheckItem> => checking::suspend::suspend;
        act Allowed<act::CheckItem> => checking::draft::draft;
        command Allowed<act::ReviewRefusal> => refusal_review::uphold::uphold;
        command Allowed<act::ReviewRefusal> => refusal_review::overturn::overturn;
        command Allowed<act::AuthorizeItem> => authorizing::approve::approve;
        command Allowed<act::AuthorizeItem> => authorizing::refuse::refuse;
        command Allowed<act::AuthorizeItem> => authorizing::send_back::send_back;
    );
    area
}

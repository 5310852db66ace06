//! Background jobs that were given up, and putting them back to work.

mod dead;
mod revive;

use crate::area::{Area, endpoints};
use crate::extract::Allowed;
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("jobs");
    endpoints!(area:
        query Allowed<act::ViewJob> => dead::dead;
        command Allowed<act::ReviveJob> => revive::revive;
    );
    area
}

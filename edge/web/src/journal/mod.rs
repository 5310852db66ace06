//! The product's own record, read by those who audit.

mod entries;

use crate::area::{Area, endpoints};
use crate::extract::Allowed;
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("journal");
    endpoints!(area:
        query Allowed<act::ViewJournal> => entries::list;
    );
    area
}

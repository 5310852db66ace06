//! Reports of the center's work.

mod keying;

use crate::area::{Area, endpoints};
use crate::extract::Allowed;
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("reports");
    endpoints!(area:
        query Allowed<act::ViewReport> => keying::report;
    );
    area
}

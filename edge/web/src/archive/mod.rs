//! Page images, by links that open once.

pub(crate) mod links;

use crate::area::{Area, endpoints};
use crate::extract::Session;

pub(crate) fn area() -> Area {
    let mut area = Area::new("archive");
    endpoints!(area:
        query Session => links::open::open;
        act Session => links::issue::issue;
    );
    area
}

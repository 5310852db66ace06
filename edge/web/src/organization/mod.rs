//! The bank's tree, its posts, its people and its calendar.

mod appointments;
mod calendar;
mod institutions;
mod posts;
mod staff;
mod wire;

use crate::area::{Area, endpoints};
use crate::extract::Allowed;
use permission::act;

pub(crate) use wire::AppointmentWire;

pub(crate) fn area() -> Area {
    let mut area = Area::new("organization");
    endpoints!(area:
        query Allowed<act::ViewOrganization> => institutions::list::list;
        query Allowed<act::ViewOrganization> => institutions::read::read;
        command Allowed<act::EditOrganization> => institutions::rename::rename;
        query Allowed<act::ViewOrganization> => posts::list;
        query Allowed<act::ViewOrganization> => staff::list::list;
        query Allowed<act::ViewOrganization> => staff::read::read;
        command Allowed<act::EditAppointment> => appointments::add::add;
        command Allowed<act::EditAppointment> => appointments::end::end;
        query Allowed<act::ViewOrganization> => calendar::days;
    );
    area
}

//! Presence, the stream of work, and the supervisors' board.

mod board;
mod events;
mod frames;
mod heartbeat;
mod items;
mod own_day;
mod presence;
mod stream;
mod wire;

pub(crate) use stream::Said;
pub(crate) use wire::Pong;

use crate::area::{Area, endpoints};
use crate::extract::{Allowed, Session};
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("work");
    endpoints!(area:
        query Allowed<act::TakeWork> => presence::read::read;
        command Allowed<act::TakeWork> => presence::change::change;
        query Session => stream::open;
        query Session => events::events;
        act Session => heartbeat::heartbeat;
        command Allowed<act::TakeWork> => items::hand_back::hand_back;
        query Allowed<act::SuperviseWork> => board::board;
        query Allowed<act::SuperviseWork> => items::list::list;
        command Allowed<act::SuperviseWork> => items::reassign::reassign;
        command Allowed<act::SuperviseWork> => items::priority::prioritize;
        query Allowed<act::TakeWork> => own_day::own_day;
    );
    area
}

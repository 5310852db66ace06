//! Signing in, sessions, one's own password.

mod activation;
mod me;
mod password;
mod sessions;

use crate::area::{Area, endpoints};
use crate::extract::{Allowed, AnySession, Anyone, Session};
use permission::act;

pub(crate) fn area() -> Area {
    let mut area = Area::new("identity");
    endpoints!(area:
        act Anyone => sessions::sign_in::sign_in;
        query Session => sessions::list::list;
        command AnySession => sessions::sign_out::sign_out;
        command Session => sessions::end::end;
        command Allowed<act::RevokeSession> => sessions::revoke::revoke;
        query AnySession => me::me;
        command AnySession => password::change;
        command Anyone => activation::activate;
    );
    area
}

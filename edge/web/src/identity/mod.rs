//! Signing in, sessions, one's own password.

mod activation;
mod keys;
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
        command Allowed<act::RevokeSession> => sessions::revoke::revoke_one;
        query AnySession => me::me;
        query Session => keys::read;
        command Session => keys::change;
        command AnySession => password::change;
        command Anyone => activation::activate;
    );
    area
}

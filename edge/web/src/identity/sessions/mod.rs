//! Sessions: beginning, listing, ending.

pub mod end;
pub mod list;
pub mod revoke;
pub mod sign_in;
pub mod sign_out;

//! The API as its clients meet it, on either database.

mod bank;
mod defects;
mod pipeline;
mod protocol;
mod sign_in;
mod sweep;

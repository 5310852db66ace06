//! The API as its clients meet it, on either database.

mod bad_input;
mod bank;
mod cases;
mod commands;
mod defects;
mod pipeline;
mod protocol;
mod sign_in;
mod sweep;

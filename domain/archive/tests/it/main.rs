//! The archive on a real database of either engine, with a blob store of its own, on a clock that stands still until it is told to move.

mod at_rest;
mod desk;
mod links;
mod marks;
mod pages;
mod pictures;
mod refused;
mod words;

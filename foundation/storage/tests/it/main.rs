//! The schema as a whole, and the writer under races.

mod schema;
mod writer;

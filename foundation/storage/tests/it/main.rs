//! The schema as a whole, and the writer under races.

mod blobs;
mod schema;
mod writer;

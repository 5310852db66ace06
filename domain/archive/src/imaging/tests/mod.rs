//! What the archive does with page images, in the trade's words.

mod files;
mod hostile;
mod quality;
mod receipts;
mod samples;
mod slices;

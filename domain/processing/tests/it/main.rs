//! The pipeline on a real database with a real simulated core, in the trade's words.

mod blind;
mod defects;
mod halves;
mod names;
mod parts;
mod pipeline;
mod posting;
mod report;
mod same_scan;
mod ways_back;

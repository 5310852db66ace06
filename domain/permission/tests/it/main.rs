//! Permission on a real database of either engine: appointments, rights, and the separation of duties against the whole pipeline.

mod allowed;
mod appointment;
mod auditor;
mod bank;
mod by_hand;
mod defects;
mod kinship;
mod random;
mod rights;

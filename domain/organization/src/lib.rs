//! The bank as a tree of institutions, the posts in it, the people in the posts, and the days on which it works.
//!
//! Invariants:
//! - The tree has one root; each institution stands under a class that may hold it, and its path names all of its ancestors.
//! - A person of a firm never holds a post that shows more than slices; the database refuses such a post too.
//! - An appointment is in force from a date up to, not including, another; one post at one institution is held once at a time.
//! - Kinship is declared for both at once.
//! - A year without an imported holiday table has no working days; nothing guesses them.
//!
//! Deliberately absent: which posts exclude each other and who may appoint (both in `permission`, which wraps
//! [`appointment::insert`]); passwords and sessions (`identity`); the payroll, ranks and files of the personnel department.

pub mod appointment;
pub mod calendar;
mod check;
pub mod institution;
pub mod load;
pub mod post;
pub mod staff;
#[cfg(test)]
mod testing;

pub use appointment::{Appointment, CurrentAppointment, NewAppointment};
pub use institution::{Institution, InstitutionClass, NewInstitution, Opening};
pub use post::{Categories, Category, Duty, NewPost, Post};
pub use staff::{NewPerson, Person, Relation, Vendor};

//! The keying station. Which pass a slice is in is decided by its queue; either keyer's permission opens the door.

pub mod draft;
pub mod entry;
pub mod image;
pub mod wider;

use crate::extract::Either;
use permission::act;
use serde::Serialize;
use utoipa::ToSchema;

/// First and second keyers, or third keyers.
pub(super) type Keyer = Either<act::KeySlice, act::ThirdKeySlice>;

/// A fresh link to what the keyer may see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImageLink {
    image_url: String,
}

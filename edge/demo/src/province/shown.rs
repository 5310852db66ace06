//! How kernel types stand in the printed province: money as minor units in text, dates as ISO text.

use kernel::Money;
use kernel::calendar::BusinessDate;
use serde::Serializer;
use serde::ser::SerializeStruct;

pub(super) fn money<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
    let mut shown = serializer.serialize_struct("Money", 2)?;
    shown.serialize_field("minor", &money.minor().to_string())?;
    shown.serialize_field("currency", money.currency().code())?;
    shown.end()
}

pub(super) fn date<S: Serializer>(date: &BusinessDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}

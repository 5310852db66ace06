//! How long people take, divided by the speed of the simulation.

use std::time::Duration;

use crate::random::Random;

/// How many times faster than life everything runs; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(u32);

/// Nobody, however fast the simulation, answers before a picture could have been fetched.
const LEAST: Duration = Duration::from_millis(40);

impl Speed {
    pub fn new(times: u32) -> Self {
        Self(times.max(1))
    }

    /// A time of life as the simulation spends it.
    pub fn scaled(self, millis: u64) -> Duration {
        Duration::from_millis(millis / u64::from(self.0)).max(LEAST)
    }

    /// A wait until the next of events that come at random, `mean` apart in life.
    pub fn until_next(self, mean: Duration, random: &mut Random) -> Duration {
        // The inverse of the exponential distribution; one minus the draw is never zero.
        let factor = -(1.0 - random.unit()).ln();
        let millis = (mean.as_millis() as f64 * factor.min(6.0)) as u64;
        self.scaled(millis)
    }
}

/// Milliseconds of life for keying a value: finding the slice, then each character.
pub fn keying_millis(value: &str, random: &mut Random) -> u64 {
    let each = |c: char| if c.is_ascii() { 260 } else { 700 };
    let typing: u64 = value.chars().map(each).sum();
    vary(1_300 + typing, random)
}

/// Milliseconds of life for checking an item with this many fields, of which some are unsure.
pub fn checking_millis(fields: usize, unsure: usize, random: &mut Random) -> u64 {
    vary(6_000 + 900 * fields as u64 + 5_000 * unsure as u64, random)
}

/// Milliseconds of life for an authorization (45 s in the published figures of centers), or a second look at a refusal.
pub fn deciding_millis(random: &mut Random) -> u64 {
    vary(40_000, random)
}

/// Half as long to twice as long, most often about as planned.
fn vary(millis: u64, random: &mut Random) -> u64 {
    let percent = (100.0 + 25.0 * random.normal()).clamp(50.0, 200.0) as u64;
    millis * percent / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twice_the_speed_takes_half_the_time_down_to_a_floor() {
        assert_eq!(Speed::new(1).scaled(6_000), Duration::from_millis(6_000));
        assert_eq!(Speed::new(2).scaled(6_000), Duration::from_millis(3_000));
        assert_eq!(Speed::new(100_000).scaled(6_000), LEAST);
        assert_eq!(Speed::new(0), Speed::new(1));
    }

    #[test]
    fn an_account_takes_longer_than_a_count() {
        let mean = |value: &str| (0..200).map(|seed| keying_millis(value, &mut Random::new(seed))).sum::<u64>() / 200;
        assert!(mean("6277991949423501730") > 2 * mean("57"));
        assert!((5_000..8_000).contains(&mean("6277991949423501730")));
    }

    #[test]
    fn arrivals_come_about_as_often_as_they_should() {
        let mut random = Random::new(4);
        let total: Duration = (0..5_000).map(|_| Speed::new(1).until_next(Duration::from_secs(60), &mut random)).sum();
        let mean = total / 5_000;
        assert!((Duration::from_secs(55)..Duration::from_secs(65)).contains(&mean), "{mean:?}");
    }
}

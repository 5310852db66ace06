//! Random numbers that are the same for a seed on every machine and in every later version.
//!
//! The algorithm is SplitMix64 (Steele, Lea, Flood 2014), kept here because the `rand` crate does not promise that its
//! generators stay the same, and a demonstration that is reported by its seed must replay.
//! Nothing secret is ever drawn from it.

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Random {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for a named purpose, so that a draw more in one place changes nothing in another.
    pub fn stream(seed: u64, purpose: &str) -> Self {
        // FNV-1a over the name; the first draws then mix seed and name.
        let name = purpose.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        let mut mixed = Self::new(seed ^ name.rotate_left(32));
        Self::new(mixed.bits())
    }

    /// 64 even bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `bound`, which is at least one; the bias of the multiplication is under 2^-32 for the bounds used here.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(bound.max(1));
        u64::try_from(product >> 64).expect("the upper half of 128 bits has 64")
    }

    /// A place in a list of `length`, which is not empty.
    pub fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).expect("a place in a list fits usize")
    }

    /// Both ends can be drawn.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least).saturating_add(1);
        least.wrapping_add_unsigned(self.below(span))
    }

    /// True `count` times in `out_of`.
    pub fn chance(&mut self, count: u64, out_of: u64) -> bool {
        self.below(out_of) < count
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.index(list.len())]
    }

    /// From 0 up to but not including 1.
    pub fn unit(&mut self) -> f64 {
        // 53 bits are what the type holds exactly.
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly spread from `least` to `most`; for shapes and waiting times, never for money.
    pub fn spread(&mut self, least: f32, most: f32) -> f32 {
        least + (most - least) * self.unit() as f32
    }

    /// Around 0 with variance 1: the sum of twelve even draws, which ends at six deviations.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Every order is equally likely.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.index(last + 1));
        }
    }

    /// `length` decimal digits, the first of them not zero.
    pub fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|place| {
                let digit = if place == 0 { 1 + self.below(9) } else { self.below(10) };
                char::from(b'0' + u8::try_from(digit).expect("a digit is below ten"))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_gives_the_published_numbers_of_the_algorithm() {
        // The first outputs for seed 1234567 in the reference implementation's test vector.
        let mut random = Random::new(1_234_567);
        assert_eq!([random.bits(), random.bits()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn streams_of_one_seed_differ_by_their_purpose() {
        assert_ne!(Random::stream(7, "people").bits(), Random::stream(7, "accounts").bits());
        assert_eq!(Random::stream(7, "people").bits(), Random::stream(7, "people").bits());
    }

    #[test]
    fn ranges_reach_both_ends_and_never_beyond() {
        let mut random = Random::new(3);
        let drawn: Vec<i64> = (0..2_000).map(|_| random.between(-2, 3)).collect();
        assert!((-2..=3).all(|value| drawn.contains(&value)));
        assert!(drawn.iter().all(|value| (-2..=3).contains(value)));
    }

    #[test]
    fn a_chance_of_two_in_a_hundred_is_met_about_twice_in_a_hundred() {
        let mut random = Random::new(11);
        let met = (0..100_000).filter(|_| random.chance(2, 100)).count();
        assert!((1_800..2_200).contains(&met), "{met}");
    }
}

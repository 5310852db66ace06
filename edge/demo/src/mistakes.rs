//! How people mistype: seldom, and by little.
//!
//! Published rates are 22 wrong fields in 10,000 for single keying (`domain.md` 1.5), which is the default here.

use crate::random::Random;

/// How often a field comes out wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mistakes {
    /// Wrong fields in 10,000.
    pub per_10_000: u32,
}

/// The published rate of single keying.
pub const PUBLISHED: Mistakes = Mistakes { per_10_000: 22 };

/// Characters that eyes take for each other, on paper and on keypads.
const LOOKALIKES: [(char, char); 14] = [
    ('6', '9'),
    ('1', '7'),
    ('3', '8'),
    ('0', '6'),
    ('5', '6'),
    ('2', '5'),
    ('4', '9'),
    ('壹', '贰'),
    ('伍', '陆'),
    ('拾', '佰'),
    ('仟', '佰'),
    ('O', '0'),
    ('I', '1'),
    ('B', '8'),
];

impl Mistakes {
    /// What a person types for `value`: nearly always the value itself.
    pub fn key(self, value: &str, random: &mut Random) -> String {
        if random.chance(u64::from(self.per_10_000), 10_000) { slip(value, random) } else { value.to_owned() }
    }
}

/// A near miss of `value`: never the value itself, never empty.
pub fn slip(value: &str, random: &mut Random) -> String {
    let original: Vec<char> = value.chars().collect();
    // Some slips change nothing (two equal digits swapped); a handful of tries always finds one that does.
    for _ in 0..16 {
        let mut typed = original.clone();
        if typed.is_empty() {
            break;
        }
        let place = random.index(typed.len());
        match random.below(4) {
            0 if place + 1 < typed.len() => typed.swap(place, place + 1),
            1 if typed.len() > 1 => {
                typed.remove(place);
            }
            2 => typed.insert(place, typed[place]),
            _ => typed[place] = lookalike(typed[place]).unwrap_or(typed[place]),
        }
        if typed != original {
            return typed.into_iter().collect();
        }
    }
    // A letter without a double, alone: the finger hits a neighboring key.
    format!("{value}0")
}

fn lookalike(c: char) -> Option<char> {
    LOOKALIKES.iter().find_map(|(one, other)| match c {
        c if c == *one => Some(*other),
        c if c == *other => Some(*one),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_but_never_the_value() {
        let values = ["12345.67", "9", "11", "贰佰捌拾元整", "王", "2026-11-23", "A"];
        for value in values {
            for seed in 0..200 {
                let typed = slip(value, &mut Random::new(seed));
                assert_ne!(typed, value);
                assert!(!typed.is_empty());
                assert!(typed.chars().count().abs_diff(value.chars().count()) <= 1, "{typed}");
            }
        }
    }

    #[test]
    fn about_22_fields_in_10000_come_out_wrong() {
        let mut random = Random::new(5);
        let wrong = (0..200_000).filter(|_| PUBLISHED.key("12345.67", &mut random) != "12345.67").count();
        assert!((380..500).contains(&wrong), "{wrong} of 200,000");
    }

    #[test]
    fn nobody_errs_at_a_rate_of_nothing() {
        let mut random = Random::new(6);
        assert!((0..10_000).all(|_| Mistakes { per_10_000: 0 }.key("7", &mut random) == "7"));
    }
}

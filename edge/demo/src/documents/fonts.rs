//! The fonts that ship with the demonstration, cut to the characters it writes (`fonts/README.md`).

use std::sync::LazyLock;

use ab_glyph::FontRef;

fn load(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the font files of this crate are read by its tests")
}

/// What forms are printed in.
pub static SERIF: LazyLock<FontRef<'static>> = LazyLock::new(|| load(include_bytes!("../../fonts/noto-serif-sc.ttf")));

/// What a customer's own printer writes.
pub static SANS: LazyLock<FontRef<'static>> = LazyLock::new(|| load(include_bytes!("../../fonts/noto-sans-sc.ttf")));

/// A quick hand.
pub static RUNNING_HAND: LazyLock<FontRef<'static>> =
    LazyLock::new(|| load(include_bytes!("../../fonts/zhi-mang-xing.ttf")));

/// A careful hand.
pub static CAREFUL_HAND: LazyLock<FontRef<'static>> =
    LazyLock::new(|| load(include_bytes!("../../fonts/long-cang.ttf")));

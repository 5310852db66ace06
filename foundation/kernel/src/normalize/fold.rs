//! Characters that differ and mean the same.

/// Full-width forms to half-width ones, every kind of space to a plain one, ￥ to ¥; invisible marks are dropped.
///
/// This is what NFKC does to these ranges, and nothing of what it does to others: a Chinese character is never changed.
pub fn fold_width(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    /// Distance of the full-width forms from ASCII.
    const FULL_WIDTH: u32 = 0xFF01 - 0x21;
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - FULL_WIDTH).unwrap_or(c),
        '￥' => '¥',
        '￡' => '£',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

/// Zero-width spaces and joiners, soft hyphens and byte order marks, which copying from documents brings along.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

pub(super) fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Free text: width, zeros, spaces.
pub(super) fn fold_text(text: &str) -> String {
    let zeros_unified = unify_zeros(&fold_width(text));
    // Circles come before spaces: a removed space never brings a circle beside a Chinese character.
    let words: Vec<&str> = zeros_unified.split(' ').filter(|word| !word.is_empty()).collect();
    let mut folded = String::with_capacity(text.len());
    for word in words {
        let between_chinese = folded.ends_with(is_chinese) && word.starts_with(is_chinese);
        if !folded.is_empty() && !between_chinese {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// 〇 is always 零; a run of drawn circles is when it touches a Chinese character.
fn unify_zeros(text: &str) -> String {
    let chars: Vec<char> = text.chars().map(|c| if c == '〇' { '零' } else { c }).collect();
    let is_circle = |c: &char| matches!(c, '○' | '◯');
    let mut unified = String::with_capacity(text.len());
    let mut start = 0;
    for run in chars.chunk_by(|a, b| is_circle(a) == is_circle(b)) {
        let end = start + run.len();
        let neighbors = [start.checked_sub(1), Some(end)].into_iter().flatten().filter_map(|index| chars.get(index));
        if run.iter().all(is_circle) && neighbors.copied().any(is_chinese) {
            unified.extend(run.iter().map(|_| '零'));
        } else {
            unified.extend(run);
        }
        start = end;
    }
    unified
}

/// Numbers of accounts, banks and documents: only the characters that are read out.
pub(super) fn fold_code(text: &str) -> String {
    fold_width(text).chars().filter(|c| *c != ' ' && !is_dash(*c)).map(|c| c.to_ascii_uppercase()).collect()
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Names, from folded text: Latin letters in capitals, one kind of middle dot without spaces around it.
pub(super) fn fold_name(folded: &str) -> String {
    let chars: Vec<char> = folded.chars().flat_map(char::to_uppercase).collect();
    let chinese_at = |index: Option<usize>| index.and_then(|index| chars.get(index)).copied().is_some_and(is_chinese);
    let dot = |(index, c): (usize, &char)| match c {
        '•' | '・' | '･' | '‧' | '∙' | '⋅' => '·',
        '.' if chinese_at(index.checked_sub(1)) && chinese_at(Some(index + 1)) => '·',
        c => *c,
    };
    let dotted: Vec<char> = chars.iter().enumerate().map(dot).collect();
    let dot_at = |index: Option<usize>| index.and_then(|index| dotted.get(index)) == Some(&'·');
    let kept =
        dotted.iter().enumerate().filter(|(i, c)| **c != ' ' || !(dot_at(i.checked_sub(1)) || dot_at(Some(i + 1))));
    kept.map(|(_, c)| *c).collect()
}

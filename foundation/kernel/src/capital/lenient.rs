//! The reading that compares: whatever has one meaning.

use super::{CapitalError, MINOR_LIMIT};

/// What a character of an amount does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Digit(u64),
    /// 拾, 佰, 仟 with their value.
    Small(u64),
    /// 廿 and 卅: tens with their count inside.
    Tens(u64),
    Wan,
    Yi,
    Yuan,
    Jiao,
    Fen,
    Whole,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    role: Role,
    /// Counted in characters from 1.
    position: usize,
}

/// Reads what clerks and customers write for an amount in CNY into minor units (分).
///
/// Accepts capital, ordinary and traditional numerals, 〇, 两, 廿, 卅, 圆 and 块, 毛, 正, full-width characters, spaces,
/// a prefix 人民币, RMB, CNY or ¥, missing and repeated 零, the printed units of old forms (零佰零拾伍元), and a missing 元 after a unit.
/// Refuses what has two meanings (壹万伍: 10,005 or 15,000), Arabic figures, and signs.
pub fn parse_lenient(text: &str) -> Result<i64, CapitalError> {
    let tokens = tokens_of_amount(text)?;
    let Some(last) = tokens.last() else { return Err(CapitalError::Empty) };
    let end = last.position;
    let split = tokens.iter().position(|token| token.role == Role::Yuan);
    let (yuan_tokens, rest) = match split {
        Some(index) => (&tokens[..index], &tokens[index + 1..]),
        None => split_without_yuan(&tokens),
    };
    let yuan = match (split, yuan_tokens) {
        (None, []) if rest[0].role == Role::Whole => {
            return Err(CapitalError::OutOfOrder { position: rest[0].position });
        }
        (None, []) => 0,
        (None, _) => read_integer(yuan_tokens, Closing::Open)?,
        (Some(_), _) => read_integer(yuan_tokens, Closing::Unit(tokens[yuan_tokens.len()].position))?,
    };
    let fraction = read_fraction(rest, end)?;
    let minor = yuan.checked_mul(100).and_then(|minor| minor.checked_add(fraction)).ok_or(CapitalError::OutOfRange)?;
    i64::try_from(minor).ok().filter(|minor| *minor < MINOR_LIMIT).ok_or(CapitalError::OutOfRange)
}

/// Reads a Chinese whole number below 10^16, such as 贰拾伍 or 十五, without any unit of money.
pub fn parse_number(text: &str) -> Result<u64, CapitalError> {
    let tokens = tokens_of(text.chars().enumerate())?;
    if tokens.is_empty() {
        return Err(CapitalError::Empty);
    }
    read_integer(&tokens, Closing::Number)
}

/// How the number ends, which decides what a last digit without unit may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// By 元 at this position.
    Unit(usize),
    /// By nothing, though it is money: a lone digit is then unfinished.
    Open,
    /// By nothing, as a number does.
    Number,
}

fn tokens_of_amount(text: &str) -> Result<Vec<Token>, CapitalError> {
    let spoken: Vec<(usize, char)> = text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).collect();
    let folded: String = spoken.iter().map(|(_, c)| half_width(*c)).collect();
    let mut prefix = 0;
    for name in ["人民币", "人民幣", "RMB", "CNY", "¥", ":"] {
        let skipped: String = folded.chars().skip(prefix).collect();
        if skipped.starts_with(name) {
            prefix += name.chars().count();
        }
    }
    tokens_of(spoken.into_iter().skip(prefix))
}

fn tokens_of(chars: impl Iterator<Item = (usize, char)>) -> Result<Vec<Token>, CapitalError> {
    chars
        .map(|(index, char)| {
            let position = index + 1;
            match role(char) {
                Some(role) => Ok(Token { role, position }),
                None if matches!(char, '负' | '負' | '-' | '－' | '−') => Err(CapitalError::Negative),
                None => Err(CapitalError::UnknownCharacter { position }),
            }
        })
        .collect()
}

fn half_width(char: char) -> char {
    match char {
        '！'..='～' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char).to_ascii_uppercase(),
        '￥' => '¥',
        other => other.to_ascii_uppercase(),
    }
}

fn role(char: char) -> Option<Role> {
    Some(match char {
        '零' | '〇' | '○' | '◯' | '另' => Role::Digit(0),
        '壹' | '一' | '弌' | '壱' => Role::Digit(1),
        '贰' | '二' | '貳' | '貮' | '弍' | '弐' | '两' | '兩' => Role::Digit(2),
        '叁' | '三' | '參' | '叄' | '参' | '弎' => Role::Digit(3),
        '肆' | '四' => Role::Digit(4),
        '伍' | '五' => Role::Digit(5),
        '陆' | '六' | '陸' => Role::Digit(6),
        '柒' | '七' => Role::Digit(7),
        '捌' | '八' => Role::Digit(8),
        '玖' | '九' => Role::Digit(9),
        '拾' | '十' => Role::Small(10),
        '佰' | '百' => Role::Small(100),
        '仟' | '千' => Role::Small(1_000),
        '廿' | '念' => Role::Tens(2),
        '卅' => Role::Tens(3),
        '万' | '萬' => Role::Wan,
        '亿' | '億' => Role::Yi,
        '元' | '圆' | '圓' | '块' => Role::Yuan,
        '角' | '毛' => Role::Jiao,
        '分' => Role::Fen,
        '整' | '正' => Role::Whole,
        _ => return None,
    })
}

/// Where the yuan end when 元 is not written: before 整, or before the digit of 角 or 分.
fn split_without_yuan(tokens: &[Token]) -> (&[Token], &[Token]) {
    let is_decimal = |token: &Token| matches!(token.role, Role::Jiao | Role::Fen);
    if tokens.iter().any(is_decimal) {
        // 伍角: nothing before it. A number of yuan there without 元 is refused by the reading of the decimals.
        return (&[], tokens);
    }
    let whole = tokens.iter().position(|token| token.role == Role::Whole).unwrap_or(tokens.len());
    tokens.split_at(whole)
}

/// Reads 角 and 分 and the closing 整; `end` is the position of the amount's last character.
fn read_fraction(tokens: &[Token], end: usize) -> Result<u64, CapitalError> {
    let (mut minor, mut digit, mut place) = (0, None, 100);
    let mut tokens = tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        let position = token.position;
        match (token.role, digit) {
            (Role::Digit(value), None | Some(0)) => digit = Some(value),
            (Role::Jiao | Role::Fen, Some(value)) => {
                let unit = if token.role == Role::Jiao { 10 } else { 1 };
                if unit >= place {
                    return Err(CapitalError::OutOfOrder { position });
                }
                (minor, digit, place) = (minor + value * unit, None, unit);
            }
            (Role::Whole, None | Some(0)) => {
                return tokens
                    .peek()
                    .map_or(Ok(minor), |next| Err(CapitalError::OutOfOrder { position: next.position }));
            }
            _ => return Err(CapitalError::OutOfOrder { position }),
        }
    }
    match digit {
        None => Ok(minor),
        Some(_) => Err(CapitalError::Unfinished { position: end }),
    }
}

/// The number read so far; the fields go from the highest digits to the lowest.
#[derive(Debug, Default)]
struct Number {
    yi: u64,
    wan: u64,
    /// 仟, 佰 and 拾 of the present group.
    group: u64,
    digit: Option<u64>,
    /// The last unit: 10 to 1,000, 10_000 for 万, 100_000_000 for 亿.
    last_unit: Option<u64>,
    /// The last 仟, 佰 or 拾 of the present group.
    group_unit: Option<u64>,
    wan_read: bool,
    yi_read: bool,
    /// A 零 stands since the last unit.
    zero_read: bool,
}

fn read_integer(tokens: &[Token], closing: Closing) -> Result<u64, CapitalError> {
    let mut number = Number::default();
    for token in tokens {
        number.take(*token)?;
    }
    let Some(last) = tokens.last() else {
        return Err(match closing {
            Closing::Unit(position) => CapitalError::OutOfOrder { position },
            Closing::Open | Closing::Number => CapitalError::Empty,
        });
    };
    if closing == Closing::Open && number.last_unit.is_none() {
        return Err(CapitalError::Unfinished { position: last.position });
    }
    // 一亿五千 without 元 is 150 million to most who write it, and 100,005,000 by its characters.
    let after_yi = tokens.iter().rposition(|token| token.role == Role::Yi).map_or(&tokens[..0], |yi| &tokens[yi + 1..]);
    let elides_wan =
        number.yi_read && !number.wan_read && after_yi.first().is_some_and(|token| token.role != Role::Digit(0));
    if elides_wan && !matches!(closing, Closing::Unit(_)) {
        return Err(CapitalError::Ambiguous { position: last.position });
    }
    let group = number.close_group(last.position)?;
    let high = number.yi.checked_mul(10_000).and_then(|yi| yi.checked_add(number.wan));
    high.and_then(|high| high.checked_mul(10_000))
        .and_then(|high| high.checked_add(group))
        .ok_or(CapitalError::OutOfRange)
}

impl Number {
    fn take(&mut self, Token { role, position }: Token) -> Result<(), CapitalError> {
        match role {
            Role::Digit(0) if matches!(self.digit, None | Some(0)) => {
                self.digit = Some(0);
                self.zero_read = true;
            }
            Role::Digit(value) if matches!(self.digit, None | Some(0)) => self.digit = Some(value),
            Role::Small(unit) => self.take_small(unit, position)?,
            Role::Tens(count) if matches!(self.digit, None | Some(0)) => {
                self.digit = Some(count);
                self.take_small(10, position)?;
            }
            Role::Wan if !self.wan_read => {
                self.wan = self.close_high_group(position)?;
                (self.wan_read, self.last_unit) = (true, Some(10_000));
            }
            Role::Yi if !self.yi_read => {
                // 壹万亿: the 万 just read counts 亿.
                let counted_by_wan = self.last_unit == Some(10_000) && self.digit.is_none();
                let group = if counted_by_wan { 0 } else { self.close_high_group(position)? };
                (self.yi, self.wan) = (self.wan * 10_000 + group, 0);
                (self.yi_read, self.wan_read, self.last_unit) = (true, false, Some(100_000_000));
            }
            _ => return Err(CapitalError::OutOfOrder { position }),
        }
        Ok(())
    }

    fn take_small(&mut self, unit: u64, position: usize) -> Result<(), CapitalError> {
        if self.group_unit.is_some_and(|last| unit >= last) {
            return Err(CapitalError::OutOfOrder { position });
        }
        let count = match self.digit {
            Some(0) if unit == 10 && self.group_unit != Some(100) => {
                // 壹仟零拾伍: the tens are zero, or the 壹 before 拾 is left out.
                return Err(CapitalError::Ambiguous { position });
            }
            Some(digit) => digit,
            None if unit == 10 => 1,
            None => return Err(CapitalError::OutOfOrder { position }),
        };
        self.group += count * unit;
        (self.digit, self.group_unit, self.last_unit, self.zero_read) = (None, Some(unit), Some(unit), false);
        Ok(())
    }

    /// The group before 万 or 亿, which must be there.
    fn close_high_group(&mut self, position: usize) -> Result<u64, CapitalError> {
        if self.group_unit.is_none() && self.digit.is_none() {
            return Err(CapitalError::OutOfOrder { position });
        }
        let group = self.close_group(position)?;
        (self.group, self.digit, self.group_unit, self.zero_read) = (0, None, None, false);
        Ok(group)
    }

    /// The present group with its last digit, unless that digit could belong to the unit below the last one.
    fn close_group(&self, position: usize) -> Result<u64, CapitalError> {
        let digit = self.digit.unwrap_or(0);
        let skips_units = self.last_unit.is_some_and(|unit| unit > 10);
        if digit > 0 && skips_units && !self.zero_read {
            return Err(CapitalError::Ambiguous { position });
        }
        Ok(self.group + digit)
    }
}

use super::*;
use proptest::prelude::*;

fn yuan(text: &str) -> Money {
    Money::parse_major(text, Currency::CNY).expect("the table writes a valid amount")
}

fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::LISTED)
}

#[test]
fn amounts_are_read_exactly() {
    for (text, currency, minor) in [
        ("0", Currency::CNY, 0),
        ("0.01", Currency::CNY, 1),
        ("0.1", Currency::CNY, 10),
        ("1234.56", Currency::CNY, 123_456),
        ("1,234.56", Currency::CNY, 123_456),
        ("-1,234,567.80", Currency::CNY, -123_456_780),
        ("007.5", Currency::CNY, 750),
        ("-0.00", Currency::CNY, 0),
        ("1234", Currency::JPY, 1_234),
        ("1.234", Currency::KWD, 1_234),
        ("1.2345", Currency::CLF, 12_345),
        ("92233720368547758.07", Currency::CNY, i64::MAX),
        ("-92233720368547758.08", Currency::CNY, i64::MIN),
    ] {
        assert_eq!(Money::parse_major(text, currency), Ok(Money::from_minor(minor, currency)), "{text} {currency}");
    }
}

#[test]
fn what_is_not_an_exact_amount_is_refused_with_the_place() {
    use MoneyError::*;
    let too_many = |currency, allowed| TooManyDecimals { currency, allowed };
    for (text, currency, expected) in [
        ("", Currency::CNY, Empty),
        ("-", Currency::CNY, Malformed { position: 1 }),
        (".5", Currency::CNY, Malformed { position: 1 }),
        ("5.", Currency::CNY, Malformed { position: 2 }),
        ("1.2.3", Currency::CNY, Malformed { position: 4 }),
        ("1.2,3", Currency::CNY, Malformed { position: 4 }),
        ("+1", Currency::CNY, Malformed { position: 1 }),
        (" 1", Currency::CNY, Malformed { position: 1 }),
        ("--1", Currency::CNY, Malformed { position: 2 }),
        ("1e3", Currency::CNY, Malformed { position: 2 }),
        ("¥1", Currency::CNY, Malformed { position: 1 }),
        ("1２3", Currency::CNY, Malformed { position: 2 }),
        ("1.001", Currency::CNY, too_many(Currency::CNY, 2)),
        ("1.000", Currency::CNY, too_many(Currency::CNY, 2)),
        ("1.0", Currency::JPY, too_many(Currency::JPY, 0)),
        ("1234,567", Currency::CNY, MisplacedSeparator { position: 5 }),
        ("12,34", Currency::CNY, MisplacedSeparator { position: 3 }),
        ("-1,2345", Currency::CNY, MisplacedSeparator { position: 3 }),
        (",123", Currency::CNY, MisplacedSeparator { position: 1 }),
        ("1,234,", Currency::CNY, MisplacedSeparator { position: 6 }),
        ("92233720368547758.08", Currency::CNY, OutOfRange),
        ("99999999999999999999999999999999999999999999", Currency::CNY, OutOfRange),
    ] {
        assert_eq!(Money::parse_major(text, currency), Err(expected), "{text:?}");
    }
}

#[test]
fn amounts_are_written_for_people_and_for_files() {
    for (minor, currency, shown, plain) in [
        (0, Currency::CNY, "0.00", "0.00"),
        (-5, Currency::CNY, "-0.05", "-0.05"),
        (99_999, Currency::CNY, "999.99", "999.99"),
        (100_000, Currency::CNY, "1,000.00", "1000.00"),
        (-123_456_789, Currency::CNY, "-1,234,567.89", "-1234567.89"),
        (1_234, Currency::JPY, "1,234", "1234"),
        (1_234, Currency::BHD, "1.234", "1.234"),
        (i64::MIN, Currency::CNY, "-92,233,720,368,547,758.08", "-92233720368547758.08"),
    ] {
        let money = Money::from_minor(minor, currency);
        assert_eq!((money.to_string().as_str(), money.to_plain().as_str()), (shown, plain));
    }
    assert_eq!(format!("{:>10}", yuan("1234.5")), "  1,234.50");
}

#[test]
fn two_currencies_are_never_mixed() {
    let (a, b) = (yuan("1"), Money::from_minor(1, Currency::USD));
    let refused = MoneyError::MixedCurrency { left: Currency::CNY, right: Currency::USD };
    assert_eq!(a.checked_add(b), Err(refused.clone()));
    assert_eq!(a.checked_sub(b), Err(refused.clone()));
    assert_eq!(a.checked_cmp(b), Err(refused.clone()));
    assert_eq!(Money::sum([a, b], Currency::CNY), Err(refused));
    assert_ne!(Money::from_minor(1, Currency::CNY), b);
}

#[test]
fn an_overflow_is_refused_and_never_wraps() {
    let (least, greatest) = (Money::from_minor(i64::MIN, Currency::CNY), Money::from_minor(i64::MAX, Currency::CNY));
    let one = Money::from_minor(1, Currency::CNY);
    assert_eq!(greatest.checked_add(one), Err(MoneyError::OutOfRange));
    assert_eq!(least.checked_sub(one), Err(MoneyError::OutOfRange));
    assert_eq!(least.checked_neg(), Err(MoneyError::OutOfRange));
    assert_eq!(greatest.mul_ratio(2, 1, Rounding::Down), Err(MoneyError::OutOfRange));
    assert_eq!(least.mul_ratio(1, -1, Rounding::Down), Err(MoneyError::OutOfRange));
    assert_eq!(least.mul_ratio(i64::MIN, i64::MIN, Rounding::HalfEven), Ok(least));
}

#[test]
fn roundings_do_what_their_names_say() {
    use Rounding::*;
    // (minor, numerator, denominator) -> half up, half even, down, up
    for (minor, numerator, denominator, half_up, half_even, down, up) in [
        (5, 1, 2, 3, 2, 2, 3),
        (7, 1, 2, 4, 4, 3, 4),
        (-5, 1, 2, -3, -2, -2, -3),
        (5, -1, 2, -3, -2, -2, -3),
        (5, 1, -2, -3, -2, -2, -3),
        (4, 1, 3, 1, 1, 1, 2),
        (5, 1, 3, 2, 2, 1, 2),
        (6, 1, 3, 2, 2, 2, 2),
        (1, 1, 1_000, 0, 0, 0, 1),
        (0, 7, 3, 0, 0, 0, 0),
    ] {
        let money = Money::from_minor(minor, Currency::CNY);
        for (rounding, expected) in [(HalfUp, half_up), (HalfEven, half_even), (Down, down), (Up, up)] {
            let rounded = money.mul_ratio(numerator, denominator, rounding).map(Money::minor);
            assert_eq!(rounded, Ok(expected), "{minor} * {numerator}/{denominator} {rounding:?}");
        }
    }
    assert_eq!(yuan("1").mul_ratio(1, 0, HalfUp), Err(MoneyError::DivisionByZero));
}

#[test]
fn a_split_loses_and_makes_nothing() {
    let minors =
        |money: Money, parts| money.split(parts).map(|shares| shares.into_iter().map(Money::minor).collect::<Vec<_>>());
    assert_eq!(minors(yuan("1"), 3), Ok(vec![34, 33, 33]));
    assert_eq!(minors(yuan("-0.05"), 3), Ok(vec![-2, -2, -1]));
    assert_eq!(minors(yuan("0.02"), 4), Ok(vec![1, 1, 0, 0]));
    assert_eq!(yuan("1").split(0), Err(MoneyError::DivisionByZero));
}

proptest! {
    #[test]
    fn both_written_forms_are_read_back(minor: i64, currency in any_currency()) {
        let money = Money::from_minor(minor, currency);
        prop_assert_eq!(Money::parse_major(&money.to_plain(), currency), Ok(money));
        prop_assert_eq!(Money::parse_major(&money.to_string(), currency), Ok(money));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,24}", digits in "-?[0-9,.]{0,24}", currency in any_currency()) {
        for text in [text, digits] {
            if let Ok(money) = Money::parse_major(&text, currency) {
                prop_assert_eq!(Money::parse_major(&money.to_plain(), currency), Ok(money));
            }
        }
    }

    #[test]
    fn shares_add_up_and_differ_by_at_most_one(minor: i64, parts in 1_u32..200) {
        let money = Money::from_minor(minor, Currency::CNY);
        let shares = money.split(parts).expect("there are parts");
        prop_assert_eq!(shares.len(), parts as usize);
        let minors: Vec<i128> = shares.iter().map(|share| i128::from(share.minor())).collect();
        prop_assert_eq!(minors.iter().sum::<i128>(), i128::from(minor));
        let spread = minors.iter().max().expect("not empty") - minors.iter().min().expect("not empty");
        prop_assert!(spread <= 1);
    }

    #[test]
    fn addition_and_subtraction_undo_each_other(a in any::<i32>(), b in any::<i32>()) {
        let (a, b) = (Money::from_minor(i64::from(a), Currency::CNY), Money::from_minor(i64::from(b), Currency::CNY));
        prop_assert_eq!(a.checked_add(b).and_then(|total| total.checked_sub(b)), Ok(a));
        prop_assert_eq!(a.checked_cmp(b).expect("one currency"), a.minor().cmp(&b.minor()));
    }

    #[test]
    fn a_rounded_result_is_within_one_unit_of_the_exact_one(
        minor in -1_000_000_000_i64..1_000_000_000, numerator in -1_000_000_i64..1_000_000, denominator in 1_i64..1_000_000,
    ) {
        let exact = i128::from(minor) * i128::from(numerator);
        let money = Money::from_minor(minor, Currency::CNY);
        for (rounding, most) in [(Rounding::HalfUp, 1), (Rounding::HalfEven, 1), (Rounding::Down, 2), (Rounding::Up, 2)] {
            let rounded = money.mul_ratio(numerator, denominator, rounding).expect("small").minor();
            let error = (i128::from(rounded) * i128::from(denominator) - exact).abs();
            // Nearest: at most half a unit; the directed ones: less than one.
            prop_assert!(error * 2 <= i128::from(denominator) * most, "{:?}: {}", rounding, error);
            prop_assert!(!matches!(rounding, Rounding::Down) || i128::from(rounded).abs() * i128::from(denominator) <= exact.abs());
            prop_assert!(!matches!(rounding, Rounding::Up) || i128::from(rounded).abs() * i128::from(denominator) >= exact.abs());
        }
    }
}

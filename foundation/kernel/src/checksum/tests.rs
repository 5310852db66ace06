use super::ChecksumError::*;
use super::*;
use proptest::prelude::*;

type Check = fn(&str) -> Result<(), ChecksumError>;
type Complete = fn(&str) -> Result<char, ChecksumError>;

#[test]
fn citizen_ids_are_checked_whole() {
    let length = |found| Err(Length { least: 18, most: 18, found });
    for (text, expected) in [
        // The two examples of GB 11643.
        ("11010519491231002X", Ok(())),
        ("440524188001010014", Ok(())),
        ("110105194912310021", Err(CheckDigit { expected: 'X' })),
        ("11010519491231002x", Err(Character { position: 18 })),
        ("1101051949123100２X", Err(Character { position: 17 })),
        ("11010519491231O02X", Err(Character { position: 15 })),
        ("X1010519491231002X", Err(Character { position: 1 })),
        ("99010519491231002X", Err(Region)),
        ("11010519490230002X", Err(BirthDate)),
        ("11010519491331002X", Err(BirthDate)),
        ("11010517991231002X", Err(BirthDate)),
        ("1101051949123100", length(16)),
        ("", length(0)),
        ("11010519491231002X ", length(19)),
    ] {
        assert_eq!(citizen_id::check(text), expected, "{text}");
    }
}

#[test]
fn a_leap_day_is_a_birthday_only_in_leap_years() {
    for (year, exists) in [(2000, true), (1996, true), (1900, false), (1999, false), (2023, false), (2024, true)] {
        let payload = format!("110105{year}0229001");
        let text = format!("{payload}{}", citizen_id::check_digit(&payload).expect("digits only"));
        assert_eq!(citizen_id::check(&text), if exists { Ok(()) } else { Err(BirthDate) }, "{year}");
    }
}

#[test]
fn credit_codes_are_checked_whole() {
    for (text, expected) in [
        // Published codes of well-known companies.
        ("91350100M000100Y43", Ok(())),
        ("9144030071526726XG", Ok(())),
        ("91110000802100433B", Ok(())),
        ("914403001922038216", Ok(())),
        ("91350100M000100Y44", Err(CheckDigit { expected: '3' })),
        ("9I350100M000100Y43", Err(Character { position: 2 })),
        ("913501O0M000100Y43", Err(Character { position: 7 })),
        ("913501A0M000100Y43", Err(Character { position: 7 })),
        ("91350100m000100Y43", Err(Character { position: 9 })),
        ("91350100M000100Y4", Err(Length { least: 18, most: 18, found: 17 })),
    ] {
        assert_eq!(credit_code::check(text), expected, "{text}");
    }
}

#[test]
fn card_numbers_are_checked_whole() {
    for (text, expected) in [
        // Test numbers that card networks publish.
        ("4111111111111111", Ok(())),
        ("5555555555554444", Ok(())),
        ("378282246310005", Ok(())),
        ("6212345678901232", Ok(())),
        ("79927398713", Ok(())),
        ("4111111111111112", Err(CheckDigit { expected: '1' })),
        ("4111 1111 1111 1111", Err(Character { position: 5 })),
        ("411111111", Err(Length { least: 10, most: 19, found: 9 })),
        ("41111111111111111111", Err(Length { least: 10, most: 19, found: 20 })),
    ] {
        assert_eq!(luhn::check(text), expected, "{text}");
    }
}

#[test]
fn bank_codes_are_checked_whole() {
    for (text, expected) in [
        ("102100099996", Ok(())),
        ("103100000026", Ok(())),
        ("104100000004", Ok(())),
        ("105100000017", Ok(())),
        ("103100000027", Err(CheckDigit { expected: '6' })),
        ("10310000002X", Err(Character { position: 12 })),
        ("10310000002", Err(Length { least: 12, most: 12, found: 11 })),
    ] {
        assert_eq!(bank_code::check(text), expected, "{text}");
    }
}

#[test]
fn published_bank_codes_pass() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference/cnaps-bank-codes");
    let Ok(entries) = std::fs::read_dir(root) else {
        eprintln!("skipped: ../shared/data/reference/cnaps-bank-codes is absent");
        return;
    };
    let mut codes = 0;
    let mut broken = Vec::new();
    for entry in entries {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "csv") {
            continue;
        }
        for line in std::fs::read_to_string(&path).expect("readable").lines().skip(1) {
            let code = line.split(',').next().unwrap_or_default().to_owned();
            codes += 1;
            if bank_code::check(&code).is_err() {
                broken.push(code);
            }
        }
    }
    assert!(codes > 0, "the folder has tables with codes");
    // The source counts one exception in 480.
    assert!(broken.len() * 100 <= codes, "{} of {codes} codes fail: {broken:?}", broken.len());
}

fn completed() -> impl Strategy<Value = (String, Check, Complete)> {
    let birth = (1900_i32..2100, 1_i32..=12, 1_i32..=28).prop_map(|(y, m, d)| format!("{y}{m:02}{d:02}"));
    let citizen =
        ("(11|37|44|65|81)[0-9]{4}", birth, "[0-9]{3}").prop_map(|(region, birth, order)| region + &birth + &order);
    let credit = "[159Y][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}".prop_map(String::from);
    prop_oneof![
        citizen.prop_map(|p| (p, citizen_id::check as Check, citizen_id::check_digit as Complete)),
        credit.prop_map(|p| (p, credit_code::check as Check, credit_code::check_digit as Complete)),
        "[0-9]{9,18}".prop_map(|p| (p, luhn::check as Check, luhn::check_digit as Complete)),
        "[0-9]{11}".prop_map(|p| (p, bank_code::check as Check, bank_code::check_digit as Complete)),
    ]
}

proptest! {
    #[test]
    fn a_completed_number_passes_and_no_single_wrong_character_does(
        (payload, check, check_digit) in completed(), place: prop::sample::Index, other in "[0-9]",
    ) {
        let text = format!("{payload}{}", check_digit(&payload).expect("well formed"));
        prop_assert_eq!(check(&text), Ok(()));
        let place = place.index(text.len());
        let mut slipped = text.clone();
        slipped.replace_range(place..=place, &other);
        if slipped != text {
            prop_assert!(check(&slipped).is_err());
        }
    }

    #[test]
    fn no_text_makes_a_check_panic(text in ".{0,24}", digits in "[0-9X]{17,18}") {
        for text in [&text, &digits] {
            for check in [citizen_id::check as Check, credit_code::check, luhn::check, bank_code::check] {
                let again = check(text);
                prop_assert_eq!(check(text), again);
            }
        }
    }
}

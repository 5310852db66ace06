use super::*;
use crate::words::CAPITALS;
use ab_glyph::{Font, FontRef};
use kernel::calendar::BusinessDate;
use kernel::capital::parse_strict;
use kernel::checksum::luhn;
use kernel::{Currency, Money};

fn day() -> BusinessDate {
    BusinessDate::new(2026, 11, 23).unwrap()
}

fn accounts() -> Accounts {
    crate::province::Province::generate(7, day()).unwrap().accounts
}

fn order(business_type: &'static str, seed: u64, condition: Condition) -> Order {
    Order { business_type, seed, today: day(), condition }
}

/// The first seed whose voucher has just this flaw.
fn seed_with(flaw: Flaw) -> u64 {
    (0..5_000).find(|seed| draw_flaws(&mut Random::stream(*seed, "flaws")) == [flaw]).unwrap()
}

#[test]
fn the_same_order_gives_the_same_bytes() {
    let accounts = accounts();
    let made = || make(&order("C02", 3, Condition::AsFound), &accounts).unwrap().to_jpeg().unwrap();
    assert_eq!(made(), made());
}

#[test]
fn the_file_states_200_dots_per_inch() {
    let jpeg = make(&order("C02", 3, Condition::AsFound), &accounts()).unwrap().to_jpeg().unwrap();
    // JFIF: the unit at byte 13 (1 = inch), then the densities.
    assert_eq!(&jpeg[6..10], b"JFIF");
    assert_eq!(&jpeg[13..18], [1, 0, 200, 0, 200]);
}

#[test]
fn every_field_of_every_form_has_a_value_and_a_slice_on_the_page() {
    let accounts = accounts();
    for form in &FORMS {
        let contents = Contents::draw(form.business_type, &accounts, day(), &mut Random::new(1));
        for place in form.places {
            assert!((form.value)(&contents, place.field).is_some_and(|value| !value.is_empty()), "{}", place.field);
            let [x, y, w, h] = form.slice(place.field).unwrap();
            assert!(x + w <= 10_000 && y + h <= 10_000 && w > 0 && h > 0, "{}", place.field);
        }
    }
}

#[test]
fn places_of_a_form_do_not_overlap() {
    for form in &FORMS {
        for (index, one) in form.places.iter().enumerate() {
            for other in &form.places[index + 1..] {
                let (a, b) = (one.cell, other.cell);
                let apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
                assert!(apart, "{} and {}", one.field, other.field);
            }
        }
    }
}

#[test]
fn words_and_figures_agree_unless_the_voucher_is_spoiled() {
    let accounts = accounts();
    for seed in 0..200 {
        let mut contents = Contents::draw("R01", &accounts, day(), &mut Random::new(seed));
        assert_eq!(parse_strict(&contents.words()), Ok(contents.amount.minor()));
        contents.spoil_words(&mut Random::new(seed));
        let words = parse_strict(&contents.words()).unwrap();
        assert!(words != contents.amount.minor() && words > 0);
    }
}

#[test]
fn a_payroll_adds_up() {
    let accounts = accounts();
    for seed in 0..50 {
        let contents = Contents::draw("P01", &accounts, day(), &mut Random::new(seed));
        let sum = Money::sum(contents.wages.iter().map(|line| line.amount), Currency::CNY);
        assert_eq!(sum, Ok(contents.amount));
    }
}

#[test]
fn accounts_on_vouchers_are_those_of_the_core() {
    let accounts = accounts();
    let contents = Contents::draw("R01", &accounts, day(), &mut Random::new(9));
    assert!(accounts.companies.iter().any(|account| account.number == contents.payer.account));
    assert_eq!(luhn::check(&contents.payer.account), Ok(()));
}

#[test]
fn spoiled_words_are_in_the_truth_as_they_are_written() {
    let seed = seed_with(Flaw::WordsDiffer);
    let accounts = accounts();
    let found = make(&order("R01", seed, Condition::AsFound), &accounts).unwrap();
    let corrected = make(&order("R01", seed, Condition::Corrected), &accounts).unwrap();
    assert_eq!(found.flaws, [Flaw::WordsDiffer]);
    assert_eq!(corrected.flaws, []);
    assert_eq!(found.fields["amount"], corrected.fields["amount"]);
    assert_ne!(found.fields["amount_words"], corrected.fields["amount_words"]);
}

#[test]
fn a_second_scan_mends_the_image_and_not_the_paper() {
    let accounts = accounts();
    let flaws = |flaw, condition| make(&order("C02", seed_with(flaw), condition), &accounts).unwrap().flaws;
    assert_eq!(flaws(Flaw::Skewed, Condition::Rescanned), []);
    assert_eq!(flaws(Flaw::SealMissing, Condition::Rescanned), [Flaw::SealMissing]);
}

/// Red that only seal ink has.
fn seal_pixels(document: &Document) -> usize {
    let lower = document.page.height() * 6 / 10;
    document.page.enumerate_pixels().filter(|(_, y, p)| *y > lower && p.0[0] > p.0[1].saturating_add(60)).count()
}

#[test]
fn a_voucher_without_seal_has_no_red_where_the_seal_belongs() {
    let accounts = accounts();
    let seed = seed_with(Flaw::SealMissing);
    assert_eq!(seal_pixels(&make(&order("R01", seed, Condition::AsFound), &accounts).unwrap()), 0);
    assert!(seal_pixels(&make(&order("R01", seed, Condition::Corrected), &accounts).unwrap()) > 1_000);
}

#[test]
fn about_seven_in_a_hundred_vouchers_have_a_flaw() {
    let flawed = (0..10_000).filter(|seed| !draw_flaws(&mut Random::stream(*seed, "flaws")).is_empty()).count();
    assert!((500..800).contains(&flawed), "{flawed}");
}

#[test]
fn ordinary_scans_stay_within_a_degree_and_a_half_and_bad_ones_pass_three() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let scan = Scan::ordinary(&mut random);
        assert!(scan.skew_degrees.abs() <= 1.5);
        assert!(scan.skewed(&mut random).skew_degrees.abs() > 3.0);
    }
}

/// The longest text each field can hold is written small enough for its place.
#[test]
fn text_fits_its_place() {
    let accounts = accounts();
    for font in [&*fonts::SANS, &*fonts::RUNNING_HAND, &*fonts::CAREFUL_HAND] {
        let pen = Pen { font, ink: BLACK, size: 54.0, unsteady: 1.0 };
        for seed in 0..200 {
            let contents = Contents::draw("R01", &accounts, day(), &mut Random::new(seed));
            let form = form("R01").unwrap();
            for place in form.places.iter().filter(|place| !matches!(place.field, "date" | "amount")) {
                let text = (form.value)(&contents, place.field).unwrap();
                let size = canvas::fitting_size(&text, place.cell, &pen);
                assert!(size >= 18.0, "{} would be written {size} pixels high", place.field);
            }
        }
    }
}

fn missing(font: &FontRef<'static>, text: &str) -> String {
    // Glyph 0 is the font's mark for a character it lacks.
    text.chars().filter(|c| font.glyph_id(*c).0 == 0).collect()
}

#[test]
fn every_character_that_customers_write_is_in_every_hand() {
    let accounts = accounts();
    for font in [&*fonts::SANS, &*fonts::RUNNING_HAND, &*fonts::CAREFUL_HAND] {
        assert_eq!(missing(font, CAPITALS), "");
        assert_eq!(missing(font, "0123456789,.¥"), "");
        for seed in 0..300 {
            for form in &FORMS {
                let contents = Contents::draw(form.business_type, &accounts, day(), &mut Random::new(seed));
                for place in form.places {
                    assert_eq!(
                        missing(font, &(form.value)(&contents, place.field).unwrap_or_default()),
                        "",
                        "{}",
                        place.field
                    );
                }
                assert_eq!(missing(font, &contents.payer.bank), "");
            }
        }
    }
}

#[test]
fn every_word_list_can_be_printed() {
    let sources = [
        include_str!("../words/mod.rs"),
        include_str!("../words/people.rs"),
        include_str!("../words/companies.rs"),
        include_str!("../words/places.rs"),
        include_str!("forms/mod.rs"),
        include_str!("forms/payment_order.rs"),
        include_str!("forms/cheque.rs"),
        include_str!("forms/payroll.rs"),
        include_str!("seal.rs"),
    ];
    for source in sources {
        let chinese: String = source.chars().filter(|c| *c > '\u{2FFF}').collect();
        assert_eq!(missing(&fonts::SERIF, &chinese), "");
    }
}

/// What the product's own gate says of a voucher: the names of the findings for which it would refuse the page.
fn refused_for(document: &Document) -> Vec<&'static str> {
    use archive::imaging::{Limits, QualityPolicy, Severity, decode, judge};
    let pages = decode(&document.to_jpeg().unwrap(), &Limits::default()).unwrap();
    let verdict = judge(&pages[0], &QualityPolicy::default());
    verdict.findings.iter().filter(|found| found.severity == Severity::Refuse).map(|found| found.kind.name()).collect()
}

#[test]
fn the_products_gate_takes_ordinary_scans() {
    let accounts = accounts();
    for form in &FORMS {
        let document = make(&order(form.business_type, 5, Condition::Corrected), &accounts).unwrap();
        assert_eq!(refused_for(&document), [""; 0], "{}", form.business_type);
    }
}

#[test]
fn the_products_gate_refuses_askew_and_blurred_scans() {
    let accounts = accounts();
    for (flaw, finding) in [(Flaw::Skewed, "skewed"), (Flaw::Blurred, "blurred")] {
        let found = make(&order("C02", seed_with(flaw), Condition::AsFound), &accounts).unwrap();
        assert_eq!(refused_for(&found), [finding]);
    }
}

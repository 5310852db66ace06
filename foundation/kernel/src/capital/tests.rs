use super::CapitalError::*;
use super::*;
use proptest::prelude::*;

fn capital(minor: i64) -> String {
    to_capital(Money::from_minor(minor, Currency::CNY), Prefix::None).expect("within the limit")
}

/// Figures and the form we write; the annex's own examples are marked.
const WRITTEN: &[(&str, &str)] = &[
    ("0", "零元整"),
    ("0.01", "壹分"),
    ("0.05", "伍分"),
    ("0.10", "壹角"),
    ("0.32", "叁角贰分"),
    ("1", "壹元整"),
    ("1.01", "壹元零壹分"),
    ("1.10", "壹元壹角"),
    ("10", "壹拾元整"),
    ("10.05", "壹拾元零伍分"),
    ("10.50", "壹拾元零伍角"),
    ("11", "壹拾壹元整"),
    ("20", "贰拾元整"),
    ("100", "壹佰元整"),
    ("101", "壹佰零壹元整"),
    ("110", "壹佰壹拾元整"),
    ("115.15", "壹佰壹拾伍元壹角伍分"),
    ("280", "贰佰捌拾元整"),
    ("325.04", "叁佰贰拾伍元零肆分"), // annex
    ("1000", "壹仟元整"),
    ("1000.50", "壹仟元零伍角"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("1050.05", "壹仟零伍拾元零伍分"),
    ("1234.56", "壹仟贰佰叁拾肆元伍角陆分"),
    ("1409.50", "壹仟肆佰零玖元伍角"),       // annex
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"), // annex
    ("6007.14", "陆仟零柒元壹角肆分"),       // annex
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10500", "壹万零伍佰元整"),
    ("15000", "壹万伍仟元整"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"), // annex
    ("100000", "壹拾万元整"),
    ("100500", "壹拾万零伍佰元整"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"), // annex
    ("1002003", "壹佰万贰仟零叁元整"),
    ("10203040", "壹仟零贰拾万叁仟零肆拾元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100007000", "壹亿零柒仟元整"),
    ("100070000", "壹亿零柒万元整"),
    ("107000000", "壹亿零柒佰万元整"),
    ("1070000000", "壹拾亿柒仟万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000500000000", "壹万零伍亿元整"),
    ("1500000000000", "壹万伍仟亿元整"),
    ("1000000050000", "壹万亿零伍万元整"),
    ("1000000000000.01", "壹万亿元零壹分"),
    ("99999999999999.99", "玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
];

#[test]
fn amounts_are_written_as_the_annex_does() {
    for (figures, expected) in WRITTEN {
        let money = Money::parse_major(figures, Currency::CNY).expect("the table writes amounts");
        assert_eq!(to_capital(money, Prefix::None).as_deref(), Ok(*expected), "{figures}");
        assert_eq!(to_capital(money, Prefix::Renminbi), Ok(format!("人民币{expected}")), "{figures}");
        assert_eq!(parse_strict(expected), Ok(money.minor()), "{expected}");
        assert_eq!(parse_lenient(expected), Ok(money.minor()), "{expected}");
    }
}

#[test]
fn what_has_no_capital_form_is_refused() {
    for (minor, currency, expected) in [
        (-1, Currency::CNY, Negative),
        (i64::MIN, Currency::CNY, Negative),
        (MINOR_LIMIT, Currency::CNY, OutOfRange),
        (i64::MAX, Currency::CNY, OutOfRange),
        (100, Currency::HKD, NotYuan(Currency::HKD)),
    ] {
        assert_eq!(to_capital(Money::from_minor(minor, currency), Prefix::None), Err(expected), "{minor}");
    }
}

#[test]
fn the_choices_of_the_annex_are_all_strict() {
    for (text, minor) in [
        ("人民币壹仟陆佰捌拾元叁角贰分", 168_032),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("壹拾万柒仟元伍角叁分", 10_700_053),
        ("壹拾万零柒仟元零伍角叁分", 10_700_053),
        ("壹仟肆佰零玖元伍角整", 140_950),
        ("壹仟肆佰零玖元伍角正", 140_950),
        ("壹元正", 100),
        ("伍角整", 50),
        ("壹仟元伍角", 100_050),
        ("壹亿柒仟元整", 10_000_700_000),
        ("壹拾亿零柒仟万元整", 107_000_000_000),
        ("貳萬陸仟圓整", 2_600_000),
        ("叄億參仟元整", 30_000_300_000),
    ] {
        assert_eq!(parse_strict(text), Ok(minor), "{text}");
    }
}

#[test]
fn forms_the_annex_does_not_know_are_read_but_not_strict() {
    for (text, minor, position) in [
        ("一百元整", 10_000, 1),
        ("壹百元整", 10_000, 2),
        ("拾元整", 1_000, 1),
        ("壹拾元", 1_000, 4),
        ("壹圆整", 100, 2),
        ("壹元伍分整", 105, 3),
        ("壹元零伍分整", 105, 6),
        ("壹元零伍角", 150, 3),
        ("壹佰零元整", 10_000, 3),
        ("陆仟零零柒元整", 600_700, 4),
        ("壹仟伍拾元整", 105_000, 3),
        ("零元伍角", 50, 1),
        ("零元零伍分", 5, 1),
        ("壹元零角零分", 100, 3),
        ("人民币 壹元整", 100, 4),
        ("人民币一元整", 100, 4),
        ("RMB壹元整", 100, 1),
        ("壹仟〇壹元整", 100_100, 3),
        ("两元整", 200, 1),
        ("壹佰整", 10_000, 3),
    ] {
        assert_eq!(parse_strict(text), Err(NotCanonical { position }), "{text}");
        assert_eq!(parse_lenient(text), Ok(minor), "{text}");
    }
}

#[test]
fn what_clerks_and_customers_write_is_read() {
    for (text, minor) in [
        ("一千二百三十四元五角六分", 123_456),
        ("壹仟贰佰叁拾肆圆伍角陆分正", 123_456),
        ("￥壹佰元整", 10_000),
        ("¥ 壹佰 元 整", 10_000),
        ("人民币：壹佰元整", 10_000),
        ("ＲＭＢ　壹佰元整", 10_000),
        ("rmb一百块", 10_000),
        ("人民幣壹萬圓整", 1_000_000),
        ("十五元", 1_500),
        ("一百十五元", 11_500),
        ("廿五元", 2_500),
        ("卅元整", 3_000),
        ("壹佰廿伍元", 12_500),
        ("两万两千元", 2_200_000),
        ("弌佰弍拾弎元整", 12_300),
        ("壹万伍仟", 1_500_000),
        ("三块五毛", 350),
        ("五毛", 50),
        ("一百〇五元", 10_500),
        ("一百○五元", 10_500),
        ("壹佰另伍元", 10_500),
        ("零佰零拾伍元零角零分", 500),
        ("零万零仟叁佰零拾伍元零角玖分", 30_509),
        ("壹佰元零零伍分", 10_005),
        ("玖万亿元", 900_000_000_000_000),
        ("零元", 0),
    ] {
        assert_eq!(parse_lenient(text), Ok(minor), "{text}");
    }
}

#[test]
fn what_has_no_single_meaning_is_refused_with_the_place() {
    for (text, expected) in [
        ("", Empty),
        ("  ", Empty),
        ("人民币", Empty),
        ("壹万伍", Ambiguous { position: 3 }),
        ("壹万伍元", Ambiguous { position: 3 }),
        ("贰佰伍", Ambiguous { position: 3 }),
        ("壹亿伍仟", Ambiguous { position: 4 }),
        ("一亿五千整", Ambiguous { position: 4 }),
        ("壹仟零拾伍元", Ambiguous { position: 4 }),
        ("零拾伍元", Ambiguous { position: 2 }),
        ("伍元伍", Unfinished { position: 3 }),
        ("伍元零", Unfinished { position: 3 }),
        ("伍", Unfinished { position: 1 }),
        ("零", Unfinished { position: 1 }),
        ("元整", OutOfOrder { position: 1 }),
        ("整", OutOfOrder { position: 1 }),
        ("佰元", OutOfOrder { position: 1 }),
        ("万元", OutOfOrder { position: 1 }),
        ("壹佰万伍角", OutOfOrder { position: 2 }),
        ("壹贰元", OutOfOrder { position: 2 }),
        ("二〇元", OutOfOrder { position: 2 }),
        ("壹佰元零伍角整元", OutOfOrder { position: 8 }),
        ("壹拾贰佰元", OutOfOrder { position: 4 }),
        ("壹万贰万元", OutOfOrder { position: 4 }),
        ("壹亿亿元", OutOfOrder { position: 3 }),
        ("壹元壹元", OutOfOrder { position: 4 }),
        ("壹元整壹角", OutOfOrder { position: 4 }),
        ("壹分壹角", OutOfOrder { position: 4 }),
        ("壹角贰角", OutOfOrder { position: 4 }),
        ("壹兆元整", UnknownCharacter { position: 2 }),
        ("壹百A元", UnknownCharacter { position: 3 }),
        ("123元", UnknownCharacter { position: 1 }),
        (" 人民币 壹x元", UnknownCharacter { position: 7 }),
        ("负壹元整", Negative),
        ("-壹元整", Negative),
        ("壹佰万亿元整", OutOfRange),
        ("玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿元整", OutOfRange),
    ] {
        assert_eq!(parse_lenient(text), Err(expected.clone()), "{text}");
        assert_eq!(parse_strict(text), Err(expected), "{text}");
    }
}

#[test]
fn a_number_without_money_is_read_too() {
    for (text, expected) in [
        ("零", Ok(0)),
        ("伍", Ok(5)),
        ("零壹", Ok(1)),
        ("拾", Ok(10)),
        ("零壹拾", Ok(10)),
        ("二十三", Ok(23)),
        ("廿三", Ok(23)),
        ("一千零一", Ok(1_001)),
        ("", Err(Empty)),
        ("五元", Err(OutOfOrder { position: 2 })),
        ("二百五", Err(Ambiguous { position: 3 })),
    ] {
        assert_eq!(parse_number(text), expected, "{text}");
    }
}

/// Amounts of every length, with the zeros that the rules are about.
fn any_minor() -> impl Strategy<Value = i64> {
    let sparse = proptest::collection::vec(prop_oneof![3 => Just(0_i64), 2 => 1_i64..10], 1..=16)
        .prop_map(|digits| digits.into_iter().fold(0, |value, digit| value * 10 + digit));
    prop_oneof![0_i64..100_000, 0..MINOR_LIMIT, sparse]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_amount_comes_back_from_its_capital_form(minor in any_minor()) {
        let text = capital(minor);
        prop_assert_eq!(parse_strict(&text), Ok(minor));
        prop_assert_eq!(parse_strict(&format!("人民币{text}")), Ok(minor));
        prop_assert_eq!(parse_lenient(&text), Ok(minor));
        prop_assert!(!text.contains("零零") && !text.starts_with("零") | (minor == 0));
    }

    #[test]
    fn every_allowed_form_is_strict(minor in any_minor(), choices in any::<u64>()) {
        let mut bit = 0;
        let chosen: String = written(minor.unsigned_abs()).into_iter().filter(|glyph| {
            bit += 1;
            glyph.binding == Binding::Stands || choices >> bit & 1 == 1
        }).map(|glyph| glyph.char).collect();
        prop_assert_eq!(parse_strict(&chosen), Ok(minor));
        prop_assert_eq!(parse_strict(&chosen.replace('整', "正")), Ok(minor));
    }

    #[test]
    fn two_amounts_never_share_a_form(a in any_minor(), b in any_minor()) {
        prop_assert_eq!(capital(a) == capital(b), a == b);
    }

    #[test]
    fn ordinary_numerals_mean_the_same(minor in any_minor()) {
        let ordinary: String = capital(minor).chars().map(|c| match c {
            '壹' => '一', '贰' => '二', '叁' => '三', '肆' => '四', '伍' => '五', '陆' => '六', '柒' => '七', '捌' => '八',
            '玖' => '九', '拾' => '十', '佰' => '百', '仟' => '千', '零' => '〇', '元' => '圆', other => other,
        }).collect();
        prop_assert_eq!(parse_lenient(&ordinary), Ok(minor));
    }

    #[test]
    fn whatever_is_strict_is_lenient_and_nothing_panics(
        text in "[零壹贰伍玖拾佰仟万亿元角分整正一〇两廿圆人民币 ]{0,14}", other in ".{0,14}",
    ) {
        for text in [text, other] {
            let lenient = parse_lenient(&text);
            if let Ok(minor) = parse_strict(&text) {
                prop_assert_eq!(&lenient, &Ok(minor));
            }
            if let Ok(minor) = lenient {
                prop_assert!((0..MINOR_LIMIT).contains(&minor));
                prop_assert_eq!(parse_strict(&capital(minor)), Ok(minor));
            }
        }
    }

    #[test]
    fn only_an_optional_zero_can_be_lost_without_notice(minor in any_minor(), place: prop::sample::Index) {
        let text = capital(minor);
        let dropped = place.index(text.chars().count());
        let shorter: String = text.chars().enumerate().filter(|(index, _)| *index != dropped).map(|(_, c)| c).collect();
        if parse_strict(&shorter) == Ok(minor) {
            prop_assert_eq!(text.chars().nth(dropped), Some('零'));
        }
    }
}

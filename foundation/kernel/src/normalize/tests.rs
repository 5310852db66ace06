use super::*;
use crate::money::Currency;
use proptest::prelude::*;

const KINDS: [FieldKind; 9] = [
    FieldKind::Amount,
    FieldKind::CapitalAmount,
    FieldKind::Date,
    FieldKind::Account,
    FieldKind::BankCode,
    FieldKind::Name,
    FieldKind::Text,
    FieldKind::IdNumber,
    FieldKind::Count,
];

/// Each row: what two keyers may write, and the form they are compared in.
fn check(kind: FieldKind, table: &[(&[&str], &str)]) {
    for (texts, expected) in table {
        for text in *texts {
            assert_eq!(normalize(kind, text), *expected, "{kind:?} {text:?}");
        }
    }
}

#[test]
fn full_width_and_invisible_characters_are_folded() {
    assert_eq!(fold_width("ＡＢｃ１２３（）－．，￥　"), "ABc123()-.,¥ ");
    assert_eq!(fold_width("a\u{00A0}b\tc\u{200B}d\u{FEFF}"), "a b cd");
    assert_eq!(fold_width("壹贰、。「」"), "壹贰、。「」");
}

#[test]
fn amounts_are_compared_by_their_figures() {
    check(
        FieldKind::Amount,
        &[
            (
                &[
                    "1,234.5",
                    "1234.50",
                    "１，２３４．５０",
                    "¥1234.5",
                    "￥ 1,234.50",
                    "RMB1234.5元",
                    "cny 1234.50",
                    "1 234.50",
                ],
                "1234.50",
            ),
            (&["4", "RM4.00", "4.", "$4.0", "004", "4元整", "人民币4元", "4 USD", "US$4"], "4.00"),
            (&["0", "-0", "0.00", ".0", "¥0"], "0.00"),
            (&["-5.5", "-¥5.50", "¥-5.50", "−5.5"], "-5.50"),
            (&[".5", "0.5"], "0.50"),
            (&["1.234", "1.2340"], "1.234"),
            (&["99999999999999999999999999"], "99999999999999999999999999.00"),
            // Not amounts: kept, so that they never agree with one.
            (&["12,34.00"], "12,34.00"),
            (&["1.2.3"], "1.2.3"),
            (&["--5"], "--5"),
            (&["五元"], "五元"),
            (&["ABC5"], "ABC5"),
            (&["", " ", "　"], ""),
            (&["."], "."),
            (&["元"], "元"),
        ],
    );
}

#[test]
fn capital_amounts_are_compared_by_their_minor_units() {
    check(
        FieldKind::CapitalAmount,
        &[
            (&["壹佰元整", "一百元", "人民币壹佰圆正", "￥壹佰元整", "壹 佰 元 整", "ＲＭＢ壹佰元"], "10000"),
            (&["壹佰零伍元整", "一百〇五元", "一百○五元", "壹佰零伍圆正"], "10500"),
            (&["壹仟陆佰捌拾元零叁角贰分", "壹仟陆佰捌拾元叁角贰分"], "168032"),
            (&["壹万伍"], "壹万伍"),
            (&["壹佰 元整x"], "壹佰元整x"),
            (&["100.00"], "100.00"),
        ],
    );
}

#[test]
fn dates_are_compared_in_the_iso_form() {
    check(
        FieldKind::Date,
        &[
            (
                &[
                    "2026-01-02",
                    "2026/1/2",
                    "2026.01.02",
                    "20260102",
                    "２０２６－０１－０２",
                    "2026年1月2日",
                    "2026年01月02号",
                    "2026 年 1 月 2 日",
                    "二〇二六年一月二日",
                    "二○二六年一月二日",
                    "贰零贰陆年零壹月零贰日",
                    "2026年1月2",
                    "02/01/2026",
                    "2/1/26",
                    "2 JAN 26",
                    "Jan 2, 2026",
                    "2-january-2026",
                ],
                "2026-01-02",
            ),
            (
                &["25/12/2018", "25-12-18", "25.12.2018", "25 DEC 2018", "25DEC18", "2018-Dec-25", "25–12–18"],
                "2018-12-25",
            ),
            (&["30 DEC 17", "30/12/17"], "2017-12-30"),
            (&["24-MAR-2018"], "2018-03-24"),
            (&["JUNE 5 2018", "5/6/2018"], "2018-06-05"),
            (&["31/12/79"], "2079-12-31"),
            (&["31/12/80"], "1980-12-31"),
            (&["贰零贰陆年零壹拾月零贰拾日"], "2026-10-20"),
            (&["贰零贰陆年零壹月壹拾伍日"], "2026-01-15"),
            (&["贰零贰陆年壹拾贰月叁拾壹日"], "2026-12-31"),
            // Not dates: kept.
            (&["29/02/2023"], "29/02/2023"),
            (&["12/25/2018"], "12/25/2018"),
            (&["2026-01"], "2026-01"),
            (&["25/12/2018 20:13"], "25/12/2018 20:13"),
            (&["26年1月2日"], "26年1月2日"),
            (&["2026年13月2日"], "2026年13月2日"),
            (&["JA 2 2026"], "JA 2 2026"),
        ],
    );
}

#[test]
fn numbers_of_accounts_banks_and_documents_lose_their_separators() {
    let table: &[(&[&str], &str)] = &[
        (&["1105 0501 0400 17630", "11050501-0400-17630", "１１０５０５０１０４００１７６３０"], "11050501040017630"),
        (&["11010519491231002x", "110105 19491231 002X"], "11010519491231002X"),
        (&["955991002XXXXXXXXX"], "955991002XXXXXXXXX"),
    ];
    for kind in [FieldKind::Account, FieldKind::BankCode, FieldKind::IdNumber] {
        check(kind, table);
    }
}

#[test]
fn names_differ_only_in_their_letters() {
    check(
        FieldKind::Name,
        &[
            (
                &["北京（东奥）科技有限公司", "北京(东奥)科技有限公司", " 北京（东奥)科技有限公司 "],
                "北京(东奥)科技有限公司",
            ),
            (&["王艳", "王　艳", "王  艳 "], "王艳"),
            (
                &["Book Ta .K  (Taman Daya) Sdn Bhd", "BOOK TA .K (TAMAN DAYA) SDN BHD"],
                "BOOK TA .K (TAMAN DAYA) SDN BHD",
            ),
            (&["阿里木·买买提", "阿里木•买买提", "阿里木 ・ 买买提", "阿里木．买买提"], "阿里木·买买提"),
            (&["二〇三所", "二○三所", "二零三所"], "二零三所"),
        ],
    );
}

#[test]
fn free_text_keeps_the_case_of_its_letters() {
    check(
        FieldKind::Text,
        &[
            (&["用途：货款", "用途:货款", "　用途：货款 "], "用途:货款"),
            (&["订单号  167Xx", "订单号　１６７Ｘｘ"], "订单号 167Xx"),
            (&["货 款", "货款"], "货款"),
            (&["○○中", "〇〇中", "零零中"], "零零中"),
            (&["○ x"], "○ x"),
        ],
    );
}

#[test]
fn counts_are_compared_by_their_number() {
    check(
        FieldKind::Count,
        &[
            (&["12", "012", "１２", "12张", "十二", "壹拾贰张", "12 笔"], "12"),
            (&["1,000", "1000件", "一千"], "1000"),
            (&["0", "零"], "0"),
            (&["张"], "张"),
            (&["-1"], "-1"),
            (&["1.5"], "1.5"),
        ],
    );
}

#[test]
fn the_figure_and_the_capital_amount_of_a_voucher_meet_in_minor_units() {
    let figure = |text, currency| minor_units(FieldKind::Amount, &normalize(FieldKind::Amount, text), currency);
    let words =
        |text, currency| minor_units(FieldKind::CapitalAmount, &normalize(FieldKind::CapitalAmount, text), currency);
    assert_eq!(figure("¥280.00", Currency::CNY), Some(28_000));
    assert_eq!(words("贰佰捌拾元整", Currency::CNY), Some(28_000));
    assert_eq!(words("贰佰捌拾元整", Currency::USD), None);
    assert_eq!(words("贰佰捌", Currency::CNY), None);
    assert_eq!(words("+28000", Currency::CNY), None);
    assert_eq!(figure("100", Currency::JPY), Some(100));
    assert_eq!(figure("100.5", Currency::JPY), None);
    assert_eq!(figure("1.234", Currency::CNY), None);
    assert_eq!(figure("-5", Currency::CNY), Some(-500));
    assert_eq!(figure("十元", Currency::CNY), None);
    assert_eq!(minor_units(FieldKind::Text, "280.00", Currency::CNY), None);
}

/// Texts made of what keyers touch, where foldings could undo each other.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,16}",
        "[ 　0-9０-９零〇○◯壹贰拾佰元角分整年月日.,，/·•・中艳(（)）A-Ca-cＡ¥￥－–-]{0,16}",
        "[0-9]{1,4}[-/年. ][0-9]{1,2}[-/月. ][0-9]{1,4}日?",
        "-?[¥$]?[0-9,]{1,12}\\.?[0-9]{0,4}元?",
        "[○〇 .·中]{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn normalizing_twice_is_normalizing_once(text in any_text()) {
        for kind in KINDS {
            let once = normalize(kind, &text);
            prop_assert_eq!(&normalize(kind, &once), &once, "{:?}", kind);
        }
        let folded = fold_width(&text);
        prop_assert_eq!(fold_width(&folded), folded);
    }

    #[test]
    fn width_never_makes_a_difference(text in "[ -~]{0,16}") {
        let wide: String = text.chars().map(|c| match c {
            ' ' => '　',
            c => char::from_u32(u32::from(c) + 0xFEE0).expect("a full-width form"),
        }).collect();
        for kind in KINDS {
            prop_assert_eq!(normalize(kind, &wide), normalize(kind, &text), "{:?}", kind);
        }
    }

    #[test]
    fn every_amount_meets_its_capital_form(minor in 0_i64..1_000_000_000_000) {
        let money = crate::money::Money::from_minor(minor, Currency::CNY);
        let words = crate::capital::to_capital(money, crate::capital::Prefix::Renminbi).expect("small");
        let figure = normalize(FieldKind::Amount, &format!("¥{money}"));
        prop_assert_eq!(&figure, &money.to_plain());
        prop_assert_eq!(minor_units(FieldKind::Amount, &figure, Currency::CNY), Some(minor));
        let normal = normalize(FieldKind::CapitalAmount, &words);
        prop_assert_eq!(minor_units(FieldKind::CapitalAmount, &normal, Currency::CNY), Some(minor));
    }

    #[test]
    fn two_dates_never_meet(a in 0_i64..30_000, b in 0_i64..30_000) {
        let date = |days| crate::calendar::BusinessDate::new(1980, 1, 1).and_then(|first| first.add_days(days)).expect("in range");
        let (a, b) = (date(a), date(b));
        let day_first = normalize(FieldKind::Date, &format!("{}/{}/{}", a.day(), a.month(), a.year()));
        let chinese = normalize(FieldKind::Date, &format!("{}年{}月{}日", b.year(), b.month(), b.day()));
        prop_assert_eq!(&day_first, &a.to_string());
        prop_assert_eq!(day_first == chinese, a == b);
    }
}

/// The JSON files in a folder of the shared data, or none with a message when it is absent.
fn shared_json(folder: &str) -> Vec<serde_json::Value> {
    let root = format!("{}/../../../shared/data/images/{folder}", env!("CARGO_MANIFEST_DIR"));
    let Ok(entries) = std::fs::read_dir(root) else {
        eprintln!("skipped: ../shared/data/images/{folder} is absent");
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.expect("readable").path());
    let texts = paths.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    texts.map(|path| serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")).collect()
}

#[test]
fn dates_and_totals_of_real_receipts_are_read() {
    let receipts = shared_json("receipts");
    let field = |receipt: &serde_json::Value, name: &str| receipt[name].as_str().unwrap_or_default().to_owned();
    let unread = |kind, name, is_read: fn(&str) -> bool| {
        let texts = receipts.iter().map(|receipt| field(receipt, name)).filter(|text| !text.is_empty());
        texts.filter(|text| !is_read(&normalize(kind, text))).collect::<Vec<_>>()
    };
    let dates = unread(FieldKind::Date, "date", |date| crate::calendar::BusinessDate::parse(date).is_ok());
    let totals =
        unread(FieldKind::Amount, "total", |total| minor_units(FieldKind::Amount, total, Currency::MYR).is_some());
    // A slip of the truth's own typists may remain.
    assert!(dates.len() * 20 <= receipts.len(), "dates: {dates:?}");
    assert!(totals.len() * 20 <= receipts.len(), "totals: {totals:?}");
}

#[test]
fn figures_and_capital_amounts_of_real_forms_agree() {
    for truth in shared_json("bank-forms") {
        for form in truth.as_object().into_iter().flat_map(|forms| forms.values()) {
            if let (Some(words), Some(figure)) = (form["amount_upper"].as_str(), form["amount"].as_str()) {
                let words = normalize(FieldKind::CapitalAmount, words);
                let figure = normalize(FieldKind::Amount, figure);
                let minor = minor_units(FieldKind::CapitalAmount, &words, Currency::CNY);
                assert!(minor.is_some(), "{words}");
                assert_eq!(minor, minor_units(FieldKind::Amount, &figure, Currency::CNY), "{words} {figure}");
            }
        }
    }
}

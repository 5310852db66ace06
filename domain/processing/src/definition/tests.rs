use super::parse::parse;

const GOOD: &str = include_str!("../../../../testkit/world/definitions/T01.toml");

#[test]
fn the_world_s_definition_is_read() {
    let definition = parse(GOOD).expect("good");
    assert_eq!((definition.code.as_str(), definition.version), ("T01", 1));
    assert_eq!(definition.fields.len(), 4);
    assert!(!definition.authorize.applies_to(5_000_000), "not above at the limit");
    assert!(definition.authorize.applies_to(5_000_001));
}

#[test]
fn every_fault_of_a_document_is_refused_at_its_place() {
    let table = [
        ("version = 1", "version = 0", "code"),
        ("priority_class = 3", "priority_class = 5", "priority_class"),
        ("time_limit_minutes = 30", "time_limit_minutes = 0", "time_limit_minutes"),
        ("currency = \"CNY\"", "currency = \"XXY\"", "currency"),
        ("effective_from = \"2026-01-01\"", "effective_from = \"2026-02-30\"", "effective_from"),
        ("effective_from = \"2026-01-01\"", "effective_from = \"2026-01-01\"\ncut_off = \"25:00\"", "cut_off"),
        ("kind = \"attachment\"", "kind = \"voucher_front\"", "pages[1].kind"),
        ("max = 3", "max = 0", "pages[1].max"),
        ("quality = \"attachment\"", "quality = \"poor\"", "pages[1].quality"),
        ("kind = \"account\"", "kind = \"iban\"", "fields[0].kind"),
        ("rect = [500, 1000, 4000, 1000]", "rect = [500, 1000, 9900, 1000]", "fields[0].rect"),
        ("rect = [500, 1000, 4000, 1000]", "rect = [500, 1000, 0, 1000]", "fields[0].rect"),
        ("rect = [500, 4000, 4000, 1000]", "rect = [5000, 4000, 4000, 1000]", "fields[3].rect"),
        ("key_mode = \"double\"", "key_mode = \"triple\"", "fields[0].key_mode"),
        ("sensitivity = \"C2\"", "sensitivity = \"C9\"", "fields[0].sensitivity"),
        ("sensitivity = \"C2\"", "sensitivity = \"C3\"", "fields[0].sensitivity"),
        ("page = \"voucher_front\"", "page = \"nowhere\"", "fields[0].page"),
        ("page = \"voucher_front\"", "page = \"attachment\"", "fields[0].page"),
        ("max_length = 32", "max_length = 0", "fields[0].max_length"),
        ("code = \"payee_account\"", "code = \"payer_account\"", "fields[1].code"),
        ("fields = [\"amount_words\", \"amount\"]", "fields = [\"amount_words\", \"sum\"]", "checks[0].fields"),
        ("fields = [\"amount_words\", \"amount\"]", "fields = [\"amount\"]", "checks[0].fields"),
        ("rule = \"words_equal_figures\"", "rule = \"product_equals\"", "checks[0].rule"),
        ("rule = \"words_equal_figures\"", "rule = \"sum_equals\"", "checks[0].fields"),
        ("rule = \"words_equal_figures\"", "rule = \"sum_equals\"\ndays = 3", "checks[0].rule"),
        ("rule = \"words_equal_figures\"", "rule = \"date_within_days\"", "checks[0].rule"),
        ("above_minor = \"5000000\"", "above_minor = \"50.00\"", "authorize.above_minor"),
        ("above_minor = \"5000000\"", "above_minor = \"-1\"", "authorize.above_minor"),
        ("debit = { field = \"payer_account\" }", "debit = { field = \"amount\" }", "posting.debit"),
        ("debit = { field = \"payer_account\" }", "debit = { field = \"a\", account = \"b\" }", "posting.debit"),
        ("name_en = \"Internal transfer\"", "name_en = \"Internal transfer\"\nsuperuser = true", "document"),
    ];
    for (from, to, place) in table {
        assert!(GOOD.contains(from), "{from}");
        let error = parse(&GOOD.replacen(from, to, 1)).expect_err(to);
        assert_eq!(error.place(), place, "{to}: {error}");
    }
}

#[test]
fn a_sum_adds_different_amounts_to_a_required_total() {
    let with = |fields: &str| {
        GOOD.replace("rule = \"words_equal_figures\"", "rule = \"sum_equals\"")
            .replace("fields = [\"amount_words\", \"amount\"]", &format!("fields = {fields}"))
            .replace(
                "[[checks]]",
                "[[fields]]\ncode = \"fee\"\nname_zh = \"手续费\"\nname_en = \"Fee\"\nkind = \"amount\"\npage = \"voucher_front\"\n\
                 rect = [500, 6000, 4000, 500]\nkey_mode = \"double\"\nsensitivity = \"C2\"\noutsourced = false\nrequired = false\n\
                 max_length = 20\n\n[[fields]]\ncode = \"net\"\nname_zh = \"净额\"\nname_en = \"Net\"\nkind = \"amount\"\n\
                 page = \"voucher_front\"\nrect = [500, 7000, 4000, 500]\nkey_mode = \"double\"\nsensitivity = \"C2\"\n\
                 outsourced = false\nrequired = true\nmax_length = 20\n\n[[checks]]",
            )
    };
    let good = parse(&with("[\"amount\", \"net\", \"fee\"]")).expect("a sum");
    assert_eq!(good.checks[0].fields, ["amount", "net", "fee"]);
    for (fields, why) in [
        ("[\"amount\", \"net\"]", "3 to 51"),
        ("[\"amount\", \"net\", \"amount_words\"]", "amounts, or counts"),
        ("[\"payer_account\", \"net\", \"fee\"]", "amounts, or counts"),
        ("[\"fee\", \"net\", \"amount\"]", "not required"),
        ("[\"amount\", \"net\", \"net\"]", "stands twice"),
        ("[\"amount\", \"amount\", \"net\"]", "stands twice"),
        ("[\"amount\", \"net\", \"tip\"]", "no field"),
    ] {
        let error = parse(&with(fields)).expect_err(fields);
        assert_eq!(error.place(), "checks[0].fields", "{fields}");
        assert!(error.to_string().contains(why), "{fields}: {error}");
    }
}

/// T01 with its payer's account in two parts.
fn in_parts() -> String {
    GOOD.replacen("outsourced = false", "outsourced = true", 1).replacen(
        "max_length = 32\n",
        "max_length = 20\n[[fields.parts]]\nrect = [500, 1000, 2000, 1000]\ncharacters = 10\n\
         [[fields.parts]]\nrect = [2500, 1000, 2000, 1000]\ncharacters = 10\n",
        1,
    )
}

#[test]
fn a_number_is_cut_in_parts_of_ten_characters_within_its_place() {
    let definition = parse(&in_parts()).expect("good");
    let field = definition.field("payer_account").expect("the field");
    assert_eq!(field.portion("6222020000000000017", 1), "6222020000");
    assert_eq!(field.portion("6222020000000000017", 2), "000000017");
    assert_eq!(field.portion("62220200", 2), "", "a short one ends in its first part");
    assert_eq!(field.portion("6222020000000000017", 0), "6222020000000000017");
    let own = field.of_part(2);
    assert_eq!((own.name_zh.as_str(), own.rect), ("付款人账号（第 2 段，共 2 段）", field.parts[1].rect));
    assert_eq!(field.of_part(0), *field);
    let places = [("payer_account", 1, 0), ("payer_account", 2, 1), ("amount", 0, 0)];
    for (code, part, place) in places {
        assert_eq!(definition.place_of_part(code, part), place, "{code} {part}");
    }
}

#[test]
fn what_cannot_be_cut_is_refused_at_its_place() {
    let good = in_parts();
    let second = "[[fields.parts]]\nrect = [2500, 1000, 2000, 1000]\ncharacters = 10\n";
    let table = [
        ("characters = 10", "characters = 11", "fields[0].parts[0].characters"),
        ("characters = 10", "characters = 0", "fields[0].parts[0].characters"),
        ("characters = 10", "characters = 9", "fields[0].max_length"),
        (second, "", "fields[0].parts"),
        ("rect = [2500, 1000, 2000, 1000]", "rect = [2400, 1000, 2000, 1000]", "fields[0].parts[1].rect"),
        ("rect = [2500, 1000, 2000, 1000]", "rect = [2500, 1000, 2001, 1000]", "fields[0].parts[1].rect"),
        ("key_mode = \"double\"", "key_mode = \"single\"", "fields[0].parts"),
        ("kind = \"account\"", "kind = \"name\"", "fields[0].parts"),
    ];
    for (from, to, place) in table {
        assert!(good.contains(from), "{from}");
        let error = parse(&good.replacen(from, to, 1)).expect_err(to);
        assert_eq!(error.place(), place, "{to}: {error}");
    }
    let whole = GOOD.replacen("outsourced = false", "outsourced = true", 1);
    assert_eq!(parse(&whole).expect_err("whole, and shown outside").place(), "fields[0].outsourced");
    let five = good.replacen(second, &second.replace("characters = 10", "characters = 1").repeat(4), 1);
    assert_eq!(parse(&five).expect_err("more hands than there are").place(), "fields");
}

#[test]
fn an_outsourced_slice_never_overlaps_another() {
    let error = parse(&GOOD.replace("rect = [500, 4000, 4000, 1000]", "rect = [9400, 4900, 500, 200]"))
        .expect_err("overlaps by a corner");
    assert!(error.to_string().contains("overlaps"), "{error}");
    assert!(
        parse(&GOOD.replace("rect = [500, 4000, 4000, 1000]", "rect = [9500, 4900, 500, 200]")).is_ok(),
        "side by side is fine"
    );
}

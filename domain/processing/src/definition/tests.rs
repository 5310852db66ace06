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
        ("rule = \"words_equal_figures\"", "rule = \"sum_equals\"", "checks[0].rule"),
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
fn an_outsourced_slice_never_overlaps_another() {
    let error = parse(&GOOD.replace("rect = [500, 4000, 4000, 1000]", "rect = [9400, 4900, 500, 200]"))
        .expect_err("overlaps by a corner");
    assert!(error.to_string().contains("overlaps"), "{error}");
    assert!(
        parse(&GOOD.replace("rect = [500, 4000, 4000, 1000]", "rect = [9500, 4900, 500, 200]")).is_ok(),
        "side by side is fine"
    );
}

use super::*;
use crate::post::Duty;
use crate::testing::{Bank, command, date, new_institution};
use crate::{NewAppointment, appointment};
use kernel::InstitutionId;

fn field(name: &str) -> (Code, Option<String>) {
    (Code::InvalidField, Some(name.into()))
}

#[tokio::test]
async fn an_institution_is_found_by_id_code_parent_and_place_in_the_tree() {
    let bank = Bank::empty().await;
    let [province, branch, sub_branch, outlet] = bank.tree().await;
    let other = bank.institution("6202", InstitutionClass::Tier2Branch, Some(&province)).await;
    let mut conn = bank.reader().await;
    let found = find(&mut conn, &outlet).await.expect("reads").expect("is there");
    assert_eq!(found.path, format!("/{province}/{branch}/{sub_branch}/{outlet}/"));
    assert_eq!((found.class, found.parent, found.version), (InstitutionClass::Outlet, Some(sub_branch.clone()), 1));
    assert_eq!(found.opening, Opening::weekdays("08:30-17:00").expect("hours"));
    assert_eq!(find_by_code(&mut conn, "6201").await.expect("reads").map(|i| i.institution_id), Some(branch.clone()));
    let ids = |found: Vec<Institution>| found.into_iter().map(|i| i.institution_id).collect::<Vec<_>>();
    assert_eq!(ids(children(&mut conn, &province).await.expect("reads")), [branch.clone(), other.clone()]);
    assert_eq!(ids(subtree(&mut conn, &branch).await.expect("reads")), [branch.clone(), sub_branch, outlet.clone()]);
    assert!(is_within(&mut conn, &outlet, &province).await.expect("reads"));
    assert!(is_within(&mut conn, &outlet, &outlet).await.expect("reads"));
    assert!(!is_within(&mut conn, &outlet, &other).await.expect("reads"));
    let unknown = InstitutionId::new(bank.journal.now());
    assert!(!is_within(&mut conn, &unknown, &province).await.expect("reads"));
    assert_eq!(path_of(&mut conn, &unknown).await.expect("reads"), None);
    assert_eq!(root(&mut conn).await.expect("reads").map(|i| i.institution_id), Some(province));
}

#[tokio::test]
async fn a_wrong_place_number_or_name_is_refused_and_names_its_field() {
    let bank = Bank::empty().await;
    let [province, _, _, outlet] = bank.tree().await;
    let unknown = InstitutionId::new(bank.journal.now());
    let good = |parent| new_institution("6209", InstitutionClass::Tier2Branch, Some(parent));
    let cases = [
        (
            "a known code",
            NewInstitution { code: "6201".into(), ..good(&province) },
            (Code::DuplicateNumber, Some("code".into())),
        ),
        ("a code with spaces", NewInstitution { code: "62 01".into(), ..good(&province) }, field("code")),
        ("no Chinese name", NewInstitution { name_zh: " ".into(), ..good(&province) }, field("name_zh")),
        ("no English name", NewInstitution { name_en: String::new(), ..good(&province) }, field("name_en")),
        ("a branch under an outlet", good(&outlet), field("parent")),
        ("an unknown parent", good(&unknown), (Code::NotFound, Some("parent".into()))),
        ("a branch without a parent", NewInstitution { parent: None, ..good(&province) }, field("parent")),
        ("a second root", new_institution("1", InstitutionClass::Province, None), field("parent")),
        ("a wrong bank code", NewInstitution { cnaps: Some("102821000010".into()), ..good(&province) }, field("cnaps")),
    ];
    for (case, new, expected) in cases {
        assert_eq!(bank.refused(move |cx| Box::pin(add(cx, new.clone()))).await, expected, "{case}");
    }
    let payload = bank_code::check_digit("10282100001").expect("eleven digits");
    let right = NewInstitution { cnaps: Some(format!("10282100001{payload}")), ..good(&province) };
    bank.done(move |cx| Box::pin(add(cx, right.clone()))).await;
}

#[tokio::test]
async fn an_edit_is_made_from_the_version_that_was_seen() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let unknown = InstitutionId::new(bank.journal.now());
    let rename_from = |id: &InstitutionId, version| {
        let id = id.clone();
        command(move |cx| Box::pin(rename(cx, id.clone(), version, "城关支行".into(), "Chengguan".into())))
    };
    assert_eq!(bank.done(rename_from(&outlet, 1)).await, 2);
    assert_eq!(bank.refused(rename_from(&outlet, 1)).await.0, Code::StaleVersion, "twice");
    assert_eq!(bank.refused(rename_from(&unknown, 1)).await.0, Code::NotFound);
    let id = outlet.clone();
    let hours = Opening::weekdays("09:00-12:00,13:30-16:30").expect("hours");
    let (new_hours, stale) = (hours.clone(), id.clone());
    assert_eq!(bank.done(move |cx| Box::pin(change_opening(cx, id.clone(), 2, new_hours.clone()))).await, 3);
    let again = hours.clone();
    let twice = bank.refused(move |cx| Box::pin(change_opening(cx, stale.clone(), 2, again.clone()))).await;
    assert_eq!(twice.0, Code::StaleVersion);
    let found = find(&mut *bank.reader().await, &outlet).await.expect("reads").expect("is there");
    assert_eq!(
        (found.name_zh.as_str(), found.name_en.as_str(), found.opening, found.version),
        ("城关支行", "Chengguan", hours, 3)
    );
}

#[tokio::test]
async fn an_institution_closes_when_nothing_below_or_in_it_lasts_and_then_stays_as_it_is() {
    let bank = Bank::empty().await;
    let [_, _, sub_branch, outlet] = bank.tree().await;
    let teller = bank.post(Duty::Teller).await;
    let person = bank.employee("1001", &sub_branch).await;
    let on = date("2026-07-01");
    let close_of = |id: &InstitutionId, version| {
        let id = id.clone();
        command(move |cx| Box::pin(close(cx, id.clone(), version, on)))
    };
    assert_eq!(bank.refused(close_of(&sub_branch, 1)).await.0, Code::WrongState, "an outlet below it works");
    let new = NewAppointment {
        person_id: person,
        post_id: teller,
        institution_id: outlet.clone(),
        from: date("2026-01-01"),
        until: None,
    };
    let appointment_id = bank
        .done(move |mut cx| {
            let new = new.clone();
            Box::pin(async move {
                let (id, receipt) = appointment::insert(&mut cx, new).await?;
                Ok(receipt.done(id))
            })
        })
        .await;
    assert_eq!(bank.refused(close_of(&outlet, 1)).await.0, Code::WrongState, "a teller is appointed beyond the date");
    bank.done(move |cx| Box::pin(appointment::end(cx, appointment_id.clone(), on, "网点撤并".into()))).await;
    assert_eq!(bank.done(close_of(&outlet, 1)).await, 2);
    assert_eq!(bank.refused(close_of(&outlet, 2)).await.0, Code::WrongState, "twice");
    assert_eq!(bank.done(close_of(&sub_branch, 1)).await, 2);
    let below_closed = new_institution("62010199", InstitutionClass::Outlet, Some(&sub_branch));
    assert_eq!(bank.refused(move |cx| Box::pin(add(cx, below_closed.clone()))).await.0, Code::WrongState);
}

#[tokio::test]
async fn a_list_is_cut_into_pages_and_narrowed_by_place_class_and_text() {
    let bank = Bank::empty().await;
    let [province, branch, ..] = bank.tree().await;
    for n in 0..5 {
        bank.institution(&format!("620102{n}"), InstitutionClass::Outlet, Some(&branch)).await;
    }
    let other = bank.institution("6299", InstitutionClass::Tier2Branch, Some(&province)).await;
    bank.institution("629901", InstitutionClass::Outlet, Some(&other)).await;
    let mut conn = bank.reader().await;
    let outlets = InstitutionFilter { under: Some(branch), class: Some(InstitutionClass::Outlet), text: None };
    let mut codes = Vec::new();
    let mut after = None;
    loop {
        let page = search(&mut conn, &outlets, after.as_ref(), 4).await.expect("reads");
        codes.extend(page.items.into_iter().map(|institution| institution.code));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(codes, ["62010101", "6201020", "6201021", "6201022", "6201023", "6201024"]);
    for (text, found) in [("institution 6299", 2), ("机构6299", 2), ("%", 0), ("629901", 1), ("", 11)] {
        let filter = InstitutionFilter { text: Some(text.into()), ..Default::default() };
        assert_eq!(search(&mut conn, &filter, None, 50).await.expect("reads").items.len(), found, "{text:?}");
    }
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_root_and_an_unknown_class() {
    let bank = Bank::empty().await;
    bank.tree().await;
    let statements = [
        "INSERT INTO institutions (institution_id, code, name_zh, name_en, class, parent_id, path, opening, version, created_at)
         VALUES ('ins_x', 'x', 'x', 'x', 'province', NULL, '/x/', '{}', 1, 0)",
        "UPDATE institutions SET class = 'booth'",
        "UPDATE institutions SET parent_id = NULL WHERE class = 'outlet'",
        "UPDATE institutions SET parent_id = institution_id WHERE class = 'outlet'",
    ];
    for statement in statements {
        let by_hand =
            bank.journal.db.write::<u64, Fault, _>(move |tx| Box::pin(tx.execute(storage::sql(statement)))).await;
        assert!(by_hand.is_err(), "{statement}");
    }
}

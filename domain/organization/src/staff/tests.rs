use super::*;
use crate::institution::InstitutionClass;
use crate::post::Duty;
use crate::testing::{Bank, command, date, new_person};
use crate::{NewAppointment, load};
use journal::{Subject, by_subject};

fn field(name: &str) -> (Code, Option<String>) {
    (Code::InvalidField, Some(name.into()))
}

#[tokio::test]
async fn a_person_is_registered_once_and_found_by_id_and_number() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let id = bank.employee("620001", &outlet).await;
    let again = new_person("620001", Category::Employee, &outlet);
    let twice = bank.refused(move |cx| Box::pin(add(cx, again.clone()))).await;
    assert_eq!(twice, (Code::DuplicateNumber, Some("employee_no".into())));
    let mut conn = bank.reader().await;
    let person = find(&mut conn, &id).await.expect("reads").expect("is there");
    assert_eq!((person.name.as_str(), person.category, &person.home), ("张620001", Category::Employee, &outlet));
    assert_eq!(find_by_employee_no(&mut conn, " 620001 ").await.expect("reads"), Some(person.clone()));
    assert!(!format!("{person:?}").contains('张'), "a name must not reach a log");
    let chain = by_subject(&mut conn, &Subject::of(&id)).await.expect("reads");
    assert!(!chain[0].payload.to_string().contains('张'), "a name stands apart from the hashed text");
}

#[tokio::test]
async fn a_person_without_a_home_or_with_the_wrong_firm_is_refused() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let vendor = bank.done(|cx| Box::pin(add_vendor(cx, "V1".into(), "信达数据".into()))).await;
    let (at, nowhere) = (bank.journal.now(), InstitutionId::new(bank.journal.now()));
    let base = |category| new_person("9", category, &outlet);
    let cases = [
        ("no name", NewPerson { name: String::new(), ..base(Category::Employee) }, field("name")),
        (
            "a number with spaces",
            NewPerson { employee_no: "6 2".into(), ..base(Category::Employee) },
            field("employee_no"),
        ),
        ("outsourced by nobody", base(Category::Outsourced), field("vendor")),
        (
            "an employee of a firm",
            NewPerson { vendor_id: Some(vendor.clone()), ..base(Category::Employee) },
            field("vendor"),
        ),
        (
            "an unknown firm",
            NewPerson { vendor_id: Some(VendorId::new(at)), ..base(Category::Outsourced) },
            (Code::NotFound, Some("vendor".into())),
        ),
        (
            "an unknown home",
            NewPerson { home: nowhere, ..base(Category::Employee) },
            (Code::NotFound, Some("home".into())),
        ),
    ];
    for (case, new, expected) in cases {
        assert_eq!(bank.refused(move |cx| Box::pin(add(cx, new.clone()))).await, expected, "{case}");
    }
    let right = NewPerson { vendor_id: Some(vendor.clone()), ..base(Category::Outsourced) };
    bank.done(move |cx| Box::pin(add(cx, right.clone()))).await;
    let twice = bank.refused(|cx| Box::pin(add_vendor(cx, "V1".into(), "另一家".into()))).await;
    assert_eq!(twice, (Code::DuplicateNumber, Some("code".into())));
    let found = find_vendor(&mut *bank.reader().await, &vendor).await.expect("reads").expect("is there");
    assert_eq!(vendors(&mut *bank.reader().await).await.expect("reads"), [found]);
}

#[tokio::test]
async fn a_person_moves_to_another_home_and_not_to_an_unknown_one() {
    let bank = Bank::empty().await;
    let [province, .., outlet] = bank.tree().await;
    let id = bank.employee("1", &outlet).await;
    let (person, home) = (id.clone(), province.clone());
    bank.done(move |cx| Box::pin(transfer(cx, person.clone(), home.clone()))).await;
    assert_eq!(find(&mut *bank.reader().await, &id).await.expect("reads").expect("is there").home, province);
    let nowhere = InstitutionId::new(bank.journal.now());
    assert_eq!(bank.refused(move |cx| Box::pin(transfer(cx, id.clone(), nowhere.clone()))).await.0, Code::NotFound);
    let nobody = PersonId::new(bank.journal.now());
    assert_eq!(
        bank.refused(move |cx| Box::pin(transfer(cx, nobody.clone(), province.clone()))).await.0,
        Code::NotFound
    );
}

#[tokio::test]
async fn who_leaves_holds_nothing_from_that_date_and_is_neither_moved_nor_leaves_again() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let (teller, keyer) = (bank.post(Duty::Teller).await, bank.post(Duty::Keyer).await);
    let id = bank.employee("1", &outlet).await;
    let row = |post: &kernel::PostId, from: &str| NewAppointment {
        person_id: id.clone(),
        post_id: post.clone(),
        institution_id: outlet.clone(),
        from: date(from),
        until: None,
    };
    let rows = [row(&teller, "2026-01-01"), row(&keyer, "2026-09-01")];
    bank.done(move |mut cx| {
        let rows = rows.clone();
        Box::pin(async move { Ok(load::appointments(&mut cx, &rows).await?.1.done(())) })
    })
    .await;
    let person = id.clone();
    assert_eq!(bank.done(move |cx| Box::pin(leave(cx, person.clone(), date("2026-07-01")))).await, 2);
    let mut conn = bank.reader().await;
    let last_day = appointment::current(&mut conn, &id, date("2026-06-30")).await.expect("reads");
    assert_eq!(last_day.len(), 1);
    for text in ["2026-07-01", "2026-09-01", "2027-01-01"] {
        assert_eq!(appointment::current(&mut conn, &id, date(text)).await.expect("reads"), [], "{text}");
    }
    let person = find(&mut conn, &id).await.expect("reads").expect("is there");
    assert!(person.is_present(date("2026-06-30")) && !person.is_present(date("2026-07-01")));
    let again = id.clone();
    assert_eq!(
        bank.refused(move |cx| Box::pin(leave(cx, again.clone(), date("2026-08-01")))).await.0,
        Code::WrongState
    );
    assert_eq!(bank.refused(move |cx| Box::pin(transfer(cx, id.clone(), outlet.clone()))).await.0, Code::WrongState);
    let nobody = PersonId::new(bank.journal.now());
    assert_eq!(bank.refused(move |cx| Box::pin(leave(cx, nobody.clone(), date("2026-08-01")))).await.0, Code::NotFound);
}

#[tokio::test]
async fn kinship_holds_for_both_is_declared_once_and_can_be_taken_back_with_a_reason() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let (a, b, c) =
        (bank.employee("1", &outlet).await, bank.employee("2", &outlet).await, bank.employee("3", &outlet).await);
    let declare_pair = |a: &PersonId, b: &PersonId| {
        let (a, b) = (a.clone(), b.clone());
        command(move |cx| Box::pin(declare_relative(cx, a.clone(), b.clone(), Relation::Spouse)))
    };
    bank.done(declare_pair(&b, &a)).await;
    bank.done(declare_pair(&a, &c)).await;
    let mut conn = bank.reader().await;
    let mut of_a = vec![b.clone(), c.clone()];
    of_a.sort();
    assert_eq!(relatives_of(&mut conn, &a).await.expect("reads"), of_a);
    assert_eq!(relatives_of(&mut conn, &b).await.expect("reads"), std::slice::from_ref(&a));
    assert_eq!(relations_of(&mut conn, &c).await.expect("reads"), [(a.clone(), Relation::Spouse)]);
    assert_eq!(bank.refused(declare_pair(&a, &b)).await.0, Code::WrongState, "twice, the other way round");
    assert_eq!(bank.refused(declare_pair(&a, &a)).await, field("relative"));
    assert_eq!(bank.refused(declare_pair(&a, &PersonId::new(bank.journal.now()))).await.0, Code::NotFound);
    for id in [&a, &b] {
        let chain = by_subject(&mut conn, &Subject::of(id)).await.expect("reads");
        assert!(
            chain.iter().any(|entry| entry.kind == "organization.staff.declare_relative"),
            "each one's chain tells it"
        );
    }
    let withdraw = |reason: &'static str| {
        let (a, b) = (a.clone(), b.clone());
        command(move |cx| Box::pin(withdraw_relative(cx, a.clone(), b.clone(), reason.into())))
    };
    assert_eq!(bank.refused(withdraw(" ")).await.0, Code::ReasonRequired);
    bank.done(withdraw("离婚")).await;
    assert_eq!(bank.refused(withdraw("离婚")).await.0, Code::NotFound, "twice");
    assert_eq!(relatives_of(&mut conn, &b).await.expect("reads"), []);
}

#[tokio::test]
async fn a_list_of_people_is_narrowed_by_text_place_and_category_and_leaves_out_who_left() {
    let bank = Bank::empty().await;
    let [province, branch, _, outlet] = bank.tree().await;
    let center = bank.institution("62C", InstitutionClass::Center, Some(&province)).await;
    for n in 1..=3 {
        bank.employee(&format!("10{n}"), &outlet).await;
    }
    bank.employee("201", &center).await;
    let gone = bank.employee("104", &outlet).await;
    bank.done(move |cx| Box::pin(leave(cx, gone.clone(), date("2026-03-02")))).await;
    let mut conn = bank.reader().await;
    let cases = [
        ("all who work here", PersonFilter::default(), 4),
        ("those who left too", PersonFilter { with_left: true, ..Default::default() }, 5),
        ("below the branch", PersonFilter { within: Some(branch), ..Default::default() }, 3),
        ("of the province", PersonFilter { within: Some(province), ..Default::default() }, 4),
        ("a number's beginning", PersonFilter { text: Some("10".into()), ..Default::default() }, 3),
        (
            "a part of the name that is no number's beginning",
            PersonFilter { text: Some("02".into()), ..Default::default() },
            1,
        ),
        ("a part of the name", PersonFilter { text: Some("张20".into()), ..Default::default() }, 1),
        ("another category", PersonFilter { category: Some(Category::Outsourced), ..Default::default() }, 0),
    ];
    for (case, filter, expected) in cases {
        assert_eq!(search(&mut conn, &filter, None, 50).await.expect("reads").items.len(), expected, "{case}");
    }
    let first = search(&mut conn, &PersonFilter::default(), None, 2).await.expect("reads");
    let rest = search(&mut conn, &PersonFilter::default(), first.next.as_ref(), 2).await.expect("reads");
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 2, None));
}

#[tokio::test]
async fn a_batch_is_loaded_whole_or_not_at_all_and_names_the_row_that_was_refused() {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let rows: Vec<NewPerson> = (0..200).map(|n| new_person(&format!("7{n:03}"), Category::Employee, &outlet)).collect();
    let mut broken = rows.clone();
    broken[17].employee_no = "7016".into();
    let batch = broken.clone();
    let refused = bank
        .refused(move |mut cx| {
            let batch = batch.clone();
            Box::pin(async move { Ok(load::people(&mut cx, &batch).await?.1.done(())) })
        })
        .await;
    assert_eq!(refused, (Code::DuplicateNumber, Some("people[17].employee_no".into())));
    let everyone = PersonFilter::default();
    assert_eq!(search(&mut *bank.reader().await, &everyone, None, 200).await.expect("reads").items.len(), 0);
    bank.done(move |mut cx| {
        let rows = rows.clone();
        Box::pin(async move { Ok(load::people(&mut cx, &rows).await?.1.done(())) })
    })
    .await;
    assert_eq!(search(&mut *bank.reader().await, &everyone, None, 200).await.expect("reads").items.len(), 200);
    let chain = by_subject(&mut *bank.reader().await, &Subject::named("organization/load")).await.expect("reads");
    assert_eq!(chain.len(), 1, "one entry for the batch");
    assert_eq!(chain[0].payload["rows"], 200);
}

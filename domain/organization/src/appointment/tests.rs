use super::*;
use crate::post::Category;
use crate::testing::{Bank, date, new_person};
use storage::BoxFuture;

struct Desk {
    bank: Bank,
    person: PersonId,
    teller: PostId,
    outlet: InstitutionId,
}

async fn desk() -> Desk {
    let bank = Bank::empty().await;
    let [.., outlet] = bank.tree().await;
    let teller = bank.post(Duty::Teller).await;
    let person = bank.employee("1001", &outlet).await;
    Desk { bank, person, teller, outlet }
}

impl Desk {
    fn teller_from(&self, from: &str, until: Option<&str>) -> NewAppointment {
        NewAppointment {
            person_id: self.person.clone(),
            post_id: self.teller.clone(),
            institution_id: self.outlet.clone(),
            from: date(from),
            until: until.map(date),
        }
    }
}

fn appoint(
    new: NewAppointment,
) -> impl for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<AppointmentId>>> + Send + Sync + 'static {
    move |mut cx| {
        let new = new.clone();
        Box::pin(async move {
            let (id, receipt) = insert(&mut cx, new).await?;
            Ok(receipt.done(id))
        })
    }
}

fn end_it(
    id: &AppointmentId,
    on: &str,
    reason: &str,
) -> impl for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<()>>> + Send + Sync + 'static {
    let (id, on, reason) = (id.clone(), date(on), reason.to_owned());
    move |cx| Box::pin(end(cx, id.clone(), on, reason.clone()))
}

#[tokio::test]
async fn an_appointment_is_in_force_from_its_first_date_up_to_its_end() {
    let desk = desk().await;
    let id = desk.bank.done(appoint(desk.teller_from("2026-03-05", Some("2026-03-10")))).await;
    let mut conn = desk.bank.reader().await;
    for (on, expected) in [("2026-03-04", 0), ("2026-03-05", 1), ("2026-03-09", 1), ("2026-03-10", 0)] {
        let held = current(&mut conn, &desk.person, date(on)).await.expect("reads");
        assert_eq!(held.len(), expected, "{on}");
        let holders = holders_of_post(&mut conn, &desk.teller, &desk.outlet, date(on)).await.expect("reads");
        assert_eq!(holders.len(), expected, "{on}");
    }
    let held = current(&mut conn, &desk.person, date("2026-03-05")).await.expect("reads").remove(0);
    assert_eq!(held.appointment.appointment_id, id);
    assert_eq!(held.post.duty, Duty::Teller);
    assert_eq!(held.institution.code, "62010101");
    let tellers = holders_of_duty(&mut conn, Duty::Teller, &desk.outlet, date("2026-03-05")).await.expect("reads");
    assert_eq!(tellers, std::slice::from_ref(&desk.person));
    assert_eq!(holders_of_duty(&mut conn, Duty::Keyer, &desk.outlet, date("2026-03-05")).await.expect("reads"), []);
}

#[tokio::test]
async fn one_post_at_one_place_is_not_held_twice_at_a_time() {
    let desk = desk().await;
    desk.bank.done(appoint(desk.teller_from("2026-03-05", Some("2026-03-10")))).await;
    for (from, until) in [("2026-03-05", Some("2026-03-10")), ("2026-03-09", None), ("2026-01-01", Some("2026-03-06"))]
    {
        let refused = desk.bank.refused(appoint(desk.teller_from(from, until))).await;
        assert_eq!(refused, (Code::OverlappingAppointment, Some("from".into())), "{from}");
    }
    desk.bank.done(appoint(desk.teller_from("2026-03-10", None))).await;
    let keyer = desk.bank.post(Duty::Keyer).await;
    desk.bank.done(appoint(NewAppointment { post_id: keyer, ..desk.teller_from("2026-03-05", None) })).await;
    assert_eq!(of_person(&mut *desk.bank.reader().await, &desk.person).await.expect("reads").len(), 3);
}

#[tokio::test]
async fn two_racing_appointments_to_one_post_leave_one() {
    let desk = desk().await;
    let (a, b) = tokio::join!(
        desk.bank.run(appoint(desk.teller_from("2026-03-05", None))),
        desk.bank.run(appoint(desk.teller_from("2026-03-07", None)))
    );
    let refused: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].refusal().map(|refusal| refusal.code), Some(Code::OverlappingAppointment));
}

#[tokio::test]
async fn the_unknown_the_wrong_person_and_turned_dates_are_refused() {
    let desk = desk().await;
    let at = desk.bank.journal.now();
    let vendor = desk.bank.done(|cx| Box::pin(staff::add_vendor(cx, "V1".into(), "信达数据".into()))).await;
    let outsourced =
        crate::NewPerson { vendor_id: Some(vendor), ..new_person("9001", Category::Outsourced, &desk.outlet) };
    let outsourced = desk.bank.done(move |cx| Box::pin(staff::add(cx, outsourced.clone()))).await;
    let gone = desk.bank.employee("1002", &desk.outlet).await;
    let leaver = gone.clone();
    desk.bank.done(move |cx| Box::pin(staff::leave(cx, leaver.clone(), date("2026-12-31")))).await;
    let good = || desk.teller_from("2026-03-05", None);
    let cases = [
        ("nobody", NewAppointment { person_id: PersonId::new(at), ..good() }, Code::NotFound, Some("person")),
        ("no such post", NewAppointment { post_id: PostId::new(at), ..good() }, Code::NotFound, Some("post")),
        (
            "nowhere",
            NewAppointment { institution_id: InstitutionId::new(at), ..good() },
            Code::NotFound,
            Some("institution"),
        ),
        (
            "a vendor's teller",
            NewAppointment { person_id: outsourced, ..good() },
            Code::WrongPersonCategory,
            Some("person"),
        ),
        ("someone who leaves", NewAppointment { person_id: gone, ..good() }, Code::WrongState, None),
        ("no day at all", desk.teller_from("2026-03-05", Some("2026-03-05")), Code::InvalidField, Some("until")),
    ];
    for (case, new, code, field) in cases {
        assert_eq!(desk.bank.refused(appoint(new)).await, (code, field.map(str::to_owned)), "{case}");
    }
}

#[tokio::test]
async fn an_appointment_ends_once_with_a_reason_and_is_called_off_before_it_begins() {
    let desk = desk().await;
    let id = desk.bank.done(appoint(desk.teller_from("2026-03-05", None))).await;
    assert_eq!(desk.bank.refused(end_it(&id, "2026-03-20", "  ")).await.0, Code::ReasonRequired);
    desk.bank.done(end_it(&id, "2026-03-20", "轮岗")).await;
    assert_eq!(desk.bank.refused(end_it(&id, "2026-03-20", "轮岗")).await.0, Code::WrongState, "twice");
    assert_eq!(desk.bank.refused(end_it(&id, "2026-04-01", "轮岗")).await.0, Code::WrongState, "when it is over");
    desk.bank.done(end_it(&id, "2026-03-10", "提前轮岗")).await;
    let unknown = AppointmentId::new(desk.bank.journal.now());
    assert_eq!(desk.bank.refused(end_it(&unknown, "2026-03-20", "轮岗")).await.0, Code::NotFound);
    let future = desk.bank.done(appoint(desk.teller_from("2026-09-01", None))).await;
    desk.bank.done(end_it(&future, "2026-03-15", "取消")).await;
    let mut conn = desk.bank.reader().await;
    let found = find(&mut conn, &future).await.expect("reads").expect("is there");
    assert_eq!((found.until, found.ended_reason.as_deref()), (Some(found.from), Some("取消")));
    assert!(!found.is_in_force(found.from));
    desk.bank.done(appoint(desk.teller_from("2026-09-01", None))).await;
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_open_appointment_and_turned_dates() {
    let desk = desk().await;
    desk.bank.done(appoint(desk.teller_from("2026-03-05", None))).await;
    let statements = [
        "INSERT INTO appointments (appointment_id, person_id, post_id, institution_id, from_date, created_at)
         SELECT 'apt_x', person_id, post_id, institution_id, '2030-01-01', 0 FROM appointments",
        "UPDATE appointments SET until_date = '2026-03-04', ended_reason = 'x'",
        "UPDATE appointments SET person_id = 'psn_x'",
    ];
    for statement in statements {
        let by_hand =
            desk.bank.journal.db.write::<u64, Fault, _>(move |tx| Box::pin(tx.execute(storage::sql(statement)))).await;
        assert!(by_hand.is_err(), "{statement}");
    }
}

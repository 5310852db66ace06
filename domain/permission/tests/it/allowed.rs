//! What one person may come to hold: every pair of duties, and as many duties as will go together, through the real commands.

use crate::bank::{ADMINISTRATOR, appoints, code, form, hires, post, rights_on};
use kernel::{Code, PersonId};
use organization::{Category, Duty, NewAppointment, NewPerson};
use permission::{Action, Rights, appointment, policy, separation};
use storage::sql;
use world::World;

const TODAY: &str = "2026-11-23";

/// The acts that are separated on an item; first and second key are one action.
const HANDS: [Action; 6] = [
    Action::CaptureItem,
    Action::KeySlice,
    Action::ThirdKeySlice,
    Action::CheckItem,
    Action::ReviewRefusal,
    Action::AuthorizeItem,
];

fn hands(rights: &Rights) -> Vec<Action> {
    HANDS.into_iter().filter(|action| rights.may(*action)).collect()
}

#[tokio::test]
async fn peer_defect_4_no_two_duties_that_one_person_may_hold_give_two_hands_on_an_item() {
    let world = World::new().await;
    let pairs: Vec<(Duty, Duty)> = (0..Duty::ALL.len())
        .flat_map(|place| Duty::ALL[place + 1..].iter().map(move |other| (Duty::ALL[place], *other)))
        .collect();
    let (mut held, mut refused) = (0, 0);
    for (number, (one, other)) in pairs.iter().enumerate() {
        let Some(category) = both_take(*one, *other) else { continue };
        let person = joins(&world, &format!("pair{number}"), category).await;
        let answers = holds_both(&world, &person, [*one, *other]).await;
        let incompatible = separation::incompatible(*one, *other).is_some();
        assert_eq!(answers.is_err(), incompatible, "{one:?} and {other:?}");
        if incompatible {
            refused += 1;
            assert_eq!(code(answers), Code::IncompatiblePosts);
        } else {
            held += 1;
            let rights = rights_on(&world, &person, TODAY).await.expect("reads");
            let expected: usize = [one, other].iter().map(|duty| policy::grants(**duty).len()).sum();
            assert!(rights.actions().len() <= expected, "{one:?} and {other:?} give nothing that neither has");
            assert!(hands(&rights).len() <= 1, "{one:?} and {other:?} reach {:?}", hands(&rights));
        }
    }
    assert!(held > 100 && refused > 80, "{held} held, {refused} refused: the scan met both");
}

/// The category of people that the standard posts of both duties take.
fn both_take(one: Duty, other: Duty) -> Option<Category> {
    let takes = |category: &Category| {
        one.standard_categories().holds(*category) && other.standard_categories().holds(*category)
    };
    Category::ALL.into_iter().find(takes)
}

async fn joins(world: &World, name: &str, category: Category) -> PersonId {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let vendor = organization::staff::vendors(&mut reader).await.expect("reads").remove(0).vendor_id;
    drop(reader);
    let new = NewPerson {
        employee_no: name.to_owned(),
        name: format!("姓名 {name}"),
        category,
        vendor_id: (category == Category::Outsourced).then_some(vendor),
        home: world.institutions["SUB1"].clone(),
    };
    let hired = world.run("test.hire", move |cx| {
        let new = new.clone();
        Box::pin(async move { organization::staff::add(cx, new).await })
    });
    hired.await.expect("hires")
}

/// Both in one command: they stand together or not at all.
async fn holds_both(world: &World, person: &PersonId, duties: [Duty; 2]) -> journal::Answer<()> {
    let mut rows = Vec::new();
    for duty in duties {
        rows.push(form(world, person, duty, "SUB1", TODAY, None).await);
    }
    world
        .run("test.load", move |mut cx| {
            let rows: Vec<NewAppointment> = rows.clone();
            Box::pin(async move {
                appointment::load(&mut cx, rows).await?;
                let subject = journal::Subject::named("test");
                Ok(cx.append(journal::Entry::named(subject, "test.load", Default::default())).await?.done(()))
            })
        })
        .await
}

#[tokio::test]
async fn who_collects_every_post_that_the_administrator_will_give_has_one_hand_at_most() {
    let world = World::new().await;
    for first in 0..Duty::ALL.len() {
        let person = hires(&world, &format!("collector{first}"), "SUB1").await;
        // A different stride from a different start: which posts fill up first decides which go together.
        let stride = [1, 5, 7, 11][first % 4];
        for step in 0..Duty::ALL.len() {
            let duty = Duty::ALL[(first + step * stride) % Duty::ALL.len()];
            let new = form(&world, &person, duty, "SUB1", TODAY, None).await;
            if let Err(failure) = appoints(&world, ADMINISTRATOR, new).await {
                let refused = failure.refusal().map(|refusal| refusal.code);
                let expected =
                    [Code::IncompatiblePosts, Code::WrongPersonCategory, Code::OverlappingAppointment].map(Some);
                assert!(expected.contains(&refused), "{duty:?}: {failure}");
            }
        }
        let rights = rights_on(&world, &person, TODAY).await.expect("reads");
        assert!(hands(&rights).len() <= 1, "from {:?}: {:?}", Duty::ALL[first], hands(&rights));
    }
}

/// The acts of consequence beside the hands.
const WEIGHTY: [Action; 10] = [
    Action::SubmitItem,
    Action::WithdrawItem,
    Action::ConfirmItem,
    Action::ResumeItem,
    Action::SuperviseWork,
    Action::EditOrganization,
    Action::EditAppointment,
    Action::RevokeSession,
    Action::EditBusinessType,
    Action::ReviveJob,
];

#[test]
fn no_two_duties_that_one_person_may_hold_add_up_to_more_than_one_of_them_has() {
    let weighty = |duty: Duty| -> Vec<Action> {
        let granted = policy::grants(duty).iter().map(|(action, _)| *action);
        granted.filter(|action| HANDS.contains(action) || WEIGHTY.contains(action)).collect()
    };
    let mut lines = Vec::new();
    for (place, one) in Duty::ALL.iter().enumerate() {
        for other in &Duty::ALL[place + 1..] {
            let (mine, theirs) = (weighty(*one), weighty(*other));
            let adds =
                theirs.iter().any(|action| !mine.contains(action)) && mine.iter().any(|act| !theirs.contains(act));
            if adds && separation::incompatible(*one, *other).is_none() {
                let names = |acts: &[Action]| acts.iter().map(|act| act.as_str()).collect::<Vec<_>>().join(", ");
                lines.push(format!("{} ({}) + {} ({})", one.as_str(), names(&mine), other.as_str(), names(&theirs)));
            }
        }
    }
    assert_eq!(lines, [] as [String; 0]);
}

#[test]
fn peer_defect_11_nothing_outside_the_tables_can_switch_the_control_off() {
    let mut read = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).expect("the sources") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a source");
        let shipped = text.split("#[cfg(test)]").next().unwrap_or_default();
        for switch in ["std::env", "env!", "cfg!", "#[cfg(", "static mut", "AtomicBool", "OnceLock"] {
            assert!(!shipped.contains(switch), "{} reads {switch}", path.display());
        }
        read += 1;
    }
    assert!(read >= 6, "the sources were read");
    let manifest = include_str!("../../Cargo.toml");
    assert!(!manifest.contains("[features]"), "no feature builds it without the control");
}

#[tokio::test]
async fn a_post_of_a_bank_s_own_name_meets_the_matrix_by_its_duty() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let first = form(&world, &person, Duty::Keyer, "SUB1", TODAY, None).await;
    appoints(&world, ADMINISTRATOR, first).await.expect("appoints");
    let own = organization::NewPost {
        code: "SENIOR".into(),
        name_zh: "高级业务岗".into(),
        name_en: "Senior".into(),
        ..organization::NewPost::standard(Duty::ElementChecker)
    };
    let own = world.run("test.post", move |cx| {
        let own = own.clone();
        Box::pin(async move { organization::post::add(cx, own).await })
    });
    let post_id = own.await.expect("adds");
    assert_ne!(post_id, post(&world, Duty::ElementChecker).await);
    let new = NewAppointment { post_id, ..form(&world, &person, Duty::ElementChecker, "SUB1", TODAY, None).await };
    assert_eq!(code(appoints(&world, ADMINISTRATOR, new).await), Code::IncompatiblePosts);
    let posts =
        crate::bank::count(&world, sql("SELECT COUNT(*) AS n FROM appointments WHERE post_id = 'SENIOR'")).await;
    assert_eq!(posts, 0);
}

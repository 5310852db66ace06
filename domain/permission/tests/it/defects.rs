//! Defects of peers that need the whole pipeline, each named after its row in the list.

use crate::bank::{ADMINISTRATOR, appoints, ends, form, held};
use kernel::{ItemId, PersonId};
use organization::Duty;
use permission::{Action, act};
use storage::sql;
use world::{World, voucher_values};

const TODAY: &str = "2026-11-23";

/// The person leaves every post and takes another one, on the same day.
async fn becomes(world: &World, name: &str, duty: Duty) -> PersonId {
    let person = world.person(name).clone();
    leaves_posts(world, &person).await;
    let new = form(world, &person, duty, "SUB1", TODAY, None).await;
    appoints(world, ADMINISTRATOR, new).await.expect("appoints");
    person
}

/// A teller of another outlet is now one of this.
async fn moves_to_the_outlet(world: &World, name: &str) {
    let colleague = world.person(name).clone();
    leaves_posts(world, &colleague).await;
    let new = form(world, &colleague, Duty::Teller, "OUT1", TODAY, None).await;
    appoints(world, ADMINISTRATOR, new).await.expect("appoints");
}

async fn leaves_posts(world: &World, person: &PersonId) {
    for old in held(world, person).await.into_iter().filter(|old| old.is_in_force(world.today())) {
        ends(world, ADMINISTRATOR, &old.appointment_id, TODAY, "rotation").await.expect("ends");
    }
}

/// The first keyer reads every field, the second one slips in the amount.
async fn keyed_with_a_slip(world: &World) -> ItemId {
    let item = world.keyable(1).await;
    let values = voucher_values("1.00", "壹元整");
    for (name, slips) in [("keyer_a", false), ("keyer_b", true)] {
        loop {
            let leases = world.takes(name, "keying", 4).await;
            if leases.is_empty() {
                break;
            }
            for lease in leases {
                let field = world.field_of(name, &lease).await;
                let value = if slips && field == "amount" { "9" } else { &values[field.as_str()] };
                world.keys::<act::KeySlice>(name, &lease, value).await.expect("keys");
            }
        }
    }
    item
}

#[tokio::test]
async fn peer_defect_1_a_keyer_who_changes_post_gets_no_later_step_of_the_item() {
    let world = World::new().await;
    keyed_with_a_slip(&world).await;
    becomes(&world, "keyer_a", Duty::ThirdKeyer).await;
    assert!(world.rights("keyer_a").await.may(Action::ThirdKeySlice), "the post itself is theirs");
    assert!(world.takes("keyer_a", "third_keying", 4).await.is_empty(), "but not of this item");
    let third = world.takes("third", "third_keying", 4).await.pop().expect("somebody else's work");
    world.keys::<act::ThirdKeySlice>("third", &third, "1.00").await.expect("keys");
    world.drain().await;
    for (name, duty, queue) in
        [("keyer_b", Duty::ElementChecker, "checking"), ("third", Duty::ElementChecker, "checking")]
    {
        becomes(&world, name, duty).await;
        assert!(world.takes(name, queue, 1).await.is_empty(), "{name} keyed it");
    }
    assert_eq!(world.checks("checker").await.expect("passes"), "posting");
}

#[tokio::test]
async fn peer_defect_12_who_checked_is_not_among_those_who_may_authorize() {
    let world = World::new().await;
    let item = world.keyable(1).await;
    world.keyed(&item, &voucher_values("50000.01", "伍万元零壹分")).await;
    assert_eq!(world.checks("checker_b").await.expect("passes"), "authorizing");
    becomes(&world, "checker_b", Duty::Authorizer).await;
    assert!(world.rights("checker_b").await.may(Action::AuthorizeItem));
    assert!(world.takes("checker_b", "authorizing", 1).await.is_empty());
    becomes(&world, "keyer_b", Duty::Authorizer).await;
    assert!(world.takes("keyer_b", "authorizing", 1).await.is_empty());
    assert_eq!(world.authorizes("authorizer").await.expect("approves"), "posting");
}

#[tokio::test]
async fn a_teller_who_captured_or_sent_an_item_takes_no_step_of_the_center_after_a_change_of_post() {
    let world = World::new().await;
    let item = world.captures("teller", 1).await;
    moves_to_the_outlet(&world, "other_teller").await;
    world.submits("other_teller", &item).await.expect("a colleague sends it");
    world.drain().await;
    for name in ["teller", "other_teller"] {
        let person = becomes(&world, name, Duty::Keyer).await;
        let home = world.institutions["SUB1"].clone();
        crate::bank::moves(&world, &person, &home).await.expect("moves");
        assert!(world.takes(name, "keying", 4).await.is_empty(), "{name}");
    }
    assert!(!world.takes("keyer_a", "keying", 4).await.is_empty(), "there is work for somebody else");
}

#[tokio::test]
async fn a_teller_who_only_added_a_page_takes_no_step_of_the_center_after_a_change_of_post() {
    let world = World::new().await;
    let item = world.captures("teller", 1).await;
    moves_to_the_outlet(&world, "other_teller").await;
    world.adds_page("other_teller", &item, "attachment", 2).await.expect("a colleague adds a page");
    world.submits("teller", &item).await.expect("submits");
    world.drain().await;
    let person = becomes(&world, "other_teller", Duty::Keyer).await;
    crate::bank::moves(&world, &person, &world.institutions["SUB1"].clone()).await.expect("moves");
    assert!(world.takes("other_teller", "keying", 4).await.is_empty());
}

#[tokio::test]
async fn a_keyer_without_the_post_any_more_holds_no_permit_for_what_is_still_on_the_screen() {
    let world = World::new().await;
    world.keyable(1).await;
    let lease = world.takes("keyer_a", "keying", 1).await.pop().expect("work");
    let old = held(&world, world.person("keyer_a")).await.remove(0).appointment_id;
    ends(&world, ADMINISTRATOR, &old, TODAY, "rotation").await.expect("ends");
    let refused = world.rights("keyer_a").await.permit::<act::KeySlice>(None).expect_err("no permit, no act");
    assert_eq!(refused.code, kernel::Code::NotPermitted);
    let held_by = sql("SELECT COUNT(*) AS n FROM work_items WHERE work_item_id = $1 AND state = 'leased'");
    assert_eq!(crate::bank::count(&world, held_by.bind(&lease.work_item_id)).await, 1, "until the lease runs out");
}

#[tokio::test]
async fn who_chose_who_keys_an_item_or_when_takes_no_step_of_it_and_who_took_one_does_not_choose() {
    for hurries in [false, true] {
        let world = World::new().await;
        let item = world.keyable(1).await;
        let waiting =
            sql("SELECT work_item_id FROM work_items WHERE subject = $1 AND state = 'ready' ORDER BY work_item_id");
        let work = crate::bank::rows(&world, waiting.bind(&item)).await[0].id("work_item_id").expect("an id");
        let directs = async |name: &str| match hurries {
            true => world.hurries(name, &work).await,
            false => world.reassigns(name, &work, "keyer_a").await,
        };
        directs("supervisor").await.expect("chooses");
        for (duty, queue) in
            [(Duty::Keyer, "keying"), (Duty::ElementChecker, "checking"), (Duty::Authorizer, "authorizing")]
        {
            if duty != Duty::Keyer {
                match queue {
                    "checking" => world.keyed(&item, &voucher_values("50000.01", "伍万元零壹分")).await,
                    _ => assert_eq!(world.checks("checker_b").await.expect("passes"), "authorizing"),
                }
            }
            let person = becomes(&world, "supervisor", duty).await;
            crate::bank::moves(&world, &person, &world.institutions["SUB1"].clone()).await.expect("moves");
            assert!(world.takes("supervisor", queue, 1).await.is_empty(), "{queue}, hurries: {hurries}");
        }
        // A checker who is a supervisor from now on has a hand in the item already.
        leaves_posts(&world, world.person("checker_b")).await;
        let person = world.person("checker_b").clone();
        crate::bank::moves(&world, &person, &world.institutions["CENTER"].clone()).await.expect("moves");
        let new = form(&world, &person, Duty::DutySupervisor, "CENTER", TODAY, None).await;
        appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
        let waiting = sql("SELECT work_item_id FROM work_items WHERE subject = $1 AND queue = 'authorizing'");
        let work = crate::bank::rows(&world, waiting.bind(&item)).await[0].id("work_item_id").expect("an id");
        let refused = match hurries {
            true => world.hurries("checker_b", &work).await,
            false => world.reassigns("checker_b", &work, "authorizer").await,
        };
        let code = refused.expect_err("they checked it").refusal().map(|refusal| refusal.code);
        assert_eq!(code, Some(kernel::Code::SeparationOfDuties));
    }
}

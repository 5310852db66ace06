//! What keyers are told of their own day, and what others are told of keyers.

use kernel::Instant;
use permission::act;
use processing::{queues, report};
use world::{World, voucher_values};

#[tokio::test]
async fn a_keyer_s_own_share_is_what_the_report_of_all_says_of_them_and_nobody_else_s() {
    let world = World::new().await;
    let item = world.keyable(21).await;
    world.keyed(&item, &voucher_values("1.00", "壹元整")).await;
    let mut reader = world.journal().db.reader().await.expect("reads");
    let beginning = Instant::from_micros(0);
    let until = world.journal().now().plus_seconds(1);
    let all = report::keying(&mut reader, beginning, until).await.expect("counts");
    assert_eq!((all.people.len(), all.single.entries), (2, 8), "four fields, two keyers");
    for person in &all.people {
        assert_eq!(person.keyed.entries, 4);
        let own = report::keying_of(&mut reader, &person.person_id, beginning).await.expect("counts");
        assert_eq!(own.as_ref(), Some(person));
        assert_eq!(report::keying_of(&mut reader, &person.person_id, until).await.expect("counts"), None);
    }
}

#[tokio::test]
async fn a_vendor_s_manager_sees_the_vendor_s_seats_and_nothing_of_the_center() {
    let world = World::new().await;
    let item = world.keyable(21).await;
    let values = voucher_values("1.00", "壹元整");
    let lease = world.takes("vendor_a", queues::KEYING, 1).await.pop().expect("work");
    let field = world.field_of("vendor_a", &lease).await;
    world.keys::<act::KeySlice>("vendor_a", &lease, &values[field.as_str()]).await.expect("keys");
    world.keyed(&item, &values).await;
    let mut reader = world.journal().db.reader().await.expect("reads");
    let (from, until) = (Instant::from_micros(0), world.journal().now().plus_seconds(1));
    let whole = world.permit::<act::ViewReport>("manager").await;
    let all = report::keying_seen(&mut reader, &whole, from, until).await.expect("counts");
    assert!(all.people.len() > 1 && all.center.is_some_and(|center| center.slices > 0));
    let own = world.permit::<act::ViewReport>("site_manager").await;
    let seen = report::keying_seen(&mut reader, &own, from, until).await.expect("counts");
    assert_eq!(seen.people.iter().map(|person| &person.person_id).collect::<Vec<_>>(), [world.person("vendor_a")]);
    assert_eq!((seen.single.entries, seen.center), (1, None));
}

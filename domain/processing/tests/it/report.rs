//! What keyers are told of their own day.

use kernel::Instant;
use processing::report;
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

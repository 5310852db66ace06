use super::*;
use crate::testing::Bank;
use std::collections::HashSet;

#[test]
fn every_duty_has_its_own_text_and_both_names() {
    let texts: HashSet<_> = Duty::ALL.iter().map(|duty| duty.as_str()).collect();
    assert_eq!(texts.len(), Duty::ALL.len());
    for duty in Duty::ALL {
        assert_eq!(Duty::parse(duty.as_str()), Some(*duty));
        assert!(!duty.name_zh().is_empty() && !duty.name_en().is_empty(), "{duty:?}");
        let outsourced = duty.standard_categories().outsourced;
        assert!(!outsourced || duty.is_open_to_outsourced(), "{duty:?}");
    }
}

#[tokio::test]
async fn the_standard_post_of_every_duty_is_accepted_once() {
    let bank = Bank::empty().await;
    for duty in Duty::ALL {
        bank.post(*duty).await;
    }
    let duty = Duty::Keyer;
    let twice = bank.refused(move |cx| Box::pin(add(cx, NewPost::standard(duty)))).await;
    assert_eq!(twice, (Code::DuplicateNumber, Some("code".into())));
    let mut conn = bank.reader().await;
    let posts = all(&mut conn).await.expect("reads");
    assert_eq!(posts.len(), Duty::ALL.len());
    let keyer = find_by_code(&mut conn, "keyer").await.expect("reads").expect("is there");
    assert_eq!((keyer.duty, keyer.takes), (Duty::Keyer, Categories::EVERYONE));
    assert_eq!(find(&mut conn, &keyer.post_id).await.expect("reads"), Some(keyer));
    assert_eq!(find(&mut conn, &PostId::new(bank.journal.now())).await.expect("reads"), None);
}

#[tokio::test]
async fn a_post_that_shows_more_than_slices_is_not_opened_to_a_vendor_by_command_or_by_hand() {
    let bank = Bank::empty().await;
    for duty in Duty::ALL.iter().copied().filter(|duty| !duty.is_open_to_outsourced()) {
        let refused = bank
            .refused(move |cx| Box::pin(add(cx, NewPost { takes: Categories::EVERYONE, ..NewPost::standard(duty) })))
            .await;
        assert_eq!(refused, (Code::InvalidField, Some("categories".into())), "{duty:?}");
    }
    let nobody = Categories { employees: false, dispatched: false, outsourced: false };
    let refused =
        bank.refused(move |cx| Box::pin(add(cx, NewPost { takes: nobody, ..NewPost::standard(Duty::Teller) }))).await;
    assert_eq!(refused, (Code::InvalidField, Some("categories".into())));
    bank.post(Duty::ElementChecker).await;
    let by_hand = bank
        .journal
        .db
        .write::<u64, Fault, _>(|tx| Box::pin(tx.execute(storage::sql("UPDATE posts SET takes_outsourced = TRUE"))));
    assert!(by_hand.await.is_err());
}

//! What lies on the disk: not the picture, and nothing that can be changed unnoticed.

use crate::desk::{Counter, SEAT};
use crate::pictures::page;
use archive::link::{self, Target};
use journal::Failure;
use kernel::SessionId;

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test]
async fn no_object_on_the_disk_shows_anything_of_the_picture() {
    let counter = Counter::new().await;
    let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let kept = counter.page(&id).await;
    let objects = counter.objects();
    assert_eq!(objects.len(), 3);
    let mut plain = Vec::new();
    for blob in [&kept.original, &kept.display, &kept.thumbnail] {
        plain.push(counter.load(blob).await);
    }
    for object in objects {
        let sealed = std::fs::read(&object).expect("an object");
        assert!(archive::imaging::sniff(&sealed).is_none(), "no picture's first bytes");
        for plain in &plain {
            for start in (0..plain.len() - 32).step_by(plain.len() / 50) {
                assert!(!holds(&sealed, &plain[start..start + 32]), "a piece of the picture lies open");
            }
        }
    }
}

#[tokio::test]
async fn the_same_picture_stored_twice_gives_two_different_objects() {
    let counter = Counter::new().await;
    counter.one(page(1)).await;
    counter.one(page(1)).await;
    assert_eq!(counter.objects().len(), 6, "each under a key of its own: equal pictures cannot be told from outside");
}

#[tokio::test]
async fn one_changed_byte_on_the_disk_is_noticed_and_nothing_is_shown() {
    for place in [0, 40, 99] {
        let counter = Counter::new().await;
        let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
        for object in counter.objects() {
            let mut sealed = std::fs::read(&object).expect("an object");
            let at = (sealed.len() - 1) * place / 99;
            sealed[at] ^= 1;
            std::fs::write(&object, sealed).expect("somebody edits the disk");
        }
        for target in [Target::PageDisplay(id.clone()), Target::PageThumbnail(id.clone()), Target::PageOriginal(id)] {
            let failure = opened(&counter, &target).await.expect_err("it is noticed");
            assert!(matches!(failure, Failure::Fault(_)), "a fault for the operators, not an answer: {failure}");
        }
    }
}

#[tokio::test]
async fn an_object_put_in_the_place_of_another_is_noticed() {
    let counter = Counter::new().await;
    let mine = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let before = counter.objects();
    counter.adds(&counter.one(page(2)).await).await.expect("adds");
    let theirs: Vec<_> = counter.objects().into_iter().filter(|path| !before.contains(path)).collect();
    for (mine, theirs) in before.iter().zip(&theirs) {
        std::fs::copy(theirs, mine).expect("somebody swaps two objects");
    }
    for target in [Target::PageDisplay(mine.clone()), Target::PageOriginal(mine)] {
        assert!(matches!(opened(&counter, &target).await, Err(Failure::Fault(_))), "{target:?}");
    }
}

async fn opened(counter: &Counter, target: &Target) -> journal::Answer<Vec<u8>> {
    let session = SessionId::new(counter.journal().now());
    let journal = counter.journal();
    let token = link::issue(&journal.vault, target, &session, journal.now(), 120).expect("a link");
    Ok(link::redeem(journal, &counter.blobs, &token, &session, counter.actor(), SEAT).await?.bytes)
}

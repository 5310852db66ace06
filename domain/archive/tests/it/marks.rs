//! The watermark: on what stations show, not on thumbnails and not on the original.

use crate::desk::{Counter, SEAT};
use crate::pictures::page;
use archive::imaging::Rect;
use archive::link::{self, Target};
use image::GrayImage;
use kernel::{BlobId, SessionId};

async fn served(counter: &Counter, target: &Target, mark: &str) -> Vec<u8> {
    let session = SessionId::new(counter.journal().now());
    let journal = counter.journal();
    let token = link::issue(&journal.vault, target, &session, journal.now(), 120).expect("a link");
    link::redeem(journal, &counter.blobs, &token, &session, counter.actor(), mark).await.expect("opens").bytes
}

fn pixels(file: &[u8]) -> GrayImage {
    image::load_from_memory(file).expect("a picture").into_luma8()
}

/// In how many of a thousand pixels two pictures of one size differ by more than compression does.
fn differing_per_mille(one: &GrayImage, other: &GrayImage) -> usize {
    assert_eq!(one.dimensions(), other.dimensions());
    let pairs = one.as_raw().iter().zip(other.as_raw());
    pairs.filter(|(a, b)| a.abs_diff(**b) > 20).count() * 1_000 / one.as_raw().len()
}

struct Kept {
    counter: Counter,
    display: (Target, BlobId),
    slice: (Target, BlobId),
    thumbnail: (Target, BlobId),
    original: (Target, BlobId),
}

async fn kept() -> Kept {
    let counter = Counter::new().await;
    let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let kept = counter.page(&id).await;
    let (slice_id, slice) = counter.slice(&kept, Rect::new(500, 3_000, 4_000, 1_500).expect("a rectangle")).await;
    let blob = slice.stored.blob_id;
    Kept {
        counter,
        display: (Target::PageDisplay(id.clone()), kept.display),
        slice: (Target::Slice { slice_id, blob: blob.clone() }, blob),
        thumbnail: (Target::PageThumbnail(id.clone()), kept.thumbnail),
        original: (Target::PageOriginal(id), kept.original),
    }
}

#[tokio::test]
async fn what_a_station_shows_carries_the_seat_and_the_time_over_all_of_it() {
    let kept = kept().await;
    for (target, blob) in [&kept.display, &kept.slice] {
        let (stored, shown) = (kept.counter.load(blob).await, served(&kept.counter, target, SEAT).await);
        assert_ne!(stored, shown, "{target:?}");
        let (before, after) = (pixels(&stored), pixels(&shown));
        let marked = differing_per_mille(&before, &after);
        assert!((10..400).contains(&marked), "{target:?}: {marked} per mille are marked");
        let (width, height) = before.dimensions();
        for (column, row) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let part = |image: &GrayImage| {
                let (w, h) = (width / 2, height / 2);
                image::imageops::crop_imm(image, column * w, row * h, w, h).to_image()
            };
            assert!(differing_per_mille(&part(&before), &part(&after)) >= 5, "{target:?}: no quarter is left unmarked");
        }
    }
}

#[tokio::test]
async fn two_seats_see_two_marks() {
    let kept = kept().await;
    for (target, _) in [&kept.display, &kept.slice] {
        let mine = pixels(&served(&kept.counter, target, "SEAT-07 2026-11-23 10:00").await);
        let theirs = pixels(&served(&kept.counter, target, "SEAT-88 2026-11-23 10:01").await);
        assert!(differing_per_mille(&mine, &theirs) >= 1, "{target:?}");
        let again = pixels(&served(&kept.counter, target, "SEAT-07 2026-11-23 10:00").await);
        assert_eq!(mine, again, "the mark depends on nothing but its words");
    }
}

#[tokio::test]
async fn the_strokes_below_a_mark_stay_dark_and_the_paper_stays_light() {
    let kept = kept().await;
    let stored = pixels(&kept.counter.load(&kept.display.1).await);
    let shown = pixels(&served(&kept.counter, &kept.display.0, SEAT).await);
    for (before, after) in stored.as_raw().iter().zip(shown.as_raw()) {
        // Between the two lie only the edges of strokes, which compression moves.
        assert!(!(*before < 40 && *after > 140), "ink {before} became {after}");
        assert!(!(*before > 230 && *after < 150), "paper {before} became {after}");
    }
}

#[tokio::test]
async fn thumbnails_and_originals_leave_as_they_are_stored() {
    let kept = kept().await;
    for (target, blob) in [&kept.thumbnail, &kept.original] {
        assert_eq!(served(&kept.counter, target, SEAT).await, kept.counter.load(blob).await, "{target:?}");
    }
    let thumbnail = pixels(&kept.counter.load(&kept.thumbnail.1).await);
    assert!(thumbnail.width().max(thumbnail.height()) <= 320, "too small to read a field on");
}

//! Adding, replacing and removing pages: works, twice, unknown, wrong state, wrong person.

use crate::desk::{Counter, ITEM, code, refusal};
use crate::pictures::{page, sheet, tiff};
use image::DynamicImage;
use image::codecs::jpeg::JpegEncoder;
use journal::Outcome;
use kernel::{Code, PageId};
use storage::sql;
use world::World;

#[tokio::test]
async fn a_page_is_kept_as_it_was_captured_with_who_when_and_what_was_found() {
    let counter = Counter::new().await;
    let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let kept = counter.page(&id).await;
    assert_eq!((kept.subject.as_str(), kept.kind.as_str(), kept.page_no, kept.version), (ITEM, "voucher_front", 1, 1));
    assert_eq!((kept.captured_by, kept.captured_at), (counter.person.clone(), counter.journal().now()));
    assert_eq!((kept.width, kept.height), (1700, 1100));
    assert!(kept.superseded_by.is_none());
    assert_eq!(counter.load(&kept.original).await, page(1), "the original, byte for byte");
    assert_ne!(counter.load(&kept.display).await, page(1));
    let second = counter.adds(&counter.one(page(2)).await).await.expect("adds");
    assert_eq!(counter.page(&second).await.page_no, 2);
}

#[tokio::test]
async fn a_file_of_several_pages_is_stored_once_and_each_page_has_its_own_row() {
    let counter = Counter::new().await;
    let file = tiff(&[sheet(1), sheet(2), sheet(3)]);
    let stored = counter.takes_in(file.clone()).await.expect("a good file");
    for one in &stored {
        counter.adds(one).await.expect("adds");
    }
    assert_eq!(counter.rows().await, (3, 7), "one original, three displays, three thumbnails");
    assert_eq!(counter.objects().len(), 7);
    for kept in counter.current().await {
        assert_eq!(counter.load(&kept.original).await, file);
    }
}

#[tokio::test]
async fn the_same_command_twice_adds_one_page_and_answers_the_same() {
    let counter = Counter::new().await;
    let stored = counter.one(page(1)).await;
    let first = counter.adds_under("once", &stored).await.expect("adds");
    let Outcome::Done(id) = first else { panic!("{first:?}") };
    assert_eq!(counter.adds_under("once", &stored).await.expect("repeats"), Outcome::AlreadyDone(id));
    assert_eq!(counter.rows().await, (1, 3));
}

#[tokio::test]
async fn the_same_scan_twice_in_one_item_is_refused_in_words_and_leaves_no_row() {
    let counter = Counter::new().await;
    counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let again = refusal(counter.adds(&counter.one(page(1)).await).await);
    assert_eq!(again.code, Code::PoorImage);
    assert!(again.zh().contains("重复") && again.en().contains("duplicate"), "{again}");
    assert_eq!(counter.rows().await, (1, 3));
}

#[tokio::test]
async fn the_same_sheet_scanned_again_is_a_warning_in_words_and_another_sheet_is_not() {
    let counter = Counter::new().await;
    counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let mut again = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut again, 80);
    DynamicImage::ImageLuma8(sheet(1).to_luma8()).write_with_encoder(encoder).expect("a JPEG");
    let like = counter.page(&counter.adds(&counter.one(again).await).await.expect("adds")).await;
    let [finding] = &like.findings[..] else { panic!("one finding: {:?}", like.findings) };
    assert_eq!((finding.kind.as_str(), finding.severity), ("near_duplicate", "warn"));
    assert!(finding.measured <= finding.limit, "{finding:?}");
    assert_eq!(finding.zh, "与本业务另一页极为相似，请确认不是重复拍摄");
    assert_eq!(finding.en, "very like another page of this item, make sure it is not the same sheet");
    let unlike = counter.page(&counter.adds(&counter.one(page(2)).await).await.expect("adds")).await;
    assert_eq!(unlike.findings, []);
}

#[tokio::test]
async fn a_page_replaced_keeps_its_old_version_and_its_bytes() {
    let counter = Counter::new().await;
    let old = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let new = counter.replaces(&old, &counter.one(page(2)).await).await.expect("replaces");
    let current: Vec<_> = counter.current().await.into_iter().map(|page| page.page_id).collect();
    assert_eq!(current, std::slice::from_ref(&new));
    let versions: Vec<_> = counter.versions().await.iter().map(|page| (page.page_no, page.version)).collect();
    assert_eq!(versions, [(1, 1), (1, 2)]);
    let before = counter.page(&old).await;
    assert_eq!(before.superseded_by, Some(new));
    assert_eq!(counter.load(&before.original).await, page(1));
    assert!(!counter.load(&before.display).await.is_empty() && !counter.load(&before.thumbnail).await.is_empty());
}

#[tokio::test]
async fn only_the_current_version_is_replaced_and_only_one_that_exists() {
    let counter = Counter::new().await;
    let old = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    counter.replaces(&old, &counter.one(page(2)).await).await.expect("replaces");
    let (third, unknown) = (counter.one(page(3)).await, PageId::new(counter.journal().now()));
    assert_eq!(code(counter.replaces(&old, &third).await), Code::NotFound, "replaced already");
    assert_eq!(code(counter.replaces(&unknown, &third).await), Code::NotFound);
    assert_eq!(counter.versions().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_race_to_replace_or_remove_a_page_one_is_refused_and_none_meets_a_fault() {
    let counter = Counter::new().await;
    let old = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let (second, third) = (counter.one(page(2)).await, counter.one(page(3)).await);
    let (one, other) = tokio::join!(counter.replaces(&old, &second), counter.replaces(&old, &third));
    let (new, lost) = if one.is_ok() { (one, other) } else { (other, one) };
    let new = new.expect("one replaces it");
    assert_eq!(code(lost), Code::NotFound);
    assert_eq!(counter.versions().await.len(), 2);
    let (one, other) = tokio::join!(counter.removes(ITEM, &new), counter.removes(ITEM, &new));
    assert!(one.is_ok() != other.is_ok(), "one removes it: {one:?} {other:?}");
    assert_eq!(code(if one.is_ok() { other } else { one }), Code::NotFound);
}

#[tokio::test]
async fn a_removed_page_is_neither_replaced_nor_counted_and_its_bytes_and_row_stay() {
    let counter = Counter::new().await;
    let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    let objects = counter.objects();
    counter.removes(ITEM, &id).await.expect("removes");
    assert!(counter.current().await.is_empty());
    assert_eq!(counter.versions().await.len(), 1);
    assert_eq!(counter.objects(), objects);
    let kept = counter.page(&id).await;
    assert_eq!(counter.load(&kept.original).await, page(1));
    let next = counter.one(page(2)).await;
    assert_eq!(code(counter.replaces(&id, &next).await), Code::NotFound, "a removed page has no successor");
    assert_eq!(code(counter.removes(ITEM, &id).await), Code::NotFound, "removed already");
    let again = counter.adds(&counter.one(page(1)).await).await.expect("a removed scan may be captured again");
    assert_eq!(counter.page(&again).await.version, 1);
}

#[tokio::test]
async fn a_page_is_removed_only_from_the_item_that_it_belongs_to() {
    let counter = Counter::new().await;
    let id = counter.adds(&counter.one(page(1)).await).await.expect("adds");
    assert_eq!(code(counter.removes("itm_of_somebody_else", &id).await), Code::NotFound);
    let unknown = PageId::new(counter.journal().now());
    assert_eq!(code(counter.removes(ITEM, &unknown).await), Code::NotFound);
    assert_eq!(counter.current().await.len(), 1);
}

#[tokio::test]
async fn a_teller_of_another_outlet_adds_no_page_and_leaves_no_row() {
    let world = World::new().await;
    let item = world.captures("teller", 1).await;
    let refused = world.adds_page("other_teller", &item, "attachment", 2).await;
    assert_eq!(code(refused), Code::NotFound, "who may not see an item does not learn that it exists");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let rows = reader.one(sql("SELECT COUNT(*) AS n FROM pages")).await.expect("a row");
    assert_eq!(rows.int("n").expect("a number"), 1);
}

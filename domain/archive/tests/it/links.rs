//! Links: one opening, two minutes, one session, no tampering, and a record of all of it.

use crate::desk::{Counter, SEAT, code};
use crate::pictures::page;
use archive::imaging::Rect;
use archive::link::{self, Served, Target};
use journal::{Answer, Subject};
use kernel::{Code, PageId, SessionId};
use storage::sql;

struct Viewing {
    counter: Counter,
    page: PageId,
    session: SessionId,
}

impl Viewing {
    async fn new() -> Self {
        let counter = Counter::new().await;
        let page = counter.adds(&counter.one(page(1)).await).await.expect("adds");
        let session = SessionId::new(counter.journal().now());
        Self { counter, page, session }
    }

    fn link(&self, target: &Target, seconds: i64) -> String {
        let journal = self.counter.journal();
        link::issue(&journal.vault, target, &self.session, journal.now(), seconds).expect("a link")
    }

    fn display(&self) -> Target {
        Target::PageDisplay(self.page.clone())
    }

    async fn opens(&self, token: &str) -> Answer<Served> {
        self.opens_in(token, &self.session).await
    }

    async fn opens_in(&self, token: &str, session: &SessionId) -> Answer<Served> {
        let (journal, actor) = (self.counter.journal(), self.counter.actor());
        link::redeem(journal, &self.counter.blobs, token, session, actor, SEAT).await
    }

    /// Openings and refusals on record.
    async fn record(&self) -> (usize, usize) {
        let openings = self.counter.openings(Subject::of(&self.page)).await.len();
        (openings, self.counter.refusals().await.len())
    }
}

#[tokio::test]
async fn every_form_opens_once_and_says_what_it_is() {
    let viewing = Viewing::new().await;
    let kept = viewing.counter.page(&viewing.page).await;
    let rect = Rect::new(500, 1_000, 4_000, 1_000).expect("a rectangle");
    let (slice_id, slice) = viewing.counter.slice(&kept, rect).await;
    let targets = [
        (viewing.display(), "image/jpeg"),
        (Target::PageThumbnail(viewing.page.clone()), "image/jpeg"),
        (Target::PageOriginal(viewing.page.clone()), "image/png"),
        (Target::Slice { slice_id, blob: slice.stored.blob_id }, "image/jpeg"),
    ];
    for (target, media_type) in targets {
        let token = viewing.link(&target, 120);
        let served = viewing.opens(&token).await.expect("opens");
        assert_eq!(served.media_type, media_type, "{target:?}");
        assert!(!served.bytes.is_empty());
        assert_eq!(code(viewing.opens(&token).await), Code::LinkExpired, "{target:?} a second time");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_who_race_for_one_link_exactly_one_gets_the_picture() {
    let viewing = std::sync::Arc::new(Viewing::new().await);
    let token = viewing.link(&viewing.display(), 120);
    let racers: Vec<_> = (0..20)
        .map(|_| {
            let (viewing, token) = (std::sync::Arc::clone(&viewing), token.clone());
            tokio::spawn(async move { viewing.opens(&token).await })
        })
        .collect();
    let mut served = 0;
    for racer in racers {
        match racer.await.expect("no racer panics") {
            Ok(_) => served += 1,
            Err(failure) => assert_eq!(failure.refusal().map(|refused| refused.code), Some(Code::LinkExpired)),
        }
    }
    assert_eq!(served, 1);
    assert_eq!(viewing.record().await, (1, 19), "one opening and nineteen refusals are on record");
}

#[tokio::test]
async fn a_link_lives_for_120_seconds_and_not_a_microsecond_longer_whatever_was_asked_for() {
    for asked in [120, 3_600, i64::MAX] {
        let viewing = Viewing::new().await;
        let (in_time, late) = (viewing.link(&viewing.display(), asked), viewing.link(&viewing.display(), asked));
        viewing.counter.desk.clock.advance_seconds(120);
        viewing.opens(&in_time).await.expect("the last instant still counts");
        viewing.counter.desk.clock.advance_micros(1);
        assert_eq!(code(viewing.opens(&late).await), Code::LinkExpired, "asked for {asked} seconds");
    }
    for asked in [1, 0, -5] {
        let viewing = Viewing::new().await;
        let token = viewing.link(&viewing.display(), asked);
        viewing.counter.desk.clock.advance_micros(1_000_001);
        assert_eq!(code(viewing.opens(&token).await), Code::LinkExpired, "asked for {asked} seconds");
    }
}

#[tokio::test]
async fn another_session_cannot_open_a_link_and_does_not_use_it_up() {
    let viewing = Viewing::new().await;
    let token = viewing.link(&viewing.display(), 120);
    let other = SessionId::new(viewing.counter.journal().now());
    assert_eq!(code(viewing.opens_in(&token, &other).await), Code::LinkExpired);
    viewing.opens(&token).await.expect("the session that it was made for opens it");
    assert_eq!(viewing.record().await, (1, 1));
}

#[tokio::test]
async fn a_token_changed_at_any_twentieth_of_its_length_opens_nothing() {
    let viewing = Viewing::new().await;
    let token = viewing.link(&viewing.display(), 120);
    for part in 0..20 {
        let at = token.len() * part / 20;
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(bytes).expect("ASCII");
        assert_eq!(code(viewing.opens(&forged).await), Code::LinkExpired, "changed at {at} of {}", token.len());
    }
    for forged in ["", "A", "not a token", &token[1..], &token[..token.len() - 1], &format!("{token}A")] {
        assert_eq!(code(viewing.opens(forged).await), Code::LinkExpired, "{forged}");
    }
    assert_eq!(viewing.record().await, (0, 26), "each try is on record");
    viewing.opens(&token).await.expect("the true one still opens");
}

#[tokio::test]
async fn a_link_to_a_page_that_does_not_exist_opens_nothing() {
    let viewing = Viewing::new().await;
    let unknown = PageId::new(viewing.counter.journal().now());
    let token = viewing.link(&Target::PageDisplay(unknown), 120);
    assert_eq!(code(viewing.opens(&token).await), Code::NotFound);
}

#[tokio::test]
async fn a_removed_page_can_still_be_looked_at_by_who_has_a_link() {
    let viewing = Viewing::new().await;
    viewing.counter.removes(crate::desk::ITEM, &viewing.page).await.expect("removes");
    viewing.opens(&viewing.link(&viewing.display(), 120)).await.expect("inspectors see what was removed");
}

#[tokio::test]
async fn every_opening_and_every_refused_one_is_on_record_with_the_person_and_the_seat() {
    let viewing = Viewing::new().await;
    let token = viewing.link(&viewing.display(), 120);
    viewing.opens(&token).await.expect("opens");
    let openings = viewing.counter.openings(Subject::of(&viewing.page)).await;
    let [opening] = &openings[..] else { panic!("one opening: {openings:?}") };
    assert_eq!((opening.actor.as_str(), opening.seat.as_deref()), (viewing.counter.person.as_str(), Some(SEAT)));
    assert_eq!((opening.refused, opening.at), (false, viewing.counter.journal().now()));
    assert_eq!(opening.payload["form"], "display");

    let other = SessionId::new(viewing.counter.journal().now());
    let late = viewing.link(&viewing.display(), 1);
    let strange = viewing.link(&viewing.display(), 120);
    code(viewing.opens_in(&strange, &other).await);
    code(viewing.opens(&token).await);
    code(viewing.opens("forged").await);
    viewing.counter.desk.clock.advance_seconds(2);
    code(viewing.opens(&late).await);
    let refused = viewing.counter.refusals().await;
    let subjects: Vec<_> = refused.iter().map(|entry| entry.payload["subject"].as_str().unwrap_or_default()).collect();
    let page = viewing.page.as_str();
    assert_eq!(subjects, [page, page, "archive/link", page], "another session, used, forged, late");
    for entry in refused {
        assert_eq!((entry.refused, entry.kind.as_str()), (true, "archive.image.view"));
        assert_eq!((entry.actor.as_str(), entry.seat.as_deref()), (viewing.counter.person.as_str(), Some(SEAT)));
        assert_eq!(entry.payload["code"], "link_expired");
        assert!(!entry.payload.to_string().contains(&token), "a token is never written down");
    }
    let (db, vault) = (&viewing.counter.journal().db, &viewing.counter.journal().vault);
    assert_eq!(journal::verify::verify(db, Some(vault)).await.expect("walks").problems, []);
}

#[tokio::test]
async fn used_links_are_forgotten_only_when_they_could_not_be_opened_any_more() {
    let viewing = Viewing::new().await;
    let token = viewing.link(&viewing.display(), 120);
    viewing.opens(&token).await.expect("opens");
    for (seconds, left) in [(120, 1), (1, 0)] {
        viewing.counter.desk.clock.advance_seconds(seconds);
        let now = viewing.counter.journal().now();
        let forgetting = viewing
            .counter
            .journal()
            .db
            .write::<u64, storage::Fault, _>(move |tx| Box::pin(async move { link::forget_used(tx, now).await }));
        forgetting.await.expect("forgets");
        assert_eq!(viewing.counter.count(sql("SELECT COUNT(*) AS n FROM used_links")).await, left);
        assert_eq!(code(viewing.opens(&token).await), Code::LinkExpired);
    }
}

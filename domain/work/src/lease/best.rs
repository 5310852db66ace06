//! The best work that a person may have: one statement per queue, walking the queue's order in its index.

use crate::item::store::{self, columns, is_waiting};
use crate::lease::Taker;
use crate::model::{LEASE_MICROS, Lease};
use kernel::WorkItemId;
use kernel::clock::Instant;
use permission::separation::{ONE_HAND_PER_ITEM, ONE_SLICE_PER_OUTSOURCED_SEAT};
use storage::{Conn, Fault, Row, Sql, Tx, sql};

/// A row that the person may have, in the order of service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    // The order of the first three fields is the order of service.
    pub rank_class: i64,
    pub due_at: Instant,
    pub work_item_id: WorkItemId,
    pub subject: String,
    pub hand: String,
}

/// The statement. It answers nothing unless the person is ready in this session and holds less than their capacity:
/// those two conditions depend on no row, so the engines look once, and no other node can hand out work past a break.
///
/// `OFFSET 0` keeps PostgreSQL from turning the look at the marks into a join over all marks: it must stay a look-up by primary key
/// for each row visited, and few rows are visited.
/// `person_id || ''` keeps SQLite from reading all holds of the person where the few of the item are meant.
/// The limit stands in the text: SQLite plans a statement anew whenever a bound limit is bound again, which cost an eighth of a lease.
macro_rules! best_with_limit {
    ($columns:literal, $limit:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM work_items w
                 WHERE w.queue = $1 AND w.state = 'ready'
                   AND EXISTS (SELECT 1 FROM presence p WHERE p.person_id = $2 AND p.session_id = $3 AND p.state = 'ready')
                   AND (SELECT COUNT(*) FROM work_items h WHERE h.person_id = $2 AND h.state = 'leased') < $4
                   AND (w.assigned_to IS NULL OR w.assigned_to = $2)
                   AND ($5 = FALSE OR w.internal_only = FALSE)
                   AND w.origin_institution_id <> $6
                   AND ($7 = '' OR $7 NOT LIKE '%' || w.work_item_id || '%')
                   AND NOT EXISTS (SELECT 1 FROM separation_marks m
                                   WHERE m.subject = w.subject AND m.rule = $8 AND m.person_id = $2 AND m.side <> w.hand LIMIT 1 OFFSET 0)
                   AND ($5 = FALSE OR w.slice_id IS NULL
                        OR NOT EXISTS (SELECT 1 FROM separation_marks m
                                       WHERE m.subject = w.subject AND m.rule = $9 AND m.person_id = $2 AND m.side <> w.slice_id LIMIT 1 OFFSET 0))
                   AND (w.attempts = 0 OR w.assigned_to = $2
                        OR NOT EXISTS (SELECT 1 FROM work_holds b
                                       WHERE b.work_item_id = w.work_item_id AND b.person_id || '' = $2 AND b.how = 'handed_back' LIMIT 1 OFFSET 0))
                 ORDER BY w.rank_class, w.due_at, w.work_item_id
             LIMIT ",
            $limit
        )
    };
}

/// The most rows that one look at a queue brings.
pub(crate) const LOOKED_AT_MAX: i64 = 16;

/// The text that brings at least `limit` rows, up to [`LOOKED_AT_MAX`]; those it brings are locked, so it brings few more.
const fn best_text(limit: i64) -> &'static str {
    match limit {
        ..=1 => best_with_limit!("w.work_item_id, w.subject, w.hand, w.rank_class, w.due_at", "1"),
        2 => best_with_limit!("w.work_item_id, w.subject, w.hand, w.rank_class, w.due_at", "2"),
        3 | 4 => best_with_limit!("w.work_item_id, w.subject, w.hand, w.rank_class, w.due_at", "4"),
        _ => best_with_limit!("w.work_item_id, w.subject, w.hand, w.rank_class, w.due_at", "16"),
    }
}

/// Finds and takes the first row in one statement, which is one round trip instead of two.
const TAKE_BEST: &str = concat!(
    "UPDATE work_items SET state = 'leased', person_id = $2, session_id = $3, node = $10, fence = fence + 1, attempts = attempts + 1,
         leased_at = $11, lease_until = $12, acked_at = NULL
     WHERE ",
    is_waiting!(),
    " AND work_item_id = (",
    best_with_limit!("w.work_item_id", "1"),
    " /* skip locked */) RETURNING ",
    columns!()
);

/// Gives the best row of a queue to `taker`, if there is one.
pub(crate) async fn take_best(
    tx: &mut Tx,
    taker: &Taker,
    queue: &str,
    refused: &[WorkItemId],
    now: Instant,
) -> Result<Option<Lease>, Fault> {
    let statement = statement(TAKE_BEST, taker, queue, refused);
    let statement = statement.bind(taker.node.as_str()).bind(now).bind(now.plus_micros(LEASE_MICROS));
    let row = tx.optional(statement.skip_locked()).await?;
    row.map(|row| store::lease(store::item(&row)?)).transpose()
}

/// The first rows of a queue that `taker` may have; `refused` names rows that turned out otherwise.
fn statement(text: &'static str, taker: &Taker, queue: &str, refused: &[WorkItemId]) -> Sql {
    let refused: Vec<&str> = refused.iter().map(WorkItemId::as_str).collect();
    sql(text)
        .bind(queue)
        .bind(&taker.person)
        .bind(&taker.session)
        .bind(taker.capacity)
        .bind(taker.outsourced)
        .bind(&taker.home)
        .bind(refused.join(" "))
        .bind(ONE_HAND_PER_ITEM)
        .bind(ONE_SLICE_PER_OUTSOURCED_SEAT)
}

pub(crate) async fn best(
    conn: &mut Conn,
    taker: &Taker,
    queue: &str,
    refused: &[WorkItemId],
    limit: i64,
) -> Result<Vec<Candidate>, Fault> {
    let rows = conn.all(statement(best_text(limit), taker, queue, refused).skip_locked()).await?;
    rows.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<Candidate, Fault> {
    Ok(Candidate {
        rank_class: row.int("rank_class")?,
        due_at: row.instant("due_at")?,
        work_item_id: row.id("work_item_id")?,
        subject: row.text("subject")?,
        hand: row.text("hand")?,
    })
}

/// What to take of the candidates of several queues, each with how many of its items are wanted: the best first, `free` at most.
///
/// Two of one subject are taken together only as the same hand, and never by an outsourced seat, whose second slice would be refused.
pub(crate) fn choose(mut queues: Vec<(i64, Vec<Candidate>)>, free: i64, outsourced: bool) -> Vec<Candidate> {
    let mut all: Vec<(usize, Candidate)> = queues
        .iter_mut()
        .enumerate()
        .flat_map(|(queue, (_, found))| std::mem::take(found).into_iter().map(move |candidate| (queue, candidate)))
        .collect();
    all.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
    let mut chosen: Vec<Candidate> = Vec::new();
    for (queue, candidate) in all {
        if chosen.len() as i64 >= free {
            break;
        }
        let clashes =
            |other: &Candidate| other.subject == candidate.subject && (outsourced || other.hand != candidate.hand);
        let wanted = &mut queues[queue].0;
        if *wanted > 0 && !chosen.iter().any(clashes) {
            *wanted -= 1;
            chosen.push(candidate);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(rank_class: i64, due: i64, subject: &str, hand: &str) -> Candidate {
        let due_at = Instant::from_micros(due);
        let work_item_id = WorkItemId::new(due_at);
        Candidate { rank_class, due_at, work_item_id, subject: subject.into(), hand: hand.into() }
    }

    fn subjects(chosen: &[Candidate]) -> Vec<&str> {
        chosen.iter().map(|candidate| candidate.subject.as_str()).collect()
    }

    #[test]
    fn the_best_of_several_queues_comes_first() {
        let keying = vec![candidate(2, 50, "b", "first_key"), candidate(3, 10, "d", "first_key")];
        let checking = vec![candidate(1, 90, "a", "check"), candidate(2, 60, "c", "check")];
        let chosen = choose(vec![(3, keying), (3, checking)], 3, false);
        assert_eq!(subjects(&chosen), ["a", "b", "c"]);
    }

    #[test]
    fn no_queue_gives_more_than_is_wanted_of_it() {
        let keying = (0..5).map(|due| candidate(3, due, &format!("k{due}"), "first_key")).collect();
        let authorizing = vec![candidate(4, 0, "a", "authorize")];
        assert_eq!(subjects(&choose(vec![(2, keying), (1, authorizing)], 4, false)), ["k0", "k1", "a"]);
    }

    #[test]
    fn nobody_receives_two_hands_of_one_subject_together() {
        let found = || {
            vec![
                candidate(3, 1, "a", "first_key"),
                candidate(3, 2, "a", "second_key"),
                candidate(3, 3, "a", "first_key"),
                candidate(3, 4, "b", "second_key"),
            ]
        };
        let inside = choose(vec![(4, found())], 4, false);
        assert_eq!(
            inside.iter().map(|it| it.hand.as_str()).collect::<Vec<_>>(),
            ["first_key", "first_key", "second_key"]
        );
        assert_eq!(
            subjects(&choose(vec![(4, found())], 4, true)),
            ["a", "b"],
            "an outsourced seat sees one slice of an item"
        );
    }
}

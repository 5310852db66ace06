//! An auditor who does not ask the kernel: reads marks, keyings and the journal, and names everyone with two sides on one item.

use crate::bank::{by_hand, declares, rows};
use std::collections::{BTreeMap, BTreeSet};
use storage::sql;
use world::{World, voucher_values};

/// Somebody's side of an item, from one source.
#[derive(Debug, Clone)]
struct Side {
    item: String,
    person: String,
    hand: String,
    at: i64,
}

/// Everyone who stands on two sides of one item, alone or with a relative; empty when the duties are separate.
pub async fn breaches(world: &World) -> Vec<String> {
    let mut found = alone("marks", &marks(world, Whose::All).await);
    found.extend(with_kin(world, "marks", &marks(world, Whose::Own).await).await);
    for (source, sides) in [("keyings", keyings(world).await), ("journal", acts(world).await)] {
        found.extend(alone(source, &sides));
        found.extend(with_kin(world, source, &sides).await);
    }
    found
}

/// How many people took each hand on some item, from the journal.
pub async fn hands_taken(world: &World) -> BTreeMap<String, usize> {
    let mut people: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for side in acts(world).await {
        people.entry(side.hand).or_default().insert((side.item, side.person));
    }
    people.into_iter().map(|(hand, people)| (hand, people.len())).collect()
}

fn alone(source: &str, sides: &[Side]) -> Vec<String> {
    let mut by_person: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for side in sides {
        by_person.entry((&side.item, &side.person)).or_default().insert(&side.hand);
    }
    let two = by_person.into_iter().filter(|(_, hands)| hands.len() > 1);
    two.map(|((item, person), hands)| format!("{source}: {person} has {hands:?} on {item}")).collect()
}

/// Relatives on two sides, where the later of the two acts came after the declaration.
async fn with_kin(world: &World, source: &str, sides: &[Side]) -> Vec<String> {
    let mut found = Vec::new();
    for row in rows(world, sql("SELECT person_id, relative_id, declared_at FROM relatives")).await {
        let (a, b) = (row.text("person_id").expect("an id"), row.text("relative_id").expect("an id"));
        let declared = row.int("declared_at").expect("an instant");
        for mine in sides.iter().filter(|side| side.person == a) {
            for theirs in sides.iter().filter(|side| side.person == b && side.item == mine.item) {
                if mine.hand != theirs.hand && mine.at.max(theirs.at) > declared {
                    found.push(format!("{source}: kin {a} {} and {b} {} on {}", mine.hand, theirs.hand, mine.item));
                }
            }
        }
    }
    found
}

/// Whose marks: all, or only those of people who acted themselves. Who only stands for a relative makes no kin of that relative's kin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    All,
    Own,
}

async fn marks(world: &World, whose: Whose) -> Vec<Side> {
    let statement = sql("SELECT subject, person_id, side, at FROM separation_marks
                         WHERE rule = 'one_hand_per_item' AND ($1 OR stands_for IS NULL)");
    let side = |row: &storage::Row| Side {
        item: row.text("subject").expect("a subject"),
        person: row.text("person_id").expect("an id"),
        hand: row.text("side").expect("a side"),
        at: row.int("at").expect("an instant"),
    };
    rows(world, statement.bind(whose == Whose::All)).await.iter().map(side).collect()
}

fn hand_of_pass(pass: i64) -> String {
    // A seeded slice is handed out as a first pass.
    match pass {
        0 | 1 => "first_key".to_owned(),
        2 => "second_key".to_owned(),
        _ => "third_key".to_owned(),
    }
}

async fn keyings(world: &World) -> Vec<Side> {
    let found = rows(world, sql("SELECT item_id, person_id, pass, at FROM keyings")).await;
    let side = |row: &storage::Row| Side {
        item: row.text("item_id").expect("an id"),
        person: row.text("person_id").expect("an id"),
        hand: hand_of_pass(row.int("pass").expect("a pass")),
        at: row.int("at").expect("an instant"),
    };
    found.iter().map(side).collect()
}

async fn acts(world: &World) -> Vec<Side> {
    let statement = sql("SELECT subject, actor, kind, payload, at FROM journal_entries
                         WHERE subject LIKE 'itm!_%' ESCAPE '!' AND actor LIKE 'psn!_%' ESCAPE '!' AND NOT refused");
    let mut sides = Vec::new();
    for row in rows(world, statement).await {
        let payload = row.text("payload").expect("a payload");
        let hand = match row.text("kind").expect("a kind").as_str() {
            "processing.item.open"
            | "processing.item.add_page"
            | "processing.item.submit"
            | "processing.item.withdraw"
            | "processing.item.confirm"
            | "processing.item.fail_confirmation" => "capture".to_owned(),
            "processing.item.resume"
            | "processing.item.retry_posting"
            | "processing.item.return"
            | "work.item.reassign"
            | "work.item.set_priority" => "supervise".to_owned(),
            "processing.slice.key" => hand_of_pass(pass_in(&payload)),
            "processing.item.check" => "check".to_owned(),
            "processing.item.review_refusal" => "review_refusal".to_owned(),
            "processing.item.authorize" => "authorize".to_owned(),
            _ => continue,
        };
        let (item, person) = (row.text("subject").expect("an id"), row.text("actor").expect("an id"));
        sides.push(Side { item, person, hand, at: row.int("at").expect("an instant") });
    }
    sides
}

/// The pass in an entry's payload, whose text is `…"pass":2,…`.
fn pass_in(payload: &str) -> i64 {
    let (_, after) = payload.split_once("\"pass\":").expect("an entry about keying names its pass");
    after.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

#[tokio::test]
async fn the_auditor_finds_nothing_on_the_straight_way_and_each_breach_that_is_planted() {
    let world = World::new().await;
    let item = world.keyable(1).await;
    world.keyed(&item, &voucher_values("50000.01", "伍万元零壹分")).await;
    world.desk.clock.advance_seconds(1);
    world.checks("checker").await.expect("passes");
    assert_eq!(breaches(&world).await, [] as [String; 0]);
    assert_eq!(
        hands_taken(&world).await.into_iter().collect::<Vec<_>>(),
        [("capture".to_owned(), 1), ("check".to_owned(), 1), ("first_key".to_owned(), 1), ("second_key".to_owned(), 1),]
    );

    let (keyer, checker) = (world.person("keyer_a").clone(), world.person("checker").clone());
    let entry = "UPDATE journal_entries SET actor = $1 WHERE kind = 'processing.item.check'";
    by_hand(&world, sql(entry).bind(&keyer)).await.expect("a keyer is written in as the checker");
    assert_eq!(breaches(&world).await.len(), 1, "in the journal");
    by_hand(&world, sql(entry).bind(&checker)).await.expect("and out again");
    let keying = "UPDATE keyings SET person_id = $1 WHERE pass = 2 AND field = 'amount' AND person_id <> $1
                  AND slice_id NOT IN (SELECT slice_id FROM keyings k WHERE k.person_id = $1)";
    assert_eq!(by_hand(&world, sql(keying).bind(&keyer)).await.expect("asks"), 0, "the key leaves no slice for it");

    declares(&world, &keyer, &checker).await.expect("declares");
    assert_eq!(breaches(&world).await, [] as [String; 0], "a kinship that came later bars nothing that was done");
    by_hand(&world, sql("UPDATE relatives SET declared_at = 0")).await.expect("as if it had been known");
    assert_eq!(breaches(&world).await.len(), 5, "in the journal four keyed fields against one check, and the marks");
}

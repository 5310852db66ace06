//! Simulated people of the center: keyers, checkers, reviewers and authorizers, each with a session and a seat of their own.
//!
//! They work through the product's public interface with the rights of their posts.
//! Visitors' seats, and those named by whoever starts the simulation, are left free.

pub mod decide;
pub mod duty;
pub mod lookup;
pub mod pace;
pub mod seat;
pub mod work;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::client::ClientError;
use crate::mistakes::Mistakes;
use crate::province::Province;
use crate::random::Random;
use crate::receipts::FolderError;
use crate::samples::Samples;
use crate::truth::{TruthError, TruthStore};
use lookup::Lookup;
use pace::Speed;
use seat::{Seat, Shared};

/// What the simulation of people is started with.
#[derive(Debug, Clone)]
pub struct PeopleConfig {
    pub url: String,
    pub password: String,
    pub seed: u64,
    pub speed: Speed,
    pub mistakes: Mistakes,
    pub truth: PathBuf,
    /// Folders of documents that visitors may capture, with their truth beside them.
    pub samples: Vec<PathBuf>,
    /// Employee numbers whose seats are left free.
    pub except: BTreeSet<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Truth(#[from] TruthError),
    #[error(transparent)]
    Samples(#[from] FolderError),
    #[error("the province has no duty supervisor who can sign in; the simulation needs one to find its items")]
    NoSupervisor,
}

/// Posts that the simulation works in.
const POSTS: [&str; 5] = ["keyer", "third_keyer", "element_checker", "refusal_reviewer", "authorizer"];
/// The product takes 60 sign-ins a minute from one address; outlets and visitors need their part of them.
const ARRIVAL_APART: Duration = Duration::from_secs(2);

/// The employee numbers that the simulation works as, of every post one in turn, so that work flows from the first minute.
pub fn roster(province: &Province, except: &BTreeSet<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let posts: Vec<_> = POSTS.iter().map(|post| province.signing_in(post, false)).collect();
    let longest = posts.iter().map(Vec::len).max().unwrap_or(0);
    // Keying takes many hands: two keyers sit down with each of the others.
    let turns = (0..longest).flat_map(|turn| {
        let (keyers, others) = posts.split_at(1);
        let pair = keyers.iter().flat_map(move |keyers| keyers.iter().skip(2 * turn).take(2));
        pair.chain(others.iter().filter_map(move |holders| holders.get(turn)))
    });
    turns
        .map(|person| person.employee_no.clone())
        .filter(|number| !except.contains(number) && seen.insert(number.clone()))
        .collect()
}

/// Runs everyone until the future is dropped.
pub async fn run(config: PeopleConfig, province: &Province) -> Result<(), PeopleError> {
    let supervisors = province.signing_in("duty_supervisor", false);
    let supervisor = supervisors.iter().find(|person| !config.except.contains(&person.employee_no));
    let supervisor = supervisor.ok_or(PeopleError::NoSupervisor)?;
    let truth = TruthStore::open(&config.truth)?;
    let samples = Samples::read(&config.samples)?;
    let lookup = Lookup::open(&config.url, &supervisor.employee_no, &config.password, truth, samples).await?;
    let shared = Arc::new(Shared {
        base: config.url,
        password: config.password,
        speed: config.speed,
        mistakes: config.mistakes,
        lookup,
    });
    let roster = roster(province, &config.except);
    tracing::info!(people = roster.len(), "simulated people take their seats");
    let mut seats = JoinSet::new();
    seats.spawn(duty::run(shared.clone()));
    for employee_no in roster {
        let random = Random::stream(config.seed, &employee_no);
        seats.spawn(Seat { shared: shared.clone(), employee_no, random, client: None }.run());
        tokio::time::sleep(ARRIVAL_APART).await;
    }
    while let Some(ended) = seats.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a simulated person broke down");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::roster;
    use crate::province::{DEFAULT_SEED, Province};
    use kernel::calendar::BusinessDate;

    #[test]
    fn the_roster_leaves_out_visitors_seats_and_those_named() {
        let province = Province::generate(DEFAULT_SEED, BusinessDate::new(2026, 11, 23).unwrap()).unwrap();
        let all = roster(&province, &Default::default());
        assert_eq!(all.len(), 55);
        assert!(!all.contains(&"200001".to_owned()) && all.contains(&"200003".to_owned()));
        // Three of the bank's own keyers would be of no use without somebody to check.
        assert!(all[..6].contains(&"300002".to_owned()) && all[..6].contains(&"400002".to_owned()));
        let fewer = roster(&province, &["200003".to_owned()].into());
        assert_eq!(fewer.len(), 54);
        assert!(!fewer.contains(&"200003".to_owned()));
    }
}

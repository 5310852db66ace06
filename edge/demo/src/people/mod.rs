//! Simulated people of the center: keyers, checkers, reviewers and authorizers, each with a session and a seat of their own.
//!
//! They work through the product's public interface with the rights of their posts.
//! Visitors' seats, and those named by whoever starts the simulation, are left free.

pub mod decide;
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
    /// Employee numbers whose seats are left free.
    pub except: BTreeSet<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Truth(#[from] TruthError),
    #[error("the province has no duty supervisor who can sign in; the simulation needs one to find its items")]
    NoSupervisor,
}

/// Posts that the simulation works in.
const POSTS: [&str; 5] = ["keyer", "third_keyer", "element_checker", "refusal_reviewer", "authorizer"];
/// People do not all arrive in the same instant.
const ARRIVAL_APART: Duration = Duration::from_millis(120);

/// The employee numbers that the simulation works as, in the order of their posts.
pub fn roster(province: &Province, except: &BTreeSet<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let holders = POSTS.iter().flat_map(|post| province.signing_in(post, false));
    holders
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
    let lookup = Lookup::open(&config.url, &supervisor.employee_no, &config.password).await?;
    let shared = Arc::new(Shared {
        base: config.url,
        password: config.password,
        speed: config.speed,
        mistakes: config.mistakes,
        truth,
        lookup,
    });
    let roster = roster(province, &config.except);
    tracing::info!(people = roster.len(), "simulated people take their seats");
    let mut seats = JoinSet::new();
    for employee_no in roster {
        let random = Random::stream(config.seed, &employee_no);
        seats.spawn(Seat { shared: shared.clone(), employee_no, random }.run());
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
        let fewer = roster(&province, &["200003".to_owned()].into());
        assert_eq!(fewer.len(), 54);
        assert!(!fewer.contains(&"200003".to_owned()));
    }
}

//! The suite itself: the simulated core keeps the contract, and cores that break it are found out.

use std::sync::atomic::{AtomicU32, Ordering};

use corebank_sim::behavior::Behavior;
use futures_util::FutureExt;
use kernel::Currency;
use ledger::conformance::{ConformanceAccounts, run};
use ledger::{
    Account, AccountNo, Asking, CoreConnector, NameCheck, PostingKey, PostingOutcome, QueryOutcome, Reversal, Voucher,
};

use crate::world::{World, account, key, today, yesterday};

fn accounts(run: &str) -> ConformanceAccounts {
    ConformanceAccounts {
        run: run.to_owned(),
        business_date: today(),
        closed_date: Some(yesterday()),
        currency: Currency::CNY,
        payer: account("6222-PAYER"),
        payer_name: "华东机电(集团)有限公司".to_owned(),
        payee: account("6222-PAYEE"),
        unknown: account("6222-NOBODY"),
        frozen: Some(account("6222-FROZEN")),
        closed: Some(account("6222-CLOSED")),
        stopped: Some(account("6222-STOPPED")),
        other_currency: Some(account("6222-USD")),
    }
}

#[tokio::test]
async fn the_simulated_core_keeps_the_whole_contract_run_after_run() {
    let world = World::new().await;
    for name in ["run-1", "run-2"] {
        let report = run(&*world.core, accounts(name)).await;
        assert!(report.conforms() && report.skipped.is_empty(), "{report}");
    }
    assert_eq!(world.received().await, 0, "balances end as they began");
}

#[tokio::test]
async fn what_cannot_be_prepared_is_skipped_and_said() {
    let world = World::new().await;
    let prepared = ConformanceAccounts { frozen: None, closed_date: None, ..accounts("run-1") };
    let report = run(&*world.core, prepared).await;
    assert!(report.conforms(), "{report}");
    assert_eq!(report.skipped, ["a payment from a frozen account is refused", "a closed business date is refused"]);
}

#[tokio::test]
async fn a_core_that_refuses_everything_is_found_out() {
    let world = World::new().await;
    world.behave(Behavior { refuse: Some("stop_payment".into()), ..Behavior::default() });
    let report = run(&*world.core, accounts("run-1")).await;
    let broken: Vec<_> = report.findings.iter().map(|finding| finding.check).collect();
    assert!(broken.contains(&"a voucher moves its amount once"), "{report}");
}

/// How a core may break the contract.
#[derive(Clone, Copy, PartialEq)]
enum Breach {
    ForgetsKeys,
    DeniesWhatItPosted,
    ForgetsRefusals,
}

/// The simulated core behind an adapter that breaks the contract.
struct Broken<'a> {
    core: &'a dyn CoreConnector,
    breach: Breach,
    tries: AtomicU32,
}

impl Broken<'_> {
    /// A key of its own for each try: what a core does that does not know keys.
    fn fresh(&self, asked: &PostingKey) -> PostingKey {
        key(&format!("{asked}.{}", self.tries.fetch_add(1, Ordering::SeqCst)))
    }
}

impl CoreConnector for Broken<'_> {
    fn post<'a>(&'a self, voucher: &'a Voucher, asked: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        async move {
            match self.breach {
                Breach::ForgetsKeys => self.core.post(voucher, &self.fresh(asked)).await,
                Breach::DeniesWhatItPosted => self.core.post(voucher, asked).await,
                Breach::ForgetsRefusals => match self.core.post(voucher, asked).await? {
                    PostingOutcome::Refused { .. } => self.core.post(voucher, &self.fresh(asked)).await,
                    posted => Ok(posted),
                },
            }
        }
        .boxed()
    }

    fn query<'a>(&'a self, asked: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        match self.breach {
            Breach::DeniesWhatItPosted => async { Ok(QueryOutcome::NeverSeen) }.boxed(),
            _ => self.core.query(asked),
        }
    }

    fn reverse<'a>(&'a self, reversal: &'a Reversal, asked: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        self.core.reverse(reversal, asked)
    }

    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>> {
        self.core.account(number)
    }

    fn name_check<'a>(&'a self, number: &'a AccountNo, name: &'a str) -> Asking<'a, NameCheck> {
        self.core.name_check(number, name)
    }
}

#[tokio::test]
async fn each_breach_of_the_contract_is_found_by_its_check() {
    let table = [
        (Breach::ForgetsKeys, "a repeat gives the first answer and moves nothing"),
        (Breach::ForgetsKeys, "tries that arrive at once are posted once"),
        (Breach::DeniesWhatItPosted, "a query tells what was posted"),
        (Breach::ForgetsRefusals, "a refused key stays refused when its cause is gone"),
    ];
    for (breach, check) in table {
        let world = World::new().await;
        let core = Broken { core: &*world.core, breach, tries: AtomicU32::new(0) };
        let report = run(&core, accounts("run-1")).await;
        assert!(report.findings.iter().any(|finding| finding.check == check), "{check}\n{report}");
    }
}

//! A core with the accounts that the tests speak of, and a connector to it.

use std::sync::Arc;
use std::time::Duration;

use corebank_sim::behavior::Behavior;
use corebank_sim::books::Books;
use corebank_sim::wire::{AccountKind, AccountStatus, Minor, OpenAccount, OpenAccounts};
use corebank_sim::{Config, Handle};
use kernel::calendar::BusinessDate;
use kernel::{Currency, Instant, Money, SettableClock};
use ledger::{
    AccountNo, Attempt, CoreConnector, HttpCore, HttpCoreConfig, Posting, PostingKey, Settled, Voucher, settle,
};
use tempfile::TempDir;

/// Long enough for a machine that is busy building.
const REPLY_TIMEOUT: Duration = Duration::from_secs(20);
/// A line that heals settles within so many calls.
const CALLS_MAX: usize = 200;

pub struct World {
    pub core: Arc<HttpCore>,
    url: String,
    folder: TempDir,
    handle: Handle,
}

pub fn today() -> BusinessDate {
    BusinessDate::new(2026, 11, 23).unwrap()
}

pub fn yesterday() -> BusinessDate {
    BusinessDate::new(2026, 11, 22).unwrap()
}

pub fn account(number: &str) -> AccountNo {
    AccountNo::parse(number).unwrap()
}

pub fn key(text: &str) -> PostingKey {
    PostingKey::parse(text).unwrap()
}

/// A payment of the payer to the payee.
pub fn payment(minor: i64) -> Voucher {
    let amount = Money::from_minor(minor, Currency::CNY);
    let posting = Posting::new(account("6222-PAYER"), account("6222-PAYEE"), amount, "货款").unwrap();
    Voucher::new(today(), vec![posting], "vch_1").unwrap()
}

fn connector(url: &str, reply_timeout: Duration) -> HttpCore {
    HttpCore::new(&HttpCoreConfig { reply_timeout, ..HttpCoreConfig::new(url) }).unwrap()
}

fn clock() -> Arc<SettableClock> {
    Arc::new(SettableClock::new(Instant::from_micros(1_795_000_000_000_000)))
}

impl World {
    pub async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let books = Books::open(&folder.path().join("core.db"), clock()).await.unwrap();
        let open = |number: &str, name: &str, currency: &str, status, minor| OpenAccount {
            account: number.to_owned(),
            name: name.to_owned(),
            currency: currency.to_owned(),
            kind: AccountKind::Customer,
            status,
            opening_balance_minor: Minor(minor),
        };
        let accounts = vec![
            open("6222-PAYER", "华东机电（集团）有限公司", "CNY", AccountStatus::Active, 100_000),
            open("6222-PAYEE", "王芳", "CNY", AccountStatus::Active, 0),
            open("6222-USD", "Acme Ltd", "USD", AccountStatus::Active, 100),
            open("6222-FROZEN", "李冻", "CNY", AccountStatus::Frozen, 100),
            open("6222-STOPPED", "赵止", "CNY", AccountStatus::StopPayment, 100),
            open("6222-CLOSED", "钱销", "CNY", AccountStatus::Closed, 100),
        ];
        books.open_accounts(&OpenAccounts { business_date: "2026-11-22".into(), accounts }).await.unwrap();
        books.end_day("2026-11-22").await.unwrap();
        books.close().await;
        Self::on(folder).await
    }

    async fn on(folder: TempDir) -> Self {
        let config =
            Config { listen: "127.0.0.1:0".parse().unwrap(), database: folder.path().join("core.db"), clock: clock() };
        let (address, handle) = corebank_sim::serve(config).await.unwrap();
        let url = format!("http://{address}");
        Self { core: Arc::new(connector(&url, REPLY_TIMEOUT)), url, folder, handle }
    }

    /// A second connector, which waits no longer than this for a reply.
    pub fn hasty(&self, reply_timeout: Duration) -> HttpCore {
        connector(&self.url, reply_timeout)
    }

    /// Stops the core and keeps its books for [`Stopped::restart`].
    pub async fn stop(self) -> Stopped {
        self.handle.stop().await.unwrap();
        Stopped { core: self.core, folder: self.folder }
    }

    pub fn behave(&self, behavior: Behavior) {
        self.handle.switch().set(behavior);
    }

    pub async fn settle(&self, text: &str, attempt: Attempt) -> Settled {
        settle(&*self.core, &payment(1), &key(text), attempt).await
    }

    /// Settles as a job would, call after call, until there is a verdict.
    pub async fn settle_through(&self, text: &str, mut attempt: Attempt) -> Settled {
        for _ in 0..CALLS_MAX {
            match self.settle(text, attempt).await {
                Settled::Open { attempt: next, .. } => attempt = next,
                verdict => return verdict,
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{text} was not settled within {CALLS_MAX} calls");
    }

    /// What the payee has received.
    pub async fn received(&self) -> i64 {
        self.core.account(&account("6222-PAYEE")).await.unwrap().unwrap().balance.minor()
    }
}

pub struct Stopped {
    pub core: Arc<HttpCore>,
    folder: TempDir,
}

impl Stopped {
    pub async fn restart(self) -> World {
        World::on(self.folder).await
    }
}

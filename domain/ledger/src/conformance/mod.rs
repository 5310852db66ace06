//! Does a core keep the contract?
//!
//! The suite needs prepared accounts and a connector, nothing else; it runs against a test installation of any core.
//! It moves single minor units between two accounts and reverses what it posted, so balances end as they began.
//! It cannot break connections: behavior under faults is tested against the simulated core.

mod checks;

use std::fmt;

use kernel::calendar::BusinessDate;
use kernel::{Currency, Money};

use crate::connector::{Account, ConnectorError, CoreConnector, PostingOutcome};
use crate::voucher::{AccountNo, Posting, PostingKey, Reversal, Voucher, VoucherError};

/// Accounts that were prepared in the core under test.
/// What is `None` cannot be had there; its checks are skipped and the report says so.
#[derive(Debug, Clone)]
pub struct ConformanceAccounts {
    /// Begins every key of this run; another one for each run, at most 40 characters.
    pub run: String,
    /// An open business date of the core.
    pub business_date: BusinessDate,
    /// A business date that is closed.
    pub closed_date: Option<BusinessDate>,
    pub currency: Currency,
    /// A customer's active account with at least 1,000 minor units available, which nobody else uses meanwhile.
    pub payer: AccountNo,
    /// The name that the core has for `payer`.
    pub payer_name: String,
    /// Another customer's active account in the same currency, which nobody else uses meanwhile.
    pub payee: AccountNo,
    /// A number that no account has.
    pub unknown: AccountNo,
    pub frozen: Option<AccountNo>,
    pub closed: Option<AccountNo>,
    /// An account that may not pay.
    pub stopped: Option<AccountNo>,
    /// An active account in another currency.
    pub other_currency: Option<AccountNo>,
}

/// One way in which the core broke the contract; names no account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub check: &'static str,
    pub said: String,
}

/// What was checked and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub passed: Vec<&'static str>,
    /// Checks that the prepared accounts did not allow.
    pub skipped: Vec<&'static str>,
    pub findings: Vec<Finding>,
}

impl Report {
    /// True when nothing was found, whatever was skipped.
    pub fn conforms(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.passed {
            writeln!(f, "kept     {check}")?;
        }
        for check in &self.skipped {
            writeln!(f, "skipped  {check}")?;
        }
        for Finding { check, said } in &self.findings {
            writeln!(f, "BROKEN   {check}: {said}")?;
        }
        let (kept, skipped, broken) = (self.passed.len(), self.skipped.len(), self.findings.len());
        writeln!(f, "{kept} kept, {skipped} skipped, {broken} broken")
    }
}

/// Runs every check in order; a check that fails does not stop the next one.
pub async fn run(core: &dyn CoreConnector, accounts: ConformanceAccounts) -> Report {
    let mut report = Report::default();
    let probe = Probe { core, accounts: &accounts };
    checks::all(&probe, &mut report).await;
    report
}

/// What a check says: kept, skipped (`None`), or the sentence of a finding.
type Verdict = Result<Option<()>, String>;
const KEPT: Verdict = Ok(Some(()));
const SKIPPED: Verdict = Ok(None);

impl Report {
    fn add(&mut self, check: &'static str, verdict: Verdict) {
        match verdict {
            Ok(Some(())) => self.passed.push(check),
            Ok(None) => self.skipped.push(check),
            Err(said) => self.findings.push(Finding { check, said }),
        }
    }
}

/// The core under test with the words that checks are written in.
struct Probe<'a> {
    core: &'a dyn CoreConnector,
    accounts: &'a ConformanceAccounts,
}

/// Balances of payer and payee in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Balances {
    payer: i64,
    payee: i64,
}

impl Probe<'_> {
    fn key(&self, name: &str) -> Result<PostingKey, String> {
        PostingKey::parse(&format!("{}-{name}", self.accounts.run)).map_err(|error| format!("the run's name: {error}"))
    }

    fn voucher(&self, lines: &[(&AccountNo, &AccountNo, i64)]) -> Result<Voucher, String> {
        self.voucher_on(self.accounts.business_date, lines)
    }

    fn voucher_on(&self, day: BusinessDate, lines: &[(&AccountNo, &AccountNo, i64)]) -> Result<Voucher, String> {
        let posting = |(debit, credit, amount): &(&AccountNo, &AccountNo, i64)| {
            let amount = Money::from_minor(*amount, self.accounts.currency);
            Posting::new((*debit).clone(), (*credit).clone(), amount, "conformance")
        };
        let made = lines.iter().map(posting).collect::<Result<Vec<_>, VoucherError>>();
        made.and_then(|postings| Voucher::new(day, postings, "conformance"))
            .map_err(|error| format!("the prepared accounts do not fit: {error}"))
    }

    /// A voucher of `amount` from payer to payee.
    fn payment(&self, amount: i64) -> Result<Voucher, String> {
        self.voucher(&[(&self.accounts.payer, &self.accounts.payee, amount)])
    }

    async fn known_account(&self, number: &AccountNo) -> Result<Account, String> {
        self.core.account(number).await.map_err(no_answer)?.ok_or_else(|| "a prepared account is unknown".to_owned())
    }

    async fn balances(&self) -> Result<Balances, String> {
        let payer = self.known_account(&self.accounts.payer).await?.balance.minor();
        let payee = self.known_account(&self.accounts.payee).await?.balance.minor();
        Ok(Balances { payer, payee })
    }

    async fn expect_balances(&self, expected: Balances, after: &str) -> Result<(), String> {
        let found = self.balances().await?;
        if found == expected {
            return Ok(());
        }
        let (payer, payee) = (found.payer - expected.payer, found.payee - expected.payee);
        Err(format!("{after}, the payer's balance is {payer:+} and the payee's {payee:+} minor units off"))
    }

    /// Posts and gives the core's reference.
    async fn must_post(&self, voucher: &Voucher, key: &PostingKey) -> Result<String, String> {
        match self.core.post(voucher, key).await.map_err(no_answer)? {
            PostingOutcome::Posted { core_reference, .. } if core_reference.0.is_empty() => {
                Err("a posted voucher has no core reference".to_owned())
            }
            PostingOutcome::Posted { core_reference, .. } => Ok(core_reference.0),
            PostingOutcome::Refused { code, .. } => Err(format!("a proper voucher was refused: {}", code.as_str())),
        }
    }

    /// Posts what must be refused with `code`.
    async fn must_refuse(&self, voucher: &Voucher, key: &PostingKey, code: &str) -> Result<(), String> {
        refused_with(self.core.post(voucher, key).await.map_err(no_answer)?, code)
    }

    fn reversal(&self, original: &PostingKey) -> Result<Reversal, String> {
        Reversal::new(original.clone(), self.accounts.business_date, "conformance").map_err(|error| error.to_string())
    }

    /// Takes a posting of the run back.
    async fn undo(&self, original: &PostingKey) -> Result<(), String> {
        let name = original.as_str().get(self.accounts.run.len() + 1..).unwrap_or_default();
        let key = self.key(&format!("undo-{name}"))?;
        match self.core.reverse(&self.reversal(original)?, &key).await.map_err(no_answer)? {
            PostingOutcome::Posted { .. } => Ok(()),
            PostingOutcome::Refused { code, .. } => Err(format!("a reversal was refused: {}", code.as_str())),
        }
    }
}

fn refused_with(outcome: PostingOutcome, expected: &str) -> Result<(), String> {
    match outcome {
        PostingOutcome::Refused { code, .. } if code.as_str() == expected => Ok(()),
        PostingOutcome::Refused { code, .. } => Err(format!("refused with {} instead of {expected}", code.as_str())),
        PostingOutcome::Posted { .. } => Err(format!("posted what must be refused with {expected}")),
    }
}

fn no_answer(error: ConnectorError) -> String {
    format!("no answer: {error}")
}

//! The checks, in the order in which a core's makers want to read their results.

use futures_util::future::join_all;

use super::{Balances, KEPT, Probe, Report, SKIPPED, Verdict, no_answer, refused_with};
use crate::connector::{ConnectorError, NameCheck, PostingOutcome, QueryOutcome};
use crate::voucher::{AccountNo, PostingKey};

/// How many tries under one key arrive at once.
const PARALLEL_TRIES: usize = 8;

pub(super) async fn all(probe: &Probe<'_>, report: &mut Report) {
    report.add("an account tells available as balance less held", available(probe).await);
    report.add("an unknown account is told apart", unknown_account(probe).await);
    report.add("a name check says match, mismatch or unknown account", name_check(probe).await);
    report.add("a voucher moves its amount once", moves_once(probe).await);
    report.add("a repeat gives the first answer and moves nothing", repeats(probe).await);
    report.add("a key is not taken for another voucher", conflicts(probe).await);
    report.add("tries that arrive at once are posted once", parallel(probe).await);
    report.add("a query tells what was posted", query_posted(probe).await);
    report.add("a query tells a key that was never seen", query_never_seen(probe).await);
    report.add("a voucher is posted whole or not at all", whole(probe).await);
    report.add("lines count in their order", in_order(probe).await);
    report.add("a refused key stays refused when its cause is gone", stays_refused(probe).await);
    report.add("a payment above the available balance is refused", insufficient(probe).await);
    report.add("a payment to an unknown account is refused", to_unknown(probe).await);
    let accounts = probe.accounts;
    let troubled = [
        ("a payment from a frozen account is refused", "frozen", accounts.frozen.as_ref(), "account_frozen"),
        ("a payment from a closed account is refused", "closed", accounts.closed.as_ref(), "account_closed"),
        ("a payment from a stopped account is refused", "stopped", accounts.stopped.as_ref(), "stop_payment"),
        ("a payment in another currency is refused", "currency", accounts.other_currency.as_ref(), "wrong_currency"),
    ];
    for (check, name, account, code) in troubled {
        report.add(check, refuses_payer(probe, name, account, code).await);
    }
    report.add("a closed business date is refused", closed_day(probe).await);
    report.add("a reversal puts the balances back, once", reverses(probe).await);
    report.add("a reversal of a reversal or of nothing is refused", not_reversible(probe).await);
}

async fn available(probe: &Probe<'_>) -> Verdict {
    let account = probe.known_account(&probe.accounts.payer).await?;
    if account.currency != probe.accounts.currency {
        return Err("the payer is in another currency than prepared".to_owned());
    }
    match account.balance.checked_sub(account.held) {
        Ok(available) if available == account.available => KEPT,
        _ => Err("available is not balance less held".to_owned()),
    }
}

async fn unknown_account(probe: &Probe<'_>) -> Verdict {
    match probe.core.account(&probe.accounts.unknown).await.map_err(no_answer)? {
        None => KEPT,
        Some(_) => Err("an account that must not exist was told".to_owned()),
    }
}

async fn name_check(probe: &Probe<'_>) -> Verdict {
    let other = format!("{}X", probe.accounts.payer_name);
    let table = [
        (&probe.accounts.payer, probe.accounts.payer_name.as_str(), NameCheck::Match),
        (&probe.accounts.payer, other.as_str(), NameCheck::Mismatch),
        (&probe.accounts.unknown, probe.accounts.payer_name.as_str(), NameCheck::UnknownAccount),
    ];
    for (account, name, expected) in table {
        let said = probe.core.name_check(account, name).await.map_err(no_answer)?;
        if said != expected {
            return Err(format!("said {said:?} where {expected:?} is true"));
        }
    }
    KEPT
}

async fn moves_once(probe: &Probe<'_>) -> Verdict {
    let (before, key) = (probe.balances().await?, probe.key("once")?);
    probe.must_post(&probe.payment(3)?, &key).await?;
    let moved = Balances { payer: before.payer - 3, payee: before.payee + 3 };
    probe.expect_balances(moved, "after a posting").await?;
    probe.undo(&key).await?;
    KEPT
}

async fn repeats(probe: &Probe<'_>) -> Verdict {
    let (before, key, voucher) = (probe.balances().await?, probe.key("repeat")?, probe.payment(1)?);
    let first = probe.must_post(&voucher, &key).await?;
    let second = probe.must_post(&voucher, &key).await?;
    if first != second {
        return Err("a repeat has another core reference".to_owned());
    }
    probe.undo(&key).await?;
    if probe.must_post(&voucher, &key).await? != first {
        return Err("a repeat after the reversal has another core reference".to_owned());
    }
    probe.expect_balances(before, "after a repeat and one reversal").await?;
    KEPT
}

async fn conflicts(probe: &Probe<'_>) -> Verdict {
    let (before, key) = (probe.balances().await?, probe.key("conflict")?);
    probe.must_post(&probe.payment(1)?, &key).await?;
    match probe.core.post(&probe.payment(2)?, &key).await {
        Err(ConnectorError::KeyConflict) => {}
        other => return Err(format!("another voucher under the key: {other:?}")),
    }
    match probe.core.reverse(&probe.reversal(&key)?, &key).await {
        Err(ConnectorError::KeyConflict) => {}
        other => return Err(format!("a reversal under the key of its posting: {other:?}")),
    }
    probe.undo(&key).await?;
    probe.expect_balances(before, "after a conflict").await?;
    KEPT
}

async fn parallel(probe: &Probe<'_>) -> Verdict {
    let (before, key, voucher) = (probe.balances().await?, probe.key("parallel")?, probe.payment(1)?);
    let tries = join_all((0..PARALLEL_TRIES).map(|_| probe.core.post(&voucher, &key))).await;
    let mut references = Vec::new();
    for outcome in tries {
        match outcome {
            Ok(PostingOutcome::Posted { core_reference, .. }) => references.push(core_reference.0),
            // A core may leave the others without an answer, as long as it posts once.
            Err(ConnectorError::Unknown(_) | ConnectorError::NotSent(_)) => {}
            other => return Err(format!("one of several tries at once: {other:?}")),
        }
    }
    references.sort();
    references.dedup();
    if references.len() != 1 {
        return Err(format!("{} core references for one key", references.len()));
    }
    let moved = Balances { payer: before.payer - 1, payee: before.payee + 1 };
    probe.expect_balances(moved, "after tries at once").await?;
    probe.undo(&key).await?;
    KEPT
}

async fn query_posted(probe: &Probe<'_>) -> Verdict {
    let (key, meant) = (probe.key("query")?, probe.payment(1)?);
    let reference = probe.must_post(&meant, &key).await?;
    let found = probe.core.query(&key).await.map_err(no_answer)?;
    probe.undo(&key).await?;
    match found {
        QueryOutcome::Posted { core_reference, voucher, reverses: None, .. } => {
            if core_reference.0 != reference {
                Err("the query has another core reference".to_owned())
            } else if !voucher.moves_the_same(&meant) {
                Err("the query tells another voucher than was posted".to_owned())
            } else {
                KEPT
            }
        }
        _ => Err("a posted key is not told as posted".to_owned()),
    }
}

async fn query_never_seen(probe: &Probe<'_>) -> Verdict {
    match probe.core.query(&probe.key("never")?).await.map_err(no_answer)? {
        QueryOutcome::NeverSeen => KEPT,
        _ => Err("a key that was never used has an answer".to_owned()),
    }
}

async fn whole(probe: &Probe<'_>) -> Verdict {
    let (before, accounts) = (probe.balances().await?, probe.accounts);
    let lines = [(&accounts.payer, &accounts.payee, 1), (&accounts.payer, &accounts.unknown, 1)];
    probe.must_refuse(&probe.voucher(&lines)?, &probe.key("whole")?, "unknown_account").await?;
    probe.expect_balances(before, "after a refused voucher of two lines").await?;
    KEPT
}

async fn in_order(probe: &Probe<'_>) -> Verdict {
    let (before, accounts, key) = (probe.balances().await?, probe.accounts, probe.key("order")?);
    let above = probe.known_account(&accounts.payee).await?.available.minor().saturating_add(1);
    let payer = probe.known_account(&accounts.payer).await?.available.minor();
    if above > payer {
        return SKIPPED;
    }
    let there_and_back = [(&accounts.payer, &accounts.payee, above), (&accounts.payee, &accounts.payer, above)];
    probe.must_post(&probe.voucher(&there_and_back)?, &key).await?;
    let back_and_there = [there_and_back[1], there_and_back[0]];
    probe.must_refuse(&probe.voucher(&back_and_there)?, &probe.key("disorder")?, "insufficient_funds").await?;
    probe.expect_balances(before, "after money went there and back").await?;
    KEPT
}

async fn stays_refused(probe: &Probe<'_>) -> Verdict {
    let (before, lent, key) = (probe.balances().await?, probe.key("lent")?, probe.key("refused")?);
    probe.must_post(&probe.payment(1)?, &lent).await?;
    let available = probe.known_account(&probe.accounts.payer).await?.available.minor();
    let too_much = probe.payment(available.saturating_add(1))?;
    let first = probe.must_refuse(&too_much, &key, "insufficient_funds").await;
    // From here on the payer could pay.
    probe.undo(&lent).await?;
    first?;
    probe.must_refuse(&too_much, &key, "insufficient_funds").await?;
    match probe.core.query(&key).await.map_err(no_answer)? {
        QueryOutcome::Refused { code, .. } if code.as_str() == "insufficient_funds" => {}
        _ => return Err("a query does not tell the refusal".to_owned()),
    }
    probe.expect_balances(before, "after a refusal and its repeat").await?;
    KEPT
}

async fn insufficient(probe: &Probe<'_>) -> Verdict {
    let before = probe.balances().await?;
    let available = probe.known_account(&probe.accounts.payer).await?.available.minor();
    let too_much = probe.payment(available.saturating_add(1))?;
    probe.must_refuse(&too_much, &probe.key("too-much")?, "insufficient_funds").await?;
    probe.expect_balances(before, "after a refused payment").await?;
    KEPT
}

async fn to_unknown(probe: &Probe<'_>) -> Verdict {
    let voucher = probe.voucher(&[(&probe.accounts.payer, &probe.accounts.unknown, 1)])?;
    let before = probe.balances().await?;
    probe.must_refuse(&voucher, &probe.key("unknown")?, "unknown_account").await?;
    probe.expect_balances(before, "after a refused payment").await?;
    KEPT
}

async fn refuses_payer(probe: &Probe<'_>, name: &str, payer: Option<&AccountNo>, code: &str) -> Verdict {
    let Some(payer) = payer else {
        return SKIPPED;
    };
    let before = probe.balances().await?;
    let voucher = probe.voucher(&[(payer, &probe.accounts.payee, 1)])?;
    probe.must_refuse(&voucher, &probe.key(name)?, code).await?;
    probe.expect_balances(before, "after a refused payment").await?;
    KEPT
}

async fn closed_day(probe: &Probe<'_>) -> Verdict {
    let Some(day) = probe.accounts.closed_date else {
        return SKIPPED;
    };
    let before = probe.balances().await?;
    let voucher = probe.voucher_on(day, &[(&probe.accounts.payer, &probe.accounts.payee, 1)])?;
    probe.must_refuse(&voucher, &probe.key("closed-day")?, "day_closed").await?;
    probe.expect_balances(before, "after a refused payment").await?;
    KEPT
}

async fn reverses(probe: &Probe<'_>) -> Verdict {
    let (before, key) = (probe.balances().await?, probe.key("reverse")?);
    probe.must_post(&probe.payment(1)?, &key).await?;
    match (reverse(probe, &key, "reversal").await?, reverse(probe, &key, "reversal").await?) {
        (
            PostingOutcome::Posted { core_reference: first, .. },
            PostingOutcome::Posted { core_reference: second, .. },
        ) if first == second => {}
        _ => return Err("a reversal and its repeat have different answers".to_owned()),
    }
    refused_with(reverse(probe, &key, "second-reversal").await?, "already_reversed")?;
    match probe.core.query(&probe.key("reversal")?).await.map_err(no_answer)? {
        QueryOutcome::Posted { reverses: Some(original), .. } if original == key => {}
        _ => return Err("a query does not tell what a reversal reversed".to_owned()),
    }
    probe.expect_balances(before, "after a reversal and its repeat").await?;
    KEPT
}

async fn not_reversible(probe: &Probe<'_>) -> Verdict {
    let (before, key) = (probe.balances().await?, probe.key("twofold")?);
    probe.must_post(&probe.payment(1)?, &key).await?;
    probe.undo(&key).await?;
    let undone = probe.key("undo-twofold")?;
    refused_with(reverse(probe, &undone, "undo-undo").await?, "not_reversible")?;
    refused_with(reverse(probe, &probe.key("nothing")?, "undo-nothing").await?, "never_seen")?;
    probe.expect_balances(before, "after reversals that must be refused").await?;
    KEPT
}

async fn reverse(probe: &Probe<'_>, original: &PostingKey, name: &str) -> Result<PostingOutcome, String> {
    probe.core.reverse(&probe.reversal(original)?, &probe.key(name)?).await.map_err(no_answer)
}

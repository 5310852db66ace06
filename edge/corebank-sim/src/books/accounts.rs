//! Accounts: opening, standing, holds, names.
//!
//! A balance is credits less debits, seen from the bank: money that it owes the customer.
//! Internal accounts may be overdrawn; an opening balance comes out of one of them, so that the books always balance.

use sqlx::SqliteConnection;

use super::posting::{Asked, is_closed, opening_key};
use super::{Books, BooksError, Result, check};
use crate::wire::{
    AccountKind, AccountReply, AccountStatus, HoldRequest, LineRequest, Minor, OpenAccount, OpenAccounts, OpenedReply,
};

const UNKNOWN_ACCOUNT: BooksError =
    BooksError::NotFound { code: "unknown_account", text: "the account does not exist" };

impl Books {
    /// Opens all accounts or none; an account that was opened before with the same content is counted as existing.
    pub async fn open_accounts(&self, request: &OpenAccounts) -> Result<OpenedReply> {
        check::date(&request.business_date)?;
        for account in &request.accounts {
            check_opening(account)?;
        }
        let mut tx = self.write().await?;
        if is_closed(&mut tx, &request.business_date).await? {
            return Err(BooksError::Refused { code: "day_closed", text: "the business date is closed" });
        }
        let mut reply = OpenedReply { opened: 0, existing: 0 };
        for account in &request.accounts {
            let opening = serde_json::to_string(account)?;
            match opening_of(&mut tx, &account.account).await? {
                None => {
                    self.open_account(&mut tx, account, &opening, &request.business_date).await?;
                    reply.opened += 1;
                }
                Some(earlier) if earlier == opening => reply.existing += 1,
                Some(_) => {
                    return Err(BooksError::Conflict {
                        code: "account_exists",
                        text: "an account of the list exists with other content; none was opened",
                    });
                }
            }
        }
        tx.commit().await?;
        Ok(reply)
    }

    async fn open_account(
        &self,
        tx: &mut SqliteConnection,
        account: &OpenAccount,
        opening: &str,
        business_date: &str,
    ) -> Result<()> {
        insert(tx, account, opening, AccountStatus::Active).await?;
        let amount = account.opening_balance_minor;
        if amount.0 > 0 {
            let funding = funding_account(tx, &account.currency).await?;
            let key = opening_key(&account.account);
            let line = LineRequest {
                debit: funding,
                credit: account.account.clone(),
                amount_minor: amount,
                currency: account.currency.clone(),
                summary: "开户余额".to_owned(),
            };
            let asked = Asked {
                key: &key,
                kind: "opening",
                request: opening.to_owned(),
                business_date: Some(business_date),
                reference: "",
                reverses: None,
            };
            self.record(tx, &asked, None, &[line]).await?;
        }
        set_status(tx, &account.account, account.status).await
    }

    pub async fn account(&self, number: &str) -> Result<AccountReply> {
        check::account(number)?;
        let row: Option<(String, String, String, String, i64, i64)> = sqlx::query_as(
            "SELECT name, kind, status, currency, credit_minor - debit_minor, held_minor FROM account WHERE number = $1",
        )
        .bind(number)
        .fetch_optional(&self.readers)
        .await?;
        let (name, kind, status, currency, balance, held) = row.ok_or(UNKNOWN_ACCOUNT)?;
        Ok(AccountReply {
            account: number.to_owned(),
            name,
            kind: if kind == "customer" { AccountKind::Customer } else { AccountKind::Internal },
            status: parse_status(&status)?,
            currency,
            balance_minor: Minor(balance),
            held_minor: Minor(held),
            available_minor: Minor(balance - held),
        })
    }

    /// Whether `name` is the account's; never says what the name is.
    pub async fn name_matches(&self, number: &str, name: &str) -> Result<bool> {
        Ok(check::same_name(&self.account(number).await?.name, name))
    }

    /// Freezes, stops, closes or reactivates an account, as the core's own staff would.
    pub async fn set_status(&self, number: &str, status: AccountStatus) -> Result<()> {
        check::account(number)?;
        let mut tx = self.write().await?;
        set_status(&mut tx, number, status).await?;
        Ok(tx.commit().await?)
    }

    /// Sets an amount aside; the same hold twice is one hold.
    pub async fn place_hold(&self, number: &str, hold: &HoldRequest) -> Result<bool> {
        check::account(number)?;
        check::key(&hold.hold_id)?;
        check::free_text("reason", &hold.reason)?;
        if hold.amount_minor.0 <= 0 {
            return Err(BooksError::Invalid("an amount is above zero".to_owned()));
        }
        let mut tx = self.write().await?;
        if let Some((amount, reason, _)) = hold_of(&mut tx, number, &hold.hold_id).await? {
            return if (amount, reason.as_str()) == (hold.amount_minor.0, hold.reason.as_str()) {
                Ok(false)
            } else {
                Err(BooksError::Conflict { code: "hold_exists", text: "the hold exists with other content" })
            };
        }
        let (available,): (i64,) =
            sqlx::query_as("SELECT credit_minor - debit_minor - held_minor FROM account WHERE number = $1")
                .bind(number)
                .fetch_optional(&mut *tx)
                .await?
                .ok_or(UNKNOWN_ACCOUNT)?;
        if available < hold.amount_minor.0 {
            return Err(BooksError::Refused {
                code: "insufficient_funds",
                text: "the available balance does not cover the hold",
            });
        }
        sqlx::query("INSERT INTO hold (account, hold_id, amount_minor, reason) VALUES ($1, $2, $3, $4)")
            .bind(number)
            .bind(&hold.hold_id)
            .bind(hold.amount_minor.0)
            .bind(&hold.reason)
            .execute(&mut *tx)
            .await?;
        change_held(&mut tx, number, hold.amount_minor.0).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a hold; a hold that was ended before stays so.
    pub async fn release_hold(&self, number: &str, hold_id: &str) -> Result<()> {
        check::account(number)?;
        let mut tx = self.write().await?;
        let (amount, _, released) = hold_of(&mut tx, number, hold_id)
            .await?
            .ok_or(BooksError::NotFound { code: "unknown_hold", text: "the hold does not exist" })?;
        if released == 0 {
            sqlx::query("UPDATE hold SET released = 1 WHERE account = $1 AND hold_id = $2")
                .bind(number)
                .bind(hold_id)
                .execute(&mut *tx)
                .await?;
            change_held(&mut tx, number, -amount).await?;
        }
        Ok(tx.commit().await?)
    }
}

fn check_opening(account: &OpenAccount) -> Result<()> {
    check::account(&account.account)?;
    check::currency(&account.currency)?;
    check::free_text("name", &account.name)?;
    if account.name.trim().is_empty() {
        return Err(BooksError::Invalid("an account has a name".to_owned()));
    }
    if account.opening_balance_minor.0 < 0 {
        return Err(BooksError::Invalid("an opening balance is not negative".to_owned()));
    }
    Ok(())
}

async fn opening_of(tx: &mut SqliteConnection, number: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT opening FROM account WHERE number = $1").bind(number).fetch_optional(tx).await?;
    Ok(row.map(|(opening,)| opening))
}

async fn insert(tx: &mut SqliteConnection, account: &OpenAccount, opening: &str, status: AccountStatus) -> Result<()> {
    let kind = match account.kind {
        AccountKind::Customer => "customer",
        AccountKind::Internal => "internal",
    };
    sqlx::query("INSERT INTO account (number, name, currency, kind, status, opening) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(&account.account)
        .bind(&account.name)
        .bind(&account.currency)
        .bind(kind)
        .bind(status_text(status))
        .bind(opening)
        .execute(tx)
        .await?;
    Ok(())
}

/// The internal account that opening balances of a currency come out of.
async fn funding_account(tx: &mut SqliteConnection, currency: &str) -> Result<String> {
    let number = format!("OPENING-{currency}");
    if opening_of(tx, &number).await?.is_none() {
        let account = OpenAccount {
            account: number.clone(),
            name: "开户余额对应科目".to_owned(),
            currency: currency.to_owned(),
            kind: AccountKind::Internal,
            status: AccountStatus::Active,
            opening_balance_minor: Minor(0),
        };
        let opening = serde_json::to_string(&account)?;
        insert(tx, &account, &opening, AccountStatus::Active).await?;
    }
    Ok(number)
}

async fn set_status(tx: &mut SqliteConnection, number: &str, status: AccountStatus) -> Result<()> {
    let done = sqlx::query("UPDATE account SET status = $2 WHERE number = $1")
        .bind(number)
        .bind(status_text(status))
        .execute(tx)
        .await?;
    if done.rows_affected() == 0 { Err(UNKNOWN_ACCOUNT) } else { Ok(()) }
}

async fn hold_of(tx: &mut SqliteConnection, number: &str, hold_id: &str) -> Result<Option<(i64, String, i64)>> {
    let row = sqlx::query_as("SELECT amount_minor, reason, released FROM hold WHERE account = $1 AND hold_id = $2")
        .bind(number)
        .bind(hold_id)
        .fetch_optional(tx)
        .await?;
    Ok(row)
}

async fn change_held(tx: &mut SqliteConnection, number: &str, by: i64) -> Result<()> {
    sqlx::query("UPDATE account SET held_minor = held_minor + $2 WHERE number = $1")
        .bind(number)
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

fn status_text(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Active => "active",
        AccountStatus::StopPayment => "stop_payment",
        AccountStatus::Frozen => "frozen",
        AccountStatus::Closed => "closed",
    }
}

fn parse_status(text: &str) -> Result<AccountStatus> {
    match text {
        "active" => Ok(AccountStatus::Active),
        "stop_payment" => Ok(AccountStatus::StopPayment),
        "frozen" => Ok(AccountStatus::Frozen),
        "closed" => Ok(AccountStatus::Closed),
        _ => Err(BooksError::Damaged("an account has an unknown status")),
    }
}

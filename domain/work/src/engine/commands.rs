//! Commands on single work items, with what follows for the people at their stations.

use super::Engine;
use crate::item::{self, Director};
use crate::model::HoldEnd;
use journal::{Answer, Command, Outcome};
use kernel::calendar::BusinessDate;
use kernel::{PersonId, WorkItemId};
use permission::{Permit, act};

impl Engine {
    /// Gives work back with a reason code and what the person wrote beside it: a command. The person gets other work before this answers.
    pub async fn hand_back(
        &self,
        command: Command,
        permit: &Permit<act::TakeWork>,
        id: &WorkItemId,
        fence: i64,
        reason_code: &str,
        note: Option<&str>,
    ) -> Answer<Outcome<()>> {
        let (person, work, reason) = (permit.person_id().clone(), id.clone(), reason_code.to_owned());
        let note = note.map(str::to_owned);
        let outcome = self
            .journal
            .run(command, move |mut cx| {
                let (person, work, reason, note) = (person.clone(), work.clone(), reason.clone(), note.clone());
                Box::pin(async move {
                    let note = note.as_deref();
                    Ok(item::hand_back(&mut cx, &person, &work, fence, &reason, note).await?.done(()))
                })
            })
            .await?;
        // A late repeat takes nothing away: the person may hold the same work again. What its first run left undone the next round finds.
        if matches!(outcome, Outcome::Done(())) {
            self.taken_away(permit.person_id(), id, HoldEnd::HandedBack).await?;
            self.wake();
        }
        Ok(outcome)
    }

    /// Reserves work for one person: a command. Who held it is told, and the new person has it when they are free.
    pub async fn reassign(
        &self,
        command: Command,
        permit: &Permit<act::SuperviseWork>,
        id: &WorkItemId,
        to: &PersonId,
        reason: &str,
        today: BusinessDate,
    ) -> Answer<Outcome<()>> {
        let (by, work, person, why) = (Director::of(permit), id.clone(), to.clone(), reason.to_owned());
        let outcome = self
            .journal
            .run(command, move |mut cx| {
                let (by, work, person, why) = (by.clone(), work.clone(), person.clone(), why.clone());
                Box::pin(async move {
                    let (before, receipt) = item::reassign_within(&mut cx, &by, &work, &person, &why, today).await?;
                    Ok(receipt.done(before.map(String::from).unwrap_or_default()))
                })
            })
            .await?;
        let before = match &outcome {
            Outcome::Done(before) => PersonId::parse(before).ok(),
            Outcome::AlreadyDone(_) | Outcome::ConflictsWithEarlier => None,
        };
        if let Some(before) = before {
            self.taken_away(&before, id, HoldEnd::Reassigned).await?;
        }
        self.serve_waiting(to).await?;
        self.wake();
        Ok(emptied(outcome))
    }

    /// Puts work into another class: a command.
    pub async fn set_priority(
        &self,
        command: Command,
        permit: &Permit<act::SuperviseWork>,
        id: &WorkItemId,
        class: i64,
        reason: &str,
    ) -> Answer<Outcome<()>> {
        let (by, work, why) = (Director::of(permit), id.clone(), reason.to_owned());
        let outcome = self
            .journal
            .run(command, move |mut cx| {
                let (by, work, why) = (by.clone(), work.clone(), why.clone());
                Box::pin(
                    async move { Ok(item::set_priority_within(&mut cx, &by, &work, class, &why).await?.done(())) },
                )
            })
            .await;
        self.timers.board_changed();
        outcome
    }
}

fn emptied(outcome: Outcome<String>) -> Outcome<()> {
    match outcome {
        Outcome::Done(_) => Outcome::Done(()),
        Outcome::AlreadyDone(_) => Outcome::AlreadyDone(()),
        Outcome::ConflictsWithEarlier => Outcome::ConflictsWithEarlier,
    }
}

//! Commands on single work items, with what follows for the people at their stations.

use super::Engine;
use crate::item::{self, Director};
use crate::model::HoldEnd;
use journal::{Answer, Command, Outcome};
use kernel::calendar::BusinessDate;
use kernel::{PersonId, WorkItemId};
use permission::{Permit, act};

impl Engine {
    /// Somebody gave work back in a command that has committed: they get other work before this answers, and somebody else gets this.
    /// Not for a repeat of the command: the person may hold the same work again. What a first run left undone the next round finds.
    pub async fn handed_back(&self, person: &PersonId, id: &WorkItemId) -> Answer<()> {
        self.taken_away(person, id, HoldEnd::HandedBack).await?;
        self.wake();
        Ok(())
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
                Box::pin(async move { Ok(item::set_priority_within(&mut cx, &by, &work, class, &why).await?.done(())) })
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

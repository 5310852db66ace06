//! A state machine as one table that everything else is derived from.
//!
//! The same `TRANSITIONS` constant drives the check in the domain, the SQL `CHECK` test, the diagram in the documents
//! and the front end's `can.*`, so that they cannot disagree.

use std::fmt::Debug;

/// A machine: `(from, action, to)` rows over a state enum and an action enum.
#[derive(Debug)]
pub struct Transitions<S: 'static, A: 'static> {
    /// The machine's name in the documents, such as `item`.
    pub name: &'static str,
    pub rows: &'static [(S, A, S)],
}

/// The refused move, with both words a user needs: what was asked, and what the thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cannot {action:?} what is {state:?}")]
pub struct WrongState<S: Debug, A: Debug> {
    pub state: S,
    pub action: A,
}

impl<S: Copy + PartialEq + Debug, A: Copy + PartialEq + Debug> Transitions<S, A> {
    /// The state after `action`, or the refusal that names both.
    pub fn next(&self, state: S, action: A) -> Result<S, WrongState<S, A>> {
        self.rows
            .iter()
            .find(|(from, by, _)| *from == state && *by == action)
            .map(|(_, _, to)| *to)
            .ok_or(WrongState { state, action })
    }

    /// The actions that are open in `state`, in table order.
    pub fn actions(&self, state: S) -> impl Iterator<Item = A> + '_ {
        self.rows.iter().filter(move |(from, _, _)| *from == state).map(|(_, by, _)| *by)
    }

    /// A Mermaid state diagram for the documents.
    pub fn diagram(&self) -> String {
        let mut out = String::from("stateDiagram-v2\n");
        for (from, by, to) in self.rows {
            out.push_str(&format!("    {from:?} --> {to:?}: {by:?}\n"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Door {
        Open,
        Shut,
    }
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Act {
        Push,
        Pull,
    }
    const DOOR: Transitions<Door, Act> =
        Transitions { name: "door", rows: &[(Door::Open, Act::Push, Door::Shut), (Door::Shut, Act::Pull, Door::Open)] };

    #[test]
    fn a_move_outside_the_table_names_the_action_and_the_state() {
        assert_eq!(DOOR.next(Door::Open, Act::Push), Ok(Door::Shut));
        let refused = DOOR.next(Door::Open, Act::Pull).expect_err("not in the table");
        assert_eq!(refused.to_string(), "cannot Pull what is Open");
        assert_eq!(DOOR.actions(Door::Shut).collect::<Vec<_>>(), [Act::Pull]);
        assert!(DOOR.diagram().contains("Open --> Shut: Push"));
    }
}

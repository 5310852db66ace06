//! What the engine says to a station, numbered so that a station that was cut off can ask for what it missed.

use crate::model::{HoldEnd, Lease};
use crate::presence::Presence;
use kernel::{PersonId, WorkItemId};
use std::collections::VecDeque;
use std::sync::Arc;

/// Frames kept per session for a reconnect. A keyer's busiest minute is some hundred frames, a reconnect takes seconds.
const RING_MAX: usize = 256;

/// One thing said to a station. The edge gives it its wire shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// The first frame of every connection. After `resumed: false` the station throws away what it knows and starts from this.
    Hello {
        presence: Presence,
        leases: Vec<Lease>,
        resumed: bool,
    },
    Assigned(Lease),
    /// The work is with the person no more, and not because they finished it.
    Released {
        work_item_id: WorkItemId,
        why: HoldEnd,
    },
    Presence(Presence),
    /// From a supervisor, or from the engine when `from` is absent.
    Message {
        text_zh: String,
        text_en: String,
        from: Option<PersonId>,
    },
    /// Something of the listener's institution changed; the areas above say what, the engine carries it.
    News(serde_json::Value),
    /// The figures on the supervisors' board changed; at most once a second.
    Board,
}

/// A frame with its place in the session's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbered {
    pub seq: u64,
    pub frame: Arc<Frame>,
}

/// The last frames of one session.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    kept: VecDeque<Arc<Frame>>,
    /// Number of the last frame; 0 before the first.
    last: u64,
}

/// What a reader finds behind its place.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Frame(Numbered),
    /// Nothing yet.
    Empty,
    /// The next frame is gone, or was never made here: the reader must start anew at the end.
    Gap,
}

impl Ring {
    pub fn push(&mut self, frame: Arc<Frame>) {
        if self.kept.len() == RING_MAX {
            self.kept.pop_front();
        }
        self.kept.push_back(frame);
        self.last += 1;
    }

    pub fn last(&self) -> u64 {
        self.last
    }

    pub fn after(&self, seq: u64) -> Next {
        if seq == self.last {
            return Next::Empty;
        }
        let first = self.last - self.kept.len() as u64 + 1;
        let place = seq.checked_add(1).filter(|next| seq < self.last && *next >= first).map(|next| next - first);
        match place.and_then(|place| usize::try_from(place).ok()).and_then(|place| self.kept.get(place)) {
            Some(frame) => Next::Frame(Numbered { seq: seq + 1, frame: Arc::clone(frame) }),
            None => Next::Gap,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seqs_after(ring: &Ring, mut seq: u64) -> (Vec<u64>, bool) {
        let mut found = Vec::new();
        loop {
            match ring.after(seq) {
                Next::Frame(numbered) => {
                    seq = numbered.seq;
                    found.push(seq);
                }
                Next::Empty => return (found, false),
                Next::Gap => return (found, true),
            }
        }
    }

    #[test]
    fn a_station_that_was_cut_off_gets_exactly_what_it_missed() {
        let mut ring = Ring::default();
        assert_eq!(ring.after(0), Next::Empty);
        (0..5).for_each(|_| ring.push(Arc::new(Frame::Board)));
        assert_eq!(seqs_after(&ring, 0), (vec![1, 2, 3, 4, 5], false));
        assert_eq!(seqs_after(&ring, 3), (vec![4, 5], false));
        assert_eq!(seqs_after(&ring, 5), (vec![], false));
    }

    #[test]
    fn a_station_that_missed_too_much_or_comes_from_elsewhere_starts_anew() {
        let mut ring = Ring::default();
        (0..RING_MAX + 10).for_each(|_| ring.push(Arc::new(Frame::Board)));
        assert_eq!(ring.after(9), Next::Gap, "frame 10 is gone");
        assert_eq!(seqs_after(&ring, 10).0.len(), RING_MAX);
        for elsewhere in [ring.last() + 1, u64::MAX] {
            assert_eq!(ring.after(elsewhere), Next::Gap, "{elsewhere}");
        }
        assert_eq!(Ring::default().after(7), Next::Gap);
    }
}

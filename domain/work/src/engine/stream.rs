//! One connection of a station: an endless row of numbered frames.

use super::frame::{Frame, Next, Numbered};
use super::hub::Hub;
use kernel::{Clock, Instant, PersonId, SessionId};
use std::sync::Arc;
use tokio::sync::Notify;

/// The frames of one connection. Dropping it says that the connection is gone; the session may come back for a moment.
pub struct Stream {
    pub(super) hub: Arc<Hub>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) person: PersonId,
    pub(super) session: SessionId,
    pub(super) connection: u64,
    pub(super) notify: Arc<Notify>,
    /// The number up to which the station has heard; `None` before a hello that starts anew.
    pub(super) heard: Option<u64>,
    /// The hello that resumes has been said.
    pub(super) greeted: bool,
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stream({}, connection {})", self.session, self.connection)
    }
}

enum Poll {
    Frame(Numbered),
    Wait,
    Ended,
}

impl Stream {
    /// The next frame; waits for it. `None` when a newer connection of the session has taken over, or the session ended.
    /// The first is always a hello. May be dropped while it waits, nothing is lost.
    pub async fn next(&mut self) -> Option<Numbered> {
        loop {
            match self.poll() {
                Poll::Frame(numbered) => return Some(numbered),
                Poll::Ended => return None,
                Poll::Wait => self.notify.notified().await,
            }
        }
    }

    /// The next frame that is there already.
    pub fn now(&mut self) -> Option<Numbered> {
        match self.poll() {
            Poll::Frame(numbered) => Some(numbered),
            Poll::Wait | Poll::Ended => None,
        }
    }

    fn poll(&mut self) -> Poll {
        let now = self.clock.now();
        let hub = Arc::clone(&self.hub);
        let known = hub.known();
        let Some(channel) = known.channels.get(&self.session).filter(|it| it.connection == self.connection) else {
            return Poll::Ended;
        };
        let next = self.heard.map_or(Next::Gap, |heard| channel.ring.after(heard));
        let resumed = next != Next::Gap;
        if !self.greeted || !resumed {
            let seq = if resumed { self.heard.unwrap_or_default() } else { channel.ring.last() };
            let Some(hello) = self.hello(&known, resumed, now) else { return Poll::Ended };
            self.heard = Some(seq);
            self.greeted = true;
            return Poll::Frame(Numbered { seq, frame: Arc::new(hello) });
        }
        match next {
            Next::Frame(numbered) => {
                self.heard = Some(numbered.seq);
                Poll::Frame(numbered)
            }
            Next::Empty | Next::Gap => Poll::Wait,
        }
    }

    fn hello(&self, known: &super::hub::Known, resumed: bool, now: Instant) -> Option<Frame> {
        let operator = known.people.get(&self.person)?;
        let here = operator.row.session == self.session;
        let leases = if here { operator.sorted_leases() } else { Vec::new() };
        Some(Frame::Hello { presence: operator.presence(now), leases, resumed })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let now = self.clock.now();
        let mut known = self.hub.known();
        if let Some(channel) = known.channels.get_mut(&self.session)
            && channel.connection == self.connection
        {
            channel.closed_at = Some(now);
        }
    }
}

//! One room: who is in it, what was said, and the delivery to its members.

use std::collections::{BTreeMap, VecDeque};

use axum::extract::ws::Utf8Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::name::Name;
use crate::protocol::{Event, Said, Why};

/// One room. No method waits, so that a lock around it is held for a moment only.
#[derive(Debug)]
pub(crate) struct Room {
    members: BTreeMap<Name, Member>,
    history: VecDeque<Said>,
    longest_history: usize,
    next_id: MemberId,
}

/// Distinguishes a member from an earlier one of the same name.
pub(crate) type MemberId = u64;

#[derive(Debug)]
struct Member {
    id: MemberId,
    events: mpsc::Sender<Utf8Bytes>,
    removed: CancellationToken,
}

/// The events that wait for one member.
#[derive(Debug)]
pub struct Queue {
    events: mpsc::Receiver<Utf8Bytes>,
    removed: CancellationToken,
}

impl Queue {
    /// The next event, as JSON. `None` if the member was removed, and all that was queued before has been received.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no event is lost.
    pub async fn recv(&mut self) -> Option<Utf8Bytes> {
        self.events.recv().await
    }

    /// Waits for at least one event, and moves up to `limit` of them to the end of `events`. Returns how many; 0 if the
    /// member was removed, and all that was queued before has been received.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no event is lost.
    pub async fn recv_many(&mut self, events: &mut Vec<Utf8Bytes>, limit: usize) -> usize {
        self.events.recv_many(events, limit).await
    }

    /// Is cancelled when the member is removed because its queue was full.
    pub fn removed(&self) -> CancellationToken {
        self.removed.clone()
    }
}

impl Room {
    pub(crate) fn new(longest_history: usize) -> Self {
        Self {
            members: BTreeMap::new(),
            history: VecDeque::with_capacity(longest_history),
            longest_history,
            next_id: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(crate) fn has(&self, name: &Name) -> bool {
        self.members.contains_key(name)
    }

    pub(crate) fn names(&self) -> Vec<Name> {
        self.members.keys().cloned().collect()
    }

    /// Adds a member with an empty queue, welcomes it, and tells the others. The room must not have this name.
    pub(crate) fn join(&mut self, room: &Name, name: &Name, capacity: usize) -> (MemberId, Queue) {
        self.deliver(&Event::Joined { name: name.clone() });
        let (tx, events) = mpsc::channel(capacity.max(1));
        let removed = CancellationToken::new();
        let id = self.next_id;
        self.next_id += 1;
        let member = Member {
            id,
            events: tx,
            removed: removed.clone(),
        };
        self.members.insert(name.clone(), member);
        let welcome = json(&Event::Welcome {
            room: room.clone(),
            name: name.clone(),
            members: self.names(),
            history: self.history.iter().cloned().collect(),
        });
        let _ = self.members[name].events.try_send(welcome); // the queue is empty
        (id, Queue { events, removed })
    }

    /// Delivers a message. Does nothing if this member is no longer in the room.
    pub(crate) fn say(&mut self, id: MemberId, said: Said) {
        if self
            .members
            .get(&said.from)
            .is_none_or(|member| member.id != id)
        {
            return;
        }
        self.deliver(&Event::Said(said.clone()));
        if self.history.len() == self.longest_history {
            self.history.pop_front();
        }
        if self.longest_history > 0 {
            self.history.push_back(said);
        }
    }

    /// Removes a member, and tells the others. Does nothing if it is gone, even if another one has its name now.
    pub(crate) fn leave(&mut self, name: &Name, id: MemberId, why: Why) {
        if self.members.get(name).is_some_and(|member| member.id == id) {
            self.members.remove(name);
            let name = name.clone();
            self.deliver(&Event::Left { name, why });
        }
    }

    /// Puts an event into the queue of each member. A member whose queue is full is removed, and the others are told: that
    /// may find the next full queue.
    fn deliver(&mut self, event: &Event) {
        let mut waiting = VecDeque::from([json(event)]);
        while let Some(event) = waiting.pop_front() {
            let is_full = |member: &Member| {
                let sent = member.events.try_send(event.clone());
                matches!(sent, Err(mpsc::error::TrySendError::Full(_)))
            };
            for (name, member) in self.members.extract_if(.., |_, member| is_full(member)) {
                member.removed.cancel();
                let why = Why::Slow;
                waiting.push_back(json(&Event::Left { name, why }));
            }
        }
    }
}

/// The event as it is sent. It is written once, and its bytes are shared by all queues.
fn json(event: &Event) -> Utf8Bytes {
    let json = serde_json::to_string(event);
    json.expect("an event has no maps, and fails nowhere")
        .into()
}

#[cfg(test)]
mod tests;

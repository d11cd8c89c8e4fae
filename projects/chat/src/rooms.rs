//! All rooms.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use crate::limits::Limits;
use crate::name::Name;
use crate::protocol::{Said, Text, Why};
use crate::room::{MemberId, Queue, Room};

/// The rooms of a server. Clones share them.
///
/// No method waits. The lock of the map is taken before that of a room, and never the other way round.
#[derive(Debug, Clone)]
pub struct Chat {
    rooms: Arc<Mutex<HashMap<Name, Shared>>>,
    limits: Limits,
}

type Shared = Arc<Mutex<Room>>;

/// Why a member could not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JoinError {
    /// Another member of the room has this name.
    #[error("this name is taken")]
    Taken,
    /// The room has as many members as it may have.
    #[error("the room is full")]
    Full,
    /// There are as many rooms as there may be.
    #[error("there are too many rooms")]
    Rooms,
}

/// A member's place in a room. When it is dropped, the member leaves, and the others are told that its connection was lost.
#[derive(Debug)]
pub struct Membership {
    chat: Chat,
    room: Name,
    shared: Shared,
    name: Name,
    id: MemberId,
    why: Why,
}

impl Chat {
    /// Without rooms.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            rooms: Arc::default(),
            limits,
        }
    }

    /// The limits of this chat.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Adds a member to a room, which is created if there is none of this name. The first event in the queue is
    /// [`Event::Welcome`](crate::Event::Welcome); the other members receive [`Event::Joined`](crate::Event::Joined).
    ///
    /// # Errors
    ///
    /// If the name is taken, or a limit is reached.
    pub fn join(&self, room: &Name, name: &Name) -> Result<(Membership, Queue), JoinError> {
        let mut rooms = lock(&self.rooms);
        if !rooms.contains_key(room) && rooms.len() == self.limits.rooms {
            return Err(JoinError::Rooms);
        }
        let shared = rooms.entry(room.clone());
        let shared = shared.or_insert_with(|| Arc::new(Mutex::new(Room::new(self.limits.history))));
        let mut place = lock(shared);
        if place.has(name) {
            return Err(JoinError::Taken);
        }
        if place.len() >= self.limits.members {
            return Err(JoinError::Full);
        }
        let (id, queue) = place.join(room, name, self.limits.queue);
        let membership = Membership {
            chat: self.clone(),
            room: room.clone(),
            shared: Arc::clone(shared),
            name: name.clone(),
            id,
            why: Why::Lost,
        };
        Ok((membership, queue))
    }

    /// The members of a room, in the order of their names. A room without members does not exist, and has none.
    #[must_use]
    pub fn members(&self, room: &Name) -> Vec<Name> {
        let rooms = lock(&self.rooms);
        rooms
            .get(room)
            .map_or_else(Vec::new, |room| lock(room).names())
    }
}

impl Membership {
    /// The name of the member.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Delivers a message to all members, this one included. Members whose queues are full are removed. If this member has
    /// been removed, nothing is delivered.
    pub fn say(&self, text: Text) {
        let from = self.name.clone();
        lock(&self.shared).say(self.id, Said { from, text });
    }

    /// Leaves, and tells the others why.
    pub fn leave(mut self, why: Why) {
        self.why = why;
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        let mut rooms = lock(&self.chat.rooms);
        let mut room = lock(&self.shared);
        room.leave(&self.name, self.id, self.why);
        if room.is_empty() {
            drop(room);
            self.forget(&mut rooms);
        }
    }
}

impl Membership {
    /// Removes the room from the map, if it is still this one: the last two members may have been removed at once.
    fn forget(&self, rooms: &mut HashMap<Name, Shared>) {
        if rooms
            .get(&self.room)
            .is_some_and(|room| Arc::ptr_eq(room, &self.shared))
        {
            rooms.remove(&self.room);
        }
    }
}

/// The state is valid after every statement, so that a panic elsewhere is no reason to stop.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> Name {
        name.parse().expect("valid")
    }

    #[test]
    fn a_room_exists_as_long_as_it_has_members() {
        let chat = Chat::new(Limits {
            rooms: 1,
            ..Limits::default()
        });
        let first = chat.join(&name("lobby"), &name("ann")).expect("joins");
        let second = chat.join(&name("other"), &name("ann"));
        assert_eq!(second.expect_err("one room only"), JoinError::Rooms);
        drop(first);
        chat.join(&name("other"), &name("ann"))
            .expect("the lobby is gone");
    }

    #[test]
    fn refuses_a_name_that_is_taken_and_a_full_room() {
        let chat = Chat::new(Limits {
            members: 1,
            ..Limits::default()
        });
        let _ann = chat.join(&name("lobby"), &name("ann")).expect("joins");
        let refused = |member| chat.join(&name("lobby"), &name(member)).err();
        assert_eq!(refused("ann"), Some(JoinError::Taken));
        assert_eq!(refused("bob"), Some(JoinError::Full));
    }

    #[test]
    fn a_room_that_lost_all_members_to_full_queues_is_forgotten() {
        let chat = Chat::new(Limits {
            queue: 1,
            ..Limits::default()
        });
        let (ann, _queue) = chat.join(&name("lobby"), &name("ann")).expect("joins");
        let text = String::from("hi").try_into().expect("valid");
        ann.say(text);
        assert!(chat.members(&name("lobby")).is_empty());
        drop(ann);
        assert!(lock(&chat.rooms).is_empty());
    }
}

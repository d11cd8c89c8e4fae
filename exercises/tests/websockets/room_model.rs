//! What a room should do, step by step, and the members of the room that is graded beside it.

use std::collections::VecDeque;
use std::num::NonZeroUsize;

use exercises::websockets::{Event, Member, MemberId, NameTaken, Reason, Room};
use futures::FutureExt;
use tokio::task::unconstrained;

use super::list;

/// A member in the model.
#[derive(Clone)]
pub(super) struct Expected {
    name: String,
    queue: VecDeque<Event>,
    in_room: bool,
    /// Whether its `Member` exists.
    exists: bool,
}

/// What a room should do.
#[derive(Clone)]
pub(super) struct Model {
    capacity: usize,
    /// All that have ever joined, in that order.
    members: Vec<Expected>,
    /// Whether the `Left` of a member has filled another queue.
    pub(super) cascaded: bool,
    /// A mistake: the `Left`s that an event causes are passed on before those that wait.
    in_front: bool,
}

impl Model {
    fn new(capacity: usize) -> Self {
        Self {
            capacity,
            members: Vec::new(),
            cascaded: false,
            in_front: false,
        }
    }

    fn publish(&mut self, mut events: VecDeque<Event>) {
        while let Some(event) = events.pop_front() {
            let waiting = events.len();
            for member in self.members.iter_mut().filter(|member| member.in_room) {
                if member.queue.len() < self.capacity {
                    member.queue.push_back(event.clone());
                } else {
                    member.in_room = false;
                    self.cascaded |= matches!(event, Event::Left(..));
                    events.push_back(Event::Left(member.name.clone(), Reason::TooSlow));
                }
            }
            if self.in_front {
                events.rotate_left(waiting);
            }
        }
    }

    fn remove_dropped(&mut self) {
        let mut left = VecDeque::new();
        for member in &mut self.members {
            if member.in_room && !member.exists {
                member.in_room = false;
                left.push_back(Event::Left(member.name.clone(), Reason::Dropped));
            }
        }
        self.publish(left);
    }

    fn join(&mut self, name: &str) -> Result<(), NameTaken> {
        self.remove_dropped();
        if self
            .members
            .iter()
            .any(|member| member.in_room && member.name == name)
        {
            return Err(NameTaken);
        }
        self.publish([Event::Joined(name.to_owned())].into());
        self.members.push(Expected {
            name: name.to_owned(),
            queue: VecDeque::new(),
            in_room: true,
            exists: true,
        });
        Ok(())
    }

    fn say(&mut self, from: usize, text: &str) {
        self.remove_dropped();
        if self.members[from].in_room {
            let said = Event::Said(self.members[from].name.clone(), text.to_owned());
            self.publish([said].into());
        }
    }

    fn drop_member(&mut self, who: usize) {
        self.members[who].exists = false;
    }

    fn names(&self) -> Vec<String> {
        let present = self
            .members
            .iter()
            .filter(|member| member.in_room && member.exists);
        present.map(|member| member.name.clone()).collect()
    }

    /// What the next `recv` returns, if it is ready.
    fn recv(&mut self, who: usize) -> Option<Result<Event, Reason>> {
        let member = &mut self.members[who];
        match member.queue.pop_front() {
            Some(event) => Some(Ok(event)),
            None if member.in_room => None,
            None => Some(Err(Reason::TooSlow)),
        }
    }
}

/// What a member has received, and should have.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) name: String,
    pub(super) expected: Vec<Event>,
    pub(super) seen: Vec<Event>,
    /// The error that follows, if there is one.
    pub(super) expected_end: Option<Reason>,
    pub(super) seen_end: Option<Reason>,
}

impl Received {
    pub(super) fn is_right(&self) -> bool {
        self.expected == self.seen && self.expected_end == self.seen_end
    }
}

/// A room and its model, and the members of both.
pub(super) struct Pair {
    pub(super) room: Room,
    pub(super) model: Model,
    members: Vec<Option<Member>>,
    ids: Vec<MemberId>,
    received: Vec<Received>,
}

impl Pair {
    pub(super) fn new(capacity: usize) -> Self {
        let not_zero = NonZeroUsize::new(capacity).expect("a room with queues");
        Self {
            room: Room::new(not_zero),
            model: Model::new(capacity),
            members: Vec::new(),
            ids: Vec::new(),
            received: Vec::new(),
        }
    }

    /// How many have joined, in the model.
    pub(super) fn count(&self) -> usize {
        self.model.members.len()
    }

    /// What the room and the model say about this name. Both go on with the member if both have taken it.
    pub(super) fn join(&mut self, name: &str) -> (bool, bool) {
        let (seen, expected) = (self.room.join(name), self.model.join(name));
        let results = (seen.is_ok(), expected.is_ok());
        if let (Ok(member), Ok(())) = (seen, expected) {
            self.ids.push(member.id());
            self.members.push(Some(member));
            self.received.push(Received {
                name: name.to_owned(),
                expected: Vec::new(),
                seen: Vec::new(),
                expected_end: None,
                seen_end: None,
            });
        }
        results
    }

    pub(super) fn id(&self, who: usize) -> MemberId {
        self.ids[who]
    }

    pub(super) fn say(&mut self, from: usize, text: &str) {
        self.room.say(self.ids[from], text);
        self.model.say(from, text);
    }

    pub(super) fn exists(&self, who: usize) -> bool {
        self.members[who].is_some()
    }

    pub(super) fn drop_member(&mut self, who: usize) {
        if self.members[who].take().is_some() {
            self.model.drop_member(who);
        }
    }

    pub(super) fn leave(&mut self, who: usize) {
        if let Some(member) = self.members[who].take() {
            self.room.leave(member);
            self.model.drop_member(who);
            self.model.remove_dropped();
        }
    }

    /// Lets a member receive up to `most` events, as many as the model has at most.
    pub(super) fn receive(&mut self, who: usize, most: usize) {
        let Some(member) = &mut self.members[who] else {
            return;
        };
        let received = &mut self.received[who];
        for _ in 0..most {
            let expected = self.model.recv(who);
            let seen = unconstrained(member.recv()).now_or_never();
            if seen.is_none() && expected.is_none() {
                return;
            }
            match expected {
                Some(Ok(event)) => received.expected.push(event),
                Some(Err(reason)) => received.expected_end = Some(reason),
                None => {}
            }
            match seen {
                Some(Ok(event)) => received.seen.push(event),
                Some(Err(reason)) => received.seen_end = Some(reason),
                None => {}
            }
            if received.expected_end.is_some() && received.seen_end.is_some() {
                return;
            }
        }
    }

    /// The room in the model, as it is now.
    pub(super) fn queues(&self) -> Model {
        self.model.clone()
    }

    /// Whether the last member says the last text `before`, and what this member has received is explained by `Left`s that are
    /// added in front of others.
    pub(super) fn is_added_in_front(&self, before: &Model, wrong: &Received) -> bool {
        let mut model = before.clone();
        model.in_front = true;
        let last = model.members.len() - 1;
        model.say(last, "the last text");
        let who = model
            .members
            .iter()
            .position(|member| member.name == wrong.name);
        let queue = who.map(|who| model.members[who].queue.clone());
        queue.is_some_and(|queue| {
            let queue: Vec<_> = queue.into();
            wrong.seen.ends_with(&queue) && !wrong.expected.ends_with(&queue)
        })
    }

    /// Lets every member receive everything. Returns what they have received.
    pub(super) fn receive_all(&mut self) -> Vec<Received> {
        for who in 0..self.members.len() {
            self.receive(who, 2_000);
        }
        self.received.clone()
    }

    /// The first one that has not received what it should have.
    pub(super) fn first_wrong(&mut self) -> Option<Received> {
        self.receive_all()
            .into_iter()
            .find(|received| !received.is_right())
    }

    /// The names that the room says, and should say.
    pub(super) fn names(&self) -> (Vec<String>, Vec<String>) {
        (self.room.names(), self.model.names())
    }
}

/// `[a joins, a: hello, b leaves (TooSlow)]`
pub(super) fn shown_events(events: &[Event], end: Option<Reason>) -> String {
    let mut shown: Vec<_> = events.iter().map(shown_event).collect();
    shown.extend(end.map(|reason| format!("Err({reason:?})")));
    list(shown.into_iter())
}

pub(super) fn shown_event(event: &Event) -> String {
    match event {
        Event::Joined(name) => format!("{name} joins"),
        Event::Said(name, text) => format!("{name} says {text:?}"),
        Event::Left(name, reason) => format!("{name} leaves ({reason:?})"),
    }
}

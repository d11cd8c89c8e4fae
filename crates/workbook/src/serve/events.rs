//! What every open page should know, as events.
//!
//! Only the latest event of each kind and name is kept, under a number that grows. A subscriber asks for the events
//! after the last number that it has seen. So a slow subscriber misses only values that have been replaced in the
//! meantime, and no queue grows.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio::sync::watch;

/// The latest events.
#[derive(Debug)]
pub struct Events {
    latest: Mutex<BTreeMap<(&'static str, String), Event>>,
    /// The number of the newest event.
    newest: watch::Sender<u64>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub number: u64,
    /// Its kind: the name of the server-sent event.
    pub kind: &'static str,
    /// Its value as JSON.
    pub json: String,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            latest: Mutex::default(),
            newest: watch::Sender::new(0),
        }
    }
}

impl Events {
    /// Publishes a value in place of the last one of this kind and name. An unchanged value is not published
    /// again.
    pub fn publish(&self, kind: &'static str, name: &str, value: &impl Serialize) {
        let json = serde_json::to_string(value).expect("an event is plain data");
        let mut latest = self.latest();
        let key = (kind, name.to_owned());
        if latest.get(&key).is_some_and(|event| event.json == json) {
            return;
        }
        // Under the lock, so that a subscriber that sees the number also finds the event.
        self.newest.send_modify(|newest| {
            *newest += 1;
            let number = *newest;
            latest.insert(key, Event { number, kind, json });
        });
    }

    /// The events after this number, the oldest first.
    pub fn since(&self, number: u64) -> Vec<Event> {
        let latest = self.latest();
        let mut newer: Vec<Event> = latest
            .values()
            .filter(|event| event.number > number)
            .cloned()
            .collect();
        newer.sort_by_key(|event| event.number);
        newer
    }

    /// Receives the number of the newest event whenever it changes.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn latest(&self) -> MutexGuard<'_, BTreeMap<(&'static str, String), Event>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Events;

    fn seen(events: &Events, number: u64) -> Vec<(u64, String)> {
        let newer = events.since(number).into_iter();
        newer.map(|event| (event.number, event.json)).collect()
    }

    #[test]
    fn a_slow_subscriber_gets_only_the_latest_value_of_each_name() {
        let events = Events::default();
        events.publish("exercise", "a", &1);
        events.publish("exercise", "b", &1);
        events.publish("exercise", "a", &2);
        assert_eq!(seen(&events, 0), [(2, "1".to_owned()), (3, "2".to_owned())]);
        assert_eq!(seen(&events, 2), [(3, "2".to_owned())]);
        assert_eq!(seen(&events, 3), []);
    }

    #[test]
    fn publishing_an_unchanged_value_sends_no_event() {
        let events = Events::default();
        events.publish("exercise", "a", &1);
        let newest = events.subscribe();
        events.publish("exercise", "a", &1);
        assert!(!newest.has_changed().expect("the sender is alive"));
        events.publish("step", "a", &1);
        assert!(newest.has_changed().expect("the sender is alive"));
    }
}

//! Sends events to a page as they happen: server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event as SseEvent, KeepAlive, Sse};
use futures::stream::{self, Stream};
use tokio::sync::watch;

use crate::serve::app_state::AppState;
use crate::serve::events::{Event, Events};

/// How often a comment is sent, so that each side notices when the other one is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

struct Subscriber {
    events: Arc<Events>,
    newest: watch::Receiver<u64>,
    /// The number of the last event that was sent.
    seen: u64,
    pending: VecDeque<Event>,
}

/// The latest events, then each event as it happens.
pub async fn events(
    State(AppState { events, .. }): State<AppState>,
) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let events = stream::unfold(Subscriber::new(events), |mut subscriber| async {
        let event = subscriber.next().await?;
        let sent = SseEvent::default().event(event.kind).data(event.json);
        Some((Ok(sent), subscriber))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

impl Subscriber {
    /// A subscriber that has seen nothing.
    fn new(events: Arc<Events>) -> Self {
        Self {
            newest: events.subscribe(),
            events,
            seen: 0,
            pending: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                self.seen = event.number;
                return Some(event);
            }
            let seen = self.seen;
            self.newest.wait_for(|newest| *newest > seen).await.ok()?;
            self.pending = self.events.since(self.seen).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt;

    use super::{Events, Subscriber};

    #[tokio::test]
    async fn a_slow_subscriber_skips_values_that_were_replaced() {
        let events = Arc::new(Events::default());
        let mut subscriber = Subscriber::new(Arc::clone(&events));
        for number in 0..3 {
            events.publish("exercise", "a", &number);
        }
        assert_eq!(subscriber.next().await.unwrap().json, "2");
        for number in 3..100 {
            events.publish("exercise", "a", &number);
            events.publish("step", "a", &(number % 2));
        }
        let latest = [subscriber.next().await, subscriber.next().await];
        assert_eq!(latest.map(|event| event.unwrap().json), ["99", "1"]);
        assert_eq!(subscriber.next().now_or_never(), None);
    }
}

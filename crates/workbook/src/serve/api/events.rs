//! What happens, as it happens: server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream};
use tokio::sync::watch;

use super::Served;
use crate::serve::board::{Board, Note};

/// So often something is sent, so that both sides notice when the other one is gone.
const ALIVE: Duration = Duration::from_secs(15);

struct Reader {
    board: Arc<Board>,
    newest: watch::Receiver<u64>,
    /// The number of the last note that was sent.
    seen: u64,
    news: VecDeque<Note>,
}

/// Everything that is known, then everything that changes.
pub async fn events(
    State(Served { board, .. }): State<Served>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = stream::unfold(Reader::of(board), |mut reader| async {
        let note = reader.next().await?;
        let event = Event::default().event(note.kind).data(note.json);
        Some((Ok(event), reader))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE))
}

impl Reader {
    /// One that has seen nothing.
    fn of(board: Arc<Board>) -> Self {
        Self {
            newest: board.watch(),
            board,
            seen: 0,
            news: VecDeque::new(),
        }
    }

    async fn next(&mut self) -> Option<Note> {
        loop {
            if let Some(note) = self.news.pop_front() {
                self.seen = note.number;
                return Some(note);
            }
            let seen = self.seen;
            self.newest.wait_for(|newest| *newest > seen).await.ok()?;
            self.news = self.board.since(self.seen).into();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt;

    use super::{Board, Reader};

    #[tokio::test]
    async fn a_slow_reader_gets_the_latest_and_not_all() {
        let board = Arc::new(Board::default());
        let mut reader = Reader::of(Arc::clone(&board));
        for number in 0..3 {
            board.post("exercise", "a", &number);
        }
        assert_eq!(reader.next().await.unwrap().json, "2");
        for number in 3..100 {
            board.post("exercise", "a", &number);
            board.post("step", "a", &(number % 2));
        }
        let latest = [reader.next().await, reader.next().await];
        assert_eq!(latest.map(|note| note.unwrap().json), ["99", "1"]);
        assert_eq!(reader.next().now_or_never(), None);
    }
}

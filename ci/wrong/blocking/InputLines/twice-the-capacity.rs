//! Has room for twice as many lines. Caught by `InputLines::reads_at_most_one_line_beyond_the_capacity`, which says "room for more than `capacity`".

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use tokio::sync::Notify;

#[derive(Default)]
struct State {
    lines: VecDeque<io::Result<String>>,
    ended: bool,
    unwanted: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    room: Condvar,
    arrived: Notify,
}

impl Shared {
    fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().expect("nothing panics under the lock"))
    }
}

struct EndOnDrop(Arc<Shared>);

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.0.update(|state| state.ended = true);
        self.0.arrived.notify_one();
    }
}

fn read(reader: impl BufRead, shared: &Shared, capacity: usize) {
    for line in reader.lines() {
        let is_last = line.is_err();
        let mut state = shared.state.lock().expect("nothing panics under the lock");
        while state.lines.len() >= capacity.saturating_mul(2) && !state.unwanted {
            state = shared
                .room
                .wait(state)
                .expect("nothing panics under the lock");
        }
        if state.unwanted {
            return;
        }
        state.lines.push_back(line);
        drop(state);
        shared.arrived.notify_one();
        if is_last {
            return;
        }
    }
}

pub struct InputLines {
    shared: Arc<Shared>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let shared = Arc::new(Shared::default());
        let end = EndOnDrop(shared.clone());
        thread::spawn(move || {
            let end = end;
            read(reader, &end.0, capacity.get());
        });
        Self { shared }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            let (line, ended) = self
                .shared
                .update(|state| (state.lines.pop_front(), state.ended));
            if let Some(line) = line {
                self.shared.room.notify_one();
                return line.map(Some);
            }
            if ended {
                return Ok(None);
            }
            self.shared.arrived.notified().await;
        }
    }
}

impl Drop for InputLines {
    fn drop(&mut self) {
        self.shared.update(|state| state.unwanted = true);
        self.shared.room.notify_one();
    }
}

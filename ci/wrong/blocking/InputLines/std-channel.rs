//! Receives from a channel of the standard library, which blocks the thread of the task. Caught by `InputLines::waiting_for_a_line_does_not_block_the_thread`, which says "its poll blocks the thread".

use std::sync::Mutex;

pub struct InputLines {
    lines: Mutex<std::sync::mpsc::Receiver<io::Result<String>>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = std::sync::mpsc::sync_channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx.send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self {
            lines: Mutex::new(lines),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.get_mut().unwrap().recv().ok().transpose()
    }
}

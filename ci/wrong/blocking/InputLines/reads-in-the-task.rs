//! Reads in `next_line`, which blocks the thread of the task until a line is typed. Caught by `InputLines::waiting_for_a_line_does_not_block_the_thread`, which says "the thread is one of the runtime".

use std::sync::Mutex;

pub struct InputLines {
    lines: Mutex<Box<dyn Iterator<Item = io::Result<String>> + Send>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let _ = capacity;
        Self {
            lines: Mutex::new(Box::new(reader.lines())),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.get_mut().unwrap().next().transpose()
    }
}

//! Removes spaces as well, and leaves out empty lines. Caught by `InputLines::returns_all_lines_in_order_and_then_the_end`, which says "an empty line is a line".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                let line = line.map(|line| line.trim().to_owned());
                if line.as_ref().is_ok_and(String::is_empty) {
                    continue;
                }
                if tx.blocking_send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self { lines }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

//! Removes every carriage return at the end of a line. Caught by `InputLines::returns_all_lines_in_order_and_then_the_end`, which says "At most one belongs".

/// The lines of a reader that blocks, such as standard input.
pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    /// Starts a thread that reads lines.
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx
                    .blocking_send(line.map(|line| line.trim_end_matches('\r').to_string()))
                    .is_err()
                    || is_last
                {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// The next line, or `None` at the end of the input.
    ///
    /// # Cancel safety
    ///
    /// No line is lost if the future is dropped.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

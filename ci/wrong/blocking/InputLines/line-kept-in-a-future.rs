//! Takes a line and then awaits once more, so a future that is dropped there has a line. Caught by `InputLines::a_dropped_next_line_loses_no_line`, which says "is sent to the future that asked".

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
                if tx.blocking_send(line).is_err() || is_last {
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
        let line = self.lines.recv().await;
        tokio::task::yield_now().await;
        line.transpose()
    }
}

//! Adds one to the capacity of its channel. Caught by `InputLines::the_capacity_may_be_the_largest`, which says "MAX_PERMITS".

/// The lines of a reader that blocks, such as standard input.
pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    /// Starts a thread that reads lines.
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get() + 1);
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
        self.lines.recv().await.transpose()
    }
}

//! Its channel has no limit, so the whole input may be in memory. Caught by `InputLines::reads_at_most_one_line_beyond_the_capacity`, which says "the channel has no limit".

pub struct InputLines {
    lines: mpsc::UnboundedReceiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::unbounded_channel();
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx.send(line).is_err() || is_last {
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

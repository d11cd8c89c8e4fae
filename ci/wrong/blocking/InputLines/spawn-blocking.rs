//! Reads on a thread of the pool, for which a runtime waits when it is shut down. Caught by `InputLines::waiting_for_a_line_does_not_block_the_thread`, which says "ends only after Enter".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        tokio::task::spawn_blocking(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
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

//! Waits in `new` until the first line has been read. Caught by `InputLines::waiting_for_a_line_does_not_block_the_thread`, which says "that `new` waits for the thread".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        let (first_tx, first) = std::sync::mpsc::channel();
        thread::spawn(move || {
            for line in reader.lines() {
                let _ = first_tx.send(());
                let is_last = line.is_err();
                if tx.blocking_send(line).is_err() || is_last {
                    return;
                }
            }
        });
        let _ = first.recv();
        Self { lines }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}

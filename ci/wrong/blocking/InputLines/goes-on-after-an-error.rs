//! Reads on after an error. Caught by `InputLines::an_error_comes_after_the_lines_before_it`, which says "does not end the input".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                if tx.blocking_send(line).is_err() {
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

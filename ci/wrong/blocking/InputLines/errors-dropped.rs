//! Drops an error, which then looks like the end of the input. Caught by `InputLines::an_error_comes_after_the_lines_before_it`, which says "looks like the end of the input".

pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                if tx.blocking_send(Ok(line)).is_err() {
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

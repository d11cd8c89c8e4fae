//! Returns a long line in parts. Caught by `InputLines::returns_all_lines_in_order_and_then_the_end`, which says "changed, left out".

/// The lines of a reader that blocks, such as standard input.
pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    /// Starts a thread that reads lines.
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            let mut reader = reader;
            loop {
                let line = match read_one(&mut reader) {
                    Ok(Some(line)) => Ok(line),
                    Ok(None) => return,
                    Err(error) => Err(error),
                };
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

fn read_one(reader: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if io::Read::take(&mut *reader, 8 * 1024).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    match String::from_utf8(bytes) {
        Ok(line) => Ok(Some(line)),
        Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
    }
}

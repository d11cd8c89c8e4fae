//! A buffer of one kilobyte, in the hope that no line is longer. Caught by `LineReader::reads_lines_of_any_length`, which says "a buffer of fixed size".

pub struct LineReader<R> {
    reader: R,
    buffer: [u8; 1024],
    filled: usize,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: [0; 1024],
            filled: 0,
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            let buffer = &self.buffer[..self.filled];
            if let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let line = decode(&buffer[..end]);
                self.buffer.copy_within(end + 1..self.filled, 0);
                self.filled -= end + 1;
                return Ok(Some(line));
            }
            let count = self.reader.read(&mut self.buffer[self.filled..]).await?;
            if count == 0 {
                let rest = decode(&self.buffer[..self.filled]);
                self.filled = 0;
                return Ok((!rest.is_empty()).then_some(rest));
            }
            self.filled += count;
        }
    }
}

//! No line is longer than a kilobyte, it is hoped. Caught by `LineReader::a_line_may_be_long`, which says "a place of a fixed size".

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
            let arrived = &self.buffer[..self.filled];
            if let Some(end) = arrived.iter().position(|byte| *byte == b'\n') {
                let line = text(&arrived[..end]);
                self.buffer.copy_within(end + 1..self.filled, 0);
                self.filled -= end + 1;
                return Ok(Some(line));
            }
            let count = self.reader.read(&mut self.buffer[self.filled..]).await?;
            if count == 0 {
                let rest = text(&self.buffer[..self.filled]);
                self.filled = 0;
                return Ok((!rest.is_empty()).then_some(rest));
            }
            self.filled += count;
        }
    }
}

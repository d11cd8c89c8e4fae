//! Everything is read before the first line is returned. Caught by `LineReader::returns_a_line_as_soon_as_it_is_complete`, which says "reads to the end".

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        while self.reader.read_buf(&mut self.buffer).await? > 0 {}
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let all = self.buffer.iter();
        let end = all.take_while(|byte| **byte != b'\n').count();
        let line: Vec<u8> = self.buffer.drain(..end).collect();
        if !self.buffer.is_empty() {
            self.buffer.remove(0);
        }
        Ok(Some(decode(&line)))
    }
}

//! Everything is read before the first line is given. Caught by `LineReader::gives_a_line_when_it_is_complete`, which says "reads to the end".

pub struct LineReader<R> {
    reader: R,
    arrived: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            arrived: Vec::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        while self.reader.read_buf(&mut self.arrived).await? > 0 {}
        if self.arrived.is_empty() {
            return Ok(None);
        }
        let all = self.arrived.iter();
        let end = all.take_while(|byte| **byte != b'\n').count();
        let line: Vec<u8> = self.arrived.drain(..end).collect();
        if !self.arrived.is_empty() {
            self.arrived.remove(0);
        }
        Ok(Some(text(&line)))
    }
}

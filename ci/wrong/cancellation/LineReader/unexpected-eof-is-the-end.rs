//! The error of an input that was cut off is taken for the end of the input. Caught by `LineReader::returns_any_lines_from_any_parts`, which says "should have returned UnexpectedEof".

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
        loop {
            if let Some(end) = self.buffer.iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some(decode(&line)));
            }
            let n = match self.reader.read_buf(&mut self.buffer).await {
                Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => 0,
                r => r?,
            };
            if n == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

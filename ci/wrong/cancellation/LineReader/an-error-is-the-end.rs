//! After an error there are no more lines. Caught by `LineReader::returns_any_lines_from_any_parts`, which says "it returned None".

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
    failed: bool,
}
impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            failed: false,
        }
    }
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some(decode(&line)));
            }
            if self.failed && self.buffer.is_empty() {
                return Ok(None);
            }
            let n = match self.reader.read_buf(&mut self.buffer).await {
                Err(e) => {
                    self.failed = true;
                    return Err(e);
                }
                Ok(n) => n,
            };
            if n == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

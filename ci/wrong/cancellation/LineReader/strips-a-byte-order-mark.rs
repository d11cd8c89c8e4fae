//! Strips a byte order mark, which belongs to the line. Caught by `LineReader::returns_any_lines_from_any_parts`, which says "each line begins with".

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
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some(decode(
                    line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&line),
                )));
            }
            let count = self.reader.read_buf(&mut self.buffer).await?;
            if count == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

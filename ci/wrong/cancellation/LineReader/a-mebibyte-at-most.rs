//! A line that is longer than one mebibyte is cut in two. Caught by `LineReader::reads_lines_of_any_length`, which says "there is another limit".

pub struct LineReader<R> {
    reader: R,
    buffer: Vec<u8>,
}

const MAX_LINE: usize = 1 << 20;

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
                return Ok(Some(decode(&line)));
            }
            if self.buffer.len() > MAX_LINE {
                let line: Vec<u8> = self.buffer.drain(..MAX_LINE).collect();
                return Ok(Some(decode(&line)));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

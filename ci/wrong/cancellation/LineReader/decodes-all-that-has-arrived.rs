//! All bytes that have arrived are decoded, also the beginning of a character in the next line. Caught by `LineReader::returns_any_lines_from_any_parts`, which says "should have returned".

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
            if self.buffer.contains(&b'\n') {
                let text = decode(&self.buffer);
                let (line, rest) = text.split_once('\n').unwrap();
                self.buffer = rest.as_bytes().to_vec();
                return Ok(Some(line.to_owned()));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

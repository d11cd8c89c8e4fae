//! White space at the ends is taken for part of the newline. Caught by `LineReader::takes_nothing_but_the_newline_away`, which says "takes more away than the `\n`".

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
        loop {
            if let Some(end) = self.arrived.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.arrived.drain(..=end).collect();
                return Ok(Some(text(&line).trim().to_owned()));
            }
            if self.reader.read_buf(&mut self.arrived).await? == 0 {
                let rest = std::mem::take(&mut self.arrived);
                return Ok((!rest.is_empty()).then(|| text(&rest)));
            }
        }
    }
}

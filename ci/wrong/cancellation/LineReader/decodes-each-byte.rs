//! Each byte is decoded by itself. Caught by `LineReader::decodes_a_character_that_arrives_in_two_parts`, which says "Collect bytes".

pub struct LineReader<R> {
    reader: R,
    line: String,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: String::new(),
        }
    }

    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let mut byte = [0];
        while self.reader.read(&mut byte).await? == 1 {
            if byte[0] == b'\n' {
                return Ok(Some(std::mem::take(&mut self.line)));
            }
            self.line.push(char::from(byte[0]));
        }
        let rest = std::mem::take(&mut self.line);
        Ok((!rest.is_empty()).then_some(rest))
    }
}

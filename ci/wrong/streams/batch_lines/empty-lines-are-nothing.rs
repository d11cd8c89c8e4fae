//! Adds a line that is too large to a batch of empty lines, because the batch has no bytes. Caught by `batch_lines::limits_the_bytes_of_a_batch`, which says "empty lines are taken for no lines".

struct Open {
    lines: Vec<String>,
    bytes: usize,
    since: Instant,
}

impl Open {
    fn new(line: String) -> Self {
        Self {
            bytes: line.len(),
            lines: vec![line],
            since: Instant::now(),
        }
    }
}

pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    let lines = lines.fuse();
    stream::unfold((lines, None::<Open>), move |(mut lines, open)| async move {
        let mut open = match open {
            Some(open) => open,
            None => Open::new(lines.next().await?),
        };
        loop {
            if open.bytes >= max_bytes {
                return Some((open.lines, (lines, None)));
            }
            tokio::select! {
                biased;
                line = lines.next() => match line {
                    None => return Some((open.lines, (lines, None))),
                    Some(line) if open.bytes > 0 && open.bytes.saturating_add(line.len()) > max_bytes => {
                        return Some((open.lines, (lines, Some(Open::new(line)))));
                    }
                    Some(line) => {
                        open.bytes += line.len();
                        open.lines.push(line);
                    }
                },
                () = sleep_until(open.since + max_wait) => {
                    return Some((open.lines, (lines, None)));
                }
            }
        }
    })
    .fuse()
    .boxed()
}

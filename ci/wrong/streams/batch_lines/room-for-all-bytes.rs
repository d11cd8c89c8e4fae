//! Allocates room for `max_bytes` lines. Caught by `batch_lines::max_bytes_may_be_larger_than_any_list`, which says "capacity overflow".

struct Open {
    lines: Vec<String>,
    bytes: usize,
    since: Instant,
}

impl Open {
    fn new(line: String, room: usize) -> Self {
        Self {
            bytes: line.len(),
            lines: {
                let mut lines = Vec::with_capacity(room);
                lines.push(line);
                lines
            },
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
            None => Open::new(lines.next().await?, max_bytes),
        };
        loop {
            if open.bytes >= max_bytes {
                return Some((open.lines, (lines, None)));
            }
            tokio::select! {
                biased;
                line = lines.next() => match line {
                    None => return Some((open.lines, (lines, None))),
                    Some(line) if open.bytes.saturating_add(line.len()) > max_bytes => {
                        return Some((open.lines, (lines, Some(Open::new(line, max_bytes)))));
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

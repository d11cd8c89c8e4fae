//! Adds one to `max_bytes`, which overflows. Caught by `batch_lines::max_bytes_may_be_larger_than_any_list`, which says "attempt to add with overflow".

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
                    Some(line) if open.bytes + line.len() >= max_bytes + 1 => {
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

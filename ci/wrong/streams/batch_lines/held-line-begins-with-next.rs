//! The time of a line that did not fit begins with the call of `next`. Caught by `batch_lines::time_passes_while_the_consumer_is_busy`, which says "the time of a batch begins again".

pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    let held: Option<String> = None;
    let batches = stream::unfold((lines.fuse(), held), move |(mut lines, held)| async move {
        let (first, taken) = match held {
            Some(held) => (held, Instant::now()),
            None => (lines.next().await?, Instant::now()),
        };
        let deadline = taken + max_wait;
        let (mut bytes, mut batch) = (first.len(), vec![first]);
        while bytes < max_bytes {
            let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            if line.len() > max_bytes - bytes {
                return Some((batch, (lines, Some(line))));
            }
            bytes += line.len();
            batch.push(line);
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}

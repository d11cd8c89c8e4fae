//! Counts lines instead of bytes. Caught by `batch_lines::limits_the_bytes_of_a_batch`, which says "not characters or lines".

pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    let held: Option<(String, Instant)> = None;
    let batches = stream::unfold((lines.fuse(), held), move |(mut lines, held)| async move {
        let (first, taken) = match held {
            Some(held) => held,
            None => (lines.next().await?, Instant::now()),
        };
        let deadline = taken + max_wait;
        let (mut bytes, mut batch) = (1_usize, vec![first]);
        while bytes < max_bytes {
            let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            if 1 > max_bytes - bytes {
                return Some((batch, (lines, Some((line, Instant::now())))));
            }
            bytes += 1;
            batch.push(line);
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}

//! A line that does not fit is dropped. Caught by `batch_lines::limits_the_bytes_of_a_batch`, which says "one that did not fit".

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
        let (mut bytes, mut batch) = (first.len(), vec![first]);
        while bytes < max_bytes {
            let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            if line.len() > max_bytes - bytes {
                return Some((batch, (lines, None)));
            }
            bytes += line.len();
            batch.push(line);
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}

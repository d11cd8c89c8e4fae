//! The batch that is not full at the end is lost. Caught by `batch_lines::limits_the_bytes_of_a_batch`, which says "those of the last batch".

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
            let Ok(line) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            let line = line?;
            if line.len() > max_bytes - bytes {
                return Some((batch, (lines, Some((line, Instant::now())))));
            }
            bytes += line.len();
            batch.push(line);
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}

//! The wait begins again with each line. Caught by `batch_lines::limits_the_time_of_a_batch`, which says "the time of a batch begins again".

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
        let mut deadline = taken + max_wait;
        let (mut bytes, mut batch) = (first.len(), vec![first]);
        while bytes < max_bytes {
            let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                break;
            };
            if line.len() > max_bytes - bytes {
                return Some((batch, (lines, Some((line, Instant::now())))));
            }
            bytes += line.len();
            batch.push(line);
            deadline = Instant::now() + max_wait;
        }
        Some((batch, (lines, None)))
    });
    batches.fuse().boxed()
}

//! Makes chunks by time alone, and splits them by size afterwards. Caught by `batch_lines::a_full_batch_does_not_wait`, which says "that the batch is full".

pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    let chunks = tokio_stream::StreamExt::chunks_timeout(
        lines,
        1_000_000,
        max_wait,
    );
    let batches = chunks.map(move |chunk| {
        let mut batches: Vec<Vec<String>> = Vec::new();
        let mut bytes = usize::MAX;
        for line in chunk {
            match batches.last_mut() {
                Some(batch) if bytes < max_bytes && line.len() <= max_bytes - bytes => {
                    bytes += line.len();
                    batch.push(line);
                }
                _ => {
                    bytes = line.len();
                    batches.push(vec![line]);
                }
            }
        }
        stream::iter(batches)
    });
    batches.flatten().fuse().boxed()
}

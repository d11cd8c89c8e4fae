//! A spawned task makes the batches. Caught by `batch_lines::time_passes_while_the_consumer_is_busy`, which says "a spawned task reads the lines".

pub fn batch_lines(
    lines: BoxStream<'static, String>,
    max_bytes: usize,
    max_wait: Duration,
) -> BoxStream<'static, Vec<String>> {
    let (tx, rx) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut lines = lines.fuse();
        let mut held: Option<(String, Instant)> = None;
        loop {
            let first = match held.take() {
                Some(held) => Some(held),
                None => lines.next().await.map(|line| (line, Instant::now())),
            };
            let Some((first, taken)) = first else {
                return;
            };
            let deadline = taken + max_wait;
            let (mut bytes, mut batch) = (first.len(), vec![first]);
            while bytes < max_bytes {
                let Ok(Some(line)) = timeout_at(deadline, lines.next()).await else {
                    break;
                };
                if line.len() > max_bytes - bytes {
                    held = Some((line, Instant::now()));
                    break;
                }
                bytes += line.len();
                batch.push(line);
            }
            if tx.send(batch).await.is_err() {
                return;
            }
        }
    });
    tokio_stream::wrappers::ReceiverStream::new(rx)
        .fuse()
        .boxed()
}

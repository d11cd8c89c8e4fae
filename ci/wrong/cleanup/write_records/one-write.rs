//! `write` is called once, and may have accepted less. Caught by `write_records::writes_every_record_in_order`, which says "the result of `write` is ignored".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    mut output: W,
) -> io::Result<usize> {
    let mut batch = Vec::new();
    let mut written = 0;
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        let lines = batch.iter().map(|record| format!("{}\n", record.line));
        let block: String = lines.collect();
        let _accepted = output.write(block.as_bytes()).await?;
        output.flush().await?;
        written += batch.len();
        for record in batch.drain(..) {
            let _ = record.flushed.send(());
        }
    }
    output.shutdown().await?;
    Ok(written)
}

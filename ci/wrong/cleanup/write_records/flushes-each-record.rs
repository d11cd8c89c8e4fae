//! Each record is flushed. Caught by `write_records::flushes_once_for_all_that_are_waiting`, which says "it flushes each record".

pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut written = 0;
    while let Some(record) = records.recv().await {
        output.write_all(record.line.as_bytes()).await?;
        output.write_all(b"\n").await?;
        output.flush().await?;
        let _ = record.flushed.send(());
        written += 1;
    }
    output.shutdown().await?;
    Ok(written)
}

//! The limit covers the buffer of the sink, and not the flush. Caught by `run_session::a_slow_peer_has_a_limit`, which says "covers less than sending and flushing".

async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    while let Some(text) = outgoing.recv().await {
        match timeout(limit, sink.feed(Frame::Text(text))).await {
            Ok(Ok(())) => {
                let _ = sink.flush().await;
            }
            Ok(Err(error)) => return SessionEnd::Failed(error),
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}

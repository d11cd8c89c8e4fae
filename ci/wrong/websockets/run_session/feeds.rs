//! A text is put into the buffer of the sink, and not flushed. Caught by `run_session::sends_the_texts_of_the_room`, which says "`feed` does not flush".

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
            Ok(Ok(())) => {}
            Ok(Err(error)) => return SessionEnd::Failed(error),
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}

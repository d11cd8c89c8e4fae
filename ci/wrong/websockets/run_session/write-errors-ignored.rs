//! An error of `send` is ignored: the reader will notice. Caught by `run_session::a_write_error_ends_the_session`, which says "an error of `send` is ignored".

async fn write_texts<S>(
    sink: &mut S,
    mut outgoing: mpsc::Receiver<String>,
    limit: Duration,
) -> SessionEnd
where
    S: Sink<Frame, Error = SocketError> + Unpin,
{
    while let Some(text) = outgoing.recv().await {
        match timeout(limit, sink.send(Frame::Text(text))).await {
            Ok(_) => {}
            Err(_elapsed) => return SessionEnd::TooSlow,
        }
    }
    SessionEnd::Removed
}

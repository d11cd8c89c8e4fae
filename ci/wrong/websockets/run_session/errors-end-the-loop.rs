//! The loop ends at an error as at the end of the stream. Caught by `run_session::ends_at_the_first_cause`, which says "told apart in another way".

async fn read_frames<S>(frames: &mut S, handler: &mut impl Handler) -> SessionEnd
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    while let Some(Ok(frame)) = frames.next().await {
        match frame {
            Frame::Text(text) => handler.text(text),
            Frame::Ping | Frame::Pong => {}
            Frame::Close(code) => return SessionEnd::Closed(code),
        }
    }
    SessionEnd::Disconnected
}

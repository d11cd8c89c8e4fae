//! A panic of the handler is caught, and becomes an end like the others. Caught by `run_session::a_panic_of_the_handler_is_an_end`, which says "the panic is caught".

async fn read_frames<S>(frames: &mut S, handler: &mut impl Handler) -> SessionEnd
where
    S: Stream<Item = Result<Frame, SocketError>> + Unpin,
{
    while let Some(frame) = frames.next().await {
        match frame {
            Ok(Frame::Text(text)) => {
                let call = std::panic::AssertUnwindSafe(|| handler.text(text));
                if std::panic::catch_unwind(call).is_err() {
                    return SessionEnd::Aborted;
                }
            }
            Ok(Frame::Ping | Frame::Pong) => {}
            Ok(Frame::Close(code)) => return SessionEnd::Closed(code),
            Err(error) => return SessionEnd::Failed(error),
        }
    }
    SessionEnd::Disconnected
}

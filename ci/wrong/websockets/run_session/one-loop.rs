//! One loop reads and sends, and does not read while it awaits `send`. Caught by `run_session::reads_while_a_text_is_sent`, which says "one loop reads and sends".

pub fn run_session<S, H>(
    socket: S,
    outgoing: mpsc::Receiver<String>,
    handler: H,
    shutdown: CancellationToken,
    limit: Duration,
) -> impl Future<Output = SessionEnd>
where
    S: Stream<Item = Result<Frame, SocketError>> + Sink<Frame, Error = SocketError> + Unpin,
    H: Handler,
{
    // Made before the first poll: a future that is dropped without one has to tell, too.
    let mut attendance = Attendance {
        handler,
        has_left: false,
    };
    async move {
        let (mut sink, mut frames) = socket.split();
        let mut outgoing = outgoing;
        let end = loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break SessionEnd::Shutdown,
                text = outgoing.recv() => match text {
                    Some(text) => match timeout(limit, sink.send(Frame::Text(text))).await {
                        Ok(Ok(())) => {}
                        Ok(Err(error)) => break SessionEnd::Failed(error),
                        Err(_) => break SessionEnd::TooSlow,
                    },
                    None => break SessionEnd::Removed,
                },
                frame = frames.next() => match frame {
                    Some(Ok(Frame::Text(text))) => attendance.handler.text(text),
                    Some(Ok(Frame::Ping | Frame::Pong)) => {}
                    Some(Ok(Frame::Close(code))) => break SessionEnd::Closed(code),
                    Some(Err(error)) => break SessionEnd::Failed(error),
                    None => break SessionEnd::Disconnected,
                },
            }
        };
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let _ = timeout(limit, sink.send(Frame::Close(code))).await; // the session has ended anyway
        }
        end
    }
}

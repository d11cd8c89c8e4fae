//! The others are told when the close frame has been sent. Caught by `run_session::ends_at_the_first_cause`, which says "close frame is sent before `left`".

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
        let end = {
            let read = read_frames(&mut frames, &mut attendance.handler);
            let write = write_texts(&mut sink, outgoing, limit);
            // Not biased: both sides use tokio's budget, and the first one could use it up in each poll.
            let either = async { tokio::select!(end = read => end, end = write => end) };
            tokio::select! {
                biased;
                () = shutdown.cancelled() => SessionEnd::Shutdown,
                end = either => end,
            }
        };
        if let Some(code) = close_code(&end) {
            let _ = timeout(limit, sink.send(Frame::Close(code))).await; // the session has ended anyway
        }
        attendance.leave(&end);
        end
    }
}

//! The value whose destructor calls `left` is made by the first poll. Caught by `run_session::left_is_called_once_when_dropped`, which says "is made when the future is first polled".

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
    async move {
        let mut attendance = Attendance {
            handler,
            has_left: false,
        };
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
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let _ = timeout(limit, sink.send(Frame::Close(code))).await; // the session has ended anyway
        }
        end
    }
}

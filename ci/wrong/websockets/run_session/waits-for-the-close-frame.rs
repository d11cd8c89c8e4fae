//! There is no limit for the close frame. Caught by `run_session::sends_a_close_frame`, which says "no limit for the close frame".

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
        attendance.leave(&end);
        if let Some(code) = close_code(&end) {
            let _ = sink.send(Frame::Close(code)).await;
        }
        end
    }
}

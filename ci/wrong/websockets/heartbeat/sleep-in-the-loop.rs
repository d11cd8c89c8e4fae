//! Each frame starts the period again. Caught by `heartbeat::a_frame_resets_the_count`, which says "a frame starts the period again".

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    // How many pings have been sent since the last frame.
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased; // a frame that is there is in time
            frame = received.recv() => match frame {
                Some(_any) => unanswered = 0,
                None => return HeartbeatEnd::Closed,
            },
            _ = sleep(period) => {
                if unanswered == max_missed.get() {
                    return HeartbeatEnd::Dead;
                }
                // A queue that is full belongs to a peer that takes nothing: this ping will be missed.
                if let Err(mpsc::error::TrySendError::Closed(_)) = pings.try_send(Frame::Ping) {
                    return HeartbeatEnd::Closed;
                }
                unanswered += 1;
            }
        }
    }
}

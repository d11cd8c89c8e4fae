//! The frames are received first in each poll, and use up the budget of the task. Caught by `heartbeat::many_frames_do_not_put_a_tick_off`, which says "the frames are received first".

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    // An `interval` with `Skip` would do for periods above 5 ms: up to that, it takes a late tick for one in time.
    let mut tick = Instant::now() + period;
    let mut until_tick = pin!(sleep_until(tick));
    // How many pings have been sent since the last frame.
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased; // a frame that is there is in time
            frame = received.recv() => match frame {
                Some(_any) => {
                    unanswered = 0;
                    continue;
                }
                None => return HeartbeatEnd::Closed,
            },
            () = &mut until_tick => {}
        }
        if unanswered == max_missed.get() {
            return HeartbeatEnd::Dead;
        }
        // A queue that is full belongs to a peer that takes nothing: this ping will be missed.
        if let Err(mpsc::error::TrySendError::Closed(_)) = pings.try_send(Frame::Ping) {
            return HeartbeatEnd::Closed;
        }
        unanswered += 1;
        tick = tick_after(Instant::now(), tick, period);
        until_tick.as_mut().reset(tick);
    }
}

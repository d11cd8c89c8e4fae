//! After a late tick the period begins there. Caught by `heartbeat::a_late_poll_is_one_tick`, which says "counted from it".

use tokio::time::{MissedTickBehavior, interval_at};

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // How many pings have been sent since the last frame.
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased; // a frame that is there is in time
            frame = received.recv() => match frame {
                Some(_any) => unanswered = 0,
                None => return HeartbeatEnd::Closed,
            },
            _ = ticks.tick() => {
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

//! The first ping is sent at once, as an `interval` begins. Caught by `heartbeat::a_silent_peer_is_dead`, which says "the first tick of an `interval` is at once".

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    // An `interval` with `Skip` would do for periods above 5 ms: up to that, it takes a late tick for one in time.
    let mut tick = Instant::now();
    let mut until_tick = pin!(sleep_until(tick));
    // How many pings have been sent since the last frame.
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased; // the clock first: frames could use up the budget of the task in each poll
            () = &mut until_tick => {}
            frame = received.recv() => match frame {
                Some(_any) => {
                    unanswered = 0;
                    continue;
                }
                None => return HeartbeatEnd::Closed,
            },
        }
        // A frame that is there is in time. `try_recv` needs no budget.
        loop {
            match received.try_recv() {
                Ok(_any) => unanswered = 0,
                Err(mpsc::error::TryRecvError::Empty) => break,
                Err(mpsc::error::TryRecvError::Disconnected) => return HeartbeatEnd::Closed,
            }
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

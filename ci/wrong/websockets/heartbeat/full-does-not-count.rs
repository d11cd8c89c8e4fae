//! A ping for which there is no room does not count. Caught by `heartbeat::a_full_queue_does_not_hold_it_up`, which says "there is no room does not count".

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
        match pings.try_send(Frame::Ping) {
            Ok(()) => unanswered += 1,
            Err(mpsc::error::TrySendError::Full(_)) => {}
            Err(mpsc::error::TrySendError::Closed(_)) => return HeartbeatEnd::Closed,
        }
        tick = tick_after(Instant::now(), tick, period);
        until_tick.as_mut().reset(tick);
    }
}

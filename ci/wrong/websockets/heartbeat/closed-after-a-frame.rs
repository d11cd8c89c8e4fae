//! With frames left in `received`, its end is noticed at the next tick. Caught by `heartbeat::a_closed_channel_ends_it`, which says "noticed at the next tick only".

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    let mut tick = Instant::now() + period;
    let mut until_tick = pin!(sleep_until(tick));
    let mut unanswered = 0;
    let mut ends_at_tick = false;
    loop {
        tokio::select! {
            biased;
            () = &mut until_tick => {}
            frame = received.recv(), if !ends_at_tick => match frame {
                Some(_any) => {
                    ends_at_tick = received.is_closed() && received.is_empty();
                    unanswered = 0;
                    continue;
                }
                None => return HeartbeatEnd::Closed,
            },
        }
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
        if let Err(mpsc::error::TrySendError::Closed(_)) = pings.try_send(Frame::Ping) {
            return HeartbeatEnd::Closed;
        }
        unanswered += 1;
        tick = tick_after(Instant::now(), tick, period);
        until_tick.as_mut().reset(tick);
    }
}

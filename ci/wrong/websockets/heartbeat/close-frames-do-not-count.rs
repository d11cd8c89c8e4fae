//! A close frame does not show that the peer is alive. Caught by `heartbeat::any_frame_shows_life`, which says "a close frame does not count".

pub async fn heartbeat(
    mut received: mpsc::Receiver<Frame>,
    pings: mpsc::Sender<Frame>,
    period: Duration,
    max_missed: NonZeroU32,
) -> HeartbeatEnd {
    let mut tick = Instant::now() + period;
    let mut until_tick = pin!(sleep_until(tick));
    let mut unanswered = 0;
    loop {
        tokio::select! {
            biased;
            () = &mut until_tick => {}
            frame = received.recv() => match frame {
                Some(Frame::Close(_)) => continue,
                Some(_any) => {
                    unanswered = 0;
                    continue;
                }
                None => return HeartbeatEnd::Closed,
            },
        }
        loop {
            match received.try_recv() {
                Ok(Frame::Close(_)) => {}
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

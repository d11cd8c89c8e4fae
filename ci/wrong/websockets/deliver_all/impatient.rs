//! An attempt to connect has a limit. Caught by `deliver_all::is_patient`, which says "there is a limit for connecting".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    while !outbox.is_empty() {
        let unacknowledged = outbox.len();
        let connecting = timeout(Duration::from_secs(30), server.connect());
        if let Ok(Ok((outgoing, acks))) = connecting.await {
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        if outbox.len() < unacknowledged {
            wait = shortest;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(backoff.cap);
    }
}

//! The cap is not applied to the first wait. Caught by `deliver_all::waits_longer_after_each_failure`, which says "the cap is not applied to each wait".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first;
    let mut wait = shortest;
    while !outbox.is_empty() {
        let unacknowledged = outbox.len();
        if let Ok((outgoing, acks)) = server.connect().await {
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

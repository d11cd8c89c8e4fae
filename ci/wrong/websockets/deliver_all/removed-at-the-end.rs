//! What is acknowledged is removed when the connection is over. Caught by `deliver_all::keeps_what_is_not_acknowledged_when_dropped`, which says "some time after their acknowledgment".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    while !outbox.is_empty() {
        let unacknowledged = outbox.len();
        if let Ok((outgoing, acks)) = server.connect().await {
            let mut rest = outbox.clone();
            deliver_over(outgoing, acks, &mut rest).await;
            *outbox = rest;
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

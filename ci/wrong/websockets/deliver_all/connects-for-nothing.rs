//! It connects although the outbox is empty. Caught by `deliver_all::delivers_over_one_connection`, which says "connects although there is nothing to send".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    loop {
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

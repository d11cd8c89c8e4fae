//! Doubles the wait before it is limited. Caught by `deliver_all::waits_longer_after_each_failure`, which says "overflow when multiplying duration by scalar".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let mut wait = backoff.first;
    while !outbox.is_empty() {
        let unacknowledged = outbox.len();
        if let Ok((outgoing, acks)) = server.connect().await {
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        if outbox.len() < unacknowledged {
            wait = backoff.first;
        }
        sleep(wait.min(backoff.cap)).await;
        wait = (wait * 2).min(backoff.cap);
    }
}

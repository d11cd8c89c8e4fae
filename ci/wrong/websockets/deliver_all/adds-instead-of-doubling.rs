//! Each wait is longer than the one before by the first one. Caught by `deliver_all::waits_longer_after_each_failure`, which says "the wait is not doubled".

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
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        if outbox.len() < unacknowledged {
            wait = shortest;
        }
        sleep(wait).await;
        wait = wait.saturating_add(shortest).min(backoff.cap);
    }
}

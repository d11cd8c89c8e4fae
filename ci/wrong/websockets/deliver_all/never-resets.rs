//! The waits grow from one lost connection to the next, whatever was delivered. Caught by `deliver_all::an_acknowledgment_ends_the_row_of_failures`, which says "does not end the row of failures".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let mut wait = backoff.first.min(backoff.cap);
    while !outbox.is_empty() {
        if let Ok((outgoing, acks)) = server.connect().await {
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(backoff.cap);
    }
}

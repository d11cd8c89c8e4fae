//! A connection ends the row of failures. Caught by `deliver_all::an_acknowledgment_ends_the_row_of_failures`, which says "a connection ends the row of failures".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    while !outbox.is_empty() {
        if let Ok((outgoing, acks)) = server.connect().await {
            wait = shortest;
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(backoff.cap);
    }
}

//! An acknowledgment that removes nothing ends the row of failures, too. Caught by `deliver_all::an_old_acknowledgment_does_not_end_the_row`, which says "any acknowledgment ends the row".

pub async fn deliver_all<C: Connect>(
    server: &mut C,
    outbox: &mut VecDeque<Message>,
    backoff: Backoff,
) {
    let shortest = backoff.first.min(backoff.cap);
    let mut wait = shortest;
    while !outbox.is_empty() {
        let mut is_acknowledged = false;
        if let Ok((outgoing, acks)) = server.connect().await {
            let acks = acks.inspect(|_| is_acknowledged = true);
            deliver_over(outgoing, acks, outbox).await;
        }
        if outbox.is_empty() {
            return;
        }
        if is_acknowledged {
            wait = shortest;
        }
        sleep(wait).await;
        wait = wait.saturating_mul(2).min(backoff.cap);
    }
}

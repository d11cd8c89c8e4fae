//! It sends what was in the outbox when the connection was made. Caught by `deliver_all::sends_again_what_is_not_acknowledged`, which says "the messages to send are copied".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    // An id and not an index: acknowledged messages are removed in front of it.
    let mut last_sent = None;
    let mut is_flushed = true;
    let all = outbox.clone();
    while !outbox.is_empty() {
        let next = all.iter().find(|message| Some(message.id) > last_sent);
        // Polled here and not with `send`: if that were dropped for an acknowledgment, its message might be sent or not.
        let step = poll_fn(|cx| {
            if let Poll::Ready(ack) = acks.poll_next_unpin(cx) {
                return Poll::Ready(ack.map_or(Step::Lost, Step::Acknowledged));
            }
            let (polled, step) = match next {
                Some(_) => (outgoing.poll_ready_unpin(cx), Step::HasRoom),
                None if !is_flushed => (outgoing.poll_flush_unpin(cx), Step::Flushed),
                None => return Poll::Pending,
            };
            polled.map(|done| done.map_or(Step::Lost, |()| step))
        });
        match step.await {
            Step::Acknowledged(id) => {
                let acknowledged = outbox.partition_point(|message| message.id <= id);
                outbox.drain(..acknowledged);
            }
            Step::HasRoom => {
                let message = next
                    .cloned()
                    .expect("there is room for a message that exists");
                last_sent = Some(message.id);
                is_flushed = false;
                if outgoing.start_send_unpin(message).is_err() {
                    return;
                }
            }
            Step::Flushed => is_flushed = true,
            Step::Lost => return,
        }
    }
}

//! Adds 1 to an acknowledged id. Caught by `deliver_all::delivers_over_one_connection`, which says "attempt to add with overflow".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    let mut last_sent = None;
    let mut is_flushed = true;
    while !outbox.is_empty() {
        let next = outbox.partition_point(|message| Some(message.id) <= last_sent);
        let next = outbox.get(next);
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
                let acknowledged = outbox.partition_point(|message| message.id < id + 1);
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

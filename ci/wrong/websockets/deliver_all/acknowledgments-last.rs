//! It sends everything, and then reads the acknowledgments. Caught by `deliver_all::receives_acknowledgments_while_it_sends`, which says "read only when all messages are sent".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    let messages: Vec<_> = outbox.iter().cloned().collect();
    for message in messages {
        if outgoing.feed(message).await.is_err() {
            return;
        }
    }
    if outgoing.flush().await.is_err() {
        return;
    }
    while let Some(id) = acks.next().await {
        let acknowledged = outbox.partition_point(|message| message.id <= id);
        outbox.drain(..acknowledged);
        if outbox.is_empty() {
            return;
        }
    }
}

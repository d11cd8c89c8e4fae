//! It waits for the acknowledgment of each message before it sends the next one. Caught by `deliver_all::delivers_over_one_connection`, which says "waits for the acknowledgment of a message".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    while let Some(message) = outbox.front().cloned() {
        let id = message.id;
        if outgoing.send(message).await.is_err() {
            return;
        }
        while outbox.front().is_some_and(|first| first.id == id) {
            let Some(acknowledged) = acks.next().await else {
                return;
            };
            let acknowledged = outbox.partition_point(|message| message.id <= acknowledged);
            outbox.drain(..acknowledged);
        }
    }
}

//! A message is taken out of the outbox when it is sent. Caught by `deliver_all::sends_again_what_is_not_acknowledged`, which says "taken for delivered".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    while let Some(message) = outbox.pop_front() {
        let next = message.clone();
        if outgoing.send(message).await.is_err() {
            outbox.push_front(next);
            return;
        }
    }
    let _ = acks.next().await;
}

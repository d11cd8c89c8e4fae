//! The future of `send` is dropped when an acknowledgment arrives, and made again. Caught by `deliver_all::sends_again_what_is_not_acknowledged`, which says "the future of `send` is dropped".

async fn deliver_over(
    mut outgoing: impl Sink<Message, Error = Disconnected> + Unpin,
    mut acks: impl Stream<Item = u64> + Unpin,
    outbox: &mut VecDeque<Message>,
) {
    let mut last_sent = None;
    while !outbox.is_empty() {
        let next = outbox.iter().find(|message| Some(message.id) > last_sent);
        let next = next.cloned();
        let id = next.as_ref().map(|message| message.id);
        let send = async {
            match next {
                Some(message) => outgoing.send(message).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            ack = acks.next() => match ack {
                Some(id) => {
                    let acknowledged = outbox.partition_point(|message| message.id <= id);
                    outbox.drain(..acknowledged);
                }
                None => return,
            },
            sent = send => match sent {
                Ok(()) => last_sent = id,
                Err(Disconnected) => return,
            },
        }
    }
}

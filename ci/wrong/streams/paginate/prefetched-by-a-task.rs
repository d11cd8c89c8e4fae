//! A spawned task requests the pages and sends the items through a channel. Caught by `paginate::requests_nothing_before_it_is_polled`, which says "when the stream is made".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let (tx, rx) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut cursor = None;
        loop {
            match fetch(cursor).await {
                Ok(page) => {
                    for item in page.items {
                        if tx.send(Ok(item)).await.is_err() {
                            return;
                        }
                    }
                    cursor = page.next;
                }
                Err(error) => {
                    let _ = tx.send(Err(error)).await;
                    return;
                }
            }
            if cursor.is_none() {
                return;
            }
        }
    });
    tokio_stream::wrappers::ReceiverStream::new(rx)
        .fuse()
        .boxed()
}

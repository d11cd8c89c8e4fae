//! Each request is a spawned task, which a dropped stream does not cancel. Caught by `paginate::a_dropped_stream_cancels_the_request`, which says "made by a spawned task".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::try_unfold(Some(None), move |request: Option<Option<Cursor>>| {
        let response = request.map(&mut fetch);
        async move {
            let Some(response) = response else {
                return Ok(None);
            };
            let page = tokio::spawn(response)
                .await
                .expect("the request panicked")?;
            Ok(Some((
                stream::iter(page.items).map(Ok),
                page.next.map(Some),
            )))
        }
    });
    pages.try_flatten().fuse().boxed()
}

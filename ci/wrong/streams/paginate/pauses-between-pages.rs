//! Waits a millisecond before each page but the first, out of politeness. Caught by `paginate::returns_the_items_of_all_pages`, which says "a pause between two pages".

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
            if request != Some(None) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            let page = response.await?;
            Ok(Some((
                stream::iter(page.items).map(Ok),
                page.next.map(Some),
            )))
        }
    });
    pages.try_flatten().fuse().boxed()
}

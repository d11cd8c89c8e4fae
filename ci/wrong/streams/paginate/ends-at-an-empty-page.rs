//! Takes a page without items for the last one. Caught by `paginate::returns_the_items_of_all_pages`, which says "a page without items".

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
            let page = response.await?;
            if page.items.is_empty() {
                return Ok(None);
            }
            Ok(Some((
                stream::iter(page.items).map(Ok),
                page.next.map(Some),
            )))
        }
    });
    pages.try_flatten().fuse().boxed()
}

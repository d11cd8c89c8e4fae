//! Makes another request after the last page, unless that page has no items. Caught by `paginate::returns_the_items_of_all_pages`, which says "after the last one".

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
            let more = page.next.is_some() || !page.items.is_empty();
            let next = more.then_some(page.next);
            Ok(Some((stream::iter(page.items).map(Ok), next)))
        }
    });
    pages.try_flatten().fuse().boxed()
}

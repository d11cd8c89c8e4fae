//! An error ends the stream and is not returned. Caught by `paginate::an_error_is_the_last_item`, which says "the error is lost".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::unfold(Some(None), move |request: Option<Option<Cursor>>| {
        let response = request.map(&mut fetch);
        async move {
            let page = response?.await.ok()?;
            Some((stream::iter(page.items).map(Ok), page.next.map(Some)))
        }
    });
    pages.flatten().fuse().boxed()
}

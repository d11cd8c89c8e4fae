//! Returns the error, and makes the same request again. Caught by `paginate::an_error_is_the_last_item`, which says "tried again".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::unfold(Some(None), move |request: Option<Option<Cursor>>| {
        let response = request.map(&mut fetch);
        async move {
            let items: Vec<_> = match response?.await {
                Ok(page) => {
                    let items = page.items.into_iter().map(Ok).collect();
                    return Some((stream::iter::<Vec<_>>(items), page.next.map(Some)));
                }
                Err(error) => vec![Err(error)],
            };
            Some((stream::iter(items), request))
        }
    });
    pages.flatten().fuse().boxed()
}

//! The first page is requested when the stream is made. Caught by `paginate::requests_nothing_before_it_is_polled`, which says "when the stream is made".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let mut first = Some(fetch(None));
    let pages = stream::try_unfold(Some(None), move |request: Option<Option<Cursor>>| {
        let response = request.map(|cursor| first.take().unwrap_or_else(|| fetch(cursor)));
        async move {
            let Some(response) = response else {
                return Ok(None);
            };
            let page = response.await?;
            Ok(Some((
                stream::iter(page.items).map(Ok),
                page.next.map(Some),
            )))
        }
    });
    pages.try_flatten().fuse().boxed()
}

//! The stream panics when it is polled after its end. Caught by `paginate::stays_ended`, which says "fused".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::unfold(Some(None), move |request: Option<Option<Cursor>>| {
        let response = request.map(&mut fetch);
        async move {
            let (items, next) = match response?.await {
                Ok(page) => (
                    page.items.into_iter().map(Ok).collect(),
                    page.next.map(Some),
                ),
                Err(error) => (vec![Err(error)], None),
            };
            Some((stream::iter(items), next))
        }
    });
    pages.flatten().boxed()
}

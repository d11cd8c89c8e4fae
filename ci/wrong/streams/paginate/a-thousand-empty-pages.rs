//! Ends after a thousand pages without items. Caught by `paginate::any_number_of_empty_pages_may_follow_each_other`, which says "or a number of them".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let count = std::sync::Arc::new(std::sync::Mutex::new(0));
    let pages = stream::try_unfold(Some(Request::First), move |request| {
        let response = request.map(|request| match request {
            Request::First => fetch(None),
            Request::At(cursor) => fetch(Some(cursor)),
        });
        let count = std::sync::Arc::clone(&count);
        async move {
            let Some(response) = response else {
                return Ok(None);
            };
            let Page { items, next } = response.await?;
            let mut empty = count.lock().expect("no panic");
            *empty = if items.is_empty() { *empty + 1 } else { 0 };
            if *empty > 1000 {
                return Ok(None);
            }
            let items = stream::iter(items).map(Ok);
            Ok(Some((items, next.map(Request::At))))
        }
    });
    pages.try_flatten().fuse().boxed()
}

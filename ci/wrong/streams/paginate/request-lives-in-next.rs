//! Polls the request for a page only once: if it is pending, it is dropped, and made again by the next poll. Caught by `paginate::returns_the_items_of_all_pages`, which says "no clone of its waker exists".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let mut request = Some(None);
    let pages = stream::poll_fn(move |cx| {
        let Some(cursor) = request else {
            return Poll::Ready(None);
        };
        let response = std::pin::pin!(fetch(cursor));
        let page = ready!(response.poll(cx));
        request = match &page {
            Ok(page) => page.next.map(Some),
            Err(_) => None,
        };
        Poll::Ready(Some(page.map(|page| stream::iter(page.items).map(Ok))))
    });
    pages.try_flatten().fuse().boxed()
}

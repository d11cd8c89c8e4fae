//! Requests the next page as soon as a page has arrived. Caught by `paginate::requests_a_page_when_its_items_are_needed`, which says "requested ahead".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let mut response = None;
    let mut first = true;
    let pages = stream::poll_fn(move |cx| {
        if first {
            first = false;
            response = Some(Box::pin(fetch(None)));
        }
        let Some(request) = &mut response else {
            return Poll::Ready(None);
        };
        let page = ready!(request.as_mut().poll(cx));
        response = match &page {
            Ok(Page {
                next: Some(next), ..
            }) => Some(Box::pin(fetch(Some(*next)))),
            _ => None,
        };
        Poll::Ready(Some(page.map(|page| stream::iter(page.items).map(Ok))))
    });
    pages.try_flatten().fuse().boxed()
}

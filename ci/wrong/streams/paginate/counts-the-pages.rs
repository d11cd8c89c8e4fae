//! Passes on the number of the page instead of the cursor. Caught by `paginate::returns_the_items_of_all_pages`, which says "no meaning to a client".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let pages = stream::try_unfold(Some(0), move |number: Option<Cursor>| {
        let response = number.map(|number| fetch((number > 0).then_some(number)));
        async move {
            let Some(response) = response else {
                return Ok(None);
            };
            let page = response.await?;
            let next = page.next.and(number).map(|number| number + 1);
            Ok(Some((stream::iter(page.items).map(Ok), next)))
        }
    });
    pages.try_flatten().fuse().boxed()
}

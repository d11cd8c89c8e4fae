//! A cursor of zero is taken for the end. Caught by `paginate::returns_the_items_of_all_pages`, which says "a cursor with a certain value".

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
            let next = page.next.filter(|next| *next != 0);
            Ok(Some((stream::iter(page.items).map(Ok), next.map(Some))))
        }
    });
    pages.try_flatten().fuse().boxed()
}

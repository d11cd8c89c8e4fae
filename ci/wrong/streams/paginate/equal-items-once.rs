//! Leaves out an item that is equal to the one before it. Caught by `paginate::returns_the_items_of_all_pages`, which says "lost, repeated or moved".

pub fn paginate<F, Fut>(fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let first = std::vec::IntoIter::default();
    let state = (first, Some(None));
    stream::unfold(
        (fetch, state),
        |(mut fetch, (mut items, mut next))| async move {
            loop {
                if let Some(item) = items.next() {
                    return Some((Ok(item), (fetch, (items, next))));
                }
                let cursor: Option<Cursor> = next.take()?;
                let request = fetch(cursor);
                match request.await {
                    Ok(page) => {
                        let mut page_items = page.items;
                        page_items.dedup();
                        items = page_items.into_iter();
                        next = page.next.map(Some);
                    }
                    Err(error) => return Some((Err(error), (fetch, (items, None)))),
                }
            }
        },
    )
    .fuse()
    .boxed()
}

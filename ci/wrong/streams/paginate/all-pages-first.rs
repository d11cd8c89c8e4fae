//! Requests all pages before it returns the first item. Caught by `paginate::requests_a_page_when_its_items_are_needed`, which says "requested ahead".

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let all = async move {
        let (mut items, mut cursor) = (Vec::new(), None);
        loop {
            match fetch(cursor).await {
                Ok(page) => {
                    items.extend(page.items.into_iter().map(Ok));
                    cursor = page.next;
                }
                Err(error) => {
                    items.push(Err(error));
                    break;
                }
            }
            if cursor.is_none() {
                break;
            }
        }
        stream::iter(items)
    };
    stream::once(all).flatten().fuse().boxed()
}

//! Calls itself after a page without items, so that the stack grows with each of them. Caught by `paginate::any_number_of_empty_pages_may_follow_each_other`, which says "calls itself".

struct Pages<F, Fut> {
    fetch: F,
    request: Option<Pin<Box<Fut>>>,
    next: Option<Option<Cursor>>,
    items: std::vec::IntoIter<u32>,
}

impl<F, Fut> Stream for Pages<F, Fut>
where
    F: FnMut(Option<Cursor>) -> Fut + Unpin,
    Fut: Future<Output = Result<Page, ApiError>>,
{
    type Item = Result<u32, ApiError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        {
            if let Some(item) = this.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            if this.request.is_none() {
                let Some(cursor) = this.next.take() else {
                    return Poll::Ready(None);
                };
                this.request = Some(Box::pin((this.fetch)(cursor)));
            }
            let request = this.request.as_mut().expect("it was made above");
            let result = ready!(request.as_mut().poll(cx));
            this.request = None;
            match result {
                Ok(page) => {
                    this.next = page.next.map(Some);
                    this.items = page.items.into_iter();
                    Pin::new(this).poll_next(cx)
                }
                Err(error) => Poll::Ready(Some(Err(error))),
            }
        }
    }
}

pub fn paginate<F, Fut>(fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let fetch = Box::new(fetch);
    Pages {
        fetch,
        request: None,
        next: Some(None),
        items: Vec::new().into_iter(),
    }
    .boxed()
}

//! Ends when a cursor comes a second time. Caught by `paginate::returns_the_items_of_all_pages`, which says "one that has come before".

enum State<Fut> {
    Idle(Option<Cursor>),
    Fetching(Pin<Box<Fut>>),
    Done,
}

pub fn paginate<F, Fut>(mut fetch: F) -> BoxStream<'static, Result<u32, ApiError>>
where
    F: FnMut(Option<Cursor>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Page, ApiError>> + Send + 'static,
{
    let mut items: VecDeque<u32> = VecDeque::new();
    let mut state: State<Fut> = State::Idle(None);
    let mut seen = std::collections::HashSet::new();
    stream::poll_fn(move |cx| {
        loop {
            if let Some(item) = items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match &mut state {
                State::Idle(cursor) => state = State::Fetching(Box::pin(fetch(*cursor))),
                State::Fetching(request) => match ready!(request.as_mut().poll(cx)) {
                    Ok(page) => {
                        items.extend(page.items);
                        state = match page.next {
                            Some(cursor) if seen.insert(cursor) => State::Idle(Some(cursor)),
                            Some(_) => State::Done,
                            None => State::Done,
                        };
                    }
                    Err(error) => {
                        state = State::Done;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                State::Done => return Poll::Ready(None),
            }
        }
    })
    .boxed()
}

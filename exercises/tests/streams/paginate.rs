//! `paginate`: the items of all pages, each page requested when it is needed.

use super::*;
use exercises::streams::{ApiError, Cursor, Page, paginate};

/// An API that returns these responses, one after the other, whatever the cursor.
#[derive(Clone)]
struct Api {
    responses: Arc<Vec<(Duration, Result<Page, ApiError>)>>,
    cursors: Arc<Mutex<Vec<Option<Cursor>>>>,
    in_progress: Gauge,
}

impl Api {
    fn new(responses: Vec<(Duration, Result<Page, ApiError>)>) -> Self {
        Self {
            responses: Arc::new(responses),
            cursors: Arc::default(),
            in_progress: Gauge::new(),
        }
    }

    fn fetch(
        &self,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Page, ApiError>> + Send + use<> {
        let call = {
            let mut cursors = self.cursors();
            cursors.push(cursor);
            cursors.len() - 1
        };
        let (responses, in_progress) = (Arc::clone(&self.responses), self.in_progress.clone());
        async move {
            let _request = in_progress.enter();
            let (latency, response) = match responses.get(call) {
                Some(response) => response.clone(),
                None => (Duration::ZERO, Err(ApiError(404))),
            };
            if !latency.is_zero() {
                sleep(latency).await;
            }
            response
        }
    }

    fn stream(&self) -> BoxStream<'static, Result<u32, ApiError>> {
        let api = self.clone();
        paginate(move |cursor| api.fetch(cursor))
    }

    fn cursors(&self) -> MutexGuard<'_, Vec<Option<Cursor>>> {
        self.cursors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self) -> usize {
        self.cursors().len()
    }

    /// How long all requests take.
    fn latency(&self) -> Duration {
        self.responses.iter().map(|(latency, _)| *latency).sum()
    }

    /// The cursors with which `fetch` should be called.
    fn expected_cursors(&self) -> Vec<Option<Cursor>> {
        let mut cursors = vec![None];
        for (_, response) in self.responses.iter() {
            match response {
                Ok(Page {
                    next: Some(next), ..
                }) => cursors.push(Some(*next)),
                _ => break,
            }
        }
        cursors
    }

    /// The items, and how many requests have been made when each of them is returned.
    fn expected_items(&self) -> Vec<(usize, Result<u32, ApiError>)> {
        let mut items = Vec::new();
        for (requests, (_, response)) in (1..).zip(self.responses.iter()) {
            match response {
                Ok(page) => items.extend(page.items.iter().map(|item| (requests, Ok(*item)))),
                Err(error) => items.push((requests, Err(*error))),
            }
        }
        items
    }
}

/// Pages with these numbers of items. Items and cursors are drawn.
fn pages(case: &Case, sizes: &[usize], latency: u64) -> Vec<(Duration, Result<Page, ApiError>)> {
    let cursors = case.numbers(
        "cursors",
        sizes.len().saturating_sub(1),
        u64::from(u32::MAX),
    );
    let latencies = case.whole_ms_each("requests take", sizes.len(), latency);
    let mut items = case
        .numbers("items", sizes.iter().sum(), u64::from(u32::MAX))
        .into_iter()
        .map(|item| item as u32);
    let responses = sizes.iter().zip(latencies).enumerate();
    responses
        .map(|(index, (&size, latency))| {
            let items = items.by_ref().take(size).collect();
            let next = cursors.get(index).map(|&cursor| cursor as Cursor);
            (latency, Ok(Page { items, next }))
        })
        .collect()
}

/// How many items there are on each page: at least one page.
fn sizes(case: &Case) -> Vec<usize> {
    let count = case.size("pages after the first", 0..=40) + 1;
    (0..count)
        .map(|_| case.size("items on a page", 0..=6))
        .collect()
}

fn check_cursors(api: &Api) {
    let (expected, cursors) = (api.expected_cursors(), api.cursors().clone());
    check(cursors == expected, || {
        let names =
            |cursors: &[Option<Cursor>]| list(cursors.iter().map(|cursor| format!("{cursor:?}")));
        Failure::new(format!(
            "`fetch` should be called with {}; it was called with {}.",
            names(&expected),
            names(&cursors)
        ))
        .usually(if cursors.len() > expected.len() {
            "that a page is requested after the last one. A page whose `next` is `None` is the last, and so is an error."
        } else if cursors.len() < expected.len() && expected.starts_with(&cursors) {
            "that a page without items, a cursor with a certain value, or one that has come before, is taken for the end. Only \
             `None` in `next` is."
        } else if cursors.len() == expected.len() && cursors[1..].contains(&None) {
            "that a cursor with a certain value is taken for the first page. Any value is a cursor."
        } else {
            "that the cursor is computed. It has no meaning to a client: pass on `next`, whatever it is."
        })
        .read(ON_DEMAND)
    });
}

/// Compares the requests, the items, and how long they took.
fn check_items(api: &Api, items: &[Result<u32, ApiError>], took: Duration) {
    check_cursors(api);
    let expected: Vec<_> = api
        .expected_items()
        .into_iter()
        .map(|(_, item)| item)
        .collect();
    check(items == expected, || {
        Failure::new(format!(
            "{} should be returned, in order; {} were: {}.",
            plural(expected.len(), "item"),
            items.len(),
            list(items.iter().map(|item| format!("{item:?}")))
        ))
        .usually("that items are lost, repeated or moved.")
        .read(ON_DEMAND)
    });
    let latency = api.latency();
    check(took == latency, || {
        Failure::new(format!(
            "The requests take {} one after the other, and so should the stream; it took {}.",
            in_ms(latency),
            in_ms(took)
        ))
        .usually("that there is a pause between two pages, or that a request is made twice.")
        .read(ON_DEMAND)
    });
}

#[test]
fn returns_the_items_of_all_pages() {
    grade_cases(async |case| {
        let api = Api::new(pages(&case, &sizes(&case), 50));
        let (mut stream, clock) = (api.stream(), Clock::start());
        let items: Vec<_> = stream.by_ref().collect().await;
        check_items(&api, &items, clock.elapsed());
    });
}

#[test]
fn any_number_of_empty_pages_may_follow_each_other() {
    // The few first: if the stack grows, it overflows with the many.
    check_empty_pages(300);
    check_empty_pages(20_000);
}

fn check_empty_pages(empty: usize) {
    grade(async || {
        let depths = Arc::new(Mutex::new(Vec::new()));
        let calls = Arc::clone(&depths);
        let fetch = move |_cursor| {
            // Where this call is on the stack: with recursion, each one is below the one before.
            let here = 0_u8;
            let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
            calls.push((&raw const here).addr());
            let is_empty = calls.len() <= empty;
            std::future::ready(Ok(Page {
                items: if is_empty { Vec::new() } else { vec![7] },
                next: is_empty.then_some(0),
            }))
        };
        let items: Vec<_> = paginate(fetch).collect().await;
        check(items == [Ok(7)], || {
            Failure::new(format!(
                "{empty} pages without items come first, then one with the item 7. That item should be returned; {items:?} was."
            ))
            .usually("that a page without items, or a number of them, is taken for the end. Only `None` in `next` is.")
            .read(ON_DEMAND)
        });
        let depths = depths.lock().unwrap_or_else(PoisonError::into_inner);
        // The first call may be made elsewhere.
        let (least, most) = (depths[1..].iter().min(), depths[1..].iter().max());
        let grown = most.zip(least).map_or(0, |(most, least)| most - least);
        check(grown < 16 * empty, || {
            Failure::new(format!(
                "{empty} pages without items follow each other. The stack should not grow with their number; it has grown by \
                 about {} bytes with each of them.",
                grown / empty
            ))
            .usually("that `poll_next` calls itself after a page without items. With enough of them the stack overflows: use a loop.")
            .read(ON_DEMAND)
        });
    });
}

#[test]
fn requests_nothing_before_it_is_polled() {
    grade(async || {
        let api = Api::new(vec![(
            ms(10),
            Ok(Page {
                items: vec![1],
                next: None,
            }),
        )]);
        let _stream = api.stream();
        sleep(ms(100)).await;
        check(api.requests() == 0, || {
            Failure::new("`paginate` was called, and the stream was not polled. Nothing should be requested; a page was.")
                .usually("that `fetch` is called when the stream is made. Call it in the closure of `unfold`.")
                .read(ON_DEMAND)
        });
    });
}

#[test]
fn requests_a_page_when_its_items_are_needed() {
    grade_cases(async |case| {
        let api = Api::new(pages(&case, &sizes(&case), 50));
        let pause = case.whole_ms("pause after each item", 100);
        let mut stream = api.stream();
        for (index, (expected, _)) in api.expected_items().iter().enumerate() {
            let _ = stream.next().await;
            if !pause.is_zero() {
                sleep(pause).await;
            }
            let requests = api.requests();
            check(requests <= *expected, || {
                Failure::new(format!(
                    "Item {} is on page {expected}. When it has been returned, {} should have been made; {} were.",
                    index + 1,
                    plural(*expected, "request"),
                    requests
                ))
                .usually(
                    "that pages are requested ahead: all of them at first, the next one as soon as a page has arrived, or by \
                     a task of their own.",
                )
                .read(ON_DEMAND)
            });
        }
    });
}

#[test]
fn an_error_is_the_last_item() {
    grade_cases(async |case| {
        let mut responses = pages(&case, &sizes(&case), 50);
        let failing = case.size("pages before the error", 0..=responses.len() - 1);
        let status = *case.pick("status", &[503, 429, 404, 500, 401]);
        responses[failing].1 = Err(ApiError(status));
        let api = Api::new(responses);
        let before = failing;
        let expected: Vec<_> = api
            .expected_items()
            .into_iter()
            .filter(|(requests, _)| *requests <= before + 1)
            .map(|(_, item)| item)
            .collect();
        let mut stream = api.stream();
        let items: Vec<_> = stream.by_ref().take(expected.len() + 10).collect().await;
        check(items == expected, || {
            let shown = |items: &[Result<u32, ApiError>]| {
                list(items.iter().map(|item| format!("{item:?}")))
            };
            let (errors, failed) = (
                items.iter().filter(|item| item.is_err()).count(),
                items.last(),
            );
            Failure::new(format!(
                "Request {} fails. These items should be returned: {}; these were: {}.",
                before + 1,
                shown(&expected),
                shown(&items)
            ))
            .usually(if errors == 0 {
                "that the error is lost, and looks like the end of the items."
            } else if failed.is_some_and(Result::is_err) && errors == 1 {
                "that items which have arrived before the error are lost."
            } else {
                "that the request is tried again, or that the stream goes on. The error should be the last item."
            })
            .read(ERRORS)
        });
        check_stays_ended(&mut stream).await;
        let requests = api.requests();
        check(requests == before + 1, || {
            Failure::new(format!(
                "Request {} fails, and no other should be made after it; {} were made in all.",
                before + 1,
                requests
            ))
            .usually("that the stream goes on after the error when it is polled again.")
            .read(ERRORS)
        });
    });
}

#[test]
fn stays_ended() {
    grade_cases(async |case| {
        let api = Api::new(pages(&case, &sizes(&case), 50));
        let mut stream = api.stream();
        while stream.next().await.is_some() {}
        check_stays_ended(&mut stream).await;
        check_cursors(&api);
    });
}

#[test]
fn a_dropped_next_does_not_cancel_the_request() {
    grade_cases(async |case| {
        let responses = pages(&case, &sizes(&case), 90);
        let patience = case.whole_ms("`next` is dropped after 1 ms +", 40) + ms(1);
        let undisturbed = Api::new(responses.clone());
        let (stream, clock) = (undisturbed.stream(), Clock::start());
        let items: Vec<_> = stream.collect().await;
        check_items(&undisturbed, &items, clock.elapsed());

        let api = Api::new(responses);
        let mut stream = api.stream();
        let items =
            drain_impatiently(&case, &mut stream, patience, api.latency() * 2 + ms(10)).await;
        let items: Vec<_> = items.into_iter().map(|(_, item)| item).collect();
        let expected: Vec<_> = api
            .expected_items()
            .into_iter()
            .map(|(_, item)| item)
            .collect();
        let requests = (api.expected_cursors().len(), api.requests());
        check(requests.0 == requests.1 && items == expected, || {
            Failure::new(format!(
                "`next` was dropped and called again, after {} at the latest. {} and {} should be seen; there were {} and {}.",
                in_ms(patience),
                plural(requests.0, "request"),
                plural(expected.len(), "item"),
                plural(requests.1, "request"),
                plural(items.len(), "item")
            ))
            .usually("that the request is dropped with the future of `next`, and made again. Keep it in the stream.")
            .read(CANCEL_SAFE)
        });
    });
}

#[test]
fn a_dropped_stream_cancels_the_request() {
    drop_at_every_await(
        async || {
            let page = |items, next| (ms(50), Ok(Page { items, next }));
            let api = Api::new(vec![
                page(vec![1, 2], Some(7)),
                page(vec![], Some(0)),
                page(vec![3], None),
            ]);
            let (stream, tasks) = (api.stream(), Tasks::baseline());
            let answer = async move {
                let _items: Vec<_> = stream.collect().await;
            };
            (answer, (api, tasks))
        },
        async |(api, tasks)| {
            let (requests, in_progress) = (api.requests(), api.in_progress.now());
            sleep(ms(500)).await;
            check(in_progress == 0, || {
                Failure::new("The stream was dropped, and no request should be in progress; one was.")
                    .usually("that the requests are made by a spawned task, which does not end with the stream.")
                    .read(RUNS_AHEAD)
            });
            check(api.requests() == requests, || {
                Failure::new(format!(
                    "The stream was dropped, and no request should be made after that; {}.",
                    were(api.requests() - requests)
                ))
                .usually("that the requests are made by a spawned task, which does not end with the stream.")
                .read(RUNS_AHEAD)
            });
            tasks.check_none_left_behind().await;
        },
    );
}

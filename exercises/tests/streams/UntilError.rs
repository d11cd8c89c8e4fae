//! `UntilError`: ends after the first error, is fused, and drops what it is made of.

use super::*;
use exercises::streams::UntilError;
use futures::stream::FusedStream;
use std::task::Waker;

type Item = Result<u32, String>;
type Answer = UntilError<BoxStream<'static, Item>>;

/// Items, and the time before each of them. After the first error there are items and more errors.
fn drawn(case: &Case) -> Vec<(Duration, Item)> {
    let count = case.size("items", 0..=40);
    let times = case.whole_ms_each("times between them", count, 20);
    let errors = case.size("items before the first error", 0..=40);
    let times = times.into_iter().enumerate();
    times
        .map(|(index, time)| {
            let item = if index < errors || (index > errors && index % 3 == 0) {
                Ok(index as u32)
            } else {
                Err(format!("error {index}"))
            };
            (time, item)
        })
        .collect()
}

/// The items up to the first error, and whether there is one.
fn expected(items: &[(Duration, Item)]) -> (Vec<Item>, bool) {
    let mut expected = Vec::new();
    for (_, item) in items {
        expected.push(item.clone());
        if item.is_err() {
            return (expected, true);
        }
    }
    (expected, false)
}

fn shown_items(items: &[Item]) -> String {
    list(items.iter().map(|item| format!("{item:?}")))
}

#[test]
fn returns_the_items_up_to_the_first_error() {
    grade_cases(async |case| {
        let items = drawn(&case);
        let (expected, _) = expected(&items);
        let (input, seen) = Input::requested(items, ms(5));
        let returned: Vec<Item> = UntilError::new(input).collect().await;
        check(returned == expected, || {
            Failure::new(format!(
                "These items should be returned: {}; these were: {}.",
                shown_items(&expected),
                shown_items(&returned)
            ))
            .usually(if returned.len() > expected.len() {
                "that the stream goes on after an error. Remember that there was one."
            } else if seen.taken() < expected.len() {
                "that the inner stream is taken out of its place for a poll, and not put back if it is pending."
            } else if expected.starts_with(&returned) && expected.last().is_some_and(Result::is_err) {
                "that the error is lost. It is the last item, and not `None`."
            } else {
                "that items are lost or changed."
            })
            .read(ERRORS)
        });
    });
}

#[test]
fn is_terminated_from_the_last_item_on() {
    grade_cases(async |case| {
        let items = drawn(&case);
        let (expected, fails) = expected(&items);
        let (input, _seen) = Input::requested(items, ms(5));
        let mut stream: Answer = UntilError::new(input);
        for returned in 0..=expected.len() {
            let terminated = stream.is_terminated();
            let should_be = fails && returned == expected.len();
            check(terminated == should_be, || {
                let state = match returned {
                    0 => "Nothing has been returned".to_owned(),
                    _ if should_be => "An error has been returned".to_owned(),
                    returned => format!(
                        "{} and no error have been returned",
                        plural(returned, "item")
                    ),
                };
                Failure::new(format!(
                    "{state}. `is_terminated` should return {should_be}; it returned {terminated}."
                ))
                .usually(if terminated {
                    "that it returns `true` too early: then a `select!` of `futures` skips the stream, and its items are lost."
                } else {
                    "that only `None` ends the stream. After an error nothing but `None` will come, too."
                })
                .read(AFTER_THE_END)
            });
            if futures::poll!(stream.next()).is_ready() {
                continue;
            }
            check(!stream.is_terminated(), || {
                Failure::new(
                    "The stream is pending. `is_terminated` should return false; it returned true.",
                )
                .read(AFTER_THE_END)
            });
            let _ = stream.next().await;
        }
        check(stream.is_terminated(), || {
            Failure::new("The stream has returned `None`. `is_terminated` should return true; it returned false.")
                .usually("that the end of the inner stream is passed on, and not remembered.")
                .read(AFTER_THE_END)
        });
    });
}

#[test]
fn returns_none_after_the_end_without_a_poll() {
    grade_cases(async |case| {
        let items = drawn(&case);
        let (expected, fails) = expected(&items);
        let (input, seen) = Input::requested(items, ms(5));
        let mut stream: Answer = UntilError::new(input);
        for _ in 0..expected.len() + usize::from(!fails) {
            let _ = stream.next().await;
        }
        let polls = seen.polls();
        for _ in 0..3 {
            let after = TestWaker::new().poll(Pin::new(&mut stream.next()));
            check(matches!(after, Poll::Ready(None)), || {
                Failure::new(format!(
                    "The stream has returned {}, and should return `None` from then on; {}.",
                    if fails { "an error" } else { "`None`" },
                    match &after {
                        Poll::Ready(after) => format!("it returned {after:?}"),
                        Poll::Pending => "it is pending".to_owned(),
                    }
                ))
                .usually_if(after.is_ready().then_some(
                    "that the end is not remembered. Keep the inner stream in an `Option`, and set it to `None`.",
                ))
                .read(AFTER_THE_END)
            });
        }
        check(seen.polls() == polls, || {
            Failure::new(format!(
                "The stream has returned {}. The inner stream should not be polled again; it was.",
                if fails { "an error" } else { "`None`" }
            ))
            .usually(
                "that the inner stream is polled before the stream looks whether it has ended, that only one of the two ends is \
                 remembered, or that the inner stream is dropped one poll too late.",
            )
            .read(AFTER_THE_END)
        });
    });
}

#[test]
fn drops_the_inner_stream_at_once() {
    grade_cases(async |case| {
        let items = drawn(&case);
        let (expected, fails) = expected(&items);
        let (input, seen) = Input::requested(items, ms(5));
        let mut stream: Answer = UntilError::new(input);
        for index in 0..expected.len() + usize::from(!fails) {
            check(!seen.dropped(), || {
                Failure::new(format!(
                    "{} been returned, and no error. The inner stream should still be there; it was dropped.",
                    have(index, "item")
                ))
                .usually("that the inner stream is taken out of its place, and not put back.")
                .read(POLL_NEXT)
            });
            let _ = stream.next().await;
        }
        let (dropped, polls) = (seen.dropped(), seen.polls());
        let after = if dropped { None } else { stream.next().await };
        check(dropped, || {
            let failure = Failure::new(format!(
                "The stream has returned {}. The inner stream should be dropped by then, although the outer one is not; it is \
                 still there.",
                if fails { "an error" } else { "`None`" }
            ));
            let (usually, read) = if after.is_some() {
                (
                    "that the stream goes on after an error. Remember that there was one.",
                    ERRORS,
                )
            } else if seen.polls() > polls {
                (
                    "that the inner stream is polled again after its end. Drop it in the poll that returns an error or `None`.",
                    AFTER_THE_END,
                )
            } else if seen.dropped() {
                (
                    "that the next poll drops the inner stream. Drop it in the poll that returns an error or `None`.",
                    POLL_NEXT,
                )
            } else {
                (
                    "that a flag says that the stream has ended, and the inner stream is kept. Keep it in an `Option`.",
                    ERRORS,
                )
            };
            failure.usually(usually).read(read)
        });
    });
}

#[test]
fn polls_the_inner_stream_at_most_once_in_each_poll() {
    grade_cases(async |case| {
        let items = drawn(&case);
        let (input, seen) = Input::requested(items, case.whole_ms("end after", 5));
        let mut stream: Answer = UntilError::new(input);
        for returned in 0.. {
            let mut most = 0;
            let item = std::future::poll_fn(|cx| {
                let polls = seen.polls();
                let polled = stream.poll_next_unpin(cx);
                most = most.max(seen.polls() - polls);
                polled
            });
            let item = item.await;
            check(most <= 1, || {
                Failure::new(format!(
                    "{} been returned, and the next one is {item:?}. No poll should poll the inner stream more than once; one polled \
                     it {}.",
                    have(returned, "item"),
                    times(most)
                ))
                .usually_if(item.is_some().then_some(
                    "that the stream looks at the item after next, too, or whether it has ended.",
                ))
                .read(POLL_NEXT)
            });
            if item.is_none() {
                break;
            }
        }
    });
}

/// Is pending, and tells whether it is polled with this waker.
struct Expects {
    waker: Waker,
    is_same: Arc<Mutex<Vec<bool>>>,
}

impl Stream for Expects {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let is_same = cx.waker().will_wake(&self.waker);
        let mut seen = self.is_same.lock().unwrap_or_else(PoisonError::into_inner);
        seen.push(is_same);
        Poll::Pending
    }
}

#[test]
fn passes_on_the_waker() {
    grade(async || {
        let (task, is_same) = (TestWaker::new(), Arc::default());
        let inner = Expects {
            waker: task.waker(),
            is_same: Arc::clone(&is_same),
        };
        let mut stream = UntilError::new(inner);
        let polled = task.poll(Pin::new(&mut stream.next()));
        let is_same = is_same.lock().unwrap_or_else(PoisonError::into_inner);
        check(polled.is_pending() && *is_same == [true], || {
            Failure::new(format!(
                "The inner stream should be polled once, with the waker of the poll, and be pending; it was polled {}, and the \
                 stream was {}.",
                list(is_same.iter().map(|is_same| match is_same {
                    true => "with this waker".to_owned(),
                    false => "with another one".to_owned(),
                })),
                if polled.is_ready() { "ready" } else { "pending" }
            ))
            .usually_if(is_same.contains(&false).then_some(
                "that the stream makes a waker of its own, which calls the one of the poll or does nothing. Pass on `cx`.",
            ))
            .read(POLL_NEXT)
        });
    });
}

#[test]
fn polls_once_and_with_the_latest_waker() {
    grade(async || {
        let items = vec![
            (ms(20), Ok(1)),
            (Duration::ZERO, Ok(2)),
            (ms(20), Err("reset".into())),
        ];
        let (input, seen) = Input::requested(items, ms(5));
        let mut stream: Answer = UntilError::new(input);
        let (first, second) = (TestWaker::new(), TestWaker::new());
        for waker in [&first, &second] {
            let polls = seen.polls();
            let polled = waker.poll(Pin::new(&mut stream.next())).is_ready();
            check(!polled && seen.polls() == polls + 1, || {
                Failure::new(format!(
                    "A poll of the stream should poll the inner stream once, which is pending; it was polled {}, and the \
                     stream was {}.",
                    times(seen.polls() - polls),
                    if polled { "ready" } else { "pending" }
                ))
                .usually("that `Pending` of the inner stream is not passed on, or that it is polled in a loop.")
                .read(POLL_NEXT)
            });
        }
        sleep(ms(20)).await;
        let wakes = (first.wake_count(), second.wake_count());
        check(wakes == (0, 1), || {
            Failure::new(format!(
                "The stream was polled by two tasks, one after the other, and then an item arrived. The second task should be \
                 woken once, and the first one not at all; the first was woken {}, the second {}.",
                times(wakes.0),
                times(wakes.1)
            ))
            .usually(if wakes.0 + wakes.1 == 0 {
                "that the inner stream is polled with a waker that does nothing. Pass on `cx`."
            } else {
                "that a waker is called by the stream itself, or kept from an earlier poll. Pass on `cx`."
            })
            .read(STALE)
        });
        let polls = seen.polls();
        let item = stream.next().await;
        check(item == Some(Ok(1)) && seen.polls() == polls + 1, || {
            Failure::new(format!(
                "An item is ready. One poll of the inner stream should return it; it was polled {}, and {item:?} was returned.",
                times(seen.polls() - polls)
            ))
            .usually("that the stream looks at the item after next, too.")
            .read(POLL_NEXT)
        });
    });
}

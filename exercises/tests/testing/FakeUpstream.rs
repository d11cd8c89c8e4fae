//! A fake that goes pending and records its calls.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use exercises::testing::{Call, End, FakeUpstream, Refused, Reply, Upstream};
use futures::FutureExt;
use tokio::time::{Instant, advance, sleep, timeout};

use super::*;

const FAKES: &str = "testing-fakes.html#a-fake-that-is-always-ready-hides-races";
const FIRST_POLL: &str = "event-loop.html#calling-an-async-function-does-nothing";
const DROP: &str = "cleanup.html#what-drop-can-do";

/// A script with latencies and results that are drawn.
fn script(case: &Case, count: usize) -> Vec<Reply> {
    let latencies = case.whole_ms_each("latencies", count, 50);
    let values = case.texts("values", count);
    let replies = latencies.into_iter().zip(values);
    let reply = |(latency, value): (Duration, String)| Reply {
        latency,
        result: if value.is_empty() {
            Err(Refused)
        } else {
            Ok(value)
        },
    };
    replies.map(reply).collect()
}

/// `[7 from 0 ms, replied at 10 ms]`
fn shown(start: Instant, calls: &[Call]) -> String {
    let at = |instant: Instant| in_ms(instant - start);
    grading::list(calls.iter().map(|call| {
        let end = match call.end {
            End::Pending => "pending".to_owned(),
            End::Replied(end) => format!("replied at {}", at(end)),
            End::Dropped(end) => format!("dropped at {}", at(end)),
        };
        format!("{} from {}, {end}", call.key, at(call.began))
    }))
}

#[track_caller]
fn check_calls(start: Instant, fake: &FakeUpstream, expected: &[Call], meaning: &str, read: &str) {
    let calls = fake.calls();
    check(calls == expected, || {
        Failure::new(format!(
            "The calls should be {}; they were {}.",
            shown(start, expected),
            shown(start, &calls)
        ))
        .usually(meaning)
        .read(read)
    });
}

#[test]
fn replies_and_records_as_the_script_says() {
    grade_cases(async |case| {
        let count = case.size("calls", 0..=5);
        let script = script(&case, count);
        let keys = case.numbers("keys", count, 999);
        let start = Instant::now();
        let fake = FakeUpstream::new(script.clone());
        let mut expected = Vec::new();
        let calls = keys
            .iter()
            .zip(&script)
            .enumerate()
            .map(|(n, (key, reply))| {
                let (key, began) = (*key as u32, ms(n as u64 * 10));
                expected.push(Call {
                    key,
                    began: start + began,
                    end: End::Replied(start + began + reply.latency),
                });
                let fake = &fake;
                async move {
                    sleep(began).await;
                    let result = fake.fetch(key).await;
                    (result, start.elapsed())
                }
            });
        let calls: Vec<_> = calls.collect();
        let outcomes = case.join(calls).await;
        for (n, ((result, at), (reply, call))) in outcomes
            .iter()
            .zip(script.iter().zip(&expected))
            .enumerate()
        {
            let due = call.began - start + reply.latency;
            check(*result == reply.result && *at == due, || {
                Failure::new(format!(
                    "Call {n} should return {:?} at {}; it returned {result:?} at {}.",
                    reply.result,
                    in_ms(due),
                    in_ms(*at)
                ))
                .usually_if((*at != due).then_some(
                    "that a call waits for another one, or that its latency does not count from its first poll.",
                ))
                .read(FAKES)
            });
        }
        let meaning = "that the end of a call is not recorded, or not at its instant.";
        check_calls(start, &fake, &expected, meaning, FAKES);
    });
}

#[test]
fn is_pending_at_its_first_poll() {
    grade_cases(async |case| {
        let script = script(&case, 1);
        let start = Instant::now();
        let fake = FakeUpstream::new(script.clone());
        let mut call = Box::pin(fake.fetch(7));
        let first = futures::poll!(&mut call);
        check(first.is_pending(), || {
            Failure::new(format!(
                "A call with a latency of {} should be pending at its first poll; it was ready.",
                in_ms(script[0].latency)
            ))
            .usually("that a `sleep` whose time is over is ready at once.")
            .read(FAKES)
        });
        let expected = Call {
            key: 7,
            began: start,
            end: End::Pending,
        };
        let meaning = "that a call is recorded only when it returns.";
        check_calls(start, &fake, &[expected], meaning, FAKES);
        let second = timeout(ms(1_000), call).await;
        check(second.is_ok(), || {
            Failure::new("A call that was pending should return; it never did.").read(FAKES)
        });
    });
}

#[test]
fn a_call_begins_at_its_first_poll() {
    grade_cases(async |case| {
        let count = case.size("calls", 1..=4);
        // One reply more: it is left if a future that is not polled takes one.
        let script = script(&case, count + 1);
        let order = case.permutation("polled in the order", count);
        let start = Instant::now();
        let fake = FakeUpstream::new(script.clone());
        drop(fake.fetch(1_000));
        let mut calls: Vec<_> = (0..count)
            .map(|n| Some(Box::pin(fake.fetch(n as u32))))
            .collect();
        advance(ms(5)).await;
        let polled = order.iter().filter_map(|n| calls[*n].take());
        let results = futures::future::join_all(polled).await;
        let expected: Vec<_> = script
            .iter()
            .map(|reply| reply.result.clone())
            .take(count)
            .collect();
        let usually =
            "that `fetch` does something before it is polled, or takes a reply by its key.";
        check(results == expected, || {
            Failure::new(format!(
                "In the order of their first polls, the calls should return {expected:?}; they returned {results:?}."
            ))
            .usually(usually)
            .read(FIRST_POLL)
        });
        let began = start + ms(5);
        let call = |(n, reply): (&usize, &Reply)| Call {
            key: *n as u32,
            began,
            end: End::Replied(began + reply.latency),
        };
        let expected: Vec<_> = order.iter().zip(&script).map(call).collect();
        check_calls(start, &fake, &expected, usually, FIRST_POLL);
    });
}

#[test]
fn records_a_dropped_call() {
    grade_cases(async |case| {
        let script = script(&case, 2);
        let latency = script[0].latency;
        let start = Instant::now();
        let fake = FakeUpstream::new(script.clone());
        let mut call = Box::pin(fake.fetch(1));
        let _ = futures::poll!(&mut call);
        let dropped = ms(latency.as_millis() as u64 / 2);
        advance(dropped).await;
        drop(call);
        let next = timeout(ms(1_000), fake.fetch(2)).await;
        let began = start + dropped;
        let expected = [
            Call {
                key: 1,
                began: start,
                end: End::Dropped(began),
            },
            Call {
                key: 2,
                began,
                end: End::Replied(began + script[1].latency),
            },
        ];
        let meaning = "that code after the `.await` records the end, which never runs if the future is dropped.";
        check_calls(start, &fake, &expected, meaning, DROP);
        check(next.as_ref() == Ok(&script[1].result), || {
            Failure::new(format!(
                "After a dropped call, the next one should return {:?}; it returned {next:?}.",
                script[1].result
            ))
            .usually("that the reply of a dropped call is given to the next one.")
            .read(DROP)
        });
    });
}

/// The message of a panic: a `&str` if `panic!` got a text without arguments, and otherwise a `String`.
fn message_of(payload: &(dyn Any + Send)) -> Option<&str> {
    let formatted = payload.downcast_ref::<String>().map(String::as_str);
    formatted.or_else(|| payload.downcast_ref::<&str>().copied())
}

/// A caller may poll a call late, and keep it when it has ended.
#[test]
fn replies_at_its_instant_however_late_it_is_polled() {
    grade_cases(async |case| {
        let script = script(&case, 1);
        let latency = script[0].latency;
        let start = Instant::now();
        let fake = FakeUpstream::new(script.clone());
        let mut call = Box::pin(fake.fetch(7));
        let _ = futures::poll!(&mut call);
        let later = ms(case.number("polled again after ms", latency.as_millis() as u64));
        advance(later).await;
        let reply = timeout(ms(1_000), &mut call).await;
        let at = start.elapsed();
        check(reply.is_ok() && at == latency, || {
            Failure::new(format!(
                "A call with a latency of {} that is polled at 0 ms and at {} should return at {}; it {} at {}.",
                in_ms(latency),
                in_ms(later),
                in_ms(latency),
                if reply.is_ok() { "returned" } else { "had not returned" },
                in_ms(at)
            ))
            .usually("that its latency counts from its second poll. It counts from the first one.")
            .read(FAKES)
        });
        sleep(ms(5)).await;
        drop(call);
        let expected = Call {
            key: 7,
            began: start,
            end: End::Replied(start + latency),
        };
        let meaning =
            "that the end is recorded when the future is dropped, and not when it returns.";
        check_calls(start, &fake, &[expected], meaning, DROP);
    });
}

#[test]
fn panics_at_the_end_of_its_script() {
    grade_cases(async |case| {
        let count = case.size("replies", 0..=3);
        let fake = FakeUpstream::new(script(&case, count));
        for n in 0..count {
            let _ = fake.fetch(n as u32).await;
        }
        let call = AssertUnwindSafe(fake.fetch(99)).catch_unwind().await;
        let message = match &call {
            Ok(result) => format!("it returned {result:?}"),
            Err(payload) => match message_of(&**payload) {
                Some(message) => format!("it panicked with {message:?}"),
                None => "it panicked with a payload that is no text".to_owned(),
            },
        };
        let recorded = fake.calls().len();
        check(
            message.contains("no reply left") && recorded == count,
            || {
                Failure::new(format!(
                "After {count} replies, a call should panic with \"no reply left\", and not be recorded; {message}, and \
                 there were {recorded} calls."
            ))
            .usually("that a call which the test does not expect gets a reply. Then the test passes.")
            .read(FAKES)
            },
        );
    });
}

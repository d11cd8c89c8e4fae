//! `BoundedPriorityQueue`: the highest priority first, within a bound.

use std::cell::Cell;
use std::rc::Rc;

use super::priority_script::Script;
use super::priority_traffic::{
    filled, peak_with_three_slots, receive_all, through_one_slot, with_dropped_calls,
};
use super::*;
use exercises::queues::BoundedPriorityQueue;
use grading::join_all;

const EXERCISE: &str = "queues-exercises.html#boundedpriorityqueue";

#[test]
fn receives_the_highest_priority_first() {
    grade_cases(async |case| {
        let count = case.size("jobs", 1..=40);
        let first = case.size("lowest priority", 0..=256 - count);
        let order = case.permutation("above it", count);
        let jobs: Vec<_> = order
            .iter()
            .map(|above| (first + above) as u8)
            .zip(1..)
            .collect();
        let queue = filled(&jobs).await;
        let received = receive_all(&queue).await;
        let mut highest_first = jobs.clone();
        highest_first.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let expected: Vec<u32> = highest_first
            .into_iter()
            .map(|(_, number)| number)
            .collect();
        check(received == expected, || {
            let failure = Failure::new(format!(
                "Jobs of different priorities, numbered in the order of their arrival, should be received in the order {}; they \
                 were received in the order {}.",
                list(&expected),
                list(&received)
            ));
            let by = |key: fn(u8) -> i16| {
                let mut order = jobs.clone();
                order.sort_by_key(|(priority, _)| key(*priority));
                order.into_iter().map(|(_, number)| number)
            };
            let mistakes = [
                (
                    "that the lowest priority is the greatest entry of the heap: one `Reverse` too many.",
                    by(i16::from).collect(),
                ),
                (
                    "that jobs are received in the order of their arrival, and the priority is ignored.",
                    by(|_| 0).collect(),
                ),
                (
                    "that a priority above 127 counts as a negative one, because it is kept in an `i8`.",
                    by(|priority| -i16::from(priority as i8)).collect::<Vec<_>>(),
                ),
            ];
            match explained(&received, mistakes) {
                Some(meaning) => failure.usually(meaning),
                None => failure,
            }
            .read(PRIORITY)
        });
    });
}

#[test]
fn equal_priorities_are_first_in_first_out() {
    grade_cases(async |case| {
        let count = case.size("jobs", 1..=300);
        let priorities = case.numbers("priorities", count, u8::MAX.into());
        let first = case.number("lowest number", u64::from(u32::MAX) - 300) as u32;
        let numbers = case.permutation("numbers above it", count);
        let jobs: Vec<(u8, u32)> = priorities
            .into_iter()
            .zip(numbers)
            .map(|(priority, above)| (priority as u8, first + above as u32))
            .collect();
        let queue = filled(&jobs).await;
        let received = receive_all(&queue).await;
        let mut highest_first = jobs.clone();
        // The sort is stable: equal priorities stay in the order of their arrival.
        highest_first.sort_by_key(|(priority, _)| std::cmp::Reverse(*priority));
        let due = highest_first.iter().map(|(_, number)| *number);
        let wrong = due.clone().zip(&received).find(|(due, seen)| due != *seen);
        check(received.iter().copied().eq(due), || {
            let priority_of = |number| jobs.iter().find(|job| job.1 == number).map(|job| job.0);
            let Some((due, seen)) = wrong else {
                return Failure::new(format!(
                    "{} added, and each should be received; {}.",
                    were(count),
                    were(received.len())
                ))
                .read(PRIORITY);
            };
            let (of_due, of_seen) = (priority_of(due), priority_of(*seen));
            let report = Failure::new(format!(
                "The highest priority should be received first and, of jobs with the same one, the first that was added. Instead of job \
                 {due}, of priority {}, the next one was job {seen}, of {}.",
                of_due.unwrap_or_default(),
                match of_seen {
                    Some(_) if of_seen == of_due => "the same priority".to_owned(),
                    Some(priority) => format!("priority {priority}"),
                    None => "no job that was added".to_owned(),
                }
            ));
            let in_order = |tie: &dyn Fn(usize, u32) -> i64| {
                let mut order: Vec<_> = jobs.iter().copied().enumerate().collect();
                order.sort_by_key(|(at, (priority, number))| {
                    (std::cmp::Reverse(*priority), tie(*at, *number))
                });
                order
                    .into_iter()
                    .map(|(_, (_, number))| number)
                    .collect::<Vec<_>>()
            };
            let mistakes = [
                (
                    "that the latest arrival counts as the greatest, because `Reverse` is missing.",
                    in_order(&|at, _| -(at as i64)),
                ),
                (
                    "that the job's number breaks ties. A heap keeps no order among equals: number the jobs as they arrive.",
                    in_order(&|_, number| number.into()),
                ),
                (
                    "that the job's number breaks ties. A heap keeps no order among equals: number the jobs as they arrive.",
                    in_order(&|_, number| -i64::from(number)),
                ),
            ];
            match explained(&received, mistakes) {
                Some(meaning) => report.usually(meaning),
                None => report,
            }
            .read(PRIORITY)
        });
    });
}

#[test]
fn equal_priorities_stay_in_order_while_jobs_leave() {
    grade(async || {
        let queue = filled(&[(5, 1), (5, 2), (5, 3)]).await;
        let mut received = Vec::new();
        for number in 4..=303 {
            let (first, _) = within(ms(1), queue.recv()).await;
            received.extend(first.flatten().map(|Job(number)| number));
            let _ = timeout(ms(1), queue.send(5, Job(number))).await;
        }
        received.extend(receive_all(&queue).await);
        let in_order = received.iter().copied().eq(1..=303);
        check(in_order, || {
            let first = received
                .iter()
                .zip(1..)
                .find(|(number, nth)| **number != *nth);
            let report = Failure::new(format!(
                "All jobs have the same priority. 1, 2 and 3 are added; then, 300 times, one is received and the next added; \
                 then all are received. They should be received as 1 to 303; {}.",
                match first {
                    Some((number, nth)) => format!("{number} came where {nth} should have come"),
                    None => format!("only {} received", were(received.len())),
                }
            ));
            if first.is_none() {
                return report
                    .usually("that no slot is free again when a job is received, so no other job can be added.")
                    .read(BUILD);
            }
            report.usually(
                "that the arrival number comes from the number of jobs in the queue, so that two jobs get the same one; or that \
                 it starts again at 0 after a few jobs. Count arrivals in a field that only grows, a `u64`.",
            )
            .read(PRIORITY)
        });
    });
}

#[test]
fn arrivals_are_told_apart_after_many_jobs() {
    const JOBS: u32 = (1 << 16) + 2;
    grade(async || {
        let queue = filled(&[(5, 0), (5, 1), (5, 2)]).await;
        let mut in_order = 0;
        for number in 3..=JOBS {
            in_order += u32::from(queue.recv().await == Some(Job(number - 3)));
            let _ = queue.send(5, Job(number)).await;
        }
        let expected = JOBS - 2;
        check(in_order == expected, || {
            Failure::new(format!(
                "All jobs have the same priority, and there are three in the queue. {expected} times the first is received, and \
                 another is added. Each job should come in the order of its arrival; {} did not.",
                expected - in_order
            ))
            .usually("that the arrivals are counted in two bytes, which start again at 0 after 65536 jobs. Use a `u64`.")
            .read(PRIORITY)
        });
    });
}

#[test]
fn waiting_senders_are_served_in_order() {
    grade_cases(async |case| {
        let queue = BoundedPriorityQueue::new(1);
        let _ = queue.send(0, Job(1)).await;
        let (added, added_to_full) = (Cell::new(0), Cell::new(0));
        let count = case.size("waiting senders", 1..=40);
        let priorities = case.numbers("priorities", count, u8::MAX.into());
        let waiting = priorities.into_iter().zip(2..).map(|(priority, number)| {
            let (queue, added) = (&queue, &added);
            async move {
                let _ = queue.send(priority as u8, Job(number)).await;
                added.set(added.get() + 1);
            }
        });
        let receiving = async {
            let mut received = Vec::new();
            added_to_full.set(added.get());
            for _ in 0..=count {
                sleep(ms(10)).await;
                let (next, _) = within(ms(1), queue.recv()).await;
                received.extend(next.flatten().map(|Job(number)| number));
            }
            received
        };
        let sending = timeout(ms(1000), join_all(waiting));
        let (_, received) = tokio::join!(biased; sending, receiving);
        let expected: Vec<u32> = (1..).take(count + 1).collect();
        check(received == expected, || {
            Failure::new(format!(
                "The queue holds one job, job 1. The senders of other jobs wait for a slot, in the order of the jobs' numbers. \
                 Whenever a job is received, the next sender should get the slot, so the jobs should be received as {}; it was \
                 {}.",
                list(&expected),
                list(&received)
            ))
            .usually(if added_to_full.get() > 0 {
                "that `send` does not wait although the queue is full."
            } else {
                "that a free slot does not go to the sender that has waited longest, but to one with a higher priority or one that is \
                 woken before. The priority counts only inside the queue."
            })
            .read(EXERCISE)
        });
    });
}

#[test]
fn a_cancelled_recv_frees_no_slot() {
    grade(async || {
        let queue = BoundedPriorityQueue::new(1);
        for _ in 0..3 {
            let _ = timeout(ms(1), queue.recv()).await;
        }
        let mut added = 0;
        for number in 1..=4 {
            let sent = timeout(ms(1), queue.send(1, Job(number))).await;
            added += usize::from(sent == Ok(Ok(())));
        }
        check(added == 1, || {
            Failure::new(format!(
                "Three calls of `recv` on an empty queue were dropped. The queue has a capacity of 1, so one job should be \
                 added; {}.",
                were(added)
            ))
            .usually("that `recv` frees a slot before it has removed a job.")
            .read(BUILD)
        });
    });
}

#[test]
fn holds_as_many_jobs_as_its_capacity() {
    grade_cases(async |case| {
        let capacity = case.size("capacity", 1..=40);
        let (queue, added) = (BoundedPriorityQueue::new(capacity), Cell::new(0));
        let count = capacity + 3 + case.size("more senders", 0..=40);
        let senders = (0..count as u32).map(|number| {
            let (queue, added) = (&queue, &added);
            Box::pin(async move {
                let _ = queue.send(1, Job(number)).await;
                added.set(added.get() + 1);
            })
        });
        let observing = async {
            let mut lengths = Vec::new();
            let mut received = 0;
            for round in 0..4 {
                if round > 0 && matches!(timeout(ms(5), queue.recv()).await, Ok(Some(_))) {
                    received += 1;
                }
                sleep(ms(10)).await;
                lengths.push(added.get() - received);
            }
            (lengths, received)
        };
        let sending = timeout(ms(100), join_all(senders));
        let (_, (lengths, received)) = tokio::join!(biased; sending, observing);
        check(lengths == [capacity; 4] && received == 3, || {
            let failure = Failure::new(format!(
                "{count} senders fill a queue with a capacity of {capacity}. Three times a job is received, and each time one \
                     should be added: {:?} jobs in the queue. There were {lengths:?}, and {received} were received.",
                [capacity; 4]
            ));
            if lengths.iter().any(|length| *length > capacity) {
                failure
                        .usually("that `send` does not wait for a slot, because the jobs in the heap are not counted, or one too few.")
                        .read(GROWTH)
            } else {
                failure
                    .usually("that no sender that waits for a slot is woken when a job is removed, or that the queue holds fewer jobs than its \
                         capacity.")
                    .read(BUILD)
            }
        });
    });
}

#[test]
fn a_waiting_recv_is_woken() {
    grade(async || {
        let (queue, clock) = (BoundedPriorityQueue::new(2), Clock::start());
        let recv = Counted::new(async { (queue.recv().await, clock.elapsed()) });
        let counts = recv.counts();
        let send = async {
            sleep(ms(30)).await;
            queue.send(1, Job(7)).await
        };
        let (received, _) = tokio::join!(biased; within(ms(1000), recv), send);
        check(received.0 == Some((Some(Job(7)), ms(30))), || {
            let failure = Failure::new(format!(
                "The queue is empty, and job 7 is added at 30 ms. A waiting `recv` should return it at that instant; {}.",
                match received.0 {
                    Some((job, at)) => format!("at {} it returned {job:?}", in_ms(at)),
                    None => "it did not return within a second".to_owned(),
                }
            ));
            match received.0 {
                Some((_, at)) if at > ms(30) => {
                    failure.usually("that `recv` checks the queue from time to time.")
                }
                Some((None, _)) => failure
                    .usually("that `recv` returns when the queue is empty, although it is open."),
                None => failure.usually("that `recv` is not woken when a job is added."),
                _ => failure,
            }
            .read(BUILD)
        });
        let polls = counts.polls();
        check(polls <= 5, || {
            Failure::new(format!(
                "While it waits, `recv` should be polled only when there may be a job; it {}.",
                counted("polled", polls)
            ))
            .usually("a busy loop: it checks again and again, with `yield_now` in between.")
            .read("futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself")
        });
    });
}

#[test]
fn close_wakes_all_waiters() {
    grade(async || {
        let (full, empty) = (BoundedPriorityQueue::new(1), BoundedPriorityQueue::new(1));
        let _ = full.send(1, Job(1)).await;
        // Each call is in a task of its own, so each has to be woken.
        let [of_sends, of_recvs] = std::array::from_fn(|_| [TestWaker::new(), TestWaker::new()]);
        let mut sends = [2, 3].map(|number| Box::pin(full.send(9, Job(number))));
        let mut recvs = [(), ()].map(|()| Box::pin(empty.recv()));
        let sends_wait = sends
            .iter_mut()
            .zip(&of_sends)
            .all(|(send, waker)| waker.poll(send.as_mut()).is_pending());
        let recvs_wait = recvs
            .iter_mut()
            .zip(&of_recvs)
            .all(|(recv, waker)| waker.poll(recv.as_mut()).is_pending());
        check(sends_wait && recvs_wait, || {
            Failure::new("Two calls of `send` on a full queue and two calls of `recv` on an empty one should wait; they do not.")
                .usually("that `send` or `recv` returns where it should wait.")
                .read(BACKPRESSURE)
        });
        full.close();
        empty.close();
        let woken = of_sends.iter().chain(&of_recvs);
        let woken = woken.filter(|waker| waker.wake_count() > 0).count();
        let again = TestWaker::new();
        let sent = sends.each_mut().map(|send| again.poll(send.as_mut()));
        let received = recvs.each_mut().map(|recv| again.poll(recv.as_mut()));
        let right = sent == [Poll::Ready(Err(Job(2))), Poll::Ready(Err(Job(3)))]
            && received == [Poll::Ready(None), Poll::Ready(None)];
        check(right && woken == 4, || {
            let failure = Failure::new(format!(
                "When the queue is closed, two waiting calls of `send` should be woken and return their jobs, and two of \
                 `recv` should be woken and return `None`. {woken} of 4 were woken; polled again they return {sent:?} and \
                 {received:?}."
            ));
            let some_sent = sent.iter().any(Poll::is_ready);
            let some_received = received.iter().any(Poll::is_ready);
            if right || (some_sent && some_received) {
                failure.usually("that not all waiting calls are woken: `notify_one` wakes one.")
            } else {
                failure.usually("that a call that waits for a slot or a job does not check whether the queue is closed.")
            }
            .read(BUILD)
        });
    });
}

#[test]
fn a_closed_queue_can_be_drained() {
    grade(async || {
        let queue = filled(&[(1, 1), (3, 2), (2, 3)]).await;
        queue.close();
        // It has no effect.
        queue.close();
        let refused = within(ms(1000), queue.send(9, Job(4))).await.0;
        check(refused == Some(Err(Job(4))), || {
            Failure::new(format!(
                "On a closed queue, `send` should return its job, Err(Job(4)); it returned {refused:?}."
            ))
            .usually("that `send` does not check whether the queue is closed.")
            .read(CLOSING)
        });
        let mut received = Vec::new();
        for _ in 0..4 {
            received.push(within(ms(1000), queue.recv()).await.0);
        }
        let expected = [Some(2), Some(3), Some(1), None].map(|number| Some(number.map(Job)));
        check(received == expected, || {
            let received = received.iter().map(|received| match received {
                Some(Some(Job(number))) => number.to_string(),
                Some(None) => "`None`".to_owned(),
                None => "nothing within a second".to_owned(),
            });
            Failure::new(format!(
                "Three jobs were in the queue when it was closed. `recv` should return 2, 3, 1 and then `None`; it returned {}.",
                received.collect::<Vec<_>>().join(", ")
            ))
            .usually("that a closed queue returns nothing any more, or loses what is in it.")
            .read(CLOSING)
        });
    });
}

#[test]
fn a_closed_queue_with_free_slots_accepts_no_job() {
    for (capacity, jobs) in [(3, 0), (3, 1), (1, 1)] {
        grade(async || {
            let queue = BoundedPriorityQueue::new(capacity);
            for number in 1..=jobs {
                let _ = queue.send(1, Job(number)).await;
            }
            queue.close();
            let _ = within(ms(1000), queue.recv()).await;
            let refused = within(ms(1000), queue.send(9, Job(9))).await.0;
            let left = within(ms(1000), queue.recv()).await.0;
            check(refused == Some(Err(Job(9))) && left == Some(None), || {
                Failure::new(format!(
                    "A queue for {} is closed, and has free slots. `send` should return its job, Err(Job(9)), and then `recv` `None`; they \
                     returned {refused:?} and {left:?}.",
                    plural(capacity, "job")
                ))
                .usually("that a call which finds a free slot does not check whether the queue is closed.")
                .read(CLOSING)
            });
        });
    }
}

#[test]
fn delivers_every_job_exactly_once_in_any_order() {
    grade_cases(async |case| {
        let (sent, received) = with_dropped_calls(&case).await;
        check(received == sent, || {
            let failure = Failure::new(format!(
                "Three senders and two receivers dropped some of their calls. The jobs {} were sent, and each should be \
                 received exactly once; {} were.",
                list(&sent),
                list(&received)
            ));
            if received.len() < sent.len() {
                failure.usually(
                    "that a job had been removed for a call that was dropped before it returned. Remove it in the last step of the call, \
                     with no `.await` after it.",
                )
            } else {
                failure.usually("that a `send` that was dropped while it waited has added its job all the same.")
            }
            .read(EXERCISE)
        });
    });
}

#[test]
fn no_wake_up_is_lost_in_any_order() {
    grade_cases(async |case| {
        let seen = through_one_slot(&case).await;
        let all_ended = seen.waiting_senders + seen.waiting_receivers == 0;
        check(seen.received == 12 && all_ended, || {
            Failure::new(format!(
                "Four tasks send three jobs each into a queue with a capacity of 1, which is closed after that, and three tasks \
                 receive them. All 12 should be received, and all tasks end. After a second {}, and {} and {} are still waiting.",
                were(seen.received),
                plural(seen.waiting_senders, "sender"),
                plural(seen.waiting_receivers, "receiver")
            ))
            .usually(
                "that a wake-up went to a task that could not use it, and the task that could was not woken. Those that \
                 wait for a slot and those that wait for a job each need a `Notify` of their own.",
            )
            .read(BUILD)
        });
    });
}

#[test]
fn every_call_returns_what_is_due() {
    grade_cases(async |case| {
        let mut script = Script::new(case.size("capacity", 1..=3));
        for _ in 0..40 {
            script.step(&case).await;
        }
        script.settle().await;
    });
}

#[test]
fn holds_thousands_of_jobs() {
    // A limit that is built into an answer is hardly ever higher.
    const JOBS: usize = 10_000;
    grade(async || {
        let queue = BoundedPriorityQueue::new(JOBS);
        let waker = TestWaker::new();
        let mut added = 0;
        while added <= JOBS {
            if added % 20 == 0 {
                // Polls have a budget.
                tokio::task::yield_now().await;
            }
            let mut send = std::pin::pin!(queue.send(1, Job(1)));
            if waker.poll(send.as_mut()) != Poll::Ready(Ok(())) {
                break;
            }
            added += 1;
        }
        check(added == JOBS, || {
            Failure::new(format!(
                "A queue with a capacity of {JOBS} should hold {JOBS} jobs; {} could be added.",
                if added > JOBS {
                    "more".to_owned()
                } else {
                    added.to_string()
                }
            ))
            .read(BACKPRESSURE)
        });
    });
}

#[test]
fn no_wait_is_given_up() {
    grade_cases(async |case| {
        let (_, [empty, full]) = one_long_time(&case, ["`recv` waits", "`send` waits"]);
        let queue = BoundedPriorityQueue::new(1);
        let sending = async {
            sleep(empty).await;
            queue.send(1, Job(1)).await
        };
        let (received, sent) = tokio::join!(biased; queue.recv(), sending);
        check(received == Some(Job(1)) && sent == Ok(()), || {
            let failure = Failure::new(format!(
                "A call of `recv` waits, and job 1 is sent. It should return Some(Job(1)), and `send` Ok(()); they returned {received:?} \
                 and {sent:?}."
            ));
            if received.is_none() {
                failure.usually(
                    "that `recv` waits only for some time. It returns `None` if the queue is closed and empty, and for no other reason.",
                )
            } else {
                failure
            }
            .read(EXERCISE)
        });
        let _ = queue.send(1, Job(2)).await;
        let receiving = async {
            sleep(full).await;
            queue.recv().await
        };
        let (sent, received) = tokio::join!(biased; queue.send(1, Job(3)), receiving);
        check(sent == Ok(()) && received == Some(Job(2)), || {
            let failure = Failure::new(format!(
                "The queue is full, a call of `send` waits, and job 2 is received. `send` should return Ok(()), and `recv` Some(Job(2)); \
                 they returned {sent:?} and {received:?}."
            ));
            if sent.is_err() {
                failure.usually(
                    "that `send` waits only for some time. It returns the job if the queue is closed, and for no other reason.",
                )
            } else {
                failure
            }
            .read(EXERCISE)
        });
    });
}

#[test]
fn never_exceeds_its_capacity_in_any_order() {
    grade_cases(async |case| {
        let peak = peak_with_three_slots(&case).await;
        check(peak == 3, || {
            Failure::new(format!(
                "The queue has a capacity of 3, and ten tasks send a job each. At most 3 should be in the queue at a time; the \
                 number was {peak}."
            ))
            .usually(
                "that several calls see a free slot before one of them takes it, or that the permit of a slot is dropped at \
                 once. Check for the slot and take it in one step.",
            )
            .read(BUILD)
        });
    });
}

#[test]
fn a_late_sender_does_not_overtake() {
    grade(async || {
        let queue = BoundedPriorityQueue::new(1);
        let _ = queue.send(1, Job(1)).await;
        let waker = TestWaker::new();
        let mut first = Box::pin(queue.send(1, Job(2)));
        let mut second = Box::pin(queue.send(1, Job(3)));
        let _ = (waker.poll(first.as_mut()), waker.poll(second.as_mut()));
        let _ = within(ms(1), queue.recv()).await;
        // The sender of job 2 has been woken, and not polled yet.
        let mut late = Box::pin(queue.send(9, Job(4)));
        let seen = (waker.poll(late.as_mut()), waker.poll(first.as_mut()));
        check(seen == (Poll::Pending, Poll::Ready(Ok(()))), || {
            Failure::new(format!(
                "The senders of jobs 2 and 3 wait for the only slot, and a job is received. Before the sender of 2 is polled \
                 again, another one comes with job 4. It should wait, and job 2 be added; the two calls returned {:?} and {:?}.",
                seen.0, seen.1
            ))
            .usually("that a free slot goes to the first call that sees it. Hand it to the call that has waited longest.")
            .read(BUILD)
        });
    });
}

/// Three senders and three receivers on a queue that holds one job, each of which makes one call.
fn calls(
    queue: &Rc<BoundedPriorityQueue>,
    senders_come_at: u64,
    receivers_come_at: u64,
) -> Vec<Pin<Box<dyn Future<Output = Call>>>> {
    let senders = (1..=3).map(|number| {
        let queue = Rc::clone(queue);
        let call: Pin<Box<dyn Future<Output = Call>>> = Box::pin(async move {
            sleep(ms(senders_come_at)).await;
            let sent = timeout(ms(1000), queue.send(1, Job(number))).await;
            Call::Sent(sent.ok().map(|_| number))
        });
        call
    });
    let receivers = (1..=3).map(|nth| {
        let queue = Rc::clone(queue);
        let call: Pin<Box<dyn Future<Output = Call>>> = Box::pin(async move {
            sleep(ms(receivers_come_at + nth)).await;
            let received = timeout(ms(1000), queue.recv()).await;
            Call::Received(received.ok().flatten().map(|Job(number)| number))
        });
        call
    });
    senders.chain(receivers).collect()
}

/// The number of its job, if it was ready in time.
#[derive(Debug)]
enum Call {
    Sent(Option<u32>),
    Received(Option<u32>),
}

#[test]
fn a_dropped_call_does_not_affect_the_others() {
    for (senders_come_at, receivers_come_at) in [(0, 10), (10, 0)] {
        drop_one_of_many(
            async || {
                let queue = Rc::new(BoundedPriorityQueue::new(1));
                (calls(&queue, senders_come_at, receivers_come_at), queue)
            },
            async |ended, queue| {
                let (mut sent, mut received, mut senders, mut receivers) = (vec![], vec![], 0, 0);
                for call in ended.into_iter().flatten() {
                    match call {
                        Call::Sent(number) => {
                            senders += 1;
                            sent.extend(number);
                        }
                        Call::Received(number) => {
                            receivers += 1;
                            received.extend(number);
                        }
                    }
                }
                let left = receive_all(&queue).await;
                let expected = senders.min(receivers);
                check(received.len() >= expected && sent.len() == senders, || {
                    Failure::new(format!(
                        "Of three senders and three receivers one was dropped. The other {senders} senders should add their jobs, \
                         and {expected} receivers get one; within a second {} added and {} received.",
                        were(sent.len()),
                        received.len()
                    ))
                    .usually(
                        "that the call that was dropped had been chosen to be woken, and no other was woken in its place.",
                    )
                    .read(BUILD)
                });
                let seen = sorted(&[received, left].concat());
                // A job whose sender was dropped may have been added before.
                let lost = sent.iter().any(|number| !seen.contains(number));
                let twice = seen.windows(2).any(|pair| pair[0] == pair[1]);
                check(!lost && !twice, || {
                    Failure::new(format!(
                        "The jobs {} were added. Each should be received once, or be in the queue; it was {}.",
                        list(&sorted(&sent)),
                        list(&seen)
                    ))
                    .usually("that a job is out of the heap when the future that removed it is dropped.")
                    .read(EXERCISE)
                });
            },
        );
    }
}

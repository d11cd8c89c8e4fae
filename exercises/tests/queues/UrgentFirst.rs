//! `UrgentFirst`: a bounded queue with ranks.

use std::cell::Cell;

use super::*;
use exercises::queues::UrgentFirst;

type Boxed<'a> = std::pin::Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Takes without waiting: what is in the queue, in the order in which it comes.
async fn take_all(queue: &UrgentFirst) -> Vec<u32> {
    let mut taken = Vec::new();
    while let Ok(Some(Job(number))) = timeout(ms(1), queue.take()).await {
        taken.push(number);
    }
    taken
}

async fn filled(jobs: &[(u8, u32)]) -> UrgentFirst {
    let queue = UrgentFirst::new(jobs.len());
    for &(urgency, number) in jobs {
        let _ = queue.put(urgency, Job(number)).await;
    }
    queue
}

#[test]
fn the_most_urgent_first() {
    grade(async || {
        let queue = filled(&[(2, 1), (9, 2), (0, 3), (255, 4), (7, 5)]).await;
        let taken = take_all(&queue).await;
        check(taken == [4, 2, 5, 1, 3], || {
            let miss = Failure::new(format!(
                "Jobs 1 to 5 with the urgencies 2, 9, 0, 255 and 7 should be taken in the order 4, 2, 5, 1, 3; they \
                 were taken in the order {}.",
                told(&taken)
            ));
            if taken == [3, 1, 5, 2, 4] {
                miss.usually("that the heap gives its smallest: a `Reverse` too many.")
            } else {
                miss.usually("that they are taken in the order of their arrival, or of something else than the urgency.")
            }
            .read(PRIORITY)
        });
    });
}

#[test]
fn equals_in_the_order_of_arrival() {
    grade(async || {
        let jobs: Vec<(u8, u32)> = (0..12).map(|n| ((n % 2) as u8, n * 7 % 12)).collect();
        let queue = filled(&jobs).await;
        let taken = take_all(&queue).await;
        let of = |rank| {
            jobs.iter()
                .filter(move |(urgency, _)| *urgency == rank)
                .map(|(_, n)| *n)
        };
        let expected: Vec<u32> = of(1).chain(of(0)).collect();
        check(taken == expected, || {
            Failure::new(format!(
                "Of jobs with the same urgency, the first one in should be the first one out: {}; they came out as {}.",
                told(&expected),
                told(&taken)
            ))
            .usually(
                "that equals are compared by something else, by their labels, say, or the latest is taken for the greatest \
                 where `Reverse` is missing. A heap keeps no order among equals: number them as they arrive.",
            )
            .read(PRIORITY)
        });
    });
}

#[test]
fn equals_keep_their_order_while_some_are_taken() {
    grade(async || {
        let queue = filled(&[(5, 1), (5, 2), (5, 3)]).await;
        let mut taken = Vec::new();
        for number in 4..=6 {
            let (first, _) = within(ms(1), queue.take()).await;
            taken.extend(first.flatten().map(|Job(number)| number));
            let _ = timeout(ms(1), queue.put(5, Job(number))).await;
        }
        taken.extend(take_all(&queue).await);
        check(taken == [1, 2, 3, 4, 5, 6], || {
            Failure::new(format!(
                "All jobs are equally urgent. 1, 2 and 3 are put in; then one is taken and the next put in, three times; \
                 then all are taken. They should come out as 1 to 6, and came out as {}.",
                told(&taken)
            ))
            .usually(
                "that the number of an arrival comes from how many are inside, so that two jobs get the same one. Count \
                 arrivals, and never backwards.",
            )
            .read(PRIORITY)
        });
    });
}

#[test]
fn room_goes_to_those_who_wait_in_their_order() {
    grade(async || {
        let queue = UrgentFirst::new(1);
        let _ = queue.put(0, Job(1)).await;
        let waiting = [(1, 2), (9, 3), (5, 4)].map(|(urgency, number)| {
            let queue = &queue;
            async move { queue.put(urgency, Job(number)).await }
        });
        let taking = async {
            let mut taken = Vec::new();
            for _ in 0..4 {
                sleep(ms(10)).await;
                let (next, _) = within(ms(1), queue.take()).await;
                taken.extend(next.flatten().map(|Job(number)| number));
            }
            taken
        };
        let everybody = timeout(ms(100), futures::future::join_all(waiting));
        let (_, taken) = tokio::join!(biased; everybody, taking);
        check(taken == [1, 2, 3, 4], || {
            Failure::new(format!(
                "There is room for one, and it is taken by job 1. Jobs 2, 3 and 4 wait for room, in this order, with \
                 the urgencies 1, 9 and 5. Each time one is taken the next should get in, so they should come out as 1 to 4; \
                 they came out as {}.",
                told(&taken)
            ))
            .usually(
                "that those who wait for room are let in by their urgency, or the last one first. Urgency counts inside \
                 the queue; in front of it there is a plain line.",
            )
            .read("queues-exercises.html#urgentfirst")
        });
    });
}

#[test]
fn who_leaves_while_it_waits_makes_no_room() {
    grade(async || {
        let queue = UrgentFirst::new(1);
        for _ in 0..3 {
            let _ = timeout(ms(1), queue.take()).await;
        }
        let mut inside = 0;
        for number in 1..=4 {
            let put = timeout(ms(1), queue.put(1, Job(number))).await;
            inside += usize::from(put == Ok(Ok(())));
        }
        check(inside == 1, || {
            Failure::new(format!(
                "Three wanted to take a job out of the empty queue, and left. There is room for 1, so one job should get \
                 in; {inside} did."
            ))
            .usually("that `take` gives a place back before it has taken anything out.")
            .read(BY_HAND)
        });
    });
}

#[test]
fn holds_as_many_as_there_is_room_for() {
    for room in [1, 3] {
        grade(async || {
            let (queue, accepted) = (UrgentFirst::new(room), Cell::new(0));
            let putting = (0..8).map(|number| {
                let (queue, accepted) = (&queue, &accepted);
                Box::pin(async move {
                    let _ = queue.put(1, Job(number)).await;
                    accepted.set(accepted.get() + 1);
                })
            });
            let looking = async {
                let mut depths = Vec::new();
                let mut taken = 0;
                for round in 0..4 {
                    if round > 0 && matches!(timeout(ms(5), queue.take()).await, Ok(Some(_))) {
                        taken += 1;
                    }
                    sleep(ms(10)).await;
                    depths.push(accepted.get() - taken);
                }
                (depths, taken)
            };
            let everybody = futures::future::join_all(putting);
            let (_, (depths, taken)) = tokio::join!(biased; timeout(ms(100), everybody), looking);
            check(depths == [room; 4] && taken == 3, || {
                let miss = Failure::new(format!(
                    "There is room for {room}, and eight wait to put a job in. One is taken three times, and each time one \
                     should get in: {:?} inside; there were {depths:?}, and {taken} were taken.",
                    [room; 4]
                ));
                if depths.iter().any(|depth| *depth > room) {
                    miss.usually("that nobody waits for room, because what is in the heap is not counted, or is counted one too low.")
                        .read(GROWS)
                } else {
                    miss.usually(
                        "that nobody who waits for room is woken when something is taken out.",
                    )
                    .read(BY_HAND)
                }
            });
        });
    }
}

#[test]
fn whoever_waits_for_a_job_is_woken() {
    grade(async || {
        let (queue, clock) = (UrgentFirst::new(2), Clock::start());
        let take = Counted::new(async { (queue.take().await, clock.elapsed()) });
        let counts = take.counts();
        let put = async {
            sleep(ms(30)).await;
            queue.put(1, Job(7)).await
        };
        let (taken, _) = tokio::join!(biased; within(ms(1000), take), put);
        check(taken.0 == Some((Some(Job(7)), ms(30))), || {
            Failure::new(format!(
                "The queue is empty, and job 7 is put in at 30 ms. It should be taken at that instant; {}.",
                match taken.0 {
                    Some((job, at)) => format!("at {} {job:?} was taken", in_ms(at)),
                    None => "nobody took it within a second".to_owned(),
                }
            ))
            .usually("that `take` looks now and then, or gives up when the queue is empty, or is not woken.")
            .read(BY_HAND)
        });
        let polls = counts.polls();
        check(polls <= 5, || {
            Failure::new(format!(
                "While it waits, `take` should be polled when there may be something; it was polled {}.",
                times(polls)
            ))
            .usually("a busy loop: it asks again and again, with `yield_now` in between.")
            .read("futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself")
        });
    });
}

#[test]
fn closing_tells_everybody_who_waits() {
    grade(async || {
        let (full, empty) = (UrgentFirst::new(1), UrgentFirst::new(1));
        let _ = full.put(1, Job(1)).await;
        let bell = TestWaker::new();
        let mut puts = [2, 3].map(|number| Box::pin(full.put(9, Job(number))));
        let mut takes = [(), ()].map(|()| Box::pin(empty.take()));
        let waiting = puts
            .iter_mut()
            .all(|put| bell.poll(put.as_mut()).is_pending())
            && takes
                .iter_mut()
                .all(|take| bell.poll(take.as_mut()).is_pending());
        check(waiting, || {
            Failure::new("Two want to put a job into a full queue, and two to take one out of an empty queue: all four should wait; they do not.")
                .usually("that `put` or `take` returns where it should wait.")
                .read(BACKPRESSURE)
        });
        full.close();
        empty.close();
        let put: Vec<_> = puts.iter_mut().map(|put| bell.poll(put.as_mut())).collect();
        let took: Vec<_> = takes
            .iter_mut()
            .map(|take| bell.poll(take.as_mut()))
            .collect();
        let rings = bell.wake_count();
        let right = put == [Poll::Ready(Err(Job(2))), Poll::Ready(Err(Job(3)))]
            && took == [Poll::Ready(None), Poll::Ready(None)];
        check(right && rings >= 4, || {
            let miss = Failure::new(format!(
                "When the queue closes, both who wait for room should be woken and get their jobs back, and both who \
                 wait for a job should be woken and get `None`. {rings} of 4 were woken; asked now they say {put:?} \
                 and {took:?}."
            ));
            let some_put = put.iter().any(Poll::is_ready);
            let some_took = took.iter().any(Poll::is_ready);
            if right || (some_put && some_took) {
                miss.usually("that not everybody who waits is told: `notify_one` wakes one.")
            } else {
                miss.usually("that somebody waits for room, or for a job, and does not look whether the queue is closed.")
            }
            .read(BY_HAND)
        });
    });
}

#[test]
fn a_closed_queue_is_drained() {
    grade(async || {
        let queue = filled(&[(1, 1), (3, 2), (2, 3)]).await;
        queue.close();
        let refused = within(ms(1000), queue.put(9, Job(4))).await.0;
        check(refused == Some(Err(Job(4))), || {
            Failure::new(format!(
                "The queue is closed: a job that is put in should come back, Err(Job(4)); it gave {refused:?}."
            ))
            .usually("that `put` does not look whether it is closed.")
            .read(CLOSING)
        });
        let mut taken = Vec::new();
        for _ in 0..4 {
            taken.push(within(ms(1000), queue.take()).await.0);
        }
        let expected = [Some(2), Some(3), Some(1), None].map(|number| Some(number.map(Job)));
        check(taken == expected, || {
            Failure::new(format!(
                "Three jobs were in the queue when it closed. They should come out as 2, 3, 1, and then `None`; there \
                 came {}.",
                taken
                    .iter()
                    .map(|taken| match taken {
                        Some(Some(Job(number))) => number.to_string(),
                        Some(None) => "`None`".to_owned(),
                        None => "nothing within a second".to_owned(),
                    })
                    .collect::<Vec<_>>()
                    .join(", ")
            ))
            .usually("that a closed queue gives nothing any more, or forgets what is in it.")
            .read(CLOSING)
        });
    });
}

#[test]
fn exactly_once_in_any_order() {
    shuffled(async |shuffle| {
        let queue = UrgentFirst::new(2);
        let (put, taken) = (
            std::cell::RefCell::new(Vec::new()),
            std::cell::RefCell::new(Vec::new()),
        );
        let open = Cell::new(3);
        let mut everybody: Vec<Boxed<'_>> = Vec::new();
        for producer in 0..3 {
            let (queue, put, open, shuffle) = (&queue, &put, &open, &shuffle);
            everybody.push(Box::pin(async move {
                for n in 0..4 {
                    let number = producer * 4 + n;
                    let urgency = shuffle.below(3) as u8;
                    shuffle.turns().await;
                    let done = shuffle
                        .drop_somewhere(queue.put(urgency, Job(number)))
                        .await;
                    if done == Some(Ok(())) {
                        put.borrow_mut().push(number);
                    }
                }
                open.set(open.get() - 1);
                if open.get() == 0 {
                    queue.close();
                }
            }));
        }
        for _ in 0..2 {
            let (queue, taken, shuffle) = (&queue, &taken, &shuffle);
            everybody.push(Box::pin(async move {
                loop {
                    sleep(ms(shuffle.below(2))).await;
                    match shuffle.drop_somewhere(queue.take()).await {
                        Some(Some(Job(number))) => taken.borrow_mut().push(number),
                        Some(None) => return,
                        None => {}
                    }
                }
            }));
        }
        shuffle.join(everybody).await;
        let (put, taken) = (sorted(&put.borrow()), sorted(&taken.borrow()));
        check(taken == put, || {
            let miss = Failure::new(format!(
                "The jobs {} were put in, by three who sometimes gave up, and taken by two who sometimes gave up. Each \
                 should be taken exactly once; taken were {}.",
                told(&put),
                told(&taken)
            ));
            if taken.len() < put.len() {
                miss.usually(
                    "that a job is out of the heap, or a place counted as taken, when its future is dropped at an \
                     `.await` that comes after. Change everything in one step, without an `.await` in it.",
                )
            } else {
                miss.usually("that a `put` which was dropped while it waited has put its job in all the same.")
            }
            .read("queues-exercises.html#urgentfirst")
        });
    });
}

#[test]
fn nobody_is_forgotten_in_any_order() {
    shuffled(async |shuffle| {
        let queue = UrgentFirst::new(1);
        let (open, taken) = (Cell::new(4), Cell::new(0));
        let mut everybody: Vec<Boxed<'_>> = Vec::new();
        for number in 0..4 {
            let (queue, open, shuffle) = (&queue, &open, &shuffle);
            everybody.push(Box::pin(async move {
                for _ in 0..3 {
                    shuffle.turns().await;
                    let _ = queue.put(shuffle.below(3) as u8, Job(number)).await;
                }
                open.set(open.get() - 1);
                if open.get() == 0 {
                    queue.close();
                }
            }));
        }
        for _ in 0..3 {
            let (queue, taken, shuffle) = (&queue, &taken, &shuffle);
            everybody.push(Box::pin(async move {
                while queue.take().await.is_some() {
                    taken.set(taken.get() + 1);
                    shuffle.turns().await;
                }
            }));
        }
        let done = timeout(ms(1000), shuffle.join(everybody)).await;
        let (taken, open) = (taken.get(), open.get());
        check(done.is_ok() && taken == 12, || {
            Failure::new(format!(
                "Four tasks put three jobs each into a queue with room for 1, and three tasks take them. All 12 should be \
                 taken; after a second {taken} were, and {open} of those who put are still waiting."
            ))
            .usually(
                "that a wake-up went to somebody who had no use for it, and the one who had sleeps on. Those who wait for \
                 room and those who wait for a job need bells of their own.",
            )
            .read(BY_HAND)
        });
    });
}

#[test]
fn never_more_than_there_is_room_for_in_any_order() {
    shuffled(async |shuffle| {
        let queue = UrgentFirst::new(3);
        let inside = Gauge::new();
        let guards = std::cell::RefCell::new(Vec::new());
        let mut everybody: Vec<Boxed<'_>> = Vec::new();
        for number in 0..10 {
            let (queue, inside, guards, shuffle) = (&queue, &inside, &guards, &shuffle);
            everybody.push(Box::pin(async move {
                shuffle.turns().await;
                let _ = queue.put(shuffle.below(3) as u8, Job(number)).await;
                guards.borrow_mut().push(inside.enter());
            }));
        }
        for _ in 0..2 {
            let (queue, guards, shuffle) = (&queue, &guards, &shuffle);
            everybody.push(Box::pin(async move {
                for _ in 0..5 {
                    sleep(ms(10 + shuffle.below(3))).await;
                    let _ = queue.take().await;
                    guards.borrow_mut().pop();
                }
            }));
        }
        shuffle.join(everybody).await;
        let peak = inside.peak();
        check(peak == 3, || {
            Failure::new(format!(
                "There is room for 3, and ten want to put a job in: 3 should be inside, and never more; there were {peak}."
            ))
            .usually(
                "that several look whether there is room, and all put something in afterwards: between the look and the \
                 step somebody else has had a turn.",
            )
            .read(BY_HAND)
        });
    });
}

#[test]
fn nobody_pushes_in() {
    grade(async || {
        let queue = UrgentFirst::new(1);
        let _ = queue.put(1, Job(1)).await;
        let bell = TestWaker::new();
        let mut first = Box::pin(queue.put(1, Job(2)));
        let mut second = Box::pin(queue.put(1, Job(3)));
        let _ = (bell.poll(first.as_mut()), bell.poll(second.as_mut()));
        let _ = within(ms(1), queue.take()).await;
        // Job 2 has its place, and had no turn yet.
        let mut late = Box::pin(queue.put(9, Job(4)));
        let seen = (bell.poll(late.as_mut()), bell.poll(first.as_mut()));
        check(seen == (Poll::Pending, Poll::Ready(Ok(()))), || {
            Failure::new(format!(
                "There is room for one. Jobs 2 and 3 wait for it, and one is taken out. Before job 2 has had a turn, somebody \
                 comes with job 4. That one should wait, and job 2 go in; the two calls gave {:?} and {:?}.",
                seen.0, seen.1
            ))
            .usually("that a free place belongs to whoever looks first. Hand it to the one who has waited longest.")
            .read(BY_HAND)
        });
    });
}

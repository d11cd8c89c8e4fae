//! `SeatReservations`: a seat is reserved before it is paid for, and no lock is held during the payment.

use super::*;
use exercises::locks::{BookingError, SeatReservations};
use grading::{await_and_keep, with_budget};

/// A payment that takes `time` ms.
async fn pay(time: u64, succeeds: bool) -> bool {
    sleep(ms(time)).await;
    succeeds
}

fn check_free(free: usize, expected: usize, when: &str, usually: &str) {
    check(free == expected, || {
        Failure::new(format!(
            "{when}, the number of free seats should be {expected}; it is {free}."
        ))
        .usually(usually)
        .read(HALF_DONE)
    });
}

#[test]
fn a_paid_seat_stays_sold() {
    grade(async || {
        let seats = SeatReservations::new(3);
        let sold = seats.book(1, pay(10, true)).await;
        let free_after_the_sale = seats.free().await;
        let again = seats.book(1, pay(10, true)).await;
        let free = seats.free().await;
        check(
            (sold, again, free) == (Ok(()), Err(BookingError::Taken), 2),
            || {
                Failure::new(format!(
                    "One of 3 seats is booked and paid for, which should return Ok(()). Booking it again should return \
                     Err(Taken), and 2 seats should be free; the outcomes were {sold:?} and {again:?}, and {free} are free."
                ))
                .usually(if free_after_the_sale == 3 {
                    "that a seat is freed when its booking ends, sold or not."
                } else {
                    "that a refused booking frees the seat."
                })
                .read(RESERVE)
            },
        );
    });
}

#[test]
fn a_seat_is_sold_once_in_any_order() {
    grade_cases(async |case| {
        let count = case.size("seats", 1..=300);
        let seat = case.size("seat", 0..=count - 1);
        let seats = SeatReservations::new(count);
        let paid = Cell::new(0);
        let customers_count = case.size("customers", 1..=12);
        let customers = (0..customers_count).map(|_| {
            let (seats, case, paid) = (&seats, &case, &paid);
            async move {
                sleep(ms(case.below(15))).await;
                let pay = async {
                    case.turns().await;
                    sleep(ms(10)).await;
                    paid.set(paid.get() + 1);
                    true
                };
                seats.book(seat, pay).await
            }
        });
        let outcomes = case.join(customers).await;
        let sold = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        check((sold, paid.get()) == (1, 1), || {
            let report = Failure::new(format!(
                "{customers_count} customers want seat {seat} of {count}. One should pay and get it; {} paid, and {sold} got it.",
                paid.get()
            ));
            if sold == 1 {
                report
                    .usually(
                        "that a customer pays for a seat that is not reserved: the payment comes before the check, or the seat is \
                         free for a moment from the check to the sale.",
                    )
                    .read(RESERVE)
            } else if sold > 1 {
                report
                    .usually(
                        "a lost update: each saw a free seat, because it is not marked from the check to the sale. Or a \
                         refused booking frees it: `then_some(reservation)` creates a reservation in any case, and drops it.",
                    )
                    .read(LOST_UPDATE)
            } else {
                report
                    .usually("that a free seat is refused, or that the outcome is not that of the payment.")
                    .read(RESERVE)
            }
        });
    });
}

#[test]
fn a_seat_that_does_not_exist_is_taken() {
    grade_cases(async |case| {
        let count = case.size("seats", 0..=300);
        let above = case.number("above the last", usize::MAX as u64) as usize;
        // In a type of fewer bits, the others have the number of one that exists.
        let [in_16, in_32] = [16, 32].map(|bits| {
            let high = 1_usize.checked_shl(bits).unwrap_or(count);
            high + count.saturating_sub(1)
        });
        let seat = *case.pick("seat", &[count.saturating_add(above), in_16, in_32]);
        let seats = SeatReservations::new(count);
        check_free(
            seats.free().await,
            count,
            &format!("Before the first booking of {count} seats"),
            "that there are not as many seats as asked for: their number has a limit, say.",
        );
        let one_more = is_one_more(count).await;
        let call = Counted::new(pay(10, true));
        let counts = call.counts();
        let outcome = seats.book(seat, call).await;
        let polls = counts.polls();
        check((outcome, polls) == (Err(BookingError::Taken), 0), || {
            Failure::new(format!(
                "There are {count} seats, numbered from 0. Booking seat {seat} should return Err(Taken), and `pay` should not be \
                 polled; the outcome was {outcome:?}, and `pay` {}.",
                counted("polled", polls)
            ))
            .usually(if outcome == Err(BookingError::Taken) {
                "that the payment comes before the check."
            } else if one_more {
                "that there is one seat more than there should be: the last of them has the number of seats minus one."
            } else if seat == in_16 || seat == in_32 {
                "that the number of a seat is kept in a type that is too small, or that only booked seats are recorded."
            } else {
                "that only booked seats are recorded, so any other number looks free."
            })
            .read(RESERVE)
        });
        let usually = "that a refused booking changes the number of free seats.";
        check_free(
            seats.free().await,
            count,
            "After a refused booking",
            usually,
        );
        check_refused(
            &seats,
            seat,
            &format!("There are {count} seats, and a customer wants seat {seat}"),
        )
        .await;
    });
}

/// Whether the seat after the last exists, and those after that do not.
async fn is_one_more(count: usize) -> bool {
    let seats = SeatReservations::new(count);
    let later = seats.book(count.saturating_add(1), pay(10, true)).await;
    later.is_err() && seats.book(count, pay(10, true)).await.is_ok()
}

#[test]
fn a_payment_may_take_days() {
    grade_cases(async |case| {
        let time = ms(10) + case.long_time("payment beyond 10 ms");
        let (seats, clock) = (SeatReservations::new(3), Clock::start());
        let booking = async {
            let pay = async {
                sleep(time).await;
                true
            };
            (seats.book(1, pay).await, clock.elapsed())
        };
        let other = async {
            sleep(time - ms(5)).await;
            (seats.book(1, pay(10, true)).await, seats.free().await)
        };
        let ((booked, took), (other, free)) = tokio::join!(booking, other);
        check(
            (booked, took, other, free) == (Ok(()), time, Err(BookingError::Taken), 2),
            || {
                Failure::new(format!(
                    "A customer pays for one of 3 seats, which takes {time:?}, and 5 ms before that another one wants the same seat. The \
                     first booking should return Ok(()) when it is paid, and the other Err(Taken), when 2 seats are free; the first \
                     returned {booked:?} after {took:?}, and the other {other:?}, when {free} were free."
                ))
                .usually_if((took < time).then_some(
                    "that a payment has a time limit. It takes as long as it takes.",
                ))
                .read(RESERVE)
            },
        );
    });
}

#[test]
fn a_taken_seat_is_refused_at_once() {
    for is_sold in [false, true] {
        grade(async || {
            let seats = SeatReservations::new(3);
            let mut first = pin!(seats.book(1, pay(50, true)));
            let _ = TestWaker::new().poll(first.as_mut());
            if is_sold {
                let _ = first.await;
            }
            check_refused(
                &seats,
                1,
                if is_sold {
                    "A customer wants a seat that is sold"
                } else {
                    "A customer wants a seat that another one is paying for"
                },
            )
            .await;
        });
    }
}

/// Booking this seat should return `Taken` at the first poll, and not poll the payment.
async fn check_refused(seats: &SeatReservations, seat: usize, situation: &str) {
    let (call, waker) = (Counted::new(async { true }), TestWaker::new());
    let payments = call.counts();
    let polled = waker.poll(pin!(seats.book(seat, call)).as_mut());
    let paid = payments.polls() > 0;
    // A task that yields is woken in its next turn.
    tokio::task::yield_now().await;
    check(
        polled == Poll::Ready(Err(BookingError::Taken)) && !paid,
        || {
            let report = Failure::new(format!(
                "{situation}. The call should return Err(Taken) at the first poll, without polling `pay`; it {}, and `pay` {}.",
                match polled {
                    Poll::Pending => "was pending".to_owned(),
                    Poll::Ready(outcome) => format!("returned {outcome:?}"),
                },
                counted("polled", payments.polls())
            ));
            if paid && polled == Poll::Ready(Err(BookingError::Taken)) {
                report
                    .usually("that the payment comes before the check.")
                    .read(RESERVE)
            } else if paid {
                report
                    .usually("that the seat counts as free: it is marked only after the payment, or freed again too early.")
                    .read(RESERVE)
            } else if waker.wake_count() > 0 {
                report
                    .usually("that the call awaits something before it refuses, `yield_now` for example.")
                    .read(RESERVE)
            } else if polled.is_pending() {
                report
                    .usually("that the call waits for a lock which another one holds during its payment.")
                    .read(SLOW_CALL)
            } else {
                report.read(RESERVE)
            }
        },
    );
}

#[test]
fn different_seats_do_not_wait_for_each_other() {
    grade_cases(async |case| {
        let count = case.size("customers", 1..=300);
        let times = case.whole_ms_each("payments", count, 50);
        let order = case.permutation("seats", count);
        let (seats, clock) = (SeatReservations::new(count), Clock::start());
        let customers = order.into_iter().zip(&times).map(async |(seat, time)| {
            let paid = async {
                sleep(*time).await;
                true
            };
            (seats.book(seat, paid).await, clock.elapsed())
        });
        let ended = grading::join_all(customers).await;
        let expected: Vec<_> = times.iter().map(|time| (Ok(()), *time)).collect();
        let free = seats.free().await;
        let wrong = (0..count).find(|customer| ended[*customer] != expected[*customer]);
        check(wrong.is_none() && free == 0, || {
            let is_refused = ended.iter().any(|(outcome, _)| outcome.is_err());
            let customer = wrong.unwrap_or_default();
            let ((outcome, took), time) = (ended[customer], times[customer]);
            Failure::new(format!(
                "{}: there are as many seats as customers, and each wants another one. All should return Ok(()) when they have been \
                 paid for, and no seat should be free then; the one that takes {time:?} returned {outcome:?} after {took:?}, and {free} \
                 are free.",
                match count {
                    1 => "A customer pays".to_owned(),
                    count => format!("{count} customers pay at the same time"),
                }
            ))
            .usually(if is_refused {
                "that a seat which is free is refused while another one is paid for: two seats share a lock, or a number."
            } else {
                "that a lock for all seats is held during a payment, so the customers make one payment after the other."
            })
            .read(SLOW_CALL)
        });
    });
}

#[test]
fn tells_any_two_seats_apart() {
    for bits in [8, 16] {
        grade(async || {
            let (seat, other) = (3, 3 + (1 << bits));
            let seats = SeatReservations::new(other + 1);
            let sold = [
                seats.book(seat, pay(10, true)).await,
                seats.book(other, pay(10, true)).await,
            ];
            let free = seats.free().await;
            check(sold == [Ok(()); 2] && free == other - 1, || {
                Failure::new(format!(
                    "Seats {seat} and {other} of {} are booked and paid for. Both calls should return Ok(()), and {} seats should be \
                     free; they returned {:?} and {:?}, and {free} are free.",
                    other + 1,
                    other - 1,
                    sold[0],
                    sold[1]
                ))
                .usually("that the number of a seat is kept in a type that is too small.")
                .read(RESERVE)
            });
        });
    }
}

/// Each booking begins 10 ms after the one before, and none ends when another begins.
#[test]
fn any_bookings_change_their_own_seats() {
    grade_cases(async |case| {
        let count = case.size("seats", 1..=8);
        let bookings = case.size("bookings", 1..=40);
        let wanted = case.numbers("the seat of each", bookings, count as u64 - 1);
        let endings = case.numbers("0 pays, 1 does not, 2 is dropped, 3 panics", bookings, 3);
        let times = case.numbers("tens of ms until then", bookings, 6);
        let seats = SeatReservations::new(count);
        // Until when each seat is taken.
        let mut taken = vec![ms(0); count];
        let mut expected = Vec::new();
        for number in 0..bookings {
            let (start, seat) = (ms(10 * number as u64 + 10), wanted[number] as usize);
            let free = taken.iter().filter(|until| **until < start).count();
            let is_free = taken[seat] < start;
            if is_free {
                taken[seat] = match endings[number] {
                    0 => Duration::MAX,
                    _ => start + ms(10 * times[number] + 5),
                };
            }
            let outcome = match endings[number] {
                _ if !is_free => Some(Err(BookingError::Taken)),
                0 => Some(Ok(())),
                1 => Some(Err(BookingError::NotPaid)),
                _ => None,
            };
            expected.push((free, outcome));
        }
        let calls = (0..bookings).map(async |number| {
            sleep(ms(10 * number as u64 + 10)).await;
            let (free, ending) = (seats.free().await, endings[number]);
            let time = ms(10 * times[number] + 5);
            let pay = async {
                if ending == 2 {
                    return std::future::pending().await;
                }
                sleep(time).await;
                assert!(ending != 3, "the customer has no account");
                ending == 0
            };
            let booking = seats.book(wanted[number] as usize, pay);
            let booking =
                tokio::time::timeout(if ending == 2 { time } else { ms(10_000) }, booking);
            let outcome = AssertUnwindSafe(booking).catch_unwind().await;
            (free, outcome.ok().and_then(Result::ok))
        });
        let seen = grading::join_all(calls).await;
        let wrong = (0..bookings).find(|number| seen[*number] != expected[*number]);
        check(wrong.is_none(), || {
            let number = wrong.expect("one is wrong");
            let describe = |outcome: Option<Result<(), BookingError>>| {
                outcome.map_or("end without an outcome".to_owned(), |outcome| {
                    format!("return {outcome:?}")
                })
            };
            Failure::new(format!(
                "Bookings begin one after the other, 10 ms apart, and may overlap. Before booking {} of seat {}, {} of {count} seats \
                 should be free, and it should {}; {} were free, and it did {}.",
                number + 1,
                wanted[number],
                expected[number].0,
                describe(expected[number].1),
                seen[number].0,
                describe(seen[number].1)
            ))
            .read(HALF_DONE)
        });
    });
}

#[test]
fn free_never_waits() {
    grade(async || {
        let (seats, waker) = (SeatReservations::new(3), TestWaker::new());
        let mut booking = pin!(seats.book(1, pay(50, true)));
        let _ = waker.poll(booking.as_mut());
        let other = TestWaker::new();
        let free = other.poll(pin!(seats.free()).as_mut());
        // A task that yields is woken in its next turn.
        tokio::task::yield_now().await;
        check(free == Poll::Ready(2), || {
            let report = Failure::new(format!(
                "One of 3 seats is being paid for. `free` should be ready with 2 at its first poll; it was {}.",
                match free {
                    Poll::Pending => "pending".to_owned(),
                    Poll::Ready(free) => format!("ready with {free}"),
                }
            ));
            if free.is_pending() && other.wake_count() > 0 {
                report
                    .usually("that `free` awaits something although it has nothing to wait for, `yield_now` for example.")
                    .read(RESERVE)
            } else if free.is_pending() {
                report
                    .usually("that a lock is held during the payment, and `free` waits for it.")
                    .read(SLOW_CALL)
            } else {
                report
                    .usually("that a seat counts as taken only after it is sold.")
                    .read(RESERVE)
            }
        });
    });
}

/// tokio gives a task a budget for each of its polls. When it is used up, everything that could wait is pending.
#[test]
fn waits_for_nothing_in_a_task_without_budget() {
    grade(async || {
        let (seats, waker) = (SeatReservations::new(3), TestWaker::new());
        let mut booking = pin!(seats.book(1, pay(50, true)));
        let _ = waker.poll(booking.as_mut());
        let free = with_budget(0, || waker.poll(pin!(seats.free()).as_mut())).await;
        let taken = with_budget(0, || {
            waker.poll(pin!(seats.book(1, pay(50, true))).as_mut())
        })
        .await;
        let told = |ready| if ready { "ready" } else { "pending" };
        check(free.is_ready() && taken.is_ready(), || {
            Failure::new(format!(
                "The calling task has used up its budget, so that the next lock of tokio that it waits for is pending to let other tasks \
                 run. `free` should be ready at its first poll all the same, and so should `book` if the seat is taken; `free` was {}, \
                 and `book` was {}.",
                told(free.is_ready()),
                told(taken.is_ready())
            ))
            .usually(
                "that `lock().await` of tokio's `Mutex` is used where no lock is held across an `.await`. The `lock` of \
                 `std::sync::Mutex` does not wait for a turn of the task.",
            )
            .read(MUTEX)
        });
    });
}

#[test]
fn a_finished_booking_keeps_nothing() {
    grade_cases(async |case| {
        let seats = SeatReservations::new(1);
        let failed = case.size("payments that fail", 1..=5);
        let mut finished = Vec::new();
        for _ in 0..failed {
            finished.push(await_and_keep(seats.book(0, pay(10, false))).await);
        }
        let free = seats.free().await;
        let usually = "that the seat is kept until the future is dropped, which is ready.";
        check_free(
            free,
            1,
            "After payments that failed, whose futures are not dropped yet",
            usually,
        );
        let (sold, booking) = await_and_keep(seats.book(0, pay(10, true))).await;
        drop((booking, finished));
        let free = seats.free().await;
        check(sold == Ok(()) && free == 0, || {
            Failure::new(format!(
                "The only seat is sold, and then the future of that booking is dropped, and those of bookings before that were not \
                 paid. The seat should stay sold; the booking returned {sold:?}, and {free} seats are free."
            ))
            .usually("that the destructor of a future that is ready frees the seat, sold or not.")
            .read(RESERVE)
        });
    });
}

#[test]
fn a_failed_payment_frees_the_seat() {
    grade(async || {
        let seats = SeatReservations::new(3);
        let refused = seats.book(1, pay(10, false)).await;
        check(refused == Err(BookingError::NotPaid), || {
            Failure::new(format!(
                "The payment fails, so the outcome should be `Err(NotPaid)`; it was {refused:?}."
            ))
            .usually("that the result of `pay` is ignored, or that a free seat is refused.")
            .read(RESERVE)
        });
        let usually = "that the reservation is not undone when the payment fails.";
        check_free(seats.free().await, 3, "After a failed payment", usually);
    });
}

#[test]
fn a_panic_during_the_payment_frees_the_seat() {
    grade(async || {
        let seats = SeatReservations::new(3);
        let panics = seats.book(1, async {
            sleep(ms(10)).await;
            panic!("the customer has no account");
        });
        let _ = AssertUnwindSafe(panics).catch_unwind().await;
        let usually =
            "that the code that frees a seat does not run when `pay` panics. A destructor does.";
        let free = seats.free().await;
        check_free(free, 3, "After a payment that panicked", usually);
        let next = seats.book(1, pay(10, true)).await;
        check(next == Ok(()), || {
            Failure::new(format!(
                "A payment panicked, and the next customer should get the seat; the outcome was {next:?}."
            ))
            .usually(usually)
            .read(HALF_DONE)
        });
    });
}

#[test]
fn dropping_a_booking_frees_the_seat() {
    drop_at_every_await(
        async || {
            let seats = Rc::new(SeatReservations::new(3));
            let answer = {
                let seats = Rc::clone(&seats);
                async move {
                    let pay = async {
                        sleep(ms(10)).await;
                        pay(10, true).await
                    };
                    seats.book(1, pay).await
                }
            };
            (answer, seats)
        },
        async |seats| {
            let usually = "that the reservation is undone by a statement after the `.await`. A dropped future never gets there: \
                           give the reservation a destructor.";
            check_free(seats.free().await, 3, "Afterwards", usually);
            let next = seats.book(1, pay(10, true)).await;
            check(next == Ok(()), || {
                Failure::new(format!(
                    "The next customer should get the seat; the outcome was {next:?}."
                ))
                .usually("that the seat, or a lock, still belongs to the booking that was dropped.")
                .read(HALF_DONE)
            });
        },
    );
}

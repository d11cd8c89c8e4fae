//! `SeatReservations`: a seat is reserved before it is paid for, and no lock is held during the payment.

use super::*;
use exercises::locks::{BookingError, SeatReservations};

/// A payment that takes `time` ms.
async fn pay(time: u64, succeeds: bool) -> bool {
    sleep(ms(time)).await;
    succeeds
}

fn check_free(free: usize, expected: usize, when: &str, usually: &str) {
    check(free == expected, || {
        Failure::new(format!(
            "{when}, {expected} seats should be free; {free} are."
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
        let again = seats.book(1, pay(10, true)).await;
        let free = seats.free().await;
        check(
            (sold, again, free) == (Ok(()), Err(BookingError::Taken), 2),
            || {
                Failure::new(format!(
                    "One of 3 seats is booked and paid for, which should return Ok(()). Booking it again should return \
                     Err(Taken), and 2 seats should be free; the outcomes were {sold:?} and {again:?}, and {free} are free."
                ))
                .usually(
                    "that a seat is freed when its booking ends, sold or not; or that a refused booking frees it.",
                )
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
            if sold > 1 || paid.get() > 1 {
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
        let seat = count.saturating_add(above);
        let seats = SeatReservations::new(count);
        let call = Counted::new(pay(10, true));
        let counts = call.counts();
        let outcome = seats.book(seat, call).await;
        let polls = counts.polls();
        check((outcome, polls) == (Err(BookingError::Taken), 0), || {
            Failure::new(format!(
                "There are {count} seats, numbered from 0. Booking seat {seat} should return Err(Taken), and `pay` should not be \
                 polled; the outcome was {outcome:?}, and `pay` was polled {}.",
                times(polls)
            ))
            .usually("that only booked seats are recorded, so any other number looks free.")
            .read(RESERVE)
        });
        let usually = "that a refused booking changes the number of free seats.";
        check_free(
            seats.free().await,
            count,
            "After a refused booking",
            usually,
        );
    });
}

#[test]
fn a_taken_seat_is_refused_at_once() {
    grade(async || {
        let (seats, clock) = (SeatReservations::new(3), Clock::start());
        let polled = Cell::new(false);
        let second = async {
            sleep(ms(10)).await;
            let pay = async {
                polled.set(true);
                true
            };
            let outcome = seats.book(1, pay).await;
            (outcome, clock.elapsed())
        };
        let (_, (outcome, at)) = tokio::join!(biased; seats.book(1, pay(50, true)), second);
        check(
            (outcome, at, polled.get()) == (Err(BookingError::Taken), ms(10), false),
            || {
                let report = Failure::new(format!(
                    "At 10 ms a second customer wants a seat that is being paid for until 50 ms. The outcome should be \
                     Err(Taken) at 10 ms, and `pay` should not be polled; it was {outcome:?} at {at:?}{}.",
                    if polled.get() {
                        ", and `pay` was polled"
                    } else {
                        ""
                    }
                ));
                if at > ms(10) {
                    report.usually("that the second call waits for a lock which the first one holds during its payment.")
                        .read(SLOW_CALL)
                } else {
                    report.usually("that a seat is marked only after the payment, or that the payment comes before the check.")
                        .read(RESERVE)
                }
            },
        );
    });
}

#[test]
fn different_seats_do_not_wait_for_each_other() {
    grade_cases(async |case| {
        let count = case.size("customers", 1..=40);
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
        let ended = futures::future::join_all(customers).await;
        let expected: Vec<_> = times.iter().map(|time| (Ok(()), *time)).collect();
        let free = seats.free().await;
        check(ended == expected && free == 0, || {
            Failure::new(format!(
                "As many customers as there are seats pay for different ones, in {times:?}. Their bookings should end with Ok(()) \
                 after these times, and no seat should be free; they ended like this: {ended:?}, and {free} are free."
            ))
            .usually("that a lock for all seats is held during a payment, so the customers make one payment after the other.")
            .read(SLOW_CALL)
        });
    });
}

#[test]
fn free_never_waits() {
    grade(async || {
        let (seats, waker) = (SeatReservations::new(3), TestWaker::new());
        let mut booking = pin!(seats.book(1, pay(50, true)));
        let _ = waker.poll(booking.as_mut());
        let free = waker.poll(pin!(seats.free()).as_mut());
        check(free == Poll::Ready(2), || {
            let report = Failure::new(format!(
                "One of 3 seats is being paid for. `free` should be ready with 2 at its first poll; it was {}.",
                match free {
                    Poll::Pending => "pending".to_owned(),
                    Poll::Ready(free) => format!("ready with {free}"),
                }
            ));
            if free.is_pending() {
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

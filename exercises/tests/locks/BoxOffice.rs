//! `BoxOffice`: a seat is reserved before it is paid for, and no lock is held meanwhile.

use super::*;
use exercises::locks::{BoxOffice, NotBooked};

/// A payment that takes `time` ms, and is good or not.
async fn pay(time: u64, good: bool) -> bool {
    sleep(ms(time)).await;
    good
}

fn check_free(free: usize, expected: usize, when: &str, usually: &str) {
    check(free == expected, || {
        Failure::new(format!(
            "{when} {expected} seats should be free; {free} are."
        ))
        .usually(usually)
        .read(LEAVES)
    });
}

#[test]
fn what_is_paid_for_is_sold() {
    grade(async || {
        let office = BoxOffice::new(3);
        let sold = office.book(1, pay(10, true)).await;
        let again = office.book(1, pay(10, true)).await;
        let free = office.free().await;
        check(
            (sold, again, free) == (Ok(()), Err(NotBooked::Taken), 2),
            || {
                Failure::new(format!(
                    "Of 3 seats one is booked and paid for, which should give Ok(()). Booking it again should give Err(Taken), and 2 \
                     seats should be free; it gave {sold:?}, then {again:?}, and {free} are free."
                ))
                .usually(
                    "that a seat is given back when its booking ends, sold or not, or that somebody who was refused has freed it.",
                )
                .read(RESERVE)
            },
        );
    });
}

#[test]
fn a_seat_is_sold_once_in_any_order() {
    shuffled(async |shuffle| {
        let office = BoxOffice::new(5);
        let paid = Cell::new(0);
        let clients = (0..6).map(|_| {
            let (office, shuffle, paid) = (&office, &shuffle, &paid);
            async move {
                sleep(ms(shuffle.below(15))).await;
                let pay = async {
                    shuffle.turns().await;
                    sleep(ms(10)).await;
                    paid.set(paid.get() + 1);
                    true
                };
                office.book(3, pay).await
            }
        });
        let outcomes = shuffle.join(clients).await;
        let sold = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        check((sold, paid.get()) == (1, 1), || {
            Failure::new(format!(
                "Six clients want the same seat. One should pay and get it; {} paid, and {sold} got it.",
                paid.get()
            ))
            .usually(
                "a lost update: each saw a free seat, since it is marked only when it has been paid for, an `.await` later. It \
                 stays marked from the look to the sale. Or somebody who was refused has freed it: `then_some(reservation)` makes one in any case, and drops it.",
            )
            .read(LOST_UPDATE)
        });
    });
}

#[test]
fn a_seat_that_does_not_exist_is_taken() {
    grade(async || {
        let office = BoxOffice::new(3);
        let call = Counted::new(pay(10, true));
        let counts = call.counts();
        let outcome = office.book(3, call).await;
        let free = office.free().await;
        let polls = counts.polls();
        check(
            (outcome, free, polls) == (Err(NotBooked::Taken), 3, 0),
            || {
                Failure::new(format!(
                "There are seats 0, 1 and 2. Booking seat 3 should give Err(Taken), nobody should be asked to pay, and 3 seats be \
                 free; it gave {outcome:?}, `pay` was polled {}, and {free} are free.",
                times(polls)
            ))
            .usually("that only those seats are known which somebody has booked: any other number looks free.")
            .read(RESERVE)
            },
        );
    });
}

#[test]
fn a_taken_seat_is_refused_at_once() {
    grade(async || {
        let (office, clock) = (BoxOffice::new(3), Clock::start());
        let asked = Cell::new(false);
        let second = async {
            sleep(ms(10)).await;
            let pay = async {
                asked.set(true);
                true
            };
            let outcome = office.book(1, pay).await;
            (outcome, clock.elapsed())
        };
        let (_, (outcome, at)) = tokio::join!(biased; office.book(1, pay(50, true)), second);
        check(
            (outcome, at, asked.get()) == (Err(NotBooked::Taken), ms(10), false),
            || {
                let miss = Failure::new(format!(
                    "At 10 ms a second client wants a seat that somebody is paying for until 50 ms. This should be Err(Taken), \
                     at 10 ms, and nobody should be asked to pay; it was {outcome:?}, at {at:?}{}.",
                    if asked.get() {
                        ", and the client was asked to pay"
                    } else {
                        ""
                    }
                ));
                if at > ms(10) {
                    miss.usually("that the second client waits for a lock which the first one holds while paying.")
                        .read(HELD)
                } else {
                    miss.usually("that a seat is marked only when it has been paid for, or paid for before anybody looks.")
                        .read(RESERVE)
                }
            },
        );
    });
}

#[test]
fn different_seats_do_not_wait_for_each_other() {
    grade(async || {
        let (office, clock) = (BoxOffice::new(3), Clock::start());
        let client = async |seat, time| {
            let _ = office.book(seat, pay(time, true)).await;
            clock.elapsed()
        };
        let (a, b, c) = tokio::join!(biased; client(0, 30), client(1, 20), client(2, 10));
        check([a, b, c] == [ms(30), ms(20), ms(10)], || {
            Failure::new(format!(
                "Three clients pay for different seats, in 30, 20 and 10 ms, and should be served after that; they were \
                 after {a:?}, {b:?} and {c:?}."
            ))
            .usually("that a lock around all seats is held while somebody pays, so all pay one after the other.")
            .read(HELD)
        });
    });
}

#[test]
fn asking_never_waits() {
    grade(async || {
        let (office, bell) = (BoxOffice::new(3), TestWaker::new());
        let mut booking = pin!(office.book(1, pay(50, true)));
        let _ = bell.poll(booking.as_mut());
        let free = bell.poll(pin!(office.free()).as_mut());
        check(free == Poll::Ready(2), || {
            let miss = Failure::new(format!(
                "Of 3 seats one is being paid for. `free` should be ready with 2 at once; it was {}.",
                match free {
                    Poll::Pending => "pending".to_owned(),
                    Poll::Ready(free) => format!("ready with {free}"),
                }
            ));
            if free.is_pending() {
                miss.usually("that the lock is held while somebody pays, and whoever only wants to look waits for the money.")
                    .read(HELD)
            } else {
                miss.usually("that a seat counts as taken only when it is sold.")
                    .read(RESERVE)
            }
        });
    });
}

#[test]
fn a_seat_that_is_not_paid_for_is_free_again() {
    grade(async || {
        let office = BoxOffice::new(3);
        let refused = office.book(1, pay(10, false)).await;
        check(refused == Err(NotBooked::NotPaid), || {
            Failure::new(format!(
                "The payment fails, which should give Err(NotPaid); it gave {refused:?}."
            ))
            .usually("that what `pay` gives is not looked at.")
            .read(RESERVE)
        });
        let usually = "that the reservation is not taken back when the payment fails.";
        check_free(office.free().await, 3, "After a failed payment", usually);
    });
}

#[test]
fn a_client_who_leaves_frees_the_seat() {
    drop_at_every_await(
        async || {
            let office = Rc::new(BoxOffice::new(3));
            let answer = {
                let office = Rc::clone(&office);
                async move {
                    let pay = async {
                        sleep(ms(10)).await;
                        pay(10, true).await
                    };
                    office.book(1, pay).await
                }
            };
            (answer, office)
        },
        async |office| {
            let usually = "that the reservation is taken back by a line after the `.await`. A future that is dropped never gets \
                           there: give the reservation a `Drop`.";
            check_free(office.free().await, 3, "All", usually);
            let next = office.book(1, pay(10, true)).await;
            check(next == Ok(()), || {
                Failure::new(format!(
                    "The next client wants the seat, and should get it; the outcome was {next:?}."
                ))
                .usually("that something still remembers the one who left.")
                .read(LEAVES)
            });
        },
    );
}

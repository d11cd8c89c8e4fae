//! `Pool`: connections that are lent, and come back whatever happens.

use super::*;
use exercises::semaphores::{Connection, Loan, Pool};

thread_local! {
    /// The lines to the depot, as the depot sees them. A connection is opened out of nothing.
    static DEPOT: RefCell<Depot> = RefCell::default();
}

#[derive(Default)]
struct Depot {
    lines: Gauge,
    opened: usize,
    refuses: bool,
}

/// A line to the depot.
struct Line {
    number: usize,
    broken: bool,
    in_use: Rc<Cell<bool>>,
    _open: grading::InFlight,
}

impl Connection for Line {
    type Error = &'static str;

    async fn open() -> Result<Self, &'static str> {
        let open = DEPOT.with_borrow(|depot| depot.lines.enter());
        sleep(ms(10)).await;
        DEPOT.with_borrow_mut(|depot| {
            if depot.refuses {
                return Err("the depot is closed");
            }
            depot.opened += 1;
            Ok(Self {
                number: depot.opened,
                broken: false,
                in_use: Rc::default(),
                _open: open,
            })
        })
    }

    fn is_broken(&self) -> bool {
        self.broken
    }
}

fn depot() -> (Gauge, usize) {
    DEPOT.with_borrow(|depot| (depot.lines.clone(), depot.opened))
}

fn pool(size: usize) -> Pool<Line> {
    DEPOT.set(Depot::default());
    Pool::new(size)
}

/// A line, or a miss if none comes.
async fn line<'a>(pool: &'a Pool<Line>, after: &str) -> Loan<'a, Line> {
    let got = timeout(MINUTE, pool.get()).await;
    check(matches!(got, Ok(Ok(_))), || {
        Failure::new(format!(
            "After {after}, the next caller should have a line; none came in a minute."
        ))
        .usually(
            "that the place is given back by a line that was not reached, or a lock is still held.",
        )
        .read(BY_HAND)
    });
    let Ok(Ok(line)) = got else {
        unreachable!("it was checked")
    };
    line
}

#[test]
fn lends_the_free_one_again() {
    grade(async || {
        let pool = pool(2);
        let (first, second) = (
            line(&pool, "the start").await,
            line(&pool, "the start").await,
        );
        let last = second.number;
        drop(first);
        drop(second);
        let third = line(&pool, "both came back").await;
        let (lent, opened) = (third.number, depot().1);
        check((lent, opened) == (last, 2), || {
            Failure::new(format!(
                "Two lines are open and free, so line {last}, which came back last, should be lent again; it was line \
                 {lent}, and {opened} were opened."
            ))
            .usually(if opened == 2 {
                "that the line is lent that has been free longest. Take from the end at which you put back, `push` and `pop`."
            } else {
                "that a line is closed when it comes back, or opened without looking for a free one."
            })
            .read(POOL)
        });
    });
}

#[test]
fn never_more_than_its_size_and_each_for_one() {
    shuffled(async |shuffle| {
        let (pool, shared) = (pool(3), Cell::new(false));
        let callers = (0..8).map(async |_| {
            shuffle.turns().await;
            let line = line(&pool, "the others").await;
            shared.set(shared.get() || line.in_use.replace(true));
            sleep(ms(shuffle.below(5))).await;
            line.in_use.set(false);
        });
        shuffle.join(callers).await;
        let most = depot().0.peak();
        check(most == 3 && !shared.get(), || {
            let shared = if shared.get() {
                ", and two callers had the same"
            } else {
                ""
            };
            Failure::new(format!(
                "8 callers and a size of 3: 3 lines should be open at most, each for one caller; there were {most}{shared}."
            ))
            .usually("that the permit is not what the caller waits for, or is dropped before the line comes back.")
            .read(POOL)
        });
    });
}

#[test]
fn a_broken_line_is_closed_and_not_lent() {
    grade(async || {
        let pool = pool(1);
        line(&pool, "the start").await.broken = true;
        let open = depot().0.now();
        check(open == 0, || {
            Failure::new(format!(
                "A line that comes back broken should be closed; {open} is open."
            ))
            .usually("that nobody looks at it when it comes back.")
            .read("semaphores-pool.html#half-a-question")
        });
        let next = line(&pool, "a broken line came back").await;
        check(!next.broken, || {
            Failure::new("A broken line was lent again.")
        });
    });
}

#[test]
fn a_failed_open_frees_the_place() {
    grade(async || {
        let pool = pool(1);
        DEPOT.with_borrow_mut(|depot| depot.refuses = true);
        let error = pool.get().await.err();
        check(error == Some("the depot is closed"), || {
            Failure::new(format!(
                "The error of `open` should go to the caller; it was {error:?}."
            ))
        });
        DEPOT.with_borrow_mut(|depot| depot.refuses = false);
        let _line = line(&pool, "an error of `open`").await;
    });
}

#[test]
fn a_panic_closes_its_line_and_frees_its_place() {
    grade(async || {
        let pool = pool(1);
        let user = async {
            let _line = line(&pool, "the start").await;
            panic!("nonsense on the line");
        };
        let _: Result<(), _> = AssertUnwindSafe(user).catch_unwind().await;
        let open = depot().0.now();
        check(open == 0, || {
            Failure::new("The user of a line panicked, so the line should be closed; it is kept.")
                .usually("that nobody asks `std::thread::panicking()` when it comes back.")
                .read("semaphores-pool.html#a-panic")
        });
        let _line = line(&pool, "a panic").await;
    });
}

#[test]
fn places_come_back_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let pool = Rc::new(pool(1));
            let mine = Rc::clone(&pool);
            let other = Rc::clone(&pool);
            let user = async move {
                let first = async {
                    let _line = other.get().await;
                    sleep(ms(10)).await;
                };
                let second = async {
                    let _line = mine.get().await;
                    sleep(ms(10)).await;
                };
                tokio::join!(biased; first, second);
            };
            (user, pool)
        },
        async |pool| {
            let _line = line(&pool, "the drop").await;
            let open = depot().0.now();
            check(open == 1, || {
                Failure::new(format!(
                    "One line should be open, the one on loan; {open} are."
                ))
                .usually("that a line is opened by a task, which nobody stops.")
                .read(POOL)
            });
        },
    );
}

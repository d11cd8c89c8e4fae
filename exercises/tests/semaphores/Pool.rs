//! `Pool`: connections that are lent, and come back whatever happens.

use super::*;
use exercises::semaphores::{Connection, Pool, PooledConnection};

thread_local! {
    /// The server, which `Conn::open` has no other way to reach.
    static SERVER: RefCell<Server> = RefCell::default();
}

#[derive(Default)]
struct Server {
    connections: Gauge,
    opened: usize,
    attempts: usize,
    refuses: Option<&'static str>,
}

/// A connection to the server.
struct Conn {
    number: usize,
    broken: Rc<Cell<bool>>,
    in_use: Rc<Cell<bool>>,
    _open: grading::InFlight,
}

impl Connection for Conn {
    type Error = &'static str;

    async fn open() -> Result<Self, &'static str> {
        let open = SERVER.with_borrow_mut(|server| {
            server.attempts += 1;
            server.connections.enter()
        });
        sleep(ms(10)).await;
        SERVER.with_borrow_mut(|server| {
            if let Some(error) = server.refuses {
                return Err(error);
            }
            server.opened += 1;
            Ok(Self {
                number: server.opened,
                broken: Rc::default(),
                in_use: Rc::default(),
                _open: open,
            })
        })
    }

    fn is_broken(&self) -> bool {
        self.broken.get()
    }
}

/// How many connections are open, and how many have ever been opened.
fn server() -> (Gauge, usize) {
    SERVER.with_borrow(|server| (server.connections.clone(), server.opened))
}

fn pool(size: usize) -> Pool<Conn> {
    SERVER.set(Server::default());
    Pool::new(size)
}

/// A connection, or a failure if none comes.
async fn connection<'a>(pool: &'a Pool<Conn>, after: &str) -> PooledConnection<'a, Conn> {
    let got = timeout(MINUTE, pool.get()).await;
    check(matches!(got, Ok(Ok(_))), || {
        let outcome = match &got {
            Ok(Err(error)) => format!("`get` returned the error {error:?}"),
            _ => "there was none within a minute".to_owned(),
        };
        Failure::new(format!(
            "After {after}, the next caller should have a connection; {outcome}."
        ))
        .usually(
            "that the permit is released by a line that was not reached, or that a lock is still held.",
        )
        .read(LOST_PERMITS)
    });
    let Ok(Ok(connection)) = got else {
        unreachable!("it was checked")
    };
    connection
}

/// As many connections at the same time.
async fn connections<'a>(
    pool: &'a Pool<Conn>,
    count: usize,
    after: &str,
) -> Vec<PooledConnection<'a, Conn>> {
    let mut connections = Vec::new();
    for _ in 0..count {
        connections.push(connection(pool, after).await);
    }
    connections
}

/// Opens two connections and puts both back. Returns the `broken` flag of each: that of the one returned last is the second.
async fn two_idle(pool: &Pool<Conn>) -> [Rc<Cell<bool>>; 2] {
    let (first, second) = (
        connection(pool, "the start").await,
        connection(pool, "the start").await,
    );
    let flags = [Rc::clone(&first.broken), Rc::clone(&second.broken)];
    drop(first);
    drop(second);
    flags
}

#[test]
fn lends_the_connection_that_was_returned_last() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=70);
        let order = case.permutation("returned", size);
        let pool = pool(size);
        let opened = join_all((0..size).map(|_| connection(&pool, "the start"))).await;
        let mut on_loan: Vec<_> = opened.into_iter().map(Some).collect();
        let mut returned = Vec::new();
        for next in order {
            returned.extend(on_loan[next].take().map(|connection| connection.number));
        }
        let mut lent = Vec::new();
        let mut again = Vec::new();
        for _ in 0..size {
            let connection = connection(&pool, "all were returned").await;
            lent.push(connection.number);
            again.push(connection);
        }
        let opened = server().1;
        returned.reverse();
        check(lent == returned && opened == size, || {
            let numbers = |list: &[usize]| grading::list(list.iter().map(usize::to_string));
            Failure::new(format!(
                "{size} connections are idle, and the one that was returned last should be lent first: {}. Those that were lent are \
                 {}, and {opened} were opened.",
                numbers(&returned),
                numbers(&lent)
            ))
            .usually(if opened == size {
                "that the connection that has been idle longest is lent. Take from the end where you put back: `push` and \
                 `pop`."
            } else {
                "that connections are closed when they are returned, or opened without a look at the idle ones."
            })
            .read(POOL)
        });
    });
}

#[test]
fn lends_the_latest_that_is_not_broken() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=40);
        let order = case.permutation("returned", size);
        let broken = case.numbers("breaks while idle: 0", size, 2);
        let pool = pool(size);
        let opened = join_all((0..size).map(|_| connection(&pool, "the start"))).await;
        let mut on_loan: Vec<_> = opened.into_iter().map(Some).collect();
        let mut idle = Vec::new();
        for next in order {
            let connection = on_loan[next].take().expect("each is returned once");
            idle.push((connection.number, Rc::clone(&connection.broken)));
        }
        let mut expected = Vec::new();
        for ((number, flag), draw) in idle.iter().zip(&broken).rev() {
            flag.set(*draw == 0);
            expected.extend((*draw != 0).then_some(*number));
        }
        expected.extend(size + 1..=size + (size - expected.len()));
        let (mut lent, mut on_loan) = (Vec::new(), Vec::new());
        for _ in 0..size {
            let connection = connection(&pool, "some idle connections broke").await;
            lent.push(connection.number);
            on_loan.push(connection);
        }
        check(lent == expected, || {
            let numbers = |list: &[usize]| grading::list(list.iter().map(usize::to_string));
            let returned: Vec<_> = idle.iter().map(|(number, _)| *number).collect();
            let broke: Vec<_> = idle
                .iter()
                .filter(|(_, flag)| flag.get())
                .map(|(number, _)| *number)
                .collect();
            Failure::new(format!(
                "Connections were returned in the order {}, and these broke while they were idle: {}. Then {size} callers one after the \
                 other should get {}; they got {}.",
                numbers(&returned),
                numbers(&broke),
                numbers(&expected),
                numbers(&lent)
            ))
            .usually(if std::iter::zip(&lent, &expected).any(|(lent, due)| *lent > size && *due <= size) {
                "that a new connection is opened although an idle one is left that is not broken."
            } else {
                "that the next to be lent is not the one that was returned before the broken one."
            })
            .read(IDLE)
        });
    });
}

#[test]
fn callers_do_not_wait_for_each_others_connections() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=40);
        let (pool, clock) = (pool(size), Clock::start());
        join_all((0..size).map(|_| connection(&pool, "the start"))).await;
        let took = clock.elapsed();
        check(took == ms(10), || {
            Failure::new(format!(
                "{} of an empty pool for as many should each have a connection after 10 ms, which is how long `open` takes; the last \
                 had one after {}.",
                plural(size, "caller"),
                in_ms(took)
            ))
            .usually("that connections are opened one after the other, as under a lock.")
            .read(POOL)
        });
    });
}

#[test]
fn first_come_first_served() {
    grade_cases(async |case| {
        let count = case.size("callers", 1..=40);
        let broken = case.numbers("breaks while idle: 0", count, 2);
        let (pool, order) = (pool(1), RefCell::new(Vec::new()));
        // They arrive when connections are returned, too.
        let callers = broken.into_iter().enumerate().map(async |(number, draw)| {
            sleep(ms(5 * number as u64)).await;
            let connection = connection(&pool, "the others").await;
            order.borrow_mut().push(number);
            sleep(ms(20)).await;
            let flag = Rc::clone(&connection.broken);
            drop(connection);
            flag.set(draw == 0);
        });
        case.join(callers).await;
        let order = order.into_inner();
        check(order.is_sorted(), || {
            Failure::new(format!(
                "The size is 1, and {count} callers arrive, one every 5 ms. They should be served in that order; the order was {}.",
                grading::list(order.iter().map(usize::to_string))
            ))
            .usually(
                "that a caller does not keep the place in the queue that it had, or that one which arrives when a connection is returned \
                 passes those that wait.",
            )
            .read("semaphores-permits.html#first-come-first-served")
        });
    });
}

#[test]
fn never_opens_more_than_its_size() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=300);
        let count = case.size_near("callers", size, 1..=300);
        let (pool, shared, loans) = (pool(size), Cell::new(false), Gauge::new());
        let callers = (0..count).map(async |_| {
            case.turns().await;
            let connection = connection(&pool, "the others").await;
            let _loan = loans.enter();
            shared.set(shared.get() || connection.in_use.replace(true));
            sleep(ms(1 + case.below(5))).await;
            connection.in_use.set(false);
        });
        case.join(callers).await;
        let (most, expected) = (server().0.peak(), size.min(count));
        check(most == expected && !shared.get(), || {
            let shared = if shared.get() {
                ", and two callers had the same one"
            } else {
                ""
            };
            Failure::new(format!(
                "With {count} callers and a size of {size}, {expected} connections should be open at the same time, each for \
                 one caller; there were {most}{shared}."
            ))
            .usually(if most < expected {
                "that a caller waits although fewer connections than `size` are on loan."
            } else if loans.peak() > size {
                "that the permit the caller waited for is released before the connection is returned."
            } else {
                "that a caller which has waited opens a connection, although one was returned in the meantime. Look for an idle one \
                 after the wait."
            })
            .read(POOL)
        });
    });
}

#[test]
fn a_connection_returned_broken_is_closed() {
    grade(async || {
        let pool = pool(1);
        connection(&pool, "the start").await.broken.set(true);
        let open = server().0.now();
        check(open == 0, || {
            Failure::new(format!(
                "A connection that is returned broken should be closed; {open} is open."
            ))
            .usually("that `put_back` does not call `is_broken`.")
            .read("semaphores-pool.html#half-a-request")
        });
        let next = connection(&pool, "a broken connection was returned").await;
        check(!next.is_broken(), || {
            Failure::new(
                "The connection was returned broken, so the next caller should have another one; it was lent again.",
            )
            .usually("that a connection is put back although it is broken.")
            .read("semaphores-pool.html#half-a-request")
        });
    });
}

const IDLE: &str = "semaphores-pool.html#a-connection-that-breaks-while-it-is-idle";

#[test]
fn a_connection_that_broke_while_idle_is_not_lent() {
    grade(async || {
        let pool = pool(2);
        let [first, second] = two_idle(&pool).await;
        first.set(true);
        second.set(true);
        let next = connection(&pool, "both connections broke while they were idle").await;
        check(!next.is_broken(), || {
            Failure::new(format!(
                "Both idle connections broke, so a new one should be opened; the broken number {} was lent.",
                next.number
            ))
            .usually(
                "that `is_broken` is called when a connection is returned, but not when it is lent.",
            )
            .read(IDLE)
        });
        let open = server().0.now();
        check(open == 1, || {
            Failure::new(format!(
                "Both idle connections broke, and a new one was opened: 1 should be open; there were {open}."
            ))
            .usually(
                "that a broken idle connection is passed over or put back, and not closed.",
            )
            .read(IDLE)
        });
    });
}

#[test]
fn a_broken_connection_is_closed_before_another_is_opened() {
    for while_idle in [true, false] {
        grade(async || {
            let pool = pool(1);
            let first = connection(&pool, "the start").await;
            let broken = Rc::clone(&first.broken);
            broken.set(!while_idle);
            let user = async {
                sleep(ms(10)).await;
                drop(first);
                broken.set(true);
            };
            let next = async {
                sleep(ms(if while_idle { 20 } else { 0 })).await;
                connection(&pool, "a connection broke").await
            };
            tokio::join!(biased; user, next);
            let most = server().0.peak();
            check(most == 1, || {
                Failure::new(format!(
                    "The size is 1, and the connection broke {}. It should be closed before another one is opened; {most} were open \
                     at the same time.",
                    if while_idle {
                        "while it was idle"
                    } else {
                        "while it was on loan"
                    }
                ))
                .usually(
                    "that a variable holds the broken connection until the end of its block, across the `.await` of `open`.",
                )
                .read(IDLE)
            });
        });
    }
}

#[test]
fn lends_another_idle_connection_instead_of_a_broken_one() {
    grade(async || {
        let pool = pool(2);
        let [_, second] = two_idle(&pool).await;
        second.set(true);
        let next = connection(&pool, "a connection broke while it was idle").await;
        let (lent, opened) = (next.number, server().1);
        check((lent, opened) == (1, 2), || {
            Failure::new(format!(
                "Of two idle connections the second broke, so the first should be lent; it was number {lent}, and {opened} \
                 were opened."
            ))
            .usually(if lent == 2 {
                "that `is_broken` is called when a connection is returned, but not when it is lent."
            } else {
                "that only one idle connection is looked at before a new one is opened."
            })
            .read(IDLE)
        });
        let open = server().0.now();
        check(open == 1, || {
            Failure::new(format!(
                "Of two idle connections the second broke, and the first was lent. The broken one should be closed by then, so 1 \
                 should be open; there were {open}."
            ))
            .usually("that a broken idle connection is passed over, and stays in the pool.")
            .read(IDLE)
        });
    });
}

#[test]
fn an_error_of_open_releases_the_permit() {
    grade_cases(async |case| {
        let pool = pool(1);
        let error = *case.pick("error", &["connection refused", "no such host", ""]);
        let times = case.size("times", 1..=40);
        SERVER.with_borrow_mut(|server| server.refuses = Some(error));
        for _ in 0..times {
            let got = timeout(MINUTE, pool.get()).await;
            let seen = got.map(|got| got.err());
            check(seen == Ok(Some(error)), || {
                Failure::new(format!(
                    "`open` returned the error {error:?}, and `get` should return it; it returned {}.",
                    match seen {
                        Ok(Some(seen)) => format!("the error {seen:?}"),
                        Ok(None) => "a connection".to_owned(),
                        Err(_) => "nothing within a minute".to_owned(),
                    }
                ))
                .usually(
                    "that `get` replaces the error, or that the permit is released by a line that was not reached. `?` passes \
                     the error on, and a guard releases the permit.",
                )
                .read("semaphores-pool.html#the-pool")
            });
        }
        let attempts = SERVER.with_borrow(|server| server.attempts);
        check(attempts == times, || {
            Failure::new(format!(
                "Each call of `get` should call `open` once and return its error: {times} in all; it called it {attempts} times."
            ))
            .usually("that `get` tries again after an error.")
            .read("semaphores-pool.html#the-pool")
        });
        SERVER.with_borrow_mut(|server| server.refuses = None);
        let _connection = connection(&pool, "an error of `open`").await;
    });
}

#[test]
fn a_finished_call_keeps_no_permit() {
    grade_cases(async |case| {
        let size = case.size("size", 1..=5);
        let fails = case.size("calls that fail", 0..=5);
        let pool = pool(size);
        let mut finished = Vec::new();
        SERVER.with_borrow_mut(|server| server.refuses = Some("connection refused"));
        for _ in 0..fails {
            finished.extend(timeout(MINUTE, await_and_keep(pool.get())).await);
        }
        SERVER.with_borrow_mut(|server| server.refuses = None);
        for _ in 0..2 * size {
            let got = timeout(MINUTE, await_and_keep(pool.get())).await;
            let lent = matches!(got, Ok((Ok(_), _)));
            check(lent, || {
                Failure::new(format!(
                    "The size is {size}, and no connection is on loan, so the next caller should have one. It waits, although calls of \
                     `get` have only returned, and their futures are not dropped yet."
                ))
                .usually("that a permit or a lock is kept in the future until that is dropped.")
                .read(LOST_PERMITS)
            });
            let Ok((Ok(connection), future)) = got else {
                return;
            };
            drop(connection);
            finished.push((Err("returned"), future));
        }
    });
}

#[test]
fn a_panic_closes_the_connection_and_releases_the_permit() {
    grade_cases(async |case| {
        let idle = case.size("idle", 0..=5);
        let pool = pool(idle + 1);
        let user = async {
            let mut others = Vec::new();
            for _ in 0..idle {
                others.push(connection(&pool, "the start").await);
            }
            let _connection = connection(&pool, "the start").await;
            drop(others);
            panic!("the answer cannot be parsed");
        };
        let _: Result<(), _> = AssertUnwindSafe(user).catch_unwind().await;
        let open = server().0.now();
        check(open >= idle, || {
            Failure::new(format!(
                "The user of a connection panicked, and {idle} others were idle. These should be kept; {open} are open."
            ))
            .usually("that `put_back` closes all connections. Only that of the user is in an unknown state.")
            .read("semaphores-pool.html#a-panic")
        });
        let user_had = idle + 1;
        let next = connections(&pool, idle + 1, "a panic").await;
        let lent_again = next.iter().any(|connection| connection.number == user_had);
        check(open == idle, || {
            Failure::new(format!(
                "The user of a connection panicked, so the connection should be closed; it is open{}.",
                if lent_again { ", and was lent again" } else { "" }
            ))
            .usually(if lent_again {
                "that `put_back` does not call `std::thread::panicking()`."
            } else {
                "that the connection is neither put back nor dropped, as with `std::mem::forget`. Its destructor closes it."
            })
            .read("semaphores-pool.html#a-panic")
        });
        drop(next);
        let _connection = connection(&pool, "a panic").await;
    });
}

#[test]
fn releases_its_permits_when_dropped() {
    drop_at_every_await(
        async || {
            let pool = Rc::new(pool(1));
            let mine = Rc::clone(&pool);
            let other = Rc::clone(&pool);
            let user = async move {
                let first = async {
                    let _connection = other.get().await;
                    sleep(ms(10)).await;
                };
                let second = async {
                    let _connection = mine.get().await;
                    sleep(ms(10)).await;
                };
                tokio::join!(biased; first, second);
            };
            (user, pool)
        },
        async |pool| {
            let _connection = connection(&pool, "the drop").await;
            let open = server().0.now();
            check(open == 1, || {
                Failure::new(format!(
                    "Only the connection on loan should be open; there were {open}."
                ))
                .usually("that a connection is opened by a task, which runs on.")
                .read(POOL)
            });
        },
    );
}

/// What a call of `get` came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Got {
    Connection,
    Error,
    Nothing,
}

#[test]
fn a_dropped_caller_does_not_stop_the_others() {
    drop_one_of_many(
        async || {
            let pool = Rc::new(pool(1));
            SERVER.with_borrow_mut(|server| server.refuses = Some("connection refused"));
            let call = async |pool: Rc<Pool<Conn>>| match timeout(MINUTE, pool.get()).await {
                Ok(Ok(_connection)) => {
                    sleep(ms(10)).await;
                    Got::Connection
                }
                Ok(Err(_)) => {
                    SERVER.with_borrow_mut(|server| server.refuses = None);
                    Got::Error
                }
                Err(_) => Got::Nothing,
            };
            let calls = (0..4).map(|_| call(Rc::clone(&pool))).collect();
            (calls, ())
        },
        async |outcomes, ()| {
            let count = |wanted| {
                outcomes
                    .iter()
                    .flatten()
                    .filter(|got| **got == wanted)
                    .count()
            };
            let (lent, errors) = (count(Got::Connection), count(Got::Error));
            let most = server().0.peak();
            check(lent + errors == 3 && errors <= 1 && most == 1, || {
                Failure::new(format!(
                    "The size is 1, `open` fails once, and one of four callers is dropped. Of the other 3, at most 1 should get the \
                     error and the rest a connection, with 1 open at a time; within a minute {lent} got one and {errors} an error, \
                     with up to {most} open at a time."
                ))
                .usually(
                    "that the permit, or the wake-up, is handed to the caller that has waited longest, also if it was dropped. \
                     Nothing passes it on then.",
                )
                .read(POOL)
            });
        },
    );
}

//! `load_dashboard`: three queries at the same time, with as many connections as there are.

use super::*;
use exercises::database::{
    Dashboard, DashboardError, Order, Profile, Queries, User, load_dashboard,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Query {
    User,
    Orders,
    Profile,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    /// It asks for a connection.
    Acquire,
    Start(Query, u64),
    Ready(Query),
    /// The connection of this query is given back.
    Back(Query),
    Error(DashboardError),
}

fn word(event: &Event) -> String {
    match event {
        Event::Acquire => "acquire".to_owned(),
        Event::Start(query, id) => format!("{} {id}", name(*query)),
        Event::Ready(query) => format!("{} ready", name(*query)),
        Event::Back(query) => format!("connection of {} back", name(*query)),
        Event::Error(error) => format!("{error:?}"),
    }
}

fn name(query: Query) -> &'static str {
    match query {
        Query::User => "user",
        Query::Orders => "orders",
        Query::Profile => "profile",
    }
}

const ALL: [Query; 3] = [Query::User, Query::Orders, Query::Profile];

/// A pool, its server, and what the queries return.
struct FakePool {
    log: Log<Event>,
    size: usize,
    free: Arc<Semaphore>,
    takes: [Duration; 3],
    fails: [Option<DbError>; 3],
    /// Which call of `acquire` fails.
    acquire_fails: Option<(usize, DbError)>,
    /// Which call of `acquire` waits until a connection is open, and how long.
    acquire_opens: Option<(usize, Duration)>,
    acquires: AtomicUsize,
    dashboard: Option<Dashboard>,
    id: u64,
}

impl FakePool {
    fn new(size: usize, takes: [Duration; 3]) -> Self {
        let (id, name) = (7, "Ada".to_owned());
        Self {
            log: Log::start(),
            size,
            free: Arc::new(Semaphore::new(size)),
            takes,
            fails: [None, None, None],
            acquire_fails: None,
            acquire_opens: None,
            acquires: AtomicUsize::new(0),
            dashboard: Some(Dashboard {
                user: User { id, name },
                orders: Vec::new(),
                profile: Profile {
                    language: "en".to_owned(),
                },
            }),
            id,
        }
    }

    /// Its queries take from 10 to 50 ms, and return anything.
    fn drawn(case: &Case, size: usize) -> Self {
        let takes = ["user", "orders", "profile"].map(|name| {
            // It takes time, so that the report of a small case shows which queries overlap.
            ms(10) + case.whole_ms(&format!("{name} takes longer than 10 ms by"), 40)
        });
        let mut pool = Self::new(size, takes);
        pool.id = case.number("id", u64::MAX);
        let orders = case.size("number of orders", 0..=20);
        let orders = case.numbers("orders", orders, u64::MAX).into_iter();
        pool.dashboard = Some(Dashboard {
            user: User {
                id: pool.id,
                name: case.text("name"),
            },
            orders: orders.map(|id| Order { id, total: id / 2 }).collect(),
            profile: Profile {
                language: case.text("language"),
            },
        });
        pool
    }

    async fn load(&self, limit: Duration) -> Result<Dashboard, DashboardError> {
        load_dashboard(self, self.id, limit).await
    }

    fn shown(&self) -> String {
        shown(&self.log.entries(), word)
    }

    fn at_most_at_a_time(&self) -> usize {
        let (mut now, mut most) = (0, 0_usize);
        for (_, event) in self.log.entries() {
            match event {
                Event::Start(..) => now += 1,
                Event::Ready(_) => now -= 1,
                _ => {}
            }
            most = most.max(now);
        }
        most
    }

    fn asked(&self) -> usize {
        self.log.count_if(|event| *event == Event::Acquire)
    }
}

impl Pool for FakePool {
    type Connection = Fake;

    async fn acquire(&self) -> Result<Fake, DbError> {
        self.log.add(Event::Acquire);
        let nth = self.acquires.fetch_add(1, Relaxed);
        yield_now().await;
        if let Some((failing, error)) = &self.acquire_fails
            && *failing == nth
        {
            let error = error.clone();
            let event = Event::Error(DashboardError::Database(error.clone()));
            self.log.add(event);
            return Err(error);
        }
        if let Some((opening, time)) = self.acquire_opens
            && opening == nth
        {
            take(time).await;
        }
        let permit = Arc::clone(&self.free).acquire_owned().await;
        Ok(Fake {
            log: self.log.clone(),
            takes: self.takes,
            fails: self.fails.clone(),
            dashboard: self.dashboard.clone(),
            query: None,
            _permit: permit.expect("it is never closed"),
        })
    }
}

struct Fake {
    log: Log<Event>,
    takes: [Duration; 3],
    fails: [Option<DbError>; 3],
    dashboard: Option<Dashboard>,
    query: Option<Query>,
    _permit: OwnedSemaphorePermit,
}

impl Fake {
    async fn run(&mut self, query: Query, id: u64) -> Result<(), DbError> {
        self.log.add(Event::Start(query, id));
        self.query = Some(query);
        let at = query as usize;
        take(self.takes[at]).await;
        self.log.add(Event::Ready(query));
        if let Some(error) = &self.fails[at] {
            let event = Event::Error(DashboardError::Database(error.clone()));
            self.log.add(event);
            return Err(error.clone());
        }
        if query == Query::User && self.dashboard.is_none() {
            self.log.add(Event::Error(DashboardError::NoSuchUser));
        }
        Ok(())
    }

    fn data(&self) -> Dashboard {
        let none = || FakePool::new(0, [ms(0); 3]).dashboard;
        let data = self.dashboard.clone().or_else(none);
        data.expect("one of them is there")
    }
}

impl Queries for Fake {
    async fn user(&mut self, id: u64) -> Result<Option<User>, DbError> {
        self.run(Query::User, id).await?;
        Ok(self
            .dashboard
            .as_ref()
            .map(|dashboard| dashboard.user.clone()))
    }

    async fn orders(&mut self, user: u64) -> Result<Vec<Order>, DbError> {
        self.run(Query::Orders, user).await?;
        Ok(self.data().orders)
    }

    async fn profile(&mut self, user: u64) -> Result<Profile, DbError> {
        self.run(Query::Profile, user).await?;
        Ok(self.data().profile)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some(query) = self.query {
            self.log.add(Event::Back(query));
        }
    }
}

const IN_TURN: &str =
    "that the queries are awaited one after the other. Put the three of them into one `try_join!`.";
const HOLDS: &str = "that a connection is held while another one is waited for: with one connection in the pool, that is a \
                     deadlock. Acquire, query and drop the connection within each branch of the `try_join!`.";

/// Awaits `loading`. Returns also how often it has asked for a connection, before its first poll and at the end of that.
async fn watched<T>(
    pool: &FakePool,
    mut loading: std::pin::Pin<Box<impl Future<Output = T>>>,
) -> (T, (usize, usize)) {
    let before = pool.asked();
    let mut first = None;
    let result = std::future::poll_fn(|cx| {
        let poll = loading.as_mut().poll(cx);
        first.get_or_insert_with(|| pool.asked());
        poll
    });
    let result = result.await;
    (result, (before, first.unwrap_or_default()))
}

#[test]
fn queries_overlap() {
    grade_cases(async |case| {
        let mut pool = FakePool::drawn(&case, case.size("connections", 3..=10));
        let slow = *case.pick("slow", &ALL);
        pool.takes[slow as usize] += case.long_time("it takes longer by");
        let loading = Box::pin(load_dashboard(&pool, pool.id, Duration::MAX));
        let (result, asked) = watched(&pool, loading).await;
        let (took, longest) = (pool.log.clock().elapsed(), pool.takes.into_iter().max());
        let longest = longest.unwrap_or_default();
        check(took == longest, || {
            Failure::new(format!(
                "With {}, queries of {} should take {} together; they took {}. The calls were {}.",
                plural(pool.size, "connection"),
                list(pool.takes.iter().map(|time| in_ms(*time))),
                in_ms(longest),
                in_ms(took),
                pool.shown()
            ))
            .usually_if(match pool.at_most_at_a_time() {
                1 if pool.asked() == 1 => Some(
                    "that one connection makes all queries. It makes one at a time, so each query needs a connection of its own.",
                ),
                1 => Some(IN_TURN),
                2 => Some("that one query is awaited before or after the other two. None of them needs the result of another one."),
                _ => None,
            })
            .read(PARALLEL)
        });
        let expected = pool.dashboard.clone();
        check(result.as_ref().ok() == expected.as_ref(), || {
            Failure::new(format!(
                "The dashboard should be {expected:?}; the result was {result:?}."
            ))
            .read(PARALLEL)
        });
        let queries = ALL.map(|query| {
            let same = Event::Start(query, pool.id);
            pool.log.count_if(|event| *event == same)
        });
        let all = pool.log.count_if(|event| matches!(event, Event::Start(..)));
        check(queries == [1; 3] && all == 3, || {
            Failure::new(format!(
                "Each query should be made once, for the user {}; the calls were {}.",
                pool.id,
                pool.shown()
            ))
            .read(PARALLEL)
        });
        check(asked == (0, 3), || {
            Failure::new(format!(
                "The future should ask for 3 connections at its first poll, and for none before it; it asked for {} before it, and \
                 for {} by the end of that poll. The calls were {}.",
                asked.0,
                asked.1,
                pool.shown()
            ))
            .usually_if(match asked {
                (1.., _) => Some("that the call asks, and not the first poll of its future."),
                (_, 1) => Some(
                    "that one connection is for all queries, or that one query waits for the other ones. Each asks for a connection of \
                     its own.",
                ),
                _ => Some("that one query waits until another one has its connection, or has been made."),
            })
            .read(PARALLEL)
        });
    });
}

#[test]
fn one_connection_is_enough() {
    grade_cases(async |case| {
        let mut pool = FakePool::drawn(&case, 1);
        let slow = *case.pick("slow", &ALL);
        pool.takes[slow as usize] += case.long_time("it takes longer by");
        let all: Duration = pool.takes.iter().sum();
        // Longer than the case takes, so that a deadlock gets a report of its own.
        let result = timeout(all + LONG, pool.load(Duration::MAX)).await.ok();
        let is_loaded =
            matches!(&result, Some(Ok(loaded)) if Some(loaded) == pool.dashboard.as_ref());
        let took = pool.log.clock().elapsed();
        check(is_loaded && took == all, || {
            Failure::new(format!(
                "With one connection, queries of {} should be made one after the other, and take {}; {}. The calls were {}.",
                list(pool.takes.iter().map(|time| in_ms(*time))),
                in_ms(all),
                match &result {
                    None => "they were never ready".to_owned(),
                    Some(result) => format!("the result was {result:?} at {}", in_ms(took)),
                },
                pool.shown()
            ))
            .usually_if(result.is_none().then_some(HOLDS))
            .read(DEADLOCK)
        });
    });
}

#[test]
fn a_connection_is_back_when_its_query_is_ready() {
    grade_cases(async |case| {
        let pool = FakePool::drawn(&case, case.size("connections", 3..=5));
        let _ = pool.load(LONG).await;
        let entries = pool.log.entries();
        let at = |event: Event| entries.iter().find(|(_, other)| *other == event);
        let is_late = |query: &&Query| {
            let (ready, back) = (at(Event::Ready(**query)), at(Event::Back(**query)));
            matches!((ready, back), (Some((ready, _)), Some((back, _))) if back > ready)
        };
        let late = ALL.iter().find(is_late);
        check(late.is_none(), || {
            Failure::new(format!(
                "The connection of the query \"{}\" should be back at the instant at which the query is ready; the calls were {}.",
                late.map_or("", |query| name(*query)),
                shown(&entries, word)
            ))
            .usually("that the connections are variables of the whole function, or are returned by the branches. Other callers wait for them.")
            .read(DEADLOCK)
        });
    });
}

fn drawn_error(case: &Case) -> DbError {
    match case.below(4) {
        0 => DbError::Conflict,
        _ => failed(case.text("error")),
    }
}

/// Whether a query is made, or a connection asked for, more often than needed.
fn repeats(pool: &FakePool) -> bool {
    let is_twice = |query: Query| {
        pool.log
            .count_if(|event| matches!(event, Event::Start(other, _) if *other == query))
            > 1
    };
    pool.asked() > ALL.len() || ALL.into_iter().any(is_twice)
}

/// Whether each query that was started has become ready.
fn all_are_ready(pool: &FakePool) -> bool {
    let started = pool.log.count_if(|event| matches!(event, Event::Start(..)));
    started == pool.log.count_if(|event| matches!(event, Event::Ready(_)))
}

#[test]
fn the_first_error_ends_the_rest() {
    grade_cases(async |case| {
        let mut pool = FakePool::drawn(&case, case.size("connections", 1..=4));
        match *case.pick(
            "fails",
            &["user", "orders", "profile", "acquire", "no user"],
        ) {
            "acquire" => {
                let nth = case.below(3) as usize;
                pool.acquire_fails = Some((nth, drawn_error(&case)));
            }
            "no user" => pool.dashboard = None,
            query => {
                let at = ALL.map(name).iter().position(|name| *name == query);
                pool.fails[at.unwrap_or_default()] = Some(drawn_error(&case));
            }
        }
        // Not by a call of a function here, which would drop the future at its end.
        let answer = load_dashboard(&pool, pool.id, Duration::MAX);
        let (answer, finished) = await_and_keep(timeout(LONG, answer)).await;
        let (now, free) = (pool.log.clock().elapsed(), pool.free.available_permits());
        let before = pool.log.len();
        let entries = pool.log.entries();
        let errors = entries.iter().filter_map(|(at, event)| match event {
            Event::Error(error) => Some((*at, error.clone())),
            _ => None,
        });
        let errors: Vec<_> = errors.collect();
        let Some(first) = errors.first().map(|(at, _)| *at) else {
            check(false, || {
                Failure::new(format!(
                    "One of the calls fails, and should be made; the calls were {}.",
                    pool.shown()
                ))
                .usually_if(answer.is_err().then_some(HOLDS))
                .read(DEADLOCK)
            });
            return;
        };
        let is_first = |error: &DashboardError| errors.contains(&(first, error.clone()));
        let is_right = matches!(&answer, Ok(Err(error)) if is_first(error)) && now == first;
        check(is_right, || {
            Failure::new(format!(
                "At {} there was the error {:?}, and it should be returned at that instant; the result was {:?} at {}. The calls \
                 were {}.",
                in_ms(first),
                errors[0].1,
                answer.as_ref().ok(),
                in_ms(now),
                pool.shown()
            ))
            .usually_if(match &answer {
                Ok(_) if repeats(&pool) => Some(
                    "that `acquire` or a query is called more than once, because it has failed, say. Return its error, also if it is \
                     `Conflict`: here is no transaction that could be tried again.",
                ),
                Ok(Err(DashboardError::NoSuchUser)) if now > first && all_are_ready(&pool) => Some(
                    "that the missing user becomes an error only when all queries are ready. Make it the error of its branch, \
                     with `ok_or`.",
                ),
                Ok(Err(_)) if now > first && all_are_ready(&pool) => Some(
                    "that the error is looked at only when all queries are ready: `join!` waits for all, `try_join!` does not.",
                ),
                Err(_) if free == 0 => Some(HOLDS),
                _ => None,
            })
            .read(PARALLEL)
        });
        check(free == pool.size, || {
            Failure::new(format!(
                "When the future is ready with an error, it should hold none of the {}; it holds {}. The future is not dropped yet.",
                plural(pool.size, "connection"),
                pool.size - free
            ))
            .usually("that the other queries are kept in the future. `try_join!` in an `async fn` drops them.")
            .read(DEADLOCK)
        });
        drop(finished);
        sleep(ms(200)).await;
        let after = &pool.log.entries()[before..];
        let goes_on = after
            .iter()
            .any(|(_, event)| !matches!(event, Event::Back(_)));
        check(!goes_on, || {
            Failure::new(format!(
                "After the error nothing else should happen; there was {}.",
                shown(after, word)
            ))
            .read(PARALLEL)
        });
    });
}

/// When the queries start if each takes `takes`, and connections become free at the instants `free`.
fn starts(mut free: Vec<Duration>, takes: Duration) -> Vec<Duration> {
    let starts = ALL.map(|_| {
        free.sort();
        let start = free[0];
        free[0] += takes;
        start
    });
    starts.to_vec()
}

/// Why a limit does not end the wait, as far as two pools can tell.
async fn cause_of_the_limit() -> Option<&'static str> {
    let limit = ms(50);
    let times_out = async |size: usize, held: u32| {
        let pool = FakePool::new(size, [ms(100); 3]);
        let permits = Arc::clone(&pool.free).try_acquire_many_owned(held);
        let result = timeout(ms(500), pool.load(limit)).await;
        drop(permits);
        matches!(result, Ok(Err(DashboardError::PoolTimedOut)))
            && pool.log.clock().elapsed() == limit
    };
    if !times_out(1, 1).await {
        Some("that there is no limit.")
    } else if !times_out(2, 0).await {
        Some("that a query may wait for any time when the others have their connections.")
    } else {
        Some("that the limit begins again: each wait is counted from the first poll.")
    }
}

#[test]
fn only_the_wait_for_a_connection_has_a_limit() {
    grade_cases(async |case| {
        let (size, held) = (
            case.size("connections", 1..=4),
            case.size("in use at first", 0..=4),
        );
        let held = held.min(size);
        let held_for = ms(1) + case.whole_ms("in use for longer than 1 ms by", 100);
        let takes = ms(1) + case.whole_ms("each query takes longer than 1 ms by", 50);
        let limit = *case.pick(
            "limit",
            &[ms(0), ms(20), ms(40), ms(70), ms(160), Duration::MAX],
        );
        let mut free = vec![Duration::ZERO; size - held];
        free.extend(vec![held_for; held]);
        let starts = starts(free, takes);
        if starts.contains(&limit) && !limit.is_zero() {
            return; // either is right
        }
        let last = starts.iter().max().copied().unwrap_or_default();
        // With a limit of zero, even a free connection may come too late: the fake's `acquire` is pending once.
        if limit.is_zero() && last.is_zero() {
            return;
        }
        let is_late = last > limit;
        let pool = FakePool::new(size, [takes; 3]);
        let permits = Arc::clone(&pool.free).try_acquire_many_owned(held as u32);
        let pause = *case.pick("polled after", &[ms(0), ms(30)]);
        let loading = Box::pin(load_dashboard(&pool, pool.id, limit));
        if !pause.is_zero() {
            sleep(pause).await;
        }
        let clock = Clock::start();
        grading::spawn(async move {
            sleep(held_for).await;
            drop(permits);
        });
        let result = timeout(LONG, loading).await.ok();
        let now = clock.elapsed();
        let expected_at = if is_late { limit } else { last + takes };
        let is_right = match &result {
            Some(Err(DashboardError::PoolTimedOut)) => is_late,
            Some(Ok(_)) => !is_late,
            _ => false,
        };
        let cause = if is_right && now == expected_at {
            None
        } else {
            cause_of_the_limit().await
        };
        check(is_right && now == expected_at, || {
            let early =
                !pause.is_zero() && limit != Duration::MAX && now == limit.saturating_sub(pause);
            Failure::new(format!(
                "{}The queries can get their connections at {}, each takes {}, and the limit is {}: {} should be returned at \
                 {}; {}.",
                match pause.is_zero() {
                    true => String::new(),
                    false => format!("The future is polled {} after the call. ", in_ms(pause)),
                },
                list(starts.iter().map(|at| in_ms(*at))),
                in_ms(takes),
                match limit {
                    Duration::MAX => "`Duration::MAX`".to_owned(),
                    limit => in_ms(limit),
                },
                if is_late { "`PoolTimedOut`" } else { "a dashboard" },
                in_ms(expected_at),
                match &result {
                    Some(result) => format!("{result:?} was returned at {}", in_ms(now)),
                    None => "nothing was".to_owned(),
                }
            ))
            .usually_if(match &result {
                None => Some(HOLDS),
                Some(Err(DashboardError::PoolTimedOut)) if early => {
                    Some("that the limit begins with the call. It begins at the first poll of the future, which may be later.")
                }
                Some(Err(DashboardError::PoolTimedOut)) if !is_late && now == limit => Some(
                    "that the limit is for more than the wait for a connection: for the query as well, or for everything.",
                ),
                Some(_) if is_late && now != limit => cause,
                _ => None,
            })
            .read(TOO_SMALL)
        });
    });
}

#[test]
fn each_wait_for_a_connection_has_the_limit() {
    grade_cases(async |case| {
        let opening = case.size("this call of `acquire` waits", 1..=3) - 1;
        let limit = ms(1) + case.whole_ms("limit is longer than 1 ms by", 50);
        let is_late = *case.pick("it waits beyond the limit", &[true, false]);
        let time = match is_late {
            true => limit + ms(1) + case.long_time("and longer by"),
            false => limit - ms(1),
        };
        let mut pool = FakePool::drawn(&case, 3);
        pool.acquire_opens = Some((opening, time));
        let result = pool.load(limit).await;
        let now = pool.log.clock().elapsed();
        let is_right = match &result {
            Err(DashboardError::PoolTimedOut) => is_late && now == limit,
            Ok(dashboard) => !is_late && Some(dashboard) == pool.dashboard.as_ref(),
            Err(DashboardError::NoSuchUser | DashboardError::Database(_)) => false,
        };
        check(is_right, || {
            Failure::new(format!(
                "Call {} of `acquire` waits for {}, and the other two do not wait. With a limit of {}, {}; the result was {result:?} \
                 at {}. The calls were {}.",
                opening + 1,
                in_ms(time),
                in_ms(limit),
                match is_late {
                    true => format!("`PoolTimedOut` should be returned at {}", in_ms(limit)),
                    false => "a dashboard should be returned".to_owned(),
                },
                in_ms(now),
                pool.shown()
            ))
            .usually_if((is_late && result.is_ok()).then_some(
                "that the limit is missing for one of the queries, or for more of them. Each of the three waits for a connection of \
                 its own.",
            ))
            .read(TOO_SMALL)
        });
    });
}

#[test]
fn a_dropped_future_holds_no_connection() {
    for size in [1, 2, 3] {
        drop_at_every_await(
            async || {
                let pool = Arc::new(FakePool::new(size, [ms(10), ms(20), ms(30)]));
                let (tasks, for_answer) = (Tasks::baseline(), Arc::clone(&pool));
                let answer = async move { for_answer.load(Duration::MAX).await };
                (answer, (pool, tasks))
            },
            async |(pool, tasks)| {
                let free = pool.free.available_permits();
                check(free == pool.size, || {
                    Failure::new(format!(
                        "When the future is dropped, it should hold none of the {}; it holds {}.",
                        plural(pool.size, "connection"),
                        pool.size - free
                    ))
                    .usually("that a connection is in a task or is forgotten.")
                    .read(DEADLOCK)
                });
                tasks.check_none_left_behind().await;
            },
        );
    }
}

//! `UserLoader`: the ids of a turn in few queries, and a query that lives as long as one of its calls.

use super::*;
use exercises::database::{User, UserLoader, UserStore};

/// A query and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Query {
    ids: Vec<u64>,
    sent: Duration,
    /// `None` while it runs.
    ended: Option<(Duration, End)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Ready,
    Dropped,
}

/// A table, in which the ids that end in 9 have no user.
#[derive(Clone)]
struct Store {
    clock: Clock,
    queries: Arc<Mutex<Vec<Query>>>,
    /// How long a query takes whose first id is `max * n`: the nth time, and the last one from there on.
    takes: Vec<Duration>,
    max: usize,
    /// Queries with this id fail, until that time.
    fails: Option<(u64, DbError, Duration)>,
}

impl Store {
    fn new(takes: Vec<Duration>) -> Self {
        Self {
            clock: Clock::start(),
            queries: Arc::default(),
            takes,
            max: usize::MAX,
            fails: None,
        }
    }

    fn queries(&self) -> Vec<Query> {
        lock(&self.queries).clone()
    }

    /// `[[1, 2] at 0 ms, [3] at 0 ms]`
    fn shown(&self) -> String {
        let queries = self.queries();
        let queries = queries.iter();
        list(queries.map(|query| format!("{:?} at {}", query.ids, in_ms(query.sent))))
    }

    fn takes(&self, ids: &[u64]) -> Duration {
        let (first, last) = (
            ids.first().copied().unwrap_or_default(),
            self.takes.len() - 1,
        );
        self.takes[last.min(first as usize / self.max)]
    }

    fn error(&self, ids: &[u64], now: Duration) -> Option<DbError> {
        let (id, error, until) = self.fails.as_ref()?;
        (ids.contains(id) && now < *until).then(|| error.clone())
    }
}

/// Records the end of a query.
struct Running<'a> {
    store: &'a Store,
    nth: usize,
    end: End,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let now = self.store.clock.elapsed();
        lock(&self.store.queries)[self.nth].ended = Some((now, self.end));
    }
}

impl UserStore for Store {
    fn users(&self, ids: Vec<u64>) -> impl Future<Output = Result<Vec<User>, DbError>> + Send {
        // A call sends the query, and not the first poll of its future.
        let running = self.send(&ids);
        self.answer(ids, running)
    }
}

impl Store {
    fn send(&self, ids: &[u64]) -> Running<'_> {
        let sent = self.clock.elapsed();
        let nth = {
            let mut queries = lock(&self.queries);
            queries.push(Query {
                ids: ids.to_vec(),
                sent,
                ended: None,
            });
            queries.len() - 1
        };
        Running {
            store: self,
            nth,
            end: End::Dropped,
        }
    }

    async fn answer(&self, ids: Vec<u64>, mut running: Running<'_>) -> Result<Vec<User>, DbError> {
        let sent = self.clock.elapsed();
        take(self.takes(&ids)).await;
        running.end = End::Ready;
        match self.error(&ids, sent) {
            Some(error) => Err(error),
            None => {
                // In an order that is not the one of the ids.
                let mut users: Vec<_> = ids.into_iter().filter_map(user).collect();
                users.sort_by_key(|user| std::cmp::Reverse(user.id % 7));
                Ok(users)
            }
        }
    }
}

fn user(id: u64) -> Option<User> {
    let name = format!("user {id}");
    (id % 10 != 9).then_some(User { id, name })
}

type Loaded = Result<Option<User>, DbError>;

/// The different ids in the order in which they occur first, in queries of at most `max`.
fn queries_of(ids: &[u64], max: usize) -> Vec<Vec<u64>> {
    let mut seen = BTreeSet::new();
    let different: Vec<_> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
    different.chunks(max).map(<[u64]>::to_vec).collect()
}

/// Compares the queries, all of which should be sent at 0 ms, and the users.
fn check_turn(store: &Store, ids: &[u64], max: usize, loaded: &[Loaded], who: &str) {
    let (expected, queries) = (queries_of(ids, max), store.queries());
    let mut sent_at: Vec<_> = queries
        .iter()
        .map(|query| (query.ids.clone(), query.sent))
        .collect();
    // The queries of a turn are sent in any order.
    let asked =
        |query: &(Vec<u64>, Duration)| ids.iter().position(|id| query.0.first() == Some(id));
    sent_at.sort_by_key(asked);
    let seen: Vec<_> = sent_at.iter().map(|(ids, _)| ids.clone()).collect();
    let at_once = queries.iter().all(|query| query.sent.is_zero());
    check(seen == expected && at_once, || {
        let (most, sent) = (
            seen.iter().map(Vec::len).max().unwrap_or_default(),
            seen.iter().flatten().count(),
        );
        let different = expected.iter().flatten().count();
        let has_duplicates = |ids: &Vec<u64>| ids.iter().collect::<BTreeSet<_>>().len() < ids.len();
        let some_at_once = queries.iter().any(|query| query.sent.is_zero());
        let is_right = |nth: &usize| {
            let sent = sent_at.get(*nth);
            sent.is_some_and(|(ids, at)| expected.get(*nth) == Some(ids) && at.is_zero())
        };
        let wrong = (0..expected.len()).find(|nth| !is_right(nth));
        // A list that is cut may not show it.
        let wrong = wrong.map_or(String::new(), |nth| {
            format!(
                " Query {} of them, {:?}, {}.",
                nth + 1,
                expected[nth],
                match sent_at.get(nth) {
                    Some((ids, at)) if *ids == expected[nth] =>
                        format!("was sent at {}", in_ms(*at)),
                    _ => "was not sent like this".to_owned(),
                }
            )
        });
        Failure::new(format!(
            "{who} ask for the ids {}. With at most {max} in a query, they should be sent at 0 ms as {}; the queries were {}.{wrong}",
            list(ids.iter().map(u64::to_string)),
            list(expected.iter().map(|ids| format!("{ids:?}"))),
            store.shown()
        ))
        .usually_if(if !at_once && some_at_once {
            Some("that some queries wait until another one has ended. All of them run at the same time.")
        } else if !at_once {
            Some("that the loader waits for a time before it sends.")
        } else if most > max {
            Some("that a query grows beyond `max_ids`.")
        } else if seen.iter().any(has_duplicates) {
            Some("that an id is sent once for each of its calls.")
        } else if seen.len() == expected.len() && sent == different {
            Some("that the ids are divided evenly, or in another order. A query has `max_ids` ids before another one is begun.")
        } else if seen.iter().rev().skip(1).any(|ids| ids.len() < max) {
            Some("that a query is sent before the turn is over. Let the other calls and tasks ask first, with a task of its own.")
        } else if sent > different {
            Some("that an id is sent once for each of its calls, or that a query is sent before the turn is over.")
        } else {
            None
        })
        .read(N_PLUS_ONE)
    });
    check_users(ids, loaded);
}

fn check_users(ids: &[u64], loaded: &[Loaded]) {
    let mut pairs = ids.iter().zip(loaded);
    let wrong = pairs.find(|(id, loaded)| **loaded != Ok(user(**id)));
    check(wrong.is_none() && ids.len() == loaded.len(), || {
        Failure::new(match wrong {
            Some((id, loaded)) => format!(
                "The call with the id {id} should return {:?}; it returned {loaded:?}.",
                user(*id)
            ),
            None => "Each call should return.".to_owned(),
        })
        .usually("that users are matched with ids by their position. The users of a query are in any order, and some may be missing.")
        .read(N_PLUS_ONE)
    });
}

fn drawn_ids(case: &Case, max: usize) -> Vec<u64> {
    let count = case.size_near("calls", max, 1..=24);
    case.numbers("ids", count, u64::MAX)
}

#[test]
fn calls_of_one_task_share_queries() {
    grade_cases(async |case| {
        let max = case.size("max_ids", 1..=20);
        let ids = drawn_ids(&case, max);
        let store = Store::new(vec![ms(20)]);
        let loader = UserLoader::new(store.clone(), max);
        let loaded = join_all(ids.iter().map(|id| loader.load(*id))).await;
        check_turn(&store, &ids, max, &loaded, "The calls of a `join_all`");
    });
}

#[test]
fn tasks_that_are_ready_share_queries() {
    grade_cases(async |case| {
        let max = case.size("max_ids", 1..=20);
        let ids = drawn_ids(&case, max);
        let store = Store::new(vec![ms(20)]);
        let loader = Arc::new(UserLoader::new(store.clone(), max));
        let tasks = ids.iter().map(|id| {
            let (loader, id) = (Arc::clone(&loader), *id);
            grading::spawn(async move { loader.load(id).await })
        });
        let tasks: Vec<_> = tasks.collect();
        let mut loaded = Vec::new();
        for task in tasks {
            loaded.push(task.await.expect("a load does not panic"));
        }
        check_turn(&store, &ids, max, &loaded, "Tasks that are all ready");
    });
}

#[test]
fn each_call_waits_for_its_own_query() {
    grade_cases(async |case| {
        let max = case.size("max_ids", 1..=5);
        let count = case.size_near("calls", max, 1..=16);
        let ids: Vec<_> = (0..count as u64).collect();
        let queries = count.div_ceil(max);
        let mut takes = case.whole_ms_each("queries take", queries, 50);
        let slow = case.below(queries as u64) as usize;
        takes[slow] += case.long_time("one takes longer by");
        let mut store = Store::new(takes.clone());
        store.max = max;
        let loader = UserLoader::new(store.clone(), max);
        let returned = join_all(ids.iter().map(async |id| {
            let loaded = loader.load(*id).await;
            (loaded, store.clock.elapsed())
        }))
        .await;
        let expected: Vec<_> = (0..count).map(|call| takes[call / max]).collect();
        let late = returned
            .iter()
            .zip(&expected)
            .position(|((_, at), expected)| at != expected);
        check(late.is_none(), || {
            let call = late.unwrap_or_default();
            let last = takes.iter().max().copied().unwrap_or_default();
            Failure::new(format!(
                "Queries that take {} run at the same time, and a call of query {} should return at {}; it returned at {}.",
                list(takes.iter().map(|time| in_ms(*time))),
                call / max,
                in_ms(expected[call]),
                in_ms(returned[call].1)
            ))
            .usually_if(match returned[call].1 == last {
                true => Some("that a call waits for all queries of its turn."),
                false => Some("that the queries run one after the other."),
            })
            .read(N_PLUS_ONE)
        });
        let loaded: Vec<_> = returned.into_iter().map(|(loaded, _)| loaded).collect();
        check_users(&ids, &loaded);
    });
}

/// The queries of calls at these instants: each turn has its own.
fn queries_at(calls: &[(Duration, u64)], max: usize) -> Vec<(Duration, Vec<u64>)> {
    let instants: BTreeSet<_> = calls.iter().map(|(at, _)| *at).collect();
    let queries = instants.into_iter().flat_map(|instant| {
        let calls = calls.iter().filter(|(at, _)| *at == instant);
        let ids: Vec<_> = calls.map(|(_, id)| *id).collect();
        let queries = queries_of(&ids, max).into_iter();
        queries
            .map(|mut ids| {
                ids.sort_unstable();
                (instant, ids)
            })
            .collect::<Vec<_>>()
    });
    queries.collect()
}

/// Polls calls first at these instants. They are made at the same instants, or all at 0 ms.
async fn calls_at(calls: &[(Duration, u64)], early: bool) -> (Store, Vec<Loaded>) {
    let store = Store::new(vec![ms(20)]);
    let loader = UserLoader::new(store.clone(), 100);
    let loaded = join_all(calls.iter().map(async |(at, id)| {
        let made = early.then(|| Box::pin(loader.load(*id)));
        if !at.is_zero() {
            sleep(*at).await;
        }
        match made {
            Some(call) => call.await,
            None => loader.load(*id).await,
        }
    }))
    .await;
    (store, loaded)
}

#[test]
fn each_turn_asks_again() {
    grade_cases(async |case| {
        let count = case.size("calls", 1..=10);
        let at = case.whole_ms_each("at", count, 60);
        let ids = case.numbers("ids", count, 20);
        let calls: Vec<_> = at.into_iter().zip(ids.iter().copied()).collect();
        let early = *case.pick(
            "all calls are made at 0 ms, and polled later",
            &[false, true],
        );
        let (store, loaded) = calls_at(&calls, early).await;
        let queries = store.queries().into_iter().map(|mut query| {
            query.ids.sort_unstable();
            (query.sent, query.ids)
        });
        let (seen, expected): (Vec<_>, _) = (queries.collect(), queries_at(&calls, 100));
        let as_text = |queries: &[(Duration, Vec<u64>)]| {
            let queries = queries.iter();
            list(queries.map(|(at, ids)| format!("{ids:?} at {}", in_ms(*at))))
        };
        let asks_when_made = early && seen != expected && {
            let (late, _) = calls_at(&calls, false).await;
            let sent: BTreeSet<_> = late.queries().iter().map(|query| query.sent).collect();
            sent == calls.iter().map(|(at, _)| *at).collect()
        };
        check(seen == expected, || {
            let sent = |queries: &[(Duration, Vec<u64>)]| {
                queries.iter().map(|(_, ids)| ids.len()).sum::<usize>()
            };
            Failure::new(format!(
                "Queries take 20 ms, and calls that are polled first at different times should have queries of their own, {}; they were {}.",
                as_text(&expected),
                as_text(&seen)
            ))
            .usually_if(if asks_when_made {
                Some("that a call asks when it is made. It asks at its first poll: one that is never polled needs no query.")
            } else {
                (sent(&seen) < sent(&expected)).then_some(
                "that a result is remembered, or a query that is running is joined. It may have read the table before a change \
                 that the caller knows about.",
                )
            })
            .read(N_PLUS_ONE)
        });
        check_users(&ids, &loaded);
    });
}

#[test]
fn an_error_is_for_the_calls_of_its_query() {
    grade_cases(async |case| {
        let max = case.size("max_ids", 1..=5);
        let ids = drawn_ids(&case, max);
        let failing = ids[case.below(ids.len() as u64) as usize];
        let error = match case.below(4) {
            0 => DbError::Conflict,
            _ => failed(case.text("error")),
        };
        let mut store = Store::new(vec![ms(20)]);
        store.fails = Some((failing, error.clone(), ms(1)));
        let loader = UserLoader::new(store.clone(), max);
        let loaded = join_all(ids.iter().map(|id| loader.load(*id))).await;
        let queries = queries_of(&ids, max);
        let of = |id: &u64| queries.iter().find(|query| query.contains(id));
        let wrong = ids.iter().zip(&loaded).find(|(id, loaded)| {
            let fails = of(id).is_some_and(|query| query.contains(&failing));
            **loaded
                != if fails {
                    Err(error.clone())
                } else {
                    Ok(user(**id))
                }
        });
        check(wrong.is_none(), || {
            let (id, loaded) = wrong.expect("there is one");
            let shares = of(id).is_some_and(|query| query.contains(&failing));
            Failure::new(format!(
                "The query with the id {failing} fails with {error:?}. The call with the id {id} {} it, and should return {:?}; it \
                 returned {loaded:?}. The queries were {}.",
                if shares { "shares" } else { "does not share" },
                if shares { Err(error.clone()) } else { Ok(user(*id)) },
                store.shown()
            ))
            .usually(if shares {
                "that only one of the calls gets the error, or that it becomes a user that does not exist."
            } else {
                "that the error of one query fails all calls of the turn."
            })
            .read(N_PLUS_ONE)
        });
        // Later, it does not fail.
        let again = loader.load(failing).await;
        check(again == Ok(user(failing)), || {
            Failure::new(format!(
                "A later call with the id {failing} should ask again; it returned {again:?}."
            ))
            .usually("that an error is remembered.")
            .read(N_PLUS_ONE)
        });
    });
}

#[test]
fn a_dropped_call_does_not_disturb_the_others() {
    drop_one_of_many(
        async || {
            let store = Store::new(vec![ms(20)]);
            let loader = Arc::new(UserLoader::new(store.clone(), 2));
            let calls = [1, 2, 1, 3].map(|id| {
                let (loader, clock) = (Arc::clone(&loader), store.clock);
                async move { (id, timeout(LONG, loader.load(id)).await, clock.elapsed()) }
            });
            (calls.into(), store)
        },
        async |calls, store| {
            let mut others = calls.iter().flatten();
            let wrong =
                others.find(|(id, loaded, at)| *loaded != Ok(Ok(user(*id))) || *at != ms(20));
            check(wrong.is_none(), || {
                let (id, loaded, at) = wrong.expect("there is one");
                Failure::new(format!(
                    "One of the calls with the ids [1, 2, 1, 3] is dropped. The one with the id {id} should return {:?} at 20 ms; {}. \
                     The queries were {}.",
                    user(*id),
                    match loaded {
                        Ok(loaded) => format!("it returned {loaded:?} at {}", in_ms(*at)),
                        Err(_) => "it never returned".to_owned(),
                    },
                    store.shown()
                ))
                .usually(
                    "that a call does the work for the others: it sends the query, or is the one that is woken. When it is dropped, \
                     the others wait for nothing.",
                )
                .read(N_PLUS_ONE)
            });
        },
    );
}

#[test]
fn a_call_that_is_not_polled_does_not_disturb_the_others() {
    grade_cases(async |case| {
        let (count, stops) = (
            case.size("calls", 2..=5),
            case.whole_ms("one is polled until", 30),
        );
        let store = Store::new(vec![ms(20)]);
        let loader = UserLoader::new(store.clone(), 10);
        let mut first = Box::pin(loader.load(0));
        let others = (1..count as u64).map(async |id| {
            let loaded = loader.load(id).await;
            (loaded == Ok(user(id)), store.clock.elapsed())
        });
        let others: Vec<_> = others.collect();
        let polls_first = async {
            let _ = timeout(stops, &mut first).await;
            std::future::pending::<()>().await;
        };
        let polls_others = timeout(LONG, join_all(others));
        let returned = tokio::select! {
            biased;
            () = polls_first => None,
            returned = polls_others => returned.ok(),
        };
        let is_right = returned.as_ref().is_some_and(|returned| {
            returned
                .iter()
                .all(|(is_user, at)| *is_user && *at == ms(20))
        });
        check(is_right, || {
            Failure::new(format!(
                "The first call is polled until {} only, and not dropped. The others should return their users at 20 ms; {}.",
                in_ms(stops),
                match &returned {
                    Some(returned) => format!(
                        "they returned at {}",
                        list(returned.iter().map(|(_, at)| in_ms(*at)))
                    ),
                    None => "they never did".to_owned(),
                }
            ))
            .usually("that the query is a part of the first call, and makes no progress without it.")
            .read(N_PLUS_ONE)
        });
    });
}

#[test]
fn a_query_is_dropped_with_its_last_call() {
    grade_cases(async |case| {
        let count = case.size("calls", 1..=5);
        let max = *case.pick("max_ids", &[10, 2, 1]);
        let mut drops = case.whole_ms_each("dropped at", count, 60);
        if max < 3 {
            // Which ids share a query is not decided if one of the calls is gone by then.
            drops.iter_mut().for_each(|at| *at += ms(1));
        }
        let takes = ms(10) + case.whole_ms("query takes longer than 10 ms by", 30);
        let store = Store::new(vec![takes]);
        let loader = UserLoader::new(store.clone(), max);
        join_all(drops.iter().zip(0..).map(async |(at, id)| {
            let _ = timeout(*at, loader.load(id % 3)).await;
        }))
        .await;
        // A task that was aborted is dropped when its turn comes.
        for _ in 0..4 {
            yield_now().await;
        }
        let ids: Vec<_> = (0..count as u64).map(|id| id % 3).collect();
        let ids = queries_of(&ids, max);
        for ids in &ids {
            let calls = drops.iter().zip(0_u64..);
            let calls = calls.filter(|(_, id)| ids.contains(&(id % 3)));
            let own: Vec<_> = calls.map(|(at, _)| *at).collect();
            check_life(&store, ids, &own, takes);
        }
        let last = drops.iter().max().copied().unwrap_or_default();
        let (expected, seen) = (
            ids.len() * usize::from(!last.is_zero()),
            store.queries().len(),
        );
        check(seen == expected, || {
            Failure::new(format!(
                "There should be {}; the queries were {}.",
                counted_queries(expected),
                store.shown()
            ))
            .read(HANGS_UP)
        });
    });
}

fn counted_queries(count: usize) -> String {
    match count {
        1 => "1 query".to_owned(),
        count => format!("{count} queries"),
    }
}

/// Looks at the end of the query with these ids, whose calls are dropped at these instants.
fn check_life(store: &Store, ids: &[u64], drops: &[Duration], takes: Duration) {
    let last = drops.iter().max().copied().unwrap_or_default();
    if last == takes {
        return; // either
    }
    let queries = store.queries();
    let query = queries
        .iter()
        .find(|query| query.ids.iter().any(|id| ids.contains(id)));
    let expected = match last < takes {
        true if last.is_zero() => None,
        true => Some((last, End::Dropped)),
        false => Some((takes, End::Ready)),
    };
    let seen = query.and_then(|query| query.ended);
    let others = queries.iter().filter_map(|other| other.ended);
    let ended_at = seen.map(|(at, _)| at);
    let is_shared = others.filter(|(at, _)| Some(*at) == ended_at).count() > 1;
    check(
        seen == expected && query.is_some() == expected.is_some(),
        || {
            Failure::new(format!(
            "The query of {} takes {}. Its calls are dropped at {} if they still wait: {}. {}.",
            list(ids.iter().map(u64::to_string)),
            in_ms(takes),
            list(drops.iter().map(|at| in_ms(*at))),
            match expected {
                None => "it should not be sent".to_owned(),
                Some((at, End::Ready)) => format!("it should be ready at {}", in_ms(at)),
                Some((at, End::Dropped)) => format!("it should be dropped at {}, with the last call", in_ms(at)),
            },
            match (query, seen) {
                (None, _) => "It was not sent".to_owned(),
                (Some(_), None) => "It still runs".to_owned(),
                (_, Some((at, End::Ready))) => format!("It was ready at {}", in_ms(at)),
                (_, Some((at, End::Dropped))) => format!("It was dropped at {}", in_ms(at)),
            }
        ))
        .usually_if(match (expected, seen) {
            (None, _) if query.is_some() => Some("that a query is sent although no call waits for it."),
            (Some((at, End::Dropped)), Some((until, _))) if until > at && is_shared => {
                Some("that a query runs on for the calls of another one, with which it shares only its turn.")
            }
            (Some((_, End::Dropped)), Some((_, End::Ready)) | None) => Some(
                "that the query is in a task of its own, which runs on when all of its calls are gone.",
            ),
            (Some((at, _)), Some((seen, End::Dropped))) if seen < at => Some(
                "that the query is dropped with the first call that leaves, or with the one that has sent it.",
            ),
            _ => None,
        })
        .read(HANGS_UP)
        },
    );
}

#[test]
fn calls_come_and_go() {
    grade_cases(async |case| {
        let max = case.size("max_ids", 1..=4);
        let count = case.size("calls", 1..=12);
        let ids = case.numbers("ids", count, 12);
        let store = Store::new(vec![case.whole_ms("each query takes", 5)]);
        let loader = UserLoader::new(store.clone(), max);
        let calls = ids.iter().map(async |id| {
            case.turns().await;
            case.drop_somewhere(timeout(LONG, loader.load(*id))).await
        });
        let results = case.join(calls).await;
        let mut calls = ids.iter().zip(&results);
        let wrong = calls.find(|(id, result)| match result {
            Some(loaded) => *loaded != Ok(Ok(user(**id))),
            None => false,
        });
        check(wrong.is_none(), || {
            let (id, result) = wrong.expect("there is one");
            Failure::new(format!(
                "While other calls are dropped, the one with the id {id} should return {:?}; {}.",
                user(*id),
                match result {
                    Some(Ok(loaded)) => format!("it returned {loaded:?}"),
                    _ => "it never returned".to_owned(),
                }
            ))
            .usually(
                "that a call does the work for the others, or that an id is added to a query that was sent or dropped.",
            )
            .read(N_PLUS_ONE)
        });
        let queries = store.queries();
        let is_right = |query: &&Query| {
            let different: BTreeSet<_> = query.ids.iter().collect();
            (1..=max).contains(&query.ids.len()) && different.len() == query.ids.len()
        };
        let wrong = queries.iter().find(|query| !is_right(query));
        check(wrong.is_none(), || {
            Failure::new(format!(
                "A query should have from 1 to {max} ids, all of them different; one had {:?}.",
                wrong.map(|query| &query.ids)
            ))
            .usually("that ids are counted although their calls are gone, or that an empty query is sent.")
            .read(N_PLUS_ONE)
        });
    });
}

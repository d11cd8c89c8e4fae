//! `migrate`: each migration once, by any number of processes, and a lock that is released on every path.

use super::*;
use exercises::database::{MigrateError, Migration, MigrationConnection, migrate};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Acquire,
    Lock,
    Unlock,
    Applied,
    Apply(u64),
    /// The connection was dropped.
    Back,
    Closed,
}

use Event::*;

fn word(event: &Event) -> String {
    match event {
        Acquire => "acquire".to_owned(),
        Lock => "lock".to_owned(),
        Unlock => "unlock".to_owned(),
        Applied => "applied".to_owned(),
        Apply(version) => format!("apply {version}"),
        Back => "connection given back".to_owned(),
        Closed => "connection closed".to_owned(),
    }
}

/// A database, which the pools of several processes use.
struct Server {
    log: Log<Event>,
    lock: Arc<tokio::sync::Mutex<()>>,
    /// Versions and checksums.
    applied: Mutex<BTreeMap<u64, u64>>,
    /// All versions in the order in which they were applied.
    history: Mutex<Vec<u64>>,
    takes: Duration,
    /// Which calls fail.
    fails: Vec<(Event, DbError)>,
    /// Locks of connections that were given back without `unlock`.
    kept: Mutex<Vec<OwnedMutexGuard<()>>>,
    /// Connections whose `unlock` has succeeded.
    unlocked: AtomicUsize,
}

impl Server {
    fn new(takes: Duration) -> Self {
        Self {
            log: Log::start(),
            lock: Arc::default(),
            applied: Mutex::default(),
            history: Mutex::default(),
            takes,
            fails: Vec::new(),
            kept: Mutex::default(),
            unlocked: AtomicUsize::new(0),
        }
    }

    async fn call(&self, event: Event) -> Result<(), DbError> {
        self.log.add(event);
        take(self.takes).await;
        let failing = self.fails.iter().find(|(failing, _)| *failing == event);
        failing.map_or(Ok(()), |(_, error)| Err(error.clone()))
    }

    fn unlock_fails(&self) -> bool {
        self.fails.iter().any(|(failing, _)| *failing == Unlock)
    }

    /// Lets `unlock` fail in some cases. Returns what should become of the connection.
    fn draw_unlock(&mut self, case: &Case) -> Event {
        if *case.pick("unlock fails", &[false, true]) {
            self.fails.push((Unlock, drawn_error(case)));
            return Closed;
        }
        Back
    }

    fn history(&self) -> Vec<u64> {
        lock(&self.history).clone()
    }

    fn shown(&self) -> String {
        shown(&self.log.entries(), word)
    }
}

struct FakePool(Arc<Server>);

impl Pool for FakePool {
    type Connection = Fake;

    async fn acquire(&self) -> Result<Fake, DbError> {
        self.0.call(Acquire).await?;
        Ok(Fake {
            server: Some(Arc::clone(&self.0)),
            locked: None,
            is_waiting: false,
        })
    }
}

struct Fake {
    /// `None` when it is closed.
    server: Option<Arc<Server>>,
    locked: Option<OwnedMutexGuard<()>>,
    /// It has asked for the lock, and there was no answer.
    is_waiting: bool,
}

impl Fake {
    fn server(&self) -> Arc<Server> {
        self.server.clone().expect("it is not closed")
    }
}

impl MigrationConnection for Fake {
    async fn lock(&mut self) -> Result<(), DbError> {
        let server = self.server();
        self.is_waiting = true;
        server.call(Lock).await?;
        self.locked = Some(Arc::clone(&server.lock).lock_owned().await);
        self.is_waiting = false;
        Ok(())
    }

    async fn unlock(&mut self) -> Result<(), DbError> {
        let server = self.server();
        server.call(Unlock).await?;
        self.locked = None;
        server.unlocked.fetch_add(1, Relaxed);
        Ok(())
    }

    async fn applied(&mut self) -> Result<Vec<(u64, u64)>, DbError> {
        let server = self.server();
        server.call(Applied).await?;
        let applied = lock(&server.applied).clone();
        Ok(applied.into_iter().collect())
    }

    async fn apply(&mut self, migration: &Migration) -> Result<(), DbError> {
        let server = self.server();
        server.call(Apply(migration.version)).await?;
        lock(&server.history).push(migration.version);
        lock(&server.applied).insert(migration.version, migration.checksum);
        Ok(())
    }

    fn close(mut self) {
        if let Some(server) = self.server.take() {
            server.log.add(Closed);
        }
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let Some(server) = self.server.take() else {
            return; // closed: the lock is released
        };
        server.log.add(Back);
        if let Some(locked) = self.locked.take() {
            lock(&server.kept).push(locked);
        } else if self.is_waiting {
            grading::spawn(async move {
                let locked = Arc::clone(&server.lock).lock_owned().await;
                lock(&server.kept).push(locked);
            });
        }
    }
}

fn drawn_error(case: &Case) -> DbError {
    match *case.pick("error", &["Conflict", "Failed"]) {
        "Conflict" => DbError::Conflict,
        _ => failed(case.text("text")),
    }
}

/// Migrations with ascending versions.
fn drawn(case: &Case, range: std::ops::RangeInclusive<usize>) -> Vec<Migration> {
    let count = case.size("migrations", range);
    let steps = case.numbers("steps between versions", count, 1 << 40);
    let mut version = 0;
    let migrations = steps.into_iter().enumerate().map(|(nth, step)| {
        version += step + u64::from(nth > 0); // the first may be 0
        Migration {
            version,
            checksum: version * 3,
            sql: format!("-- {version}"),
        }
    });
    migrations.collect()
}

fn versions(migrations: &[Migration]) -> String {
    list(migrations.iter().map(|one| one.version.to_string()))
}

fn numbers(versions: &[u64]) -> String {
    list(versions.iter().map(u64::to_string))
}

/// These calls, each when the one before it is ready.
fn in_turn(takes: Duration, events: impl IntoIterator<Item = Event>) -> Vec<(Duration, Event)> {
    let mut now = Duration::ZERO;
    let events = events.into_iter().map(|event| {
        let at = now;
        if !matches!(event, Back | Closed) {
            now += takes;
        }
        (at, event)
    });
    events.collect()
}

const LEAKS: &str = "that the function is left, by a `?` for example, before the lock is released. The lock stays with the \
                     connection, which is back in the pool, and every other process waits forever.";
const BEFORE_THE_LOCK: &str = "that the applied migrations are asked for before the lock is held. What they were may have changed \
                               when the lock is: another process has held it.";

/// Compares the calls and their instants.
fn check_calls(server: &Server, expected: &[(Duration, Event)], given: &str) {
    let seen = server.log.entries();
    let position = |event| seen.iter().position(|(_, other)| *other == event);
    let (unlocks, is_closed) = (
        server.log.count_if(|event| *event == Unlock),
        position(Closed).is_some(),
    );
    let closes = expected.iter().any(|(_, event)| *event == Closed);
    let has_unlock = expected.iter().any(|(_, event)| *event == Unlock);
    let unlock_fails = server.unlock_fails();
    check(seen == expected, || {
        Failure::new(format!(
            "{given} the calls should be {}; they were {}.",
            shown(expected, word),
            shown(&seen, word)
        ))
        .usually_if(if position(Applied).is_some_and(|at| position(Lock).is_none_or(|lock| at < lock)) {
            Some(BEFORE_THE_LOCK)
        } else if [Lock, Applied].iter().any(|event| server.log.count_if(|other| other == event) > 1) {
            Some("that a call which has failed is made again. Each of them is made once, also after a `Conflict`.")
        } else if has_unlock && unlocks == 0 && position(Lock).is_some() {
            Some(LEAKS)
        } else if closes && !is_closed && unlock_fails && unlocks > 0 {
            Some("that the connection is given back although `unlock` has failed: it still has the lock.")
        } else if closes && !is_closed {
            Some("that the connection is given back although `lock` has failed. It may have the lock even so.")
        } else if !closes && is_closed {
            Some("that the connection is closed although nothing was wrong with it. Release the lock with `unlock`, and drop it.")
        } else if seen.is_empty() {
            Some(
                "that the function returns before it acquires a connection, because the list is empty, say. What has been applied is \
                 compared with an empty list, too.",
            )
        } else {
            None
        })
        .read(MIGRATIONS)
    });
}

#[test]
fn applies_what_is_missing_in_order() {
    grade_cases(async |case| {
        let migrations = drawn(&case, 0..=30);
        let mut server = Server::new(case.whole_ms("each call takes", 30));
        let mut missing = Vec::new();
        let mut is_applied = Vec::new();
        for migration in &migrations {
            let applied = case.below(2) == 0;
            is_applied.push(applied);
            match applied {
                true => drop(lock(&server.applied).insert(migration.version, migration.checksum)),
                false => missing.push(migration.version),
            }
        }
        let gap = is_applied.windows(2).any(|pair| pair == [false, true]);
        server.takes += case.long_time("and longer by") / 100;
        let expected = [Acquire, Lock, Applied].into_iter();
        let expected = expected.chain(missing.iter().map(|version| Apply(*version)));
        let expected = in_turn(server.takes, expected.chain([Unlock, Back]));
        let server = Arc::new(server);
        let result = migrate(&FakePool(Arc::clone(&server)), &migrations).await;
        let now = server.log.clock().elapsed();
        check(server.history() == missing, || {
            Failure::new(format!(
                "Of the versions {}, those that are missing should be applied in order, {}; applied were {}. The result was \
                 {result:?}.",
                versions(&migrations),
                numbers(&missing),
                numbers(&server.history())
            ))
            .usually_if(match &result {
                Err(MigrateError::NotAscending(0)) => {
                    Some("that the first version is compared with 0. No version comes before the first one.")
                }
                _ if gap && server.history().len() < missing.len() => Some(
                    "that only versions after the last applied one are applied. A version that was merged later may be missing \
                     before it.",
                ),
                _ => None,
            })
            .read(MIGRATIONS)
        });
        check_calls(&server, &expected, "If nothing fails,");
        let end = expected.last().map(|(at, _)| *at).unwrap_or_default();
        check(result == Ok(missing.len()) && now == end, || {
            Failure::new(format!(
                "`Ok({})` should be returned at {}, the number of migrations that were applied; {result:?} was returned at {}.",
                missing.len(),
                in_ms(end),
                in_ms(now)
            ))
            .read(MIGRATIONS)
        });
    });
}

#[test]
fn refuses_a_list_that_is_not_ascending() {
    grade_cases(async |case| {
        let mut migrations = drawn(&case, 2..=10);
        let at = 1 + case.below(migrations.len() as u64 - 1) as usize;
        let before = migrations[at - 1].version;
        migrations[at].version = match *case.pick("next", &["equal", "lower"]) {
            "lower" if before > 0 => before - 1,
            _ => before,
        };
        if let Some(last) = migrations.get_mut(at + 1) {
            last.version = 0; // a second one
        }
        let wrong = migrations[at].version;
        let server = Arc::new(Server::new(ms(10)));
        let result = migrate(&FakePool(Arc::clone(&server)), &migrations).await;
        let is_right = result == Err(MigrateError::NotAscending(wrong));
        check(is_right && server.log.is_empty(), || {
            Failure::new(format!(
                "The versions {} should be refused with {:?} before a connection is acquired; the result was {result:?}, and the \
                 calls were {}.",
                versions(&migrations),
                MigrateError::NotAscending(wrong),
                server.shown()
            ))
            .usually_if(match (is_right, &result) {
                (true, _) => Some("that the list is checked when the connection is there."),
                (_, Ok(_)) => Some("that the list is sorted, or is not checked, or that two equal versions are allowed."),
                _ => None,
            })
            .read(MIGRATIONS)
        });
    });
}

/// Whether the answer finds an applied version that is not in the list, which has the version 5 alone.
async fn finds_unknown(version: u64) -> bool {
    let list = [Migration {
        version: 5,
        checksum: 15,
        sql: String::new(),
    }];
    let server = Arc::new(Server::new(ms(10)));
    lock(&server.applied).extend([(5, 15), (version, 7)]);
    migrate(&FakePool(Arc::clone(&server)), &list).await == Err(MigrateError::Unknown(version))
}

#[test]
fn refuses_a_schema_with_another_history() {
    grade_cases(async |case| {
        let migrations = drawn(&case, 1..=10);
        let mut server = Server::new(ms(10));
        let mut wrong = Vec::new();
        let first = migrations[0].version;
        if first > 0 && *case.pick("applied before the first one", &[false, true]) {
            lock(&server.applied).insert(first - 1, 7);
            wrong.push(MigrateError::Unknown(first - 1));
        }
        for migration in &migrations {
            let (version, mut checksum) = (migration.version, migration.checksum);
            let is_unknown = case.below(4) == 0;
            match case.below(4) {
                0 => continue,
                1 => {
                    checksum += 1;
                    wrong.push(MigrateError::Changed(version));
                }
                _ => {}
            }
            lock(&server.applied).insert(version, checksum);
            let after = version + 1;
            if is_unknown && migrations.iter().all(|other| other.version != after) {
                lock(&server.applied).insert(after, 7);
                wrong.push(MigrateError::Unknown(after));
            }
        }
        let Some(first) = wrong.first().cloned() else {
            return;
        };
        let end = server.draw_unlock(&case);
        let expected = in_turn(ms(10), [Acquire, Lock, Applied, Unlock, end]);
        let server = Arc::new(server);
        let result = migrate(&FakePool(Arc::clone(&server)), &migrations).await;
        let history = server.history();
        let (finds_after, finds_before) = match &result {
            Err(error) if *error == first => (true, true),
            _ => (finds_unknown(6).await, finds_unknown(4).await),
        };
        check(history.is_empty() && result == Err(first.clone()), || {
            Failure::new(format!(
                "The list has the versions {}, and the database {}. {first:?} should be returned and nothing be applied; the result \
                 was {result:?}, and applied were {}.",
                versions(&migrations),
                list(lock(&server.applied).keys().map(u64::to_string)),
                numbers(&history)
            ))
            .usually(match &result {
                Err(_) if !history.is_empty() => {
                    "that a version is compared when its turn has come. Compare all of them before the first one is applied."
                }
                _ if !finds_after => {
                    "that some of the applied versions are not compared: the loop goes through the list, say, and does not find a \
                     version that only the database has."
                }
                _ if !finds_before => {
                    "that applied versions are not compared if they are lower than the first one of the list."
                }
                Ok(_) => "that some of the applied versions are not compared.",
                Err(_) => "that the applied versions are not compared in ascending order, each for both errors.",
            })
            .read(MIGRATIONS)
        });
        check_calls(&server, &expected, &format!("If there is {first:?},"));
    });
}

#[test]
fn a_failure_keeps_what_was_applied() {
    grade_cases(async |case| {
        let migrations = drawn(&case, 1..=10);
        let failing = case.below(migrations.len() as u64) as usize;
        let before: Vec<_> = migrations[..failing]
            .iter()
            .map(|one| one.version)
            .collect();
        let version = migrations[failing].version;
        let error = drawn_error(&case);
        let mut server =
            Server::new(ms(1) + case.whole_ms("each call takes longer than 1 ms by", 20));
        server.fails = vec![(Apply(version), error.clone())];
        let end = server.draw_unlock(&case);
        let expected = [Acquire, Lock, Applied].into_iter();
        let expected = expected.chain(before.iter().map(|version| Apply(*version)));
        let expected = expected.chain([Apply(version), Unlock, end]);
        let expected = in_turn(server.takes, expected);
        let server = Arc::new(server);
        let result = migrate(&FakePool(Arc::clone(&server)), &migrations).await;
        check_calls(
            &server,
            &expected,
            &format!("If version {version} cannot be applied,"),
        );
        let expected = MigrateError::Failed(version, error);
        check(result == Err(expected.clone()), || {
            Failure::new(format!(
                "If version {version} cannot be applied, {expected:?} should be returned; it was {result:?}."
            ))
            .read(MIGRATIONS)
        });
    });
}

#[test]
fn errors_of_other_calls() {
    grade_cases(async |case| {
        let call = *case.pick("fails", &[Acquire, Lock, Applied, Unlock]);
        let error = drawn_error(&case);
        let mut server = Server::new(ms(10));
        server.fails = vec![(call, error.clone())];
        let end = match call {
            Applied => server.draw_unlock(&case),
            _ => Back,
        };
        let migrations = drawn(&case, 0..=3);
        let apply: Vec<_> = migrations.iter().map(|one| Apply(one.version)).collect();
        let calls = match call {
            Acquire => vec![Acquire],
            Lock => vec![Acquire, Lock, Closed],
            Applied => vec![Acquire, Lock, Applied, Unlock, end],
            _ => [&[Acquire, Lock, Applied], &*apply, &[Unlock, Closed]].concat(),
        };
        let expected = match call {
            Unlock => Ok(apply.len()),
            _ => Err(MigrateError::Database(error)),
        };
        let server = Arc::new(server);
        let result = migrate(&FakePool(Arc::clone(&server)), &migrations).await;
        let given = format!("If `{}` fails,", word(&call));
        check_calls(&server, &in_turn(ms(10), calls), &given);
        let is_replaced = server.fails.iter().any(|(failing, error)| {
            *failing == Unlock && result == Err(MigrateError::Database(error.clone()))
        });
        check(result == expected, || {
            Failure::new(format!(
                "{given} the result should be {expected:?}; it was {result:?}."
            ))
            .usually_if(is_replaced.then_some(
                "that the error of `unlock` replaces the result. The lock is released when the connection is closed.",
            ))
            .read(MIGRATIONS)
        });
    });
}

#[test]
fn processes_do_not_disturb_each_other() {
    grade_cases(async |case| {
        let migrations = drawn(&case, 0..=5);
        let server = Arc::new(Server::new(case.whole_ms("each call takes", 5)));
        let count = case.size("processes", 1..=6);
        let calls = (0..count).map(async |_| {
            let pool = FakePool(Arc::clone(&server));
            case.turns().await;
            case.drop_somewhere(timeout(LONG, migrate(&pool, &migrations)))
                .await
        });
        let results = case.join(calls).await;
        let history = server.history();
        let all: Vec<_> = migrations.iter().map(|one| one.version).collect();
        let is_prefix = all.starts_with(&history);
        let is_twice = history.len() > history.iter().collect::<BTreeSet<_>>().len();
        check(is_prefix, || {
            Failure::new(format!(
                "{count} processes at the same time: each of the versions {} should be applied once, in this order; applied were {}.",
                numbers(&all),
                numbers(&history)
            ))
            .usually_if(is_twice.then_some(BEFORE_THE_LOCK))
            .read(MIGRATIONS)
        });
        let hung = results.iter().any(|result| matches!(result, Some(Err(_))));
        check(!hung, || {
            Failure::new(
                "A process should get the lock when the others have ended or were dropped; one waits forever.",
            )
            .usually_if((!lock(&server.kept).is_empty()).then_some(LEAKS))
            .read(MIGRATIONS)
        });
        let ended = results.iter().flatten().flatten();
        let wrong = ended.clone().find(|result| result.is_err());
        check(wrong.is_none(), || {
            Failure::new(format!("No process should fail; there was {wrong:?}.")).read(MIGRATIONS)
        });
        let ended: Vec<_> = ended.flatten().copied().collect();
        let is_complete = ended.is_empty() || history == all;
        let is_counted = ended.len() < count || ended.iter().sum::<usize>() == all.len();
        check(is_complete && is_counted, || {
            Failure::new(format!(
                "The versions {} should all be applied when a process has returned, and counted by the one that applied them; \
                 applied were {}, and the counts are {ended:?}.",
                numbers(&all),
                numbers(&history)
            ))
            .read(MIGRATIONS)
        });
    });
}

#[test]
fn a_dropped_process_leaves_no_lock() {
    for is_locked in [false, true] {
        drop_at_every_await(
            async || {
                let server = Arc::new(Server::new(ms(10)));
                if is_locked {
                    let other = Arc::clone(&server.lock).lock_owned().await;
                    grading::spawn(async move {
                        sleep(ms(100)).await;
                        drop(other);
                    });
                }
                let for_answer = Arc::clone(&server);
                let answer = async move { migrate(&FakePool(for_answer), &list_of_three()).await };
                (answer, server)
            },
            async |server| {
                let before = server.log.entries();
                sleep(ms(200)).await;
                let after = &server.log.entries()[before.len()..];
                check(after.is_empty(), || {
                    Failure::new(format!(
                        "When the future is dropped, no further call should be made; there was {}.",
                        shown(after, word)
                    ))
                    .read(MIGRATIONS)
                });
                let count =
                    |event: Event| before.iter().filter(|(_, other)| *other == event).count();
                let is_released = server.unlocked.load(Relaxed) > 0 || count(Lock) == 0;
                check(is_released || count(Closed) == 1, || {
                    Failure::new(format!(
                        "When the future is dropped after the first poll of `lock` and before `unlock` is ready, the connection should \
                         be closed; the calls were {}.",
                        shown(&before, word)
                    ))
                    .usually(match (count(Applied), count(Unlock)) {
                        (_, 1) => {
                            "that the guard is gone before `unlock` is ready. It may be dropped while it waits for the answer."
                        }
                        (0, _) => {
                            "that there is a guard only when `lock` has returned, or none. The database may give the lock to the \
                             connection although the future that asked for it is gone."
                        }
                        _ => {
                            "that nothing closes the connection when the function does not reach its end. A guard with a \
                             destructor does."
                        }
                    })
                    .read(MIGRATIONS)
                });
                let (pool, migrations) = (FakePool(Arc::clone(&server)), list_of_three());
                let again = timeout(LONG, migrate(&pool, &migrations)).await;
                check(
                    matches!(again, Ok(Ok(_))) && server.history() == [1, 2, 3],
                    || {
                        Failure::new(format!(
                        "When the future is dropped, another process should apply the rest of [1, 2, 3]; its result was {:?}, and \
                         applied were {}.",
                        again.as_ref().ok(),
                        numbers(&server.history())
                    ))
                    .usually_if(again.is_err().then_some(LEAKS))
                    .read(MIGRATIONS)
                    },
                );
            },
        );
    }
}

fn list_of_three() -> Vec<Migration> {
    let migrations = [1, 2, 3].map(|version| Migration {
        version,
        checksum: version * 3,
        sql: format!("-- {version}"),
    });
    migrations.into()
}

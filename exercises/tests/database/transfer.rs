//! `transfer`: all of it or nothing, once, also after a conflict.

use super::*;
use exercises::database::{
    Accounts, FIRST_BACKOFF, MAX_ATTEMPTS, Transaction, TransferError, transfer,
};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    Begin,
    Balance(u64),
    Set(u64, u64),
    Commit,
    Committed,
    Rollback,
    RolledBack,
    /// The transaction was dropped before its end.
    Dropped,
}

use Event::*;

fn word(event: &Event) -> String {
    match event {
        Begin => "begin".to_owned(),
        Balance(account) => format!("balance of {account}"),
        Set(account, balance) => format!("set {account} to {balance}"),
        Commit => "commit".to_owned(),
        Committed => "committed".to_owned(),
        Rollback => "rollback".to_owned(),
        RolledBack => "rolled back".to_owned(),
        Dropped => "transaction dropped".to_owned(),
    }
}

/// The calls of an attempt, in their order.
const CALLS: [&str; 6] = [
    "begin",
    "1st balance",
    "2nd balance",
    "1st set_balance",
    "2nd set_balance",
    "commit",
];
const COMMIT: usize = 5;

/// At which of its calls an attempt fails, and how.
type Fails = Option<(usize, DbError)>;

/// A database. It locks each account whose balance is asked for, until the transaction is over.
struct Bank {
    log: Log<Event>,
    balances: Mutex<BTreeMap<u64, u64>>,
    rows: BTreeMap<u64, Arc<tokio::sync::Mutex<()>>>,
    connections: Arc<Semaphore>,
    /// Per attempt.
    fails: Vec<Fails>,
    begun: AtomicUsize,
    takes: Duration,
    rollback_takes: Duration,
    rollback_fails: Option<DbError>,
    /// A `commit` that fails or is dropped has done its work.
    commits_early: bool,
    /// How much the first account gets from elsewhere while there is no transaction.
    gift: AtomicUsize,
}

impl Bank {
    fn new(accounts: &[(u64, u64)]) -> Self {
        Self {
            log: Log::start(),
            balances: Mutex::new(accounts.iter().copied().collect()),
            rows: accounts
                .iter()
                .map(|(account, _)| (*account, Arc::default()))
                .collect(),
            connections: Arc::new(Semaphore::new(1)),
            fails: Vec::new(),
            begun: AtomicUsize::new(0),
            takes: ms(10),
            rollback_takes: ms(10),
            rollback_fails: None,
            commits_early: false,
            gift: AtomicUsize::new(0),
        }
    }

    fn balances(&self) -> Vec<(u64, u64)> {
        lock(&self.balances)
            .iter()
            .map(|(account, balance)| (*account, *balance))
            .collect()
    }

    fn shown(&self) -> String {
        shown(&self.log.entries(), word)
    }

    fn begins(&self) -> usize {
        self.log.count_if(|event| *event == Begin)
    }
}

/// `"Ok(())"`
fn told(result: &Option<Result<(), TransferError>>) -> String {
    match result {
        Some(result) => format!("{result:?}"),
        None => "that it never returned".to_owned(),
    }
}

#[derive(Clone)]
struct Db(Arc<Bank>);

impl Db {
    /// The result, or `None` if there is none for as long as a run may take.
    async fn transfer(&self, from: u64, to: u64, amount: u64) -> Option<Result<(), TransferError>> {
        timeout(LONG, transfer(self, from, to, amount)).await.ok()
    }
}

impl Accounts for Db {
    type Transaction = Fake;

    async fn begin(&self) -> Result<Fake, DbError> {
        let connections = Arc::clone(&self.0.connections);
        let connection = connections.acquire_owned().await;
        let attempt = self.0.begun.fetch_add(1, Relaxed);
        let mut fake = Fake {
            bank: Arc::clone(&self.0),
            calls: 0,
            fails: self.0.fails.get(attempt).cloned().flatten(),
            locked: Vec::new(),
            written: Vec::new(),
            is_open: false,
            _connection: connection.expect("it is never closed"),
        };
        fake.call(Begin).await?;
        fake.is_open = true;
        Ok(fake)
    }
}

struct Fake {
    bank: Arc<Bank>,
    calls: usize,
    fails: Fails,
    locked: Vec<OwnedMutexGuard<()>>,
    written: Vec<(u64, u64)>,
    is_open: bool,
    _connection: OwnedSemaphorePermit,
}

impl Fake {
    async fn call(&mut self, event: Event) -> Result<(), DbError> {
        self.bank.log.add(event);
        let nth = self.calls;
        self.calls += 1;
        take(self.bank.takes).await;
        match &self.fails {
            Some((failing, error)) if *failing == nth => Err(error.clone()),
            _ => Ok(()),
        }
    }

    fn write(&mut self) {
        let mut balances = lock(&self.bank.balances);
        for (account, balance) in self.written.drain(..) {
            balances.insert(account, balance);
        }
    }
}

impl Transaction for Fake {
    async fn balance(&mut self, account: u64) -> Result<Option<u64>, DbError> {
        self.call(Balance(account)).await?;
        if let Some(row) = self.bank.rows.get(&account) {
            self.locked.push(Arc::clone(row).lock_owned().await);
        }
        Ok(lock(&self.bank.balances).get(&account).copied())
    }

    async fn set_balance(&mut self, account: u64, balance: u64) -> Result<(), DbError> {
        self.call(Set(account, balance)).await?;
        self.written.push((account, balance));
        Ok(())
    }

    async fn commit(mut self) -> Result<(), DbError> {
        self.is_open = false;
        // The fifth call is the last one before `commit` of any right answer.
        self.calls = COMMIT;
        let is_conflict = matches!(self.fails, Some((COMMIT, DbError::Conflict)));
        if self.bank.commits_early && !is_conflict {
            self.write();
        }
        let result = self.call(Commit).await;
        if result.is_ok() {
            self.write();
            self.bank.log.add(Committed);
        }
        result
    }

    async fn rollback(mut self) -> Result<(), DbError> {
        self.is_open = false;
        self.bank.log.add(Rollback);
        take(self.bank.rollback_takes).await;
        self.bank.log.add(RolledBack);
        self.bank.rollback_fails.clone().map_or(Ok(()), Err)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if self.is_open {
            self.bank.log.add(Dropped);
        }
        let gift = self.bank.gift.swap(0, Relaxed) as u64;
        if let Some(balance) = lock(&self.bank.balances).values_mut().next() {
            *balance += gift;
        }
    }
}

/// The error of `rollback`, if it fails.
fn rollback_fails(case: &Case) -> Option<DbError> {
    match *case.pick("rollback", &["succeeds", "fails", "fails with Conflict"]) {
        "succeeds" => None,
        "fails" => Some(failed("rollback failed")),
        _ => Some(DbError::Conflict),
    }
}

/// Two different accounts, in any order.
fn two_accounts(case: &Case) -> (u64, u64) {
    let from = case.number("from", u64::MAX);
    let to = case.number("to", u64::MAX);
    match from == to {
        true => (from, from ^ 1),
        false => (from, to),
    }
}

const NOT_AWAITED: &str = "that the transaction is dropped, by a `?` for example. It is rolled back some time after that, and its \
                           connection is not free until then. Await `rollback` on this path as well.";
const ROLLBACK_CONFLICT: &str = "that a conflict at `rollback` is taken for one of the attempt. An error of `rollback` is ignored.";
const TWICE: &str = "that an attempt follows although `commit` was called and its answer is lost. It may have committed, and then \
                     the money is transferred twice.";

#[test]
fn moves_the_amount() {
    grade_cases(async |case| {
        let (from, to) = two_accounts(&case);
        let amount = 1 + case.number("amount is more than 1 by", u64::MAX - 1);
        let has = amount + case.number("payer has more by", u64::MAX - amount);
        let gets = case.number("payee has", u64::MAX - amount);
        let mut bank = Bank::new(&[(from, has), (to, gets)]);
        bank.takes = case.whole_ms("each call takes", 50);
        let takes = bank.takes;
        let db = Db(Arc::new(bank));
        let result = db.transfer(from, to, amount).await;
        let told = told(&result);
        let (now, bank) = (db.0.log.clock().elapsed(), &db.0);
        let mut expected = vec![(from, has - amount), (to, gets + amount)];
        expected.sort_unstable();
        let is_moved = result == Some(Ok(())) && bank.balances() == expected;
        check(is_moved && now == takes * 6, || {
            Failure::new(format!(
                "{amount} of account {from} with {has} should go to account {to} with {gets}, in 6 calls of {}, and `Ok` be \
                 returned at {}; the result was {told} at {}, and the balances are {:?}. The calls were {}.",
                in_ms(takes),
                in_ms(takes * 6),
                in_ms(now),
                bank.balances(),
                bank.shown()
            ))
            .usually_if((bank.begins() == 2 && bank.log.count_if(|event| *event == Committed) == 2).then_some(
                "that each account is changed in a transaction of its own: what is between them can be lost.",
            ))
            .read(ATOMIC)
        });
        let entries = bank.log.entries();
        let asked = entries.iter().filter_map(|(_, event)| match event {
            Balance(account) => Some(*account),
            _ => None,
        });
        let asked: Vec<_> = asked.collect();
        check(asked == [from.min(to), from.max(to)], || {
            Failure::new(format!(
                "The balances should be asked for once each, the one of the lower account first; the calls were {}.",
                bank.shown()
            ))
            .usually_if((asked == [from, to]).then_some(
                "that the payer is asked first. Two transfers in opposite directions then lock an account each, and wait for \
                 the other one.",
            ))
            .read(ATOMIC)
        });
    });
}

#[test]
fn refuses_without_the_database() {
    grade_cases(async |case| {
        let (from, other) = two_accounts(&case);
        let is_same = *case.pick("same account", &[true, false]);
        let to = if is_same { from } else { other };
        let amount = case.number("amount", u64::MAX);
        let amount = if is_same { amount } else { 0 };
        let db = Db(Arc::new(Bank::new(&[(from, 100), (other, 100)])));
        let result = db.transfer(from, to, amount).await;
        let told = told(&result);
        let expected = match is_same {
            true => TransferError::SameAccount,
            false => TransferError::NoAmount,
        };
        check(
            result == Some(Err(expected.clone())) && db.0.log.is_empty(),
            || {
                Failure::new(format!(
                    "A transfer of {amount} from account {from} to {to} should be refused with {expected:?} before the database is \
                     used; the result was {told}, and the calls were {}.",
                    db.0.shown()
                ))
                .usually_if(match &result {
                    Some(Err(TransferError::NoAmount)) if is_same => {
                        Some("that the amount is checked before the accounts are compared.")
                    }
                    _ if db.0.log.is_empty() => None,
                    _ if is_same => Some(
                        "that this is checked after the balances are known, or not at all. A transfer to the same account would \
                         create money: the second balance that is set replaces the first.",
                    ),
                    _ => Some("that the amount is checked after the balances are known, or not at all."),
                })
                .read(ATOMIC)
            },
        );
    });
}

#[test]
fn refuses_after_a_rollback() {
    grade_cases(async |case| {
        let (from, to) = two_accounts(&case);
        let amount = 1 + case.number("amount is more than 1 by", u64::MAX - 2);
        let why = *case.pick(
            "refused",
            &[
                "not enough",
                "no payer",
                "no payee",
                "neither",
                "too much",
                "not enough and too much",
            ],
        );
        let has = match why {
            "not enough" | "not enough and too much" => case.number("payer has", amount - 1),
            _ => amount + case.number("payer has more by", u64::MAX - amount),
        };
        let gets = match why {
            "too much" | "not enough and too much" => {
                u64::MAX - case.number("room of the payee", amount - 1)
            }
            _ => case.number("payee has", u64::MAX - amount),
        };
        let mut accounts = vec![(from, has), (to, gets)];
        accounts.retain(|(account, _)| match why {
            "no payer" => *account != from,
            "no payee" => *account != to,
            _ => why != "neither",
        });
        let expected = match why {
            "not enough" | "not enough and too much" => TransferError::NotEnough { balance: has },
            "no payer" => TransferError::NoSuchAccount(from),
            "no payee" => TransferError::NoSuchAccount(to),
            "neither" => TransferError::NoSuchAccount(from.min(to)),
            _ => TransferError::TooMuch,
        };
        let mut bank = Bank::new(&accounts);
        bank.rollback_fails = rollback_fails(&case);
        bank.rollback_takes += case.long_time("rollback takes longer by");
        let before = bank.balances();
        let db = Db(Arc::new(bank));
        let result = transfer(&db, from, to, amount).await;
        let bank = &db.0;
        check(result == Err(expected.clone()), || {
            Failure::new(format!(
                "A transfer of {amount} from account {from} to {to}, where the balances are {before:?}, should be refused with \
                 {expected:?}; the result was {result:?}."
            ))
            .usually_if(match &result {
                Err(TransferError::Database(text)) if text == "rollback failed" => {
                    Some("that the error of `rollback` replaces the one that was its cause.")
                }
                _ if bank.begins() > 1 && bank.rollback_fails == Some(DbError::Conflict) => Some(ROLLBACK_CONFLICT),
                Err(TransferError::TooMuch) if has < amount => {
                    Some("that the sum is checked before the balance of the payer.")
                }
                _ => None,
            })
            .read(ATOMIC)
        });
        let is_question = |event: &Event| matches!(event, Balance(_));
        check(bank.log.count_if(is_question) == 2, || {
            Failure::new(format!(
                "A transfer that is refused with {expected:?} should have asked for both balances, once each; the calls were {}.",
                bank.shown()
            ))
            .usually_if((bank.log.count_if(is_question) == 1).then_some(
                "that the first balance is checked before the second one is asked for.",
            ))
            .read(ATOMIC)
        });
        check(bank.balances() == before, || {
            Failure::new(format!(
                "A transfer that is refused with {expected:?} should change no balance; they were {before:?} and are {:?}.",
                bank.balances()
            ))
            .usually("that balances are set before both are checked.")
            .read(ATOMIC)
        });
        check_rolled_back(
            bank,
            &format!("A transfer that is refused with {expected:?}"),
        );
    });
}

/// The last transaction should have been ended by a `rollback` that was awaited.
fn check_rolled_back(bank: &Bank, what: &str) {
    let entries = bank.log.entries();
    let ends = |event: &Event| entries.iter().filter(|(_, other)| other == event).count();
    let is_last = matches!(entries.last(), Some((_, RolledBack)));
    check(
        is_last && ends(&Dropped) == 0 && ends(&Rollback) == ends(&RolledBack),
        || {
            Failure::new(format!(
            "{what} should end its transaction with `rollback`, and await it, before anything else; the calls were {}.",
            bank.shown()
        ))
        .usually_if(match (ends(&Dropped), ends(&Commit)) {
            (0, 0) => None,
            (0, _) => Some("that a transaction which has changed nothing is committed."),
            _ => Some(NOT_AWAITED),
        })
        .read(ATOMIC)
        },
    );
}

/// When an attempt that fails at this call is over: after its calls and, if there is something to roll back, the rollback.
fn attempt_takes(bank: &Bank, call: usize) -> Duration {
    let calls = bank.takes * (call as u32 + 1);
    match call {
        0 | COMMIT => calls,
        _ => calls + bank.rollback_takes,
    }
}

#[test]
fn tries_again_after_a_conflict() {
    grade_cases(async |case| {
        let conflicts = case.size("conflicts", 1..=MAX_ATTEMPTS as usize - 1);
        let calls: Vec<_> = (0..conflicts)
            .map(|_| *case.pick("at", &[0, 1, 2, 3, 4, COMMIT]))
            .collect();
        let mut bank = Bank::new(&[(1, 100), (2, 100)]);
        bank.fails = calls
            .iter()
            .map(|call| Some((*call, DbError::Conflict)))
            .collect();
        bank.takes = ms(1) + case.whole_ms("each call takes longer than 1 ms by", 20);
        bank.rollback_takes = ms(1) + case.whole_ms("rollback takes longer than 1 ms by", 20);
        bank.rollback_fails = rollback_fails(&case);
        let gift = *case.pick("account 1 gets in the meantime", &[0_usize, 50]);
        bank.gift = AtomicUsize::new(gift);
        let mut begins = vec![Duration::ZERO];
        let mut backoff = FIRST_BACKOFF;
        for call in &calls {
            let begin = *begins.last().expect("there is one");
            begins.push(begin + attempt_takes(&bank, *call) + backoff);
            backoff *= 2;
        }
        let end = *begins.last().expect("there is one") + bank.takes * 6;
        let db = Db(Arc::new(bank));
        let result = db.transfer(2, 1, 30).await;
        let told = told(&result);
        let (now, bank) = (db.0.log.clock().elapsed(), &db.0);
        let names = list(calls.iter().map(|call| format!("`{}`", CALLS[*call])));
        let entries = bank.log.entries();
        let is_begin = |(_, event): &&(Duration, Event)| *event == Begin;
        let seen: Vec<_> = entries.iter().filter(is_begin).map(|(at, _)| *at).collect();
        let dropped = bank.log.count_if(|event| *event == Dropped);
        check(dropped == 0 || result.is_none(), || {
            Failure::new(format!(
                "After conflicts at {names}, each transaction should be ended by `rollback`, which is awaited, or by `commit`; one \
                 was dropped. The calls were {}.",
                bank.shown()
            ))
            .usually(NOT_AWAITED)
            .read(CONFLICT)
        });
        check(seen == begins, || {
            Failure::new(format!(
                "After conflicts at {names}, transactions should begin at {}; they began at {}. The result was {told}, and the \
                 calls were {}.",
                list(begins.iter().map(|at| in_ms(*at))),
                list(seen.iter().map(|at| in_ms(*at))),
                bank.shown()
            ))
            .usually_if(match (&result, seen.len() < begins.len()) {
                (None, true) => Some(
                    "that the next `begin` waits for a connection that the last transaction still has: with one in the pool, that \
                     is a deadlock. End the transaction first.",
                ),
                (Some(Err(TransferError::Database(text))), _) if text == "rollback failed" => Some(
                    "that the error of `rollback` is returned. It is ignored: the next attempt follows.",
                ),
                (Some(Err(_)), true) => Some(
                    "that a conflict at one of the calls is returned. Each of them may meet one, `begin` and `commit` as well.",
                ),
                (Some(Ok(())), true) => Some(
                    "that only the call which failed is made again. After a conflict nothing of the transaction is kept: a new one \
                     has to begin.",
                ),
                (_, false) => Some(
                    "that the wait is not the one that the contract describes: 10 ms, then twice as long each time, counted from the \
                     end of the rollback.",
                ),
            })
            .read(CONFLICT)
        });
        let expected = vec![(1, 130 + gift as u64), (2, 70)];
        check(
            result == Some(Ok(())) && bank.balances() == expected,
            || {
                Failure::new(format!(
                "After {} the transfer should succeed and the balances be {expected:?}; the result was {told} and they are \
                 {:?}. The calls were {}.",
                plural(conflicts, "conflict"),
                bank.balances(),
                bank.shown()
            ))
            .usually_if((gift > 0).then_some(
                "that the balances of the first attempt are used again. Another transaction has changed one since then: that is \
                 what a conflict means.",
            ))
            .read(CONFLICT)
            },
        );
        check(now == end, || {
            Failure::new(format!(
                "The last attempt ends at {}, and the result should be there; it was at {}.",
                in_ms(end),
                in_ms(now)
            ))
            .read(CONFLICT)
        });
    });
}

#[test]
fn gives_up_after_five_attempts() {
    grade_cases(async |case| {
        let calls: Vec<_> = (0..7)
            .map(|_| *case.pick("at", &[0, 1, 2, 3, 4, COMMIT]))
            .collect();
        let mut bank = Bank::new(&[(1, 100), (2, 100)]);
        bank.fails = calls
            .iter()
            .map(|call| Some((*call, DbError::Conflict)))
            .collect();
        let backoffs = FIRST_BACKOFF * (1 + 2 + 4 + 8);
        let attempts = calls.iter().take(MAX_ATTEMPTS as usize);
        let end = backoffs
            + attempts
                .map(|call| attempt_takes(&bank, *call))
                .sum::<Duration>();
        let db = Db(Arc::new(bank));
        let result = db.transfer(1, 2, 30).await;
        let told = told(&result);
        let (now, begins) = (db.0.log.clock().elapsed(), db.0.begins());
        let dropped = db.0.log.count_if(|event| *event == Dropped);
        let is_right = result == Some(Err(TransferError::TooManyConflicts));
        check(is_right && begins == 5 && now == end, || {
            Failure::new(format!(
                "If attempts meet conflicts at {}, `TooManyConflicts` should be returned at {}, when the 5th one is over; the result \
                 was {told} at {}, after {}.",
                list(calls.iter().take(5).map(|call| format!("`{}`", CALLS[*call]))),
                in_ms(end),
                in_ms(now),
                plural(begins, "attempt")
            ))
            .usually_if(match begins {
                _ if dropped > 0 => Some(NOT_AWAITED),
                5 if is_right && now > end => Some("that there is a wait after the last attempt, which no attempt follows."),
                0..=5 => None,
                _ => Some("that the limit counts the attempts after the first one, or that there is none."),
            })
            .read(CONFLICT)
        });
    });
}

#[test]
fn other_errors_end_the_transfer() {
    grade_cases(async |case| {
        let call = *case.pick("fails at", &[0, 1, 2, 3, 4, COMMIT]);
        let conflicts = case.size("conflicts before it", 0..=4);
        let text = case.text("error");
        let mut bank = Bank::new(&[(1, 100), (2, 100)]);
        let conflict = Some((2, DbError::Conflict));
        bank.fails = vec![conflict; conflicts];
        bank.fails.push(Some((call, failed(&*text))));
        bank.commits_early = *case.pick("it has committed", &[true, false]);
        bank.rollback_fails = rollback_fails(&case);
        let is_committed = call == COMMIT && bank.commits_early;
        let db = Db(Arc::new(bank));
        let result = db.transfer(1, 2, 30).await;
        let told = told(&result);
        let (bank, begins) = (&db.0, db.0.begins());
        let expected = TransferError::Database(text.clone());
        let is_again =
            begins > conflicts + 1 || result == Some(Err(TransferError::TooManyConflicts));
        check(
            result == Some(Err(expected.clone())) && begins == conflicts + 1,
            || {
                Failure::new(format!(
                    "If `{}` fails with {text:?} in attempt {}, {expected:?} should be returned, and no attempt follow; the result was \
                     {told}, after {}. The balances are {:?}.",
                    CALLS[call],
                    conflicts + 1,
                    plural(begins, "attempt"),
                    bank.balances()
                ))
                .usually_if(match &result {
                    Some(Err(TransferError::Database(text))) if text == "rollback failed" => {
                        Some("that the error of `rollback` replaces the one that was its cause.")
                    }
                    _ if is_again && call == COMMIT => Some(TWICE),
                    _ if bank.rollback_fails == Some(DbError::Conflict) && begins > conflicts + 1 && call != 0 => {
                        Some("that an error after which the rollback meets a conflict is taken for a conflict.")
                    }
                    _ if is_again && call == 0 => Some(
                        "that an error of `begin` is taken for a conflict. Only `DbError::Conflict` is one, whatever has been done by \
                         then.",
                    ),
                    _ if is_again => Some("that an error other than `DbError::Conflict` is taken for a conflict."),
                    _ => None,
                })
                .read(COMMITTED)
            },
        );
        let expected = match is_committed {
            true => vec![(1, 70), (2, 130)],
            false => vec![(1, 100), (2, 100)],
        };
        check(bank.balances() == expected, || {
            Failure::new(format!(
                "The balances should be {expected:?}; they are {:?}. The calls were {}.",
                bank.balances(),
                bank.shown()
            ))
            .read(COMMITTED)
        });
        if call != 0 && call != COMMIT {
            check_rolled_back(bank, "A transfer with an error of the database");
        }
    });
}

#[test]
fn many_transfers_lose_nothing() {
    grade_cases(async |case| {
        let accounts = case.size("accounts", 2..=4);
        let count = case.size("transfers", 1..=12);
        let opening: Vec<_> = (0..accounts as u64).map(|account| (account, 100)).collect();
        let mut bank = Bank::new(&opening);
        bank.connections = Arc::new(Semaphore::new(case.size("connections", 1..=5)));
        bank.takes = ms(1);
        bank.commits_early = case.below(2) == 0;
        bank.fails = (0..count)
            .map(|_| match case.below(4) {
                0 => Some((case.below(6) as usize, DbError::Conflict)),
                _ => None,
            })
            .collect();
        let db = Db(Arc::new(bank));
        let transfers: Vec<_> = (0..count)
            .map(|_| {
                let from = case.below(accounts as u64);
                let to = (from + 1 + case.below(accounts as u64 - 1)) % accounts as u64;
                (from, to, 1 + case.below(60))
            })
            .collect();
        let calls = transfers.iter().map(async |(from, to, amount)| {
            case.turns().await;
            let call = db.transfer(*from, *to, *amount);
            case.drop_somewhere(call).await
        });
        let results = case.join(calls).await;
        let stuck = results
            .iter()
            .filter(|result| **result == Some(None))
            .count();
        check(stuck == 0, || {
            Failure::new(format!(
                "All of {} should end; {stuck} did not.",
                plural(count, "transfer")
            ))
            .usually(
                "that two transfers wait for each other: each has locked an account or a connection that the other one needs. \
                 Ask for the lower account first, and end a transaction before the next one begins.",
            )
            .read(ATOMIC)
        });
        let balances = db.0.balances();
        let total: u64 = balances.iter().map(|(_, balance)| *balance).sum();
        check(total == 100 * accounts as u64, || {
            Failure::new(format!(
                "However transfers are dropped and tried again, the sum of all balances should stay {}; it is {total}.",
                100 * accounts
            ))
            .usually("that a part of a transfer is committed without the other one.")
            .read(ATOMIC)
        });
        // Without a drop, what happened is known.
        if results.iter().all(Option::is_some) {
            let mut expected: BTreeMap<_, _> = opening.iter().copied().collect();
            for ((from, to, amount), result) in transfers.iter().zip(&results) {
                if *result == Some(Some(Ok(()))) {
                    *expected.entry(*to).or_default() += amount;
                    let payer = expected.entry(*from).or_default();
                    *payer = payer.wrapping_sub(*amount);
                }
            }
            let expected: Vec<_> = expected.into_iter().collect();
            check(balances == expected, || {
                Failure::new(format!(
                    "Each transfer that returned `Ok` should have been made once: the balances should be {expected:?}; they are {balances:?}."
                ))
                .read(ATOMIC)
            });
        }
    });
}

#[test]
fn a_dropped_transfer_is_made_once_or_not_at_all() {
    for commits_early in [false, true] {
        drop_at_every_await(
            async || {
                let mut bank = Bank::new(&[(1, 100), (2, 100)]);
                bank.commits_early = commits_early;
                bank.fails = vec![
                    Some((4, DbError::Conflict)),
                    Some((COMMIT, DbError::Conflict)),
                ];
                let db = Db(Arc::new(bank));
                let (tasks, for_answer) = (Tasks::baseline(), db.clone());
                let answer = async move { transfer(&for_answer, 1, 2, 30).await };
                (answer, (db.0, tasks))
            },
            async |(bank, tasks)| {
                let before = bank.log.len();
                sleep(ms(1_000)).await;
                let after = bank.log.entries();
                check(after.len() == before, || {
                    Failure::new(format!(
                        "When the future is dropped, no further call should be made; there was {}.",
                        shown(&after[before..], word)
                    ))
                    .usually("that the transfer, or its rollback, is in a task of its own, which runs on.")
                    .read(ATOMIC)
                });
                let balances = bank.balances();
                let is_whole = balances == [(1, 100), (2, 100)] || balances == [(1, 70), (2, 130)];
                check(is_whole, || {
                    Failure::new(format!(
                        "When the future is dropped, all or nothing of the transfer should be made; the balances are {balances:?}. The \
                         calls were {}.",
                        bank.shown()
                    ))
                    .usually("that there are two transactions, and the future was dropped between them.")
                    .read(ATOMIC)
                });
                check(bank.connections.available_permits() == 1, || {
                    Failure::new(
                        "When the future is dropped, the connection should be free; it is not.",
                    )
                    .usually("that a transaction is forgotten.")
                    .read(ATOMIC)
                });
                tasks.check_none_left_behind().await;
            },
        );
    }
}

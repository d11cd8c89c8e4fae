//! Database access: parallel reads from a pool, a transfer that is tried again, a migration runner, and a loader that
//! batches.
//!
//! What a future owns decides what happens when it is dropped. A connection goes back to its pool, a transaction is rolled
//! back, a lock stays with its connection, and a query ends with the last call that shares it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tokio::try_join;

/// An error of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// The transaction conflicts with another one. Nothing of it is kept, and it may be tried again.
    Conflict,
    /// Any other failure, such as a lost connection.
    Failed(String),
}

/// A pool of connections.
pub trait Pool {
    /// Dropping a connection gives it back to its pool.
    type Connection;

    /// Waits until a connection is free, and takes it.
    fn acquire(&self) -> impl Future<Output = Result<Self::Connection, DbError>>;
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its primary key.
    pub id: u64,
    /// What it is called.
    pub name: String,
}

/// An order of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its primary key.
    pub id: u64,
    /// What it costs, in cents.
    pub total: u64,
}

/// What a user has set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The language of the pages.
    pub language: String,
}

/// A connection that queries users. It makes one query at a time.
pub trait Queries {
    /// Loads a user, or `None` if there is none with this id.
    fn user(&mut self, id: u64) -> impl Future<Output = Result<Option<User>, DbError>>;

    /// Loads the orders of a user.
    fn orders(&mut self, user: u64) -> impl Future<Output = Result<Vec<Order>, DbError>>;

    /// Loads the profile of a user.
    fn profile(&mut self, user: u64) -> impl Future<Output = Result<Profile, DbError>>;
}

/// What the first page of a user shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    /// The result of [`Queries::user`].
    pub user: User,
    /// The result of [`Queries::orders`].
    pub orders: Vec<Order>,
    /// The result of [`Queries::profile`].
    pub profile: Profile,
}

/// Why there is no dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DashboardError {
    /// There is no user with this id.
    NoSuchUser,
    /// A query has waited too long for its connection.
    PoolTimedOut,
    /// The error of [`Pool::acquire`], or of a query.
    Database(DbError),
}

impl From<DbError> for DashboardError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// Loads a user with orders and profile, with three queries at the same time. Each of them waits for a connection of its
/// own for at most `acquire_limit`, and holds no other one while it waits.
///
/// # Errors
///
/// The first one. It ends the other queries.
///
/// # Cancel safety
///
/// If the future is dropped, so are the queries and the connections.
pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    // Each block drops its connection at its end, and not at the end of the function.
    let (user, orders, profile) = try_join!(
        async {
            let found = acquire().await?.user(user).await?;
            found.ok_or(DashboardError::NoSuchUser)
        },
        async { Ok(acquire().await?.orders(user).await?) },
        async { Ok(acquire().await?.profile(user).await?) },
    )?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}

/// A database with accounts.
pub trait Accounts {
    /// What [`begin`](Accounts::begin) returns.
    type Transaction: Transaction;

    /// Waits for a connection of the pool, and begins a transaction on it. If this fails, there is nothing to roll back.
    fn begin(&self) -> impl Future<Output = Result<Self::Transaction, DbError>>;
}

/// A transaction, which has one of the few connections of the pool.
///
/// If it is dropped, it is rolled back. Its connection is free again some time after that.
pub trait Transaction {
    /// The balance of an account, or `None` if it does not exist. The account is locked until the transaction is over:
    /// other transactions that ask for its balance wait.
    fn balance(&mut self, account: u64) -> impl Future<Output = Result<Option<u64>, DbError>>;

    /// Sets the balance of an account.
    fn set_balance(
        &mut self,
        account: u64,
        balance: u64,
    ) -> impl Future<Output = Result<(), DbError>>;

    /// Commits the transaction. If this fails with [`DbError::Conflict`], it is rolled back; if it fails otherwise, it may be
    /// committed or not. The same holds if the future is dropped.
    fn commit(self) -> impl Future<Output = Result<(), DbError>>;

    /// Rolls the transaction back. Its connection is free when this is ready, whatever it returns.
    fn rollback(self) -> impl Future<Output = Result<(), DbError>>;
}

/// How often [`transfer`] tries.
pub const MAX_ATTEMPTS: u32 = 5;

/// How long [`transfer`] waits before the second attempt. Before each further attempt it waits twice as long as before.
pub const FIRST_BACKOFF: Duration = Duration::from_millis(10);

/// Why no money was transferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TransferError {
    /// Both accounts are the same.
    SameAccount,
    /// The amount is 0.
    NoAmount,
    /// This account does not exist.
    NoSuchAccount(u64),
    /// The account that pays has only this much.
    NotEnough {
        /// What it has.
        balance: u64,
    },
    /// The other account would have more than `u64::MAX`.
    TooMuch,
    /// Each of [`MAX_ATTEMPTS`] attempts has met a conflict.
    TooManyConflicts,
    /// An error of the database, with the text of [`DbError::Failed`]. If it is the error of `commit`, the money may be
    /// transferred or not.
    Database(String),
}

/// Why an attempt has failed.
enum AttemptError {
    /// Another attempt may succeed.
    Conflict,
    Final(TransferError),
}

impl From<DbError> for AttemptError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Conflict => Self::Conflict,
            DbError::Failed(text) => Self::Final(TransferError::Database(text)),
        }
    }
}

impl From<TransferError> for AttemptError {
    fn from(error: TransferError) -> Self {
        Self::Final(error)
    }
}

/// Transfers `amount` from one account to another, in one transaction, which is tried again if it meets a conflict.
///
/// # Cancel safety
///
/// If the future is dropped, the money is transferred once or not at all: a transaction that is dropped is rolled back.
pub async fn transfer<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), TransferError> {
    if from == to {
        return Err(TransferError::SameAccount);
    }
    if amount == 0 {
        return Err(TransferError::NoAmount);
    }
    let mut backoff = FIRST_BACKOFF;
    for attempt in 1..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount).await {
            Ok(()) => return Ok(()),
            Err(AttemptError::Final(error)) => return Err(error),
            Err(AttemptError::Conflict) if attempt < MAX_ATTEMPTS => {
                sleep(backoff).await;
                backoff *= 2;
            }
            Err(AttemptError::Conflict) => {}
        }
    }
    Err(TransferError::TooManyConflicts)
}

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

async fn move_amount<T: Transaction>(
    transaction: &mut T,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let (low, high) = (from.min(to), from.max(to));
    let low_balance = transaction.balance(low).await?;
    let high_balance = transaction.balance(high).await?;
    let low_balance = low_balance.ok_or(TransferError::NoSuchAccount(low))?;
    let high_balance = high_balance.ok_or(TransferError::NoSuchAccount(high))?;
    let (payer, payee) = match from == low {
        true => (low_balance, high_balance),
        false => (high_balance, low_balance),
    };
    let less = payer
        .checked_sub(amount)
        .ok_or(TransferError::NotEnough { balance: payer })?;
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    transaction.set_balance(from, less).await?;
    transaction.set_balance(to, more).await?;
    Ok(())
}

/// A step of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Decides the order.
    pub version: u64,
    /// Of `sql`.
    pub checksum: u64,
    /// What is run.
    pub sql: String,
}

/// A connection that migrates the schema.
///
/// If it is dropped, it goes back to the pool as it is: the lock stays with it, and a call whose future was dropped may go
/// on. [`close`](MigrationConnection::close) ends both.
pub trait MigrationConnection {
    /// Waits for the advisory lock of the database, which one connection at most has at a time, in all processes. If the
    /// future is dropped, the connection may get the lock even so.
    fn lock(&mut self) -> impl Future<Output = Result<(), DbError>>;

    /// Releases the lock.
    fn unlock(&mut self) -> impl Future<Output = Result<(), DbError>>;

    /// The versions and checksums of all migrations that have been applied, in ascending order of the versions.
    fn applied(&mut self) -> impl Future<Output = Result<Vec<(u64, u64)>, DbError>>;

    /// Applies and records a migration, in a transaction: if this fails, nothing has changed.
    fn apply(&mut self, migration: &Migration) -> impl Future<Output = Result<(), DbError>>;

    /// Closes the connection instead of giving it back. The database rolls back what it was doing and releases the lock.
    /// This does not wait.
    fn close(self);
}

/// Why the schema could not be migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrateError {
    /// This version is not greater than the one before it in the list.
    NotAscending(u64),
    /// This version has been applied with another checksum.
    Changed(u64),
    /// This version has been applied, and is not in the list.
    Unknown(u64),
    /// This version could not be applied.
    Failed(u64, DbError),
    /// The error of [`Pool::acquire`], of `lock` or of `applied`.
    Database(DbError),
}

impl From<DbError> for MigrateError {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

/// A connection that has the lock, or may have it. It is closed when it is dropped.
struct LockedConnection<C: MigrationConnection>(Option<C>);

impl<C: MigrationConnection> LockedConnection<C> {
    fn get(&mut self) -> &mut C {
        self.0.as_mut().expect("only the last call takes it")
    }

    /// Releases the lock and gives the connection back to its pool. If that fails, the connection is closed.
    async fn unlock(mut self) {
        if self.get().unlock().await.is_ok() {
            self.0 = None;
        }
    }
}

impl<C: MigrationConnection> Drop for LockedConnection<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            connection.close();
        }
    }
}

/// Applies those of `migrations` that have not been applied yet, and returns how many these were. Several processes may do
/// this at the same time.
///
/// # Cancel safety
///
/// If the future is dropped, the connection is closed, which releases the lock. A later call does the rest.
pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    for pair in migrations.windows(2) {
        if pair[1].version <= pair[0].version {
            return Err(MigrateError::NotAscending(pair[1].version));
        }
    }
    let mut connection = LockedConnection(Some(pool.acquire().await?));
    connection.get().lock().await?;
    let result = apply_missing(connection.get(), migrations).await;
    connection.unlock().await;
    result
}

/// With the lock held: without it, another process may apply the same migrations after the look at `applied`.
async fn apply_missing(
    connection: &mut impl MigrationConnection,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    let applied = connection.applied().await?;
    let find = |version| migrations.binary_search_by_key(&version, |migration| migration.version);
    for (version, checksum) in &applied {
        match find(*version) {
            Ok(at) if migrations[at].checksum == *checksum => {}
            Ok(_) => return Err(MigrateError::Changed(*version)),
            Err(_) => return Err(MigrateError::Unknown(*version)),
        }
    }
    let is_applied = |migration: &&Migration| {
        let version = applied.binary_search_by_key(&migration.version, |(version, _)| *version);
        version.is_ok()
    };
    let mut count = 0;
    for migration in migrations.iter().filter(|one| !is_applied(one)) {
        let done = connection.apply(migration).await;
        done.map_err(|error| MigrateError::Failed(migration.version, error))?;
        count += 1;
    }
    Ok(count)
}

/// A table of users.
pub trait UserStore: Send + Sync + 'static {
    /// Loads the users with these ids, in one query. Ids without a user are left out. The users are in any order. It does not
    /// panic.
    fn users(&self, ids: Vec<u64>) -> impl Future<Output = Result<Vec<User>, DbError>> + Send;
}

/// The users of a query, or its error, for all calls that share it.
type Users = Result<Arc<[User]>, DbError>;
type Query = BoxFuture<'static, Users>;

/// A query that may not have been sent yet. Only the calls that share it keep it alive.
struct Batch {
    /// `None` once the query is sent.
    ids: Arc<Mutex<Option<Vec<u64>>>>,
    query: WeakShared<Query>,
}

impl Batch {
    /// Whether the query still takes ids: it is not sent, and one of its calls is left.
    fn is_open(&self) -> bool {
        lock(&self.ids).is_some() && self.query.upgrade().is_some()
    }

    /// A share of the query, if it has this id, or has room for it.
    fn join(&self, id: u64, max_ids: usize) -> Option<Shared<Query>> {
        let query = self.query.upgrade()?;
        let mut ids = lock(&self.ids);
        let ids = ids.as_mut()?;
        if !ids.contains(&id) {
            if ids.len() == max_ids {
                return None;
            }
            ids.push(id);
        }
        Some(query)
    }
}

/// Loads users one by one for its callers, and many in a query for its store. The ids of one turn of the runtime share
/// queries.
pub struct UserLoader<S> {
    store: Arc<S>,
    max_ids: usize,
    /// In the order in which they were begun. Only the last one may have room.
    batches: Mutex<Vec<Batch>>,
}

impl<S: UserStore> UserLoader<S> {
    /// Creates a loader whose queries have at most `max_ids` ids.
    pub fn new(store: S, max_ids: usize) -> Self {
        Self {
            store: Arc::new(store),
            max_ids,
            batches: Mutex::new(Vec::new()),
        }
    }

    /// Returns the user with this id, or `None` if there is none.
    ///
    /// # Errors
    ///
    /// The error of the query, which all calls get that share it.
    ///
    /// # Cancel safety
    ///
    /// If a call is dropped, the others are not disturbed. A query is dropped with its last call.
    pub async fn load(&self, id: u64) -> Result<Option<User>, DbError> {
        let users = self.query_with(id).await?;
        Ok(users.iter().find(|user| user.id == id).cloned())
    }

    /// A share of the query that will have this id.
    fn query_with(&self, id: u64) -> Shared<Query> {
        let mut batches = lock(&self.batches);
        batches.retain(Batch::is_open);
        let mut shares = batches.iter().map(|batch| batch.join(id, self.max_ids));
        if let Some(query) = shares.find_map(|share| share) {
            return query;
        }
        let (batch, query) = self.batch(id);
        batches.push(batch);
        query
    }

    /// A new query. Its calls poll it: the first one that is polled in the next turn closes the batch and sends it.
    fn batch(&self, id: u64) -> (Batch, Shared<Query>) {
        let ids = Arc::new(Mutex::new(Some(vec![id])));
        let (store, unsent) = (Arc::clone(&self.store), Arc::clone(&ids));
        let query = async move {
            // A task, and not `yield_now().await`, which would be over when a second call polls it.
            let _ = tokio::spawn(yield_now()).await;
            let ids = lock(&unsent).take().unwrap_or_default();
            let users = store.users(ids).await?;
            Ok(users.into())
        };
        let query = query.boxed().shared();
        let weak = query.downgrade().expect("it is not ready");
        (Batch { ids, query: weak }, query)
    }
}

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

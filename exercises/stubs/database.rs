//! Database access: parallel reads from a pool, a transfer that is tried again, a migration runner, and a loader that
//! batches.
//!
//! The database is behind small traits, whose methods may take any time. Each future here may be dropped at any `.await`.

use std::marker::PhantomData;
use std::time::Duration;

/// An error of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DbError {
    /// The transaction conflicts with another one (a serialization failure, or a deadlock that the database has ended).
    /// Nothing of it is kept, and it may be tried again.
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

/// Loads a user with orders and profile, with three queries at the same time.
///
/// - At its first poll, the future asks `pool` for a connection for each query. Each query starts as soon as it has a
///   connection, and is made once.
/// - A connection is given back at the instant at which its query is ready, whether the others are ready or not.
/// - No query holds a connection while it waits for another one: if the pool has a single connection, the queries are made
///   one after the other, in any order.
/// - A query waits at most `acquire_limit` for its connection, counted from the first poll. If the connection is free
///   exactly at that instant, either is right. There is no limit for the query itself. `acquire_limit` may be any duration,
///   even `Duration::MAX`.
/// - Returns at the instant at which the last query is ready.
///
/// # Errors
///
/// The first of these that happens, at the instant at which it happens. If several happen at the same instant, any of
/// them. The other queries are then dropped, and when the future is ready, it holds no connection and waits for none.
///
/// - [`DashboardError::Database`] if a connection cannot be acquired, or if a query fails;
/// - [`DashboardError::NoSuchUser`] if the user does not exist;
/// - [`DashboardError::PoolTimedOut`] if a query has waited longer than `acquire_limit`.
///
/// # Cancel safety
///
/// If the future is dropped, so are the queries and the connections.
pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    todo!()
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

/// Transfers `amount` from one account to another, in one transaction, which is tried again if it meets a conflict.
///
/// An attempt begins a transaction, asks for both balances, then checks them, sets both, and commits. Each of these calls is
/// made once, each when the one before it is ready. The second balance is asked for whatever the first one is.
///
/// - The balance of the account with the lower number is asked for first. So two transfers never wait for each other.
/// - If any call of the attempt, from `begin` to `commit`, returns [`DbError::Conflict`], the attempt has failed. The next
///   one begins after the time that [`FIRST_BACKOFF`] describes, and asks for the balances again.
/// - There is no transaction during that wait. One that has begun and is not to be committed is ended by `rollback`,
///   which is awaited before anything else, before a wait or a return. An error of `rollback` is ignored. (After `commit` has
///   been called there is nothing to roll back.)
///
/// # Errors
///
/// The first two are returned before the database is used. All others are returned after the rollback.
///
/// - [`TransferError::SameAccount`], even if `amount` is 0 as well.
/// - [`TransferError::NoAmount`].
/// - [`TransferError::NoSuchAccount`]. If neither exists, with the lower number.
/// - [`TransferError::NotEnough`] if `from` has less than `amount`.
/// - [`TransferError::TooMuch`] if `from` has enough, and the sum does not fit.
/// - [`TransferError::TooManyConflicts`] when the last attempt has met a conflict, without a wait after it.
/// - [`TransferError::Database`] for any other error of the database. No attempt follows: if `commit` has failed, another
///   one could transfer the money twice.
///
/// # Cancel safety
///
/// If the future is dropped, the money is transferred once or not at all, and no further call is made.
pub async fn transfer<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), TransferError> {
    todo!()
}

/// A step of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// Decides the order. It may be 0.
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

/// Applies those of `migrations` that have not been applied yet, and returns how many these were.
///
/// Several processes may do this at the same time, with the same list: each migration is applied once.
///
/// - The whole list is checked before a connection is acquired.
/// - It acquires one connection, takes the lock, and only then asks for what has been applied. All of that is compared
///   with `migrations` before one of them is applied.
/// - Migrations are applied in ascending order of their versions, each when the one before it is ready. One that has not
///   been applied is applied even if a later one has been.
/// - The connection is given back after `unlock`, which is called once and awaited, in two cases: all is done, or an error
///   was found with the lock held ([`MigrateError::Changed`], [`MigrateError::Unknown`], [`MigrateError::Failed`], or
///   that `applied` failed). Then the connection can be used again.
/// - The connection is closed, with `close`, in all other cases: if `lock` fails, if `unlock` fails, and if the future is
///   dropped at any time between the first poll of `lock` and the end of `unlock`. If `unlock` fails, the result is the
///   same as if it had not failed: the lock is released all the same.
///
/// # Errors
///
/// - [`MigrateError::NotAscending`] with the first version that is not greater than its predecessor.
/// - [`MigrateError::Changed`] or [`MigrateError::Unknown`]: whichever is right for the lowest version for which one of them
///   is. Nothing is applied.
/// - [`MigrateError::Failed`]. What was applied before it stays so, and nothing is applied after it.
/// - [`MigrateError::Database`].
///
/// # Cancel safety
///
/// If the future is dropped, the connection is closed, as above, and no further call is made. What has been applied stays
/// so, and a later call does the rest.
pub async fn migrate<P: Pool<Connection: MigrationConnection>>(
    pool: &P,
    migrations: &[Migration],
) -> Result<usize, MigrateError> {
    todo!()
}

/// A table of users.
pub trait UserStore: Send + Sync + 'static {
    /// Loads the users with these ids, in one query. Ids without a user are left out. The users are in any order. A call
    /// sends the query, also if its future is not polled. It does not panic.
    fn users(&self, ids: Vec<u64>) -> impl Future<Output = Result<Vec<User>, DbError>> + Send;
}

/// Loads users one by one for its callers, and many in a query for its store.
///
/// Ids that are asked for in the same *turn* share queries: in one poll of one task (by the calls in a `join_all`, say), or by
/// several tasks that are ready at the same time. There is no delay: no time passes between the first poll of a call and
/// its query. (On a runtime with several threads, it is open which tasks share.)
pub struct UserLoader<S> {
    // Replace this field with yours.
    _store: PhantomData<S>,
}

impl<S: UserStore> UserLoader<S> {
    /// Creates a loader whose queries have at most `max_ids` ids (at least 1). It is called inside a runtime.
    pub fn new(store: S, max_ids: usize) -> Self {
        todo!()
    }

    /// Returns the user with this id, or `None` if there is none. The call asks for its id at its first poll.
    ///
    /// - The ids of a turn are sent in as few queries as possible, in the order in which they were asked for first: a query
    ///   has `max_ids` ids before another one is begun. An id that is asked for several times in a turn is sent once.
    /// - The queries run at the same time. A call returns at the instant at which its own query is ready.
    /// - Nothing is remembered: a later turn asks again, also while a query with the same id is running.
    ///
    /// # Errors
    ///
    /// The error of its query. Each call that shares the query gets it, and no other call does.
    ///
    /// # Cancel safety
    ///
    /// If a call is dropped, or is not polled any more, the others are not disturbed: a query runs on as long as one of its
    /// calls waits. When its last call is dropped, the query is dropped at that instant; if it has not been sent, it never is.
    /// The id of a dropped call may or may not be sent with those of others.
    pub async fn load(&self, id: u64) -> Result<Option<User>, DbError> {
        todo!()
    }
}

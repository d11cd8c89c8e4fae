//! What can go wrong, sorted by what a caller can do about it.

use sqlx::migrate::MigrateError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was asked for is not in the database.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A value that has to be unique is in use.
    #[error("this {0} is already in use")]
    Taken(&'static str),
    /// A value is too long, empty, or outside its range.
    #[error("{0}")]
    Invalid(&'static str),
    /// The payer has less than the amount, or the payee would have more than an account holds.
    #[error("the transfer would leave an account outside its limits")]
    InsufficientFunds,
    /// No connection was free in time, a lock was held for too long, or another transaction was in the way. Nothing has changed, and
    /// the call can be repeated later.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The database ended the statement, because it took too long. Nothing has changed.
    #[error("the statement took too long")]
    StatementTimeout(#[source] sqlx::Error),
    /// The settings cannot be used.
    #[error("{0}")]
    Settings(&'static str),
    /// The tables could not be brought up to date.
    #[error("the migrations did not succeed")]
    Migrate(#[from] MigrateError),
    /// Anything else: a connection that was lost, or a mistake of this program.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match Kind::of(&error) {
            Kind::Busy => Self::Busy(error),
            Kind::Interrupted => Self::StatementTimeout(error),
            Kind::Other => Self::Database(error),
        }
    }
}

enum Kind {
    Busy,
    Interrupted,
    Other,
}

impl Kind {
    fn of(error: &sqlx::Error) -> Self {
        let sqlx::Error::Database(error) = error else {
            return match error {
                sqlx::Error::PoolTimedOut => Self::Busy,
                _ => Self::Other,
            };
        };
        let code = error.code().unwrap_or_default();
        if error
            .try_downcast_ref::<sqlx::postgres::PgDatabaseError>()
            .is_some()
        {
            // serialization_failure, deadlock_detected, lock_not_available, too_many_connections; query_canceled
            match code.as_ref() {
                "40001" | "40P01" | "55P03" | "53300" => Self::Busy,
                "57014" => Self::Interrupted,
                _ => Self::Other,
            }
        } else {
            // The low byte of an extended code is the code: SQLITE_BUSY, SQLITE_LOCKED; SQLITE_INTERRUPT
            match code.parse().map(|code: i32| code & 0xff) {
                Ok(5 | 6) => Self::Busy,
                Ok(9) => Self::Interrupted,
                _ => Self::Other,
            }
        }
    }
}

/// The error of an insert into a table with a unique column `unique` and a column that refers to `referred`.
pub(crate) fn of_insert(error: sqlx::Error, unique: &'static str, referred: &'static str) -> Error {
    match error.as_database_error() {
        Some(database) if database.is_unique_violation() => Error::Taken(unique),
        Some(database) if database.is_foreign_key_violation() => Error::NotFound(referred),
        _ => error.into(),
    }
}

//! Balances, and transfers between them.

use serde::{Deserialize, Serialize};

use crate::database::{BeginWrite, Database, with_pool};
use crate::error::{Error, of_insert};

/// An order to move money.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Transfer {
    /// Chosen by the client, 1 to 64 bytes. A transfer that is sent again with the same key is not carried out again, so a client
    /// that got no answer can repeat it.
    pub key: String,
    /// Whose balance shrinks.
    pub payer: i64,
    /// Whose balance grows.
    pub payee: i64,
    /// How much, at least 1.
    pub cents: i64,
}

/// What became of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The money has been moved now.
    Done,
    /// It had been moved before, by a transfer with the same key.
    DoneBefore,
}

impl Database {
    /// What a user has, in cents.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user.
    pub async fn balance(&self, user: i64) -> Result<i64, Error> {
        let balance = with_pool!(self, pool => {
            sqlx::query_scalar("SELECT balance FROM accounts WHERE user_id = $1")
                .bind(user)
                .fetch_optional(pool)
                .await?
        });
        balance.ok_or(Error::NotFound("user"))
    }

    /// Adds to the balance of a user, and returns the new balance.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user, [`Error::Invalid`] for an amount below 1 or a balance above 10^12.
    pub async fn deposit(&self, user: i64, cents: i64) -> Result<i64, Error> {
        check_amount(cents)?;
        let balance = with_pool!(self, pool => {
            sqlx::query_scalar("UPDATE accounts SET balance = balance + $1 WHERE user_id = $2 RETURNING balance")
                .bind(cents)
                .bind(user)
                .fetch_optional(pool)
                .await
        });
        match balance {
            Ok(balance) => balance.ok_or(Error::NotFound("user")),
            Err(error) if is_check_violation(&error) => {
                Err(Error::Invalid("the balance would be above the limit"))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Moves money from one user to another: all of it or nothing, and once for each key.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such payer or payee, [`Error::InsufficientFunds`] if a balance would leave its limits,
    /// [`Error::Taken`] if the key belongs to a different transfer, [`Error::Invalid`] for an amount below 1, a key outside its
    /// limits, or a payer who is the payee.
    ///
    /// # Cancel safety
    ///
    /// Dropped before the commit, it changes nothing. Dropped during the commit, it may have succeeded: send it again, with the same
    /// key.
    pub async fn transfer(&self, transfer: &Transfer) -> Result<Outcome, Error> {
        check_amount(transfer.cents)?;
        if transfer.payer == transfer.payee {
            return Err(Error::Invalid(
                "the payer and the payee should be different users",
            ));
        }
        if !(1..=64).contains(&transfer.key.len()) {
            return Err(Error::Invalid("a key has 1 to 64 bytes"));
        }
        with_pool!(self, pool => {
            let mut transaction = pool.begin_write().await?;
            // Another transfer with this key, if there is one, is waited for here.
            let inserted = sqlx::query(
                "INSERT INTO transfers (key, payer, payee, cents) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING",
            )
            .bind(&transfer.key)
            .bind(transfer.payer)
            .bind(transfer.payee)
            .bind(transfer.cents)
            .execute(&mut *transaction)
            .await
            .map_err(|error| of_insert(error, "key", "user"))?;
            if inserted.rows_affected() == 0 {
                let before: (i64, i64, i64) =
                    sqlx::query_as("SELECT payer, payee, cents FROM transfers WHERE key = $1")
                        .bind(&transfer.key)
                        .fetch_one(&mut *transaction)
                        .await?;
                let same = before == (transfer.payer, transfer.payee, transfer.cents);
                return if same { Ok(Outcome::DoneBefore) } else { Err(Error::Taken("key")) };
            }
            // Both rows are locked until the commit. Two transfers lock theirs in the same order, so that neither has what the other
            // waits for.
            let mut changes = [(transfer.payer, -transfer.cents), (transfer.payee, transfer.cents)];
            changes.sort_unstable();
            for (user, change) in changes {
                let updated = sqlx::query("UPDATE accounts SET balance = balance + $1 WHERE user_id = $2")
                    .bind(change)
                    .bind(user)
                    .execute(&mut *transaction)
                    .await;
                match updated {
                    Err(error) if is_check_violation(&error) => return Err(Error::InsufficientFunds),
                    updated => updated?,
                };
            }
            transaction.commit().await?;
        });
        Ok(Outcome::Done)
    }
}

fn check_amount(cents: i64) -> Result<(), Error> {
    match cents {
        1..=1_000_000_000_000 => Ok(()),
        _ => Err(Error::Invalid("an amount is 1 to 1000000000000 cents")),
    }
}

fn is_check_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.is_check_violation())
}

//! Users and their profiles.

use serde::{Deserialize, Serialize};
use sqlx::QueryBuilder;

use crate::database::{BeginWrite, Database, with_pool};
use crate::error::{Error, of_insert};

/// A user as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Chosen by the database.
    pub id: i64,
    /// What the user is called.
    pub name: String,
    /// Unique.
    pub email: String,
}

/// What a new user is made of.
#[derive(Clone, Debug, Deserialize)]
pub struct NewUser {
    /// 1 to 100 characters.
    pub name: String,
    /// 3 to 254 characters with an `@`.
    pub email: String,
}

/// What users write about themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// At most 100 characters.
    pub city: String,
    /// At most 1,000 characters.
    pub about: String,
}

/// How many values a statement may have as parameters; Postgres takes twice as many.
const PARAMETERS: usize = 32_000;

impl Database {
    /// Creates a user with an empty account.
    ///
    /// # Errors
    ///
    /// [`Error::Taken`] if another user has this address, [`Error::Invalid`] for a name or an address outside its limits.
    pub async fn create_user(&self, new: &NewUser) -> Result<User, Error> {
        if !(1..=100).contains(&new.name.chars().count()) {
            return Err(Error::Invalid("a name has 1 to 100 characters"));
        }
        if !(3..=254).contains(&new.email.len()) || !new.email.contains('@') {
            return Err(Error::Invalid(
                "an address has 3 to 254 characters and an @",
            ));
        }
        let id: i64 = with_pool!(self, pool => {
            let mut transaction = pool.begin_write().await?;
            let id = sqlx::query_scalar("INSERT INTO users (name, email) VALUES ($1, $2) RETURNING id")
                .bind(&new.name)
                .bind(&new.email)
                .fetch_one(&mut *transaction)
                .await
                .map_err(|error| of_insert(error, "address", "user"))?;
            sqlx::query("INSERT INTO accounts (user_id, balance) VALUES ($1, 0)")
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            transaction.commit().await?;
            id
        });
        let (name, email) = (new.name.clone(), new.email.clone());
        Ok(User { id, name, email })
    }

    /// The user with this id.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is none.
    pub async fn user(&self, id: i64) -> Result<User, Error> {
        let row = with_pool!(self, pool => {
            sqlx::query_as("SELECT id, name, email FROM users WHERE id = $1")
                .bind(id)
                .fetch_optional(pool)
                .await?
        });
        row.map(user).ok_or(Error::NotFound("user"))
    }

    /// At most `limit` users with an id above `after`, by id. Pass the last id of a page to get the next one.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn users(&self, after: i64, limit: u8) -> Result<Vec<User>, Error> {
        let rows: Vec<_> = with_pool!(self, pool => {
            sqlx::query_as("SELECT id, name, email FROM users WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        Ok(rows.into_iter().map(user).collect())
    }

    /// The users with these ids, in no particular order, each once. Ids of no user are left out. It takes one query, however many
    /// ids there are, up to 32,000.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn users_by_id(&self, ids: &[i64]) -> Result<Vec<User>, Error> {
        let mut users = Vec::with_capacity(ids.len());
        for ids in ids.chunks(PARAMETERS) {
            let rows: Vec<_> = with_pool!(self, pool => {
                let mut query = QueryBuilder::new("SELECT id, name, email FROM users WHERE id IN (");
                let mut list = query.separated(", ");
                for id in ids {
                    list.push_bind(*id);
                }
                query.push(")");
                query.build_query_as().fetch_all(pool).await?
            });
            users.extend(rows.into_iter().map(user));
        }
        Ok(users)
    }

    /// What a user has written, which is nothing at first.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn profile(&self, user: i64) -> Result<Profile, Error> {
        let row: Option<(String, String)> = with_pool!(self, pool => {
            sqlx::query_as("SELECT city, about FROM profiles WHERE user_id = $1")
                .bind(user)
                .fetch_optional(pool)
                .await?
        });
        Ok(row
            .map(|(city, about)| Profile { city, about })
            .unwrap_or_default())
    }

    /// Replaces what a user has written.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user, [`Error::Invalid`] for a text that is too long.
    pub async fn set_profile(&self, user: i64, profile: &Profile) -> Result<(), Error> {
        if profile.city.chars().count() > 100 || profile.about.chars().count() > 1000 {
            return Err(Error::Invalid(
                "a city has at most 100 characters, and the rest at most 1000",
            ));
        }
        with_pool!(self, pool => {
            sqlx::query(
                "INSERT INTO profiles (user_id, city, about) VALUES ($1, $2, $3) \
                 ON CONFLICT (user_id) DO UPDATE SET city = excluded.city, about = excluded.about",
            )
            .bind(user)
            .bind(&profile.city)
            .bind(&profile.about)
            .execute(pool)
            .await
            .map_err(|error| of_insert(error, "profile", "user"))?;
        });
        Ok(())
    }
}

fn user((id, name, email): (i64, String, String)) -> User {
    User { id, name, email }
}

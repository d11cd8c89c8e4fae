//! Orders.

use std::collections::{HashMap, VecDeque};

use futures::{Stream, stream};
use serde::{Deserialize, Serialize};

use crate::database::{Database, with_pool};
use crate::error::{Error, of_insert};
use crate::users::User;

/// An order as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Chosen by the database: later orders have higher ones.
    pub id: i64,
    /// The user that has placed the order.
    pub user: i64,
    /// What was ordered.
    pub item: String,
    /// The price.
    pub cents: i64,
}

/// What a new order is made of.
#[derive(Clone, Debug, Deserialize)]
pub struct NewOrder {
    /// 1 to 200 characters.
    pub item: String,
    /// 1 to 100,000,000.
    pub cents: i64,
}

/// An order with the user it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderWithUser {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// The name of the user.
    pub name: String,
}

/// How many rows an export reads with one query.
const EXPORT_BATCH: i64 = 500;

impl Database {
    /// Stores an order.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user, [`Error::Invalid`] for an item or a price outside its limits.
    pub async fn create_order(&self, user: i64, new: &NewOrder) -> Result<Order, Error> {
        if !(1..=200).contains(&new.item.chars().count()) {
            return Err(Error::Invalid("an item has 1 to 200 characters"));
        }
        if !(1..=100_000_000).contains(&new.cents) {
            return Err(Error::Invalid("a price is 1 to 100000000 cents"));
        }
        let id = with_pool!(self, pool => {
            sqlx::query_scalar("INSERT INTO orders (user_id, item, cents) VALUES ($1, $2, $3) RETURNING id")
                .bind(user)
                .bind(&new.item)
                .bind(new.cents)
                .fetch_one(pool)
                .await
                .map_err(|error| of_insert(error, "order", "user"))?
        });
        let (item, cents) = (new.item.clone(), new.cents);
        Ok(Order {
            id,
            user,
            item,
            cents,
        })
    }

    /// The last `limit` orders of a user, the newest first.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn orders_of(&self, user: i64, limit: u8) -> Result<Vec<Order>, Error> {
        let rows: Vec<_> = with_pool!(self, pool => {
            sqlx::query_as("SELECT id, user_id, item, cents FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT $2")
                .bind(user)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        Ok(rows.into_iter().map(order).collect())
    }

    /// The last `limit` orders of all users, the newest first.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn recent_orders(&self, limit: u8) -> Result<Vec<Order>, Error> {
        let rows: Vec<_> = with_pool!(self, pool => {
            sqlx::query_as("SELECT id, user_id, item, cents FROM orders ORDER BY id DESC LIMIT $1")
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        Ok(rows.into_iter().map(order).collect())
    }

    /// The last `limit` orders with the names of their users, the newest first. It takes two queries, however many orders there are.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn recent_orders_with_users(&self, limit: u8) -> Result<Vec<OrderWithUser>, Error> {
        let orders = self.recent_orders(limit).await?;
        let mut ids: Vec<_> = orders.iter().map(|order| order.user).collect();
        ids.sort_unstable();
        ids.dedup();
        let users = self.users_by_id(&ids).await?;
        let mut names: HashMap<_, _> = users
            .into_iter()
            .map(|User { id, name, .. }| (id, name))
            .collect();
        let with_user = |order: Order| {
            let name = names.get_mut(&order.user)?.clone();
            Some(OrderWithUser { order, name })
        };
        Ok(orders.into_iter().filter_map(with_user).collect())
    }

    /// All orders, the oldest first. They are read 500 at a time as the stream is polled, and no connection is held in between, so
    /// a slow reader does not keep one from others. Orders that are stored in the meantime are part of the stream.
    ///
    /// # Errors
    ///
    /// The stream ends after an error of the database.
    pub fn export_orders(&self) -> impl Stream<Item = Result<Order, Error>> + Send + use<> {
        let export = Export {
            database: self.clone(),
            batch: VecDeque::new(),
            last_id: 0,
        };
        stream::try_unfold(export, Export::next)
    }
}

struct Export {
    database: Database,
    batch: VecDeque<Order>,
    last_id: i64,
}

impl Export {
    async fn next(mut self) -> Result<Option<(Order, Self)>, Error> {
        if self.batch.is_empty() {
            let rows: Vec<_> = with_pool!(self.database, pool => {
                sqlx::query_as("SELECT id, user_id, item, cents FROM orders WHERE id > $1 ORDER BY id LIMIT $2")
                    .bind(self.last_id)
                    .bind(EXPORT_BATCH)
                    .fetch_all(pool)
                    .await?
            });
            self.batch = rows.into_iter().map(order).collect();
        }
        Ok(self.batch.pop_front().map(|order| {
            self.last_id = order.id;
            (order, self)
        }))
    }
}

fn order((id, user, item, cents): (i64, i64, String, i64)) -> Order {
    Order {
        id,
        user,
        item,
        cents,
    }
}

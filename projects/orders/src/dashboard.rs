//! What the start page of a user shows.

use futures::future;
use serde::Serialize;

use crate::database::Database;
use crate::error::Error;
use crate::orders::Order;
use crate::users::{Profile, User};

/// A user, with everything that is shown on the same page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dashboard {
    /// The user.
    pub user: User,
    /// What the user has written.
    pub profile: Profile,
    /// The last ten orders, the newest first.
    pub orders: Vec<Order>,
    /// What the user has, in cents.
    pub balance: i64,
}

impl Database {
    /// Loads a user, the profile, the orders and the balance at the same time, over as many connections as are free, up to four.
    ///
    /// They need not be of the same moment: each is read by a statement of its own. A transaction would read one moment, and one
    /// after the other, because it has one connection.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] if there is no such user. The first error ends the other reads.
    pub async fn dashboard(&self, user: i64) -> Result<Dashboard, Error> {
        let (user, profile, orders, balance) = future::try_join4(
            self.user(user),
            self.profile(user),
            self.orders_of(user, 10),
            self.balance(user),
        )
        .await?;
        Ok(Dashboard {
            user,
            profile,
            orders,
            balance,
        })
    }
}

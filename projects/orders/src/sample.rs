//! Something to look at.

use crate::accounts::Transfer;
use crate::database::Database;
use crate::error::Error;
use crate::orders::NewOrder;
use crate::users::{NewUser, Profile};

impl Database {
    /// Stores three users with profiles, orders and money, unless there are users already.
    ///
    /// # Errors
    ///
    /// Those of the database.
    pub async fn add_samples(&self) -> Result<(), Error> {
        if !self.users(0, 1).await?.is_empty() {
            return Ok(());
        }
        let mut ids = Vec::new();
        for (name, city, items) in [
            ("Ada", "London", &["keyboard", "notebook"][..]),
            ("Grace", "New York", &["compiler manual"]),
            ("Edsger", "Rotterdam", &["fountain pen", "paper", "ink"]),
        ] {
            let email = format!("{}@example.org", name.to_lowercase());
            let name = name.to_owned();
            let user = self.create_user(&NewUser { name, email }).await?.id;
            let (city, about) = (city.to_owned(), String::new());
            self.set_profile(user, &Profile { city, about }).await?;
            for (item, cents) in items.iter().zip([4900, 700, 350]) {
                let item = (*item).to_owned();
                self.create_order(user, &NewOrder { item, cents }).await?;
            }
            self.deposit(user, 10_000).await?;
            ids.push(user);
        }
        let transfer = Transfer {
            key: "sample".to_owned(),
            payer: ids[0],
            payee: ids[1],
            cents: 2500,
        };
        self.transfer(&transfer).await?;
        Ok(())
    }
}

//! How many statements a call sends. The counter is the subscriber of the whole program, so this is its only test.

use orders::{Database, NewOrder, NewUser, QueryCounter, Settings};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::test]
async fn a_batch_needs_two_queries_for_any_number_of_orders() {
    let counter = QueryCounter::default();
    tracing_subscriber::registry().with(counter.clone()).init();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("orders.db").display());
    let database = Database::connect(&Settings::new(url)).await.unwrap();
    database.migrate().await.unwrap();
    for number in 0..30 {
        let (name, email) = (format!("User {number}"), format!("{number}@example.org"));
        let user = database
            .create_user(&NewUser { name, email })
            .await
            .unwrap();
        let (item, cents) = ("pen".to_owned(), 350);
        database
            .create_order(user.id, &NewOrder { item, cents })
            .await
            .unwrap();
    }

    let one_by_one = async {
        for order in database.recent_orders(30).await.unwrap() {
            database.user(order.user).await.unwrap();
        }
    };
    let ((), queries) = counter.during(&database, one_by_one).await;
    assert_eq!(queries, 31);

    let batch = database.recent_orders_with_users(30);
    let (orders, queries) = counter.during(&database, batch).await;
    assert_eq!((orders.unwrap().len(), queries), (30, 2));
}

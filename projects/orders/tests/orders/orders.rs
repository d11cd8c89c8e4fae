use futures::{StreamExt, TryStreamExt};
use orders::{Error, NewOrder};

use crate::support::{Test, on_both_databases};

on_both_databases!(
    the_newest_order_comes_first,
    an_order_needs_its_user_and_has_limits,
    recent_orders_have_the_names_of_their_users,
    an_export_has_every_order_in_order,
    an_export_holds_no_connection_between_its_queries,
);

fn order(item: &str) -> NewOrder {
    NewOrder {
        item: item.to_owned(),
        cents: 100,
    }
}

async fn the_newest_order_comes_first(test: Test) {
    let user = test.users(1, 0).await[0];
    for item in ["pen", "paper", "ink"] {
        test.database
            .create_order(user, &order(item))
            .await
            .unwrap();
    }
    let orders = test.database.orders_of(user, 2).await.unwrap();
    let items: Vec<_> = orders.iter().map(|order| order.item.as_str()).collect();
    assert_eq!(items, ["ink", "paper"]);
}

async fn an_order_needs_its_user_and_has_limits(test: Test) {
    let user = test.users(1, 0).await[0];
    let unknown = test.database.create_order(9999, &order("pen")).await;
    assert!(
        matches!(unknown, Err(Error::NotFound("user"))),
        "{unknown:?}"
    );
    for (item, cents) in [("", 1), ("pen", 0), ("pen", -1), ("pen", i64::MAX)] {
        let item = item.to_owned();
        let refused = test
            .database
            .create_order(user, &NewOrder { item, cents })
            .await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

async fn recent_orders_have_the_names_of_their_users(test: Test) {
    let ids = test.users(2, 0).await;
    for user in [ids[0], ids[1], ids[0]] {
        test.database
            .create_order(user, &order("pen"))
            .await
            .unwrap();
    }
    let orders = test.database.recent_orders_with_users(10).await.unwrap();
    let names: Vec<_> = orders.iter().map(|order| order.name.as_str()).collect();
    assert_eq!(names, ["User 0", "User 1", "User 0"]);
}

/// More than two batches of an export.
async fn store_many(test: &Test) -> usize {
    let user = test.users(1, 0).await[0];
    for _ in 0..1100 {
        test.database
            .create_order(user, &order("pen"))
            .await
            .unwrap();
    }
    1100
}

async fn an_export_has_every_order_in_order(test: Test) {
    let count = store_many(&test).await;
    let orders: Vec<_> = test.database.export_orders().try_collect().await.unwrap();
    assert_eq!(orders.len(), count);
    assert!(orders.is_sorted_by(|one, next| one.id < next.id));
}

async fn an_export_holds_no_connection_between_its_queries(test: Test) {
    store_many(&test).await;
    let database = test.with(|settings| settings.max_connections = 1).await;
    let mut export = Box::pin(database.export_orders());
    let mut count = 0;
    while let Some(order) = export.next().await {
        order.unwrap();
        if count % 250 == 0 {
            database.ping().await.unwrap();
        }
        count += 1;
    }
    assert_eq!(count, 1100);
}

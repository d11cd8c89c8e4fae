use orders::{Limits, serve};
use reqwest::Method;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::support::{Server, Test, on_both_databases};

on_both_databases!(
    users_orders_and_transfers_over_http,
    a_request_that_cannot_be_right_is_refused,
    a_large_body_is_refused,
    a_page_has_at_most_a_hundred_users,
    the_health_names_the_database,
    an_error_of_the_database_is_not_shown,
    a_server_closes_its_database_when_it_stops,
);

async fn users_orders_and_transfers_over_http(test: Test) {
    let server = Server::start(&test.database).await;
    let mut ids = Vec::new();
    for name in ["Ada", "Grace"] {
        let body = json!({ "name": name, "email": format!("{name}@example.org") });
        let (status, user) = server.post("/users", body).await;
        assert_eq!((status, &user["name"]), (201, &json!(name)));
        ids.push(user["id"].as_i64().unwrap());
    }
    let [ada, grace] = ids[..] else {
        unreachable!()
    };
    let order = json!({ "item": "pen", "cents": 350 });
    assert_eq!(
        server.post(&format!("/users/{ada}/orders"), order).await.0,
        201
    );
    let profile = json!({ "city": "London", "about": "" });
    let response = server
        .send(Method::PUT, &format!("/users/{ada}/profile"), Some(profile))
        .await;
    assert_eq!(response.status(), 204);
    let deposit = server
        .post(&format!("/users/{ada}/deposits"), json!({ "cents": 1000 }))
        .await;
    assert_eq!(deposit, (200, json!({ "balance": 1000 })));
    let transfer = json!({ "key": "k", "payer": ada, "payee": grace, "cents": 400 });
    for outcome in ["done", "done-before"] {
        let answer = server.post("/transfers", transfer.clone()).await;
        assert_eq!(answer, (200, json!({ "outcome": outcome })));
    }
    let (_, dashboard) = server.get(&format!("/users/{ada}/dashboard")).await;
    assert_eq!(dashboard["balance"], 600);
    assert_eq!(dashboard["profile"]["city"], "London");
    assert_eq!(dashboard["orders"][0]["item"], "pen");
    let (_, orders) = server.get("/orders?limit=5").await;
    assert_eq!(orders[0]["name"], "Ada");
    let export = server.send(Method::GET, "/orders/export", None).await;
    assert_eq!(export.text().await.unwrap().lines().count(), 1);
}

async fn a_request_that_cannot_be_right_is_refused(test: Test) {
    let server = Server::start(&test.database).await;
    let id = test.users(1, 0).await[0];
    let user = json!({ "name": "", "email": "a@example.org" });
    assert_eq!(server.post("/users", user).await.0, 422);
    assert_eq!(server.post("/users", json!({ "name": "Ada" })).await.0, 422);
    assert_eq!(server.get("/users/9999").await.0, 404);
    assert_eq!(server.get("/users/1%20OR%201=1").await.0, 400);
    assert_eq!(server.get("/users?limit=-1").await.0, 400);
    assert_eq!(server.get("/../Cargo.toml").await.0, 404);
    let order = json!({ "item": "pen", "cents": 1.5 });
    assert_eq!(
        server.post(&format!("/users/{id}/orders"), order).await.0,
        422
    );
    let transfer = json!({ "key": "k", "payer": id, "payee": 9999, "cents": 1 });
    assert_eq!(server.post("/transfers", transfer).await.0, 404);
}

async fn a_large_body_is_refused(test: Test) {
    let limits = Limits {
        body_bytes: 1000,
        ..Limits::default()
    };
    let server = Server::with_limits(&test.database, limits).await;
    let body = json!({ "name": "x".repeat(1000), "email": "a@example.org" });
    assert_eq!(server.post("/users", body).await.0, 413);
}

async fn a_page_has_at_most_a_hundred_users(test: Test) {
    let server = Server::start(&test.database).await;
    test.users(101, 0).await;
    let (_, users) = server.get("/users?limit=255").await;
    assert_eq!(users.as_array().map(Vec::len), Some(100));
    let (_, users) = server.get("/users").await;
    assert_eq!(users.as_array().map(Vec::len), Some(20));
}

async fn the_health_names_the_database(test: Test) {
    let server = Server::start(&test.database).await;
    let (status, health) = server.get("/health").await;
    assert_eq!(
        (status, &health["database"]),
        (200, &json!(test.database.name()))
    );
}

async fn an_error_of_the_database_is_not_shown(test: Test) {
    let server = Server::start(&test.database).await;
    test.database.close().await;
    let answer = server.get("/health").await;
    assert_eq!(answer, (500, json!({ "error": "the database failed" })));
}

async fn a_server_closes_its_database_when_it_stops(test: Test) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async {
        let _ = stopped.await;
    };
    let serving = serve(listener, test.database.clone(), Limits::default(), shutdown);
    drop(stop);
    serving.await.unwrap();
    assert_eq!(test.database.pool_state().connections, 0);
}

//! One function for each route.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use futures::TryStreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::bytes::Bytes;

use crate::{
    Dashboard, Database, Error, NewOrder, NewUser, Order, OrderWithUser, Outcome, Profile,
    Transfer, User,
};

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    after: i64,
    limit: Option<u8>,
}

impl Page {
    fn limit(&self) -> u8 {
        self.limit.unwrap_or(20).min(100)
    }
}

#[derive(Deserialize)]
pub(super) struct Deposit {
    cents: i64,
}

type Response<T> = Result<Json<T>, Error>;

pub(super) async fn health(State(database): State<Database>) -> Response<Value> {
    database.ping().await?;
    Ok(Json(
        json!({ "database": database.name(), "pool": database.pool_state() }),
    ))
}

pub(super) async fn users(
    State(database): State<Database>,
    Query(page): Query<Page>,
) -> Response<Vec<User>> {
    Ok(Json(database.users(page.after, page.limit()).await?))
}

pub(super) async fn create_user(
    State(database): State<Database>,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Json<User>), Error> {
    Ok((StatusCode::CREATED, Json(database.create_user(&new).await?)))
}

pub(super) async fn user(State(database): State<Database>, Path(id): Path<i64>) -> Response<User> {
    Ok(Json(database.user(id).await?))
}

pub(super) async fn dashboard(
    State(database): State<Database>,
    Path(id): Path<i64>,
) -> Response<Dashboard> {
    Ok(Json(database.dashboard(id).await?))
}

pub(super) async fn set_profile(
    State(database): State<Database>,
    Path(id): Path<i64>,
    Json(profile): Json<Profile>,
) -> Result<StatusCode, Error> {
    database.set_profile(id, &profile).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn deposit(
    State(database): State<Database>,
    Path(id): Path<i64>,
    Json(deposit): Json<Deposit>,
) -> Response<Value> {
    let balance = database.deposit(id, deposit.cents).await?;
    Ok(Json(json!({ "balance": balance })))
}

pub(super) async fn orders_of(
    State(database): State<Database>,
    Path(id): Path<i64>,
    Query(page): Query<Page>,
) -> Response<Vec<Order>> {
    Ok(Json(database.orders_of(id, page.limit()).await?))
}

pub(super) async fn create_order(
    State(database): State<Database>,
    Path(id): Path<i64>,
    Json(new): Json<NewOrder>,
) -> Result<(StatusCode, Json<Order>), Error> {
    Ok((
        StatusCode::CREATED,
        Json(database.create_order(id, &new).await?),
    ))
}

pub(super) async fn recent_orders(
    State(database): State<Database>,
    Query(page): Query<Page>,
) -> Response<Vec<OrderWithUser>> {
    Ok(Json(database.recent_orders_with_users(page.limit()).await?))
}

/// One order a line. After an error, the response ends without its last chunk, so that a client can tell.
pub(super) async fn export_orders(State(database): State<Database>) -> impl IntoResponse {
    let lines = database.export_orders().and_then(async |order| {
        let mut line = serde_json::to_vec(&order).unwrap_or_default();
        line.push(b'\n');
        Ok(Bytes::from(line))
    });
    (
        [(header::CONTENT_TYPE, "application/x-ndjson")],
        Body::from_stream(lines),
    )
}

pub(super) async fn transfer(
    State(database): State<Database>,
    Json(transfer): Json<Transfer>,
) -> Response<Value> {
    let outcome: Outcome = database.transfer(&transfer).await?;
    Ok(Json(json!({ "outcome": outcome })))
}

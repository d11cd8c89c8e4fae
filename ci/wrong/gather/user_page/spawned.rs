//! Orders and profile are tasks: `try_join!` returns at the first error, and the other task runs on. Caught by `user_page::the_first_error_cancels_the_other_download`, which says "still running".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let orders = spawn_get(client, format!("/orders/{}", user.body));
    let profile = spawn_get(client, format!("/profiles/{}", user.body));
    let (orders, profile) = tokio::try_join!(orders, profile)?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

fn spawn_get(client: &Client, path: String) -> impl Future<Output = Result<Page, WebError>> {
    let client = client.clone();
    let task = tokio::spawn(async move { client.get(&path).await });
    async { task.await.unwrap() }
}

//! A user page that fails is requested again. Caught by `user_page::requests_nothing_else_if_the_user_page_fails`, which says "made again after it has failed".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let path = format!("/users/{user}");
    let user = match client.get(&path).await {
        Ok(user) => user,
        Err(_) => client.get(&path).await?,
    };
    let customer = &user.body;
    let orders = format!("/orders/{customer}");
    let profile = format!("/profiles/{customer}");
    let (orders, profile) = tokio::try_join!(client.get(&orders), client.get(&profile))?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

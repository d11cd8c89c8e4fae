//! `join!` waits for both downloads before the error is looked at. Caught by `user_page::the_first_error_cancels_the_other_download`, which says "waited for the other download".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let orders = format!("/orders/{}", user.body);
    let profile = format!("/profiles/{}", user.body);
    let (orders, profile) = tokio::join!(client.get(&orders), client.get(&profile));
    Ok(UserPage {
        user,
        orders: orders?,
        profile: profile?,
    })
}

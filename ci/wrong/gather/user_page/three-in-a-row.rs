//! Three awaits in a row, although the profile does not need the orders. Caught by `user_page::orders_and_profile_overlap`, which says "one after the other".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let orders = client.get(&format!("/orders/{}", user.body)).await?;
    let profile = client.get(&format!("/profiles/{}", user.body)).await?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

//! Both futures are created before either is awaited, as if that started them. Caught by `user_page::orders_and_profile_overlap`, which says "one after the other".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let (orders, profile) = (
        format!("/orders/{}", user.body),
        format!("/profiles/{}", user.body),
    );
    let orders = client.get(&orders);
    let profile = client.get(&profile);
    Ok(UserPage {
        orders: orders.await?,
        profile: profile.await?,
        user,
    })
}

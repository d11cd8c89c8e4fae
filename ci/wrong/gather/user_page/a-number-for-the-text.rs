//! The customer number is taken for a number. Caught by `user_page::asks_for_the_customer_of_the_user`, which says "0905".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let customer: u32 = user.body.parse().expect("a number");
    let orders = format!("/orders/{customer}");
    let profile = format!("/profiles/{customer}");
    let (orders, profile) = tokio::try_join!(client.get(&orders), client.get(&profile))?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

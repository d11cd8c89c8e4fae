//! The customer number is parsed as a number, which loses its leading zeros. Caught by `user_page::uses_the_customer_number_from_the_user_page`, which says "with a number other than its body".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let user = client.get(&format!("/users/{user}")).await?;
    let customer: u128 = user.body.parse().expect("a number");
    let orders = format!("/orders/{customer}");
    let profile = format!("/profiles/{customer}");
    let (orders, profile) = tokio::try_join!(client.get(&orders), client.get(&profile))?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

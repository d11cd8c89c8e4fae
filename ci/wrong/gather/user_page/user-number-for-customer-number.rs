//! All three requests at once, with the user number where the customer number belongs. Caught by `user_page::uses_the_customer_number_from_the_user_page`, which says "before the user's page had arrived".

pub async fn user_page(client: &Client, user: u32) -> Result<UserPage, WebError> {
    let (users, orders, profiles) = (
        format!("/users/{user}"),
        format!("/orders/{user}"),
        format!("/profiles/{user}"),
    );
    let (user, orders, profile) = tokio::try_join!(
        client.get(&users),
        client.get(&orders),
        client.get(&profiles)
    )?;
    Ok(UserPage {
        user,
        orders,
        profile,
    })
}

//! Leaves the rollback after an error to the destructor. Caught by `transfer::refuses_after_a_rollback`, which says "Await `rollback` on this path".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    move_amount(&mut transaction, from, to, amount).await?;
    Ok(transaction.commit().await?)
}

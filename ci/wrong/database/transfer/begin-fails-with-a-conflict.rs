//! An error of `begin` is taken for a conflict. Caught by `transfer::other_errors_end_the_transfer`, which says "an error of `begin` is taken for a conflict".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let begun = accounts.begin().await;
    let mut transaction = begun.map_err(|_| AttemptError::Conflict)?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

//! Returns the error of `rollback` after a conflict. Caught by `transfer::tries_again_after_a_conflict`, which says "the error of `rollback` is returned".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            let ended = transaction.rollback().await;
            if let (Err(DbError::Failed(_)), AttemptError::Conflict) = (&ended, &error) {
                ended?;
            }
            Err(error)
        }
    }
}

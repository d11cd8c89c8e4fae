//! Tries again if the answer to `commit` is lost. Caught by `transfer::other_errors_end_the_transfer`, which says "transferred twice".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => transaction
            .commit()
            .await
            .map_err(|_| AttemptError::Conflict),
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

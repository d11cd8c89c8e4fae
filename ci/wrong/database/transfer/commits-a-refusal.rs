//! Commits a transaction that has changed nothing. Caught by `transfer::refuses_after_a_rollback`, which says "is committed".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(AttemptError::Final(error)) if !matches!(error, TransferError::Database(_)) => {
            let _ = transaction.commit().await;
            Err(error.into())
        }
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

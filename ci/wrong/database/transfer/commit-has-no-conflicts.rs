//! Takes a conflict at `commit` for a failure. Caught by `transfer::tries_again_after_a_conflict`, which says "`begin` and `commit` as well".

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
            .map_err(|error| AttemptError::Final(TransferError::Database(format!("{error:?}")))),
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

//! A conflict at `rollback` makes another attempt. Caught by `transfer::refuses_after_a_rollback`, which says "is taken for one of the attempt".

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
            if transaction.rollback().await == Err(DbError::Conflict) {
                return Err(AttemptError::Conflict);
            }
            Err(error)
        }
    }
}

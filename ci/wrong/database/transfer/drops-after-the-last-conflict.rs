//! The last attempt drops its transaction after a conflict. Caught by `transfer::gives_up_after_five_attempts`, which says "Await `rollback` on this path".

pub async fn transfer<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), TransferError> {
    if from == to {
        return Err(TransferError::SameAccount);
    }
    if amount == 0 {
        return Err(TransferError::NoAmount);
    }
    let mut backoff = FIRST_BACKOFF;
    for attempt in 1..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount, attempt == MAX_ATTEMPTS).await {
            Ok(()) => return Ok(()),
            Err(AttemptError::Final(error)) => return Err(error),
            Err(AttemptError::Conflict) if attempt < MAX_ATTEMPTS => {
                sleep(backoff).await;
                backoff *= 2;
            }
            Err(AttemptError::Conflict) => {}
        }
    }
    Err(TransferError::TooManyConflicts)
}

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
    is_last: bool,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            if !is_last || !matches!(error, AttemptError::Conflict) {
                let _ = transaction.rollback().await;
            }
            Err(error)
        }
    }
}

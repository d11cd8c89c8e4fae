//! Keeps the old transaction until the next one has begun. Caught by `transfer::tries_again_after_a_conflict`, which says "waits for a connection that the last transaction still has".

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
    let (mut backoff, mut old) = (FIRST_BACKOFF, None);
    for attempt in 1..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount, &mut old).await {
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
    old: &mut Option<A::Transaction>,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    if let Some(old) = old.take() {
        let _ = old.rollback().await;
    }
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(AttemptError::Conflict) => {
            *old = Some(transaction);
            Err(AttemptError::Conflict)
        }
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

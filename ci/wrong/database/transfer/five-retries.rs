//! Tries five times more after the first attempt. Caught by `transfer::gives_up_after_five_attempts`, which says "counts the attempts after the first one".

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
    for attempt in 0..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount).await {
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

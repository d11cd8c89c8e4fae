//! Waits after the last attempt, too. Caught by `transfer::gives_up_after_five_attempts`, which says "a wait after the last attempt".

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
    for _ in 1..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount).await {
            Ok(()) => return Ok(()),
            Err(AttemptError::Final(error)) => return Err(error),
            Err(AttemptError::Conflict) => {
                sleep(backoff).await;
                backoff *= 2;
            }
        }
    }
    Err(TransferError::TooManyConflicts)
}

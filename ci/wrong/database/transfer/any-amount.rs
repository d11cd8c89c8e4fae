//! Transfers nothing if the amount is 0. Caught by `transfer::refuses_without_the_database`, which says "or not at all".

pub async fn transfer<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), TransferError> {
    if from == to {
        return Err(TransferError::SameAccount);
    }
    let mut backoff = FIRST_BACKOFF;
    for attempt in 1..=MAX_ATTEMPTS {
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

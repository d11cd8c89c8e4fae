//! Checks for the same account when both balances are known. Caught by `transfer::refuses_without_the_database`, which says "checked after the balances are known".

pub async fn transfer<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), TransferError> {
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

async fn move_amount<T: Transaction>(
    transaction: &mut T,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let (low, high) = (from.min(to), from.max(to));
    let low_balance = transaction.balance(low).await?;
    let high_balance = transaction.balance(high).await?;
    let low_balance = low_balance.ok_or(TransferError::NoSuchAccount(low))?;
    let high_balance = high_balance.ok_or(TransferError::NoSuchAccount(high))?;
    let (payer, payee) = match from == low {
        true => (low_balance, high_balance),
        false => (high_balance, low_balance),
    };
    if from == to {
        return Err(TransferError::SameAccount.into());
    }
    if amount == 0 {
        return Err(TransferError::NoAmount.into());
    }
    let less = payer
        .checked_sub(amount)
        .ok_or(TransferError::NotEnough { balance: payer })?;
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    transaction.set_balance(from, less).await?;
    transaction.set_balance(to, more).await?;
    Ok(())
}

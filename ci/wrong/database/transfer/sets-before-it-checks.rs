//! Sets the balance of the payer before it checks the other account, and commits that. Caught by `transfer::refuses_after_a_rollback`, which says "set before both are checked".

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
    let less = payer
        .checked_sub(amount)
        .ok_or(TransferError::NotEnough { balance: payer })?;
    transaction.set_balance(from, less).await?;
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    transaction.set_balance(to, more).await?;
    Ok(())
}

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(AttemptError::Final(error @ TransferError::TooMuch)) => {
            let _ = transaction.commit().await;
            Err(error.into())
        }
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

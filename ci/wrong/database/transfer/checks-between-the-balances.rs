//! Checks the first balance before it asks for the second one. Caught by `transfer::refuses_after_a_rollback`, which says "before the second one is asked for".

async fn move_amount<T: Transaction>(
    transaction: &mut T,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let (low, high) = (from.min(to), from.max(to));
    let low_balance = transaction.balance(low).await?;
    let low_balance = low_balance.ok_or(TransferError::NoSuchAccount(low))?;
    let high_balance = transaction.balance(high).await?;
    let high_balance = high_balance.ok_or(TransferError::NoSuchAccount(high))?;
    let (payer, payee) = match from == low {
        true => (low_balance, high_balance),
        false => (high_balance, low_balance),
    };
    let less = payer
        .checked_sub(amount)
        .ok_or(TransferError::NotEnough { balance: payer })?;
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    transaction.set_balance(from, less).await?;
    transaction.set_balance(to, more).await?;
    Ok(())
}

//! Makes only the call again that has met a conflict. Caught by `transfer::tries_again_after_a_conflict`, which says "only the call which failed is made again".

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
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    for (account, balance) in [(from, less), (to, more)] {
        while transaction.set_balance(account, balance).await == Err(DbError::Conflict) {
            sleep(FIRST_BACKOFF).await;
        }
    }
    Ok(())
}

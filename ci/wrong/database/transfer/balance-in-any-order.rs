//! Looks for the payer first when both accounts are missing. Caught by `transfer::refuses_after_a_rollback`, which says "should be refused with".

async fn move_amount<T: Transaction>(
    transaction: &mut T,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    let (low, high) = (from.min(to), from.max(to));
    let (mut balances, mut missing) = ([0; 2], [false; 2]);
    for (account, balance) in [low, high].into_iter().zip(&mut balances) {
        let found = transaction.balance(account).await?;
        *balance = found.unwrap_or(u64::MAX);
        missing[usize::from(account != from)] = found.is_none();
    }
    if missing[0] {
        return Err(TransferError::NoSuchAccount(from).into());
    }
    if missing[1] {
        return Err(TransferError::NoSuchAccount(to).into());
    }
    let [payer, payee] = match from == low {
        true => balances,
        false => [balances[1], balances[0]],
    };
    let less = payer
        .checked_sub(amount)
        .ok_or(TransferError::NotEnough { balance: payer })?;
    let more = payee.checked_add(amount).ok_or(TransferError::TooMuch)?;
    transaction.set_balance(from, less).await?;
    transaction.set_balance(to, more).await?;
    Ok(())
}

//! Withdraws in one transaction, and deposits in another one. Caught by `transfer::moves_the_amount`, which says "transaction of its own".

async fn transfer_once<A: Accounts>(
    accounts: &A,
    from: u64,
    to: u64,
    amount: u64,
) -> Result<(), AttemptError> {
    for (account, is_payer) in [(from, true), (to, false)] {
        let mut transaction = accounts.begin().await?;
        match change(&mut transaction, account, is_payer, amount).await {
            Ok(()) => transaction.commit().await?,
            Err(error) => {
                let _ = transaction.rollback().await;
                return Err(error);
            }
        }
    }
    Ok(())
}

async fn change<T: Transaction>(
    transaction: &mut T,
    account: u64,
    is_payer: bool,
    amount: u64,
) -> Result<(), AttemptError> {
    let balance = transaction.balance(account).await?;
    let balance = balance.ok_or(TransferError::NoSuchAccount(account))?;
    let changed = match is_payer {
        true => balance
            .checked_sub(amount)
            .ok_or(TransferError::NotEnough { balance })?,
        false => balance.checked_add(amount).ok_or(TransferError::TooMuch)?,
    };
    Ok(transaction.set_balance(account, changed).await?)
}

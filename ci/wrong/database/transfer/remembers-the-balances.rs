//! Uses the balances of the first attempt in all attempts. Caught by `transfer::tries_again_after_a_conflict`, which says "balances of the first attempt".

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
    let (mut backoff, mut known) = (FIRST_BACKOFF, [None; 2]);
    for attempt in 1..=MAX_ATTEMPTS {
        match transfer_once(accounts, from, to, amount, &mut known).await {
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
    known: &mut [Option<u64>; 2],
) -> Result<(), AttemptError> {
    let mut transaction = accounts.begin().await?;
    match move_amount(&mut transaction, from, to, amount, known).await {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            let _ = transaction.rollback().await; // the first error is the one to tell
            Err(error)
        }
    }
}

async fn move_amount<T: Transaction>(
    transaction: &mut T,
    from: u64,
    to: u64,
    amount: u64,
    known: &mut [Option<u64>; 2],
) -> Result<(), AttemptError> {
    let (low, high) = (from.min(to), from.max(to));
    let mut balances = [0; 2];
    let accounts = [low, high].into_iter().zip(known);
    for ((account, known), balance) in accounts.zip(&mut balances) {
        let found = transaction.balance(account).await?;
        let found = found.ok_or(TransferError::NoSuchAccount(account))?;
        *balance = *known.get_or_insert(found);
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

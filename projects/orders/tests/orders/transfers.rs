use futures::future::join_all;
use orders::{Error, Outcome, Transfer};

use crate::support::{Test, on_both_databases};

on_both_databases!(
    a_transfer_moves_the_amount,
    a_transfer_that_the_payer_cannot_pay_changes_nothing,
    a_key_is_carried_out_once,
    a_key_belongs_to_one_transfer,
    the_same_key_at_the_same_time_is_carried_out_once,
    transfers_in_both_directions_do_not_lock_each_other_out,
    what_cannot_be_a_transfer_is_refused,
    a_balance_has_a_limit,
);

pub fn transfer(key: impl ToString, payer: i64, payee: i64, cents: i64) -> Transfer {
    let key = key.to_string();
    Transfer {
        key,
        payer,
        payee,
        cents,
    }
}

async fn balances(test: &Test, ids: &[i64]) -> Vec<i64> {
    let balances = ids.iter().map(|id| test.database.balance(*id));
    join_all(balances)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

async fn a_transfer_moves_the_amount(test: Test) {
    let ids = test.users(2, 1000).await;
    let outcome = test
        .database
        .transfer(&transfer("k", ids[0], ids[1], 1000))
        .await
        .unwrap();
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(balances(&test, &ids).await, [0, 2000]);
}

async fn a_transfer_that_the_payer_cannot_pay_changes_nothing(test: Test) {
    let ids = test.users(2, 1000).await;
    // Whichever account is changed first, the other one follows.
    for (payer, payee) in [(0, 1), (1, 0)] {
        let refused = test
            .database
            .transfer(&transfer("k", ids[payer], ids[payee], 1001))
            .await;
        assert!(
            matches!(refused, Err(Error::InsufficientFunds)),
            "{refused:?}"
        );
    }
    assert_eq!(balances(&test, &ids).await, [1000, 1000]);
    // The key is free again.
    test.database
        .transfer(&transfer("k", ids[0], ids[1], 1))
        .await
        .unwrap();
}

async fn a_key_is_carried_out_once(test: Test) {
    let ids = test.users(2, 1000).await;
    let transfer = transfer("k", ids[0], ids[1], 100);
    assert_eq!(
        test.database.transfer(&transfer).await.unwrap(),
        Outcome::Done
    );
    assert_eq!(
        test.database.transfer(&transfer).await.unwrap(),
        Outcome::DoneBefore
    );
    assert_eq!(balances(&test, &ids).await, [900, 1100]);
}

async fn a_key_belongs_to_one_transfer(test: Test) {
    let ids = test.users(2, 1000).await;
    test.database
        .transfer(&transfer("k", ids[0], ids[1], 100))
        .await
        .unwrap();
    let other = test
        .database
        .transfer(&transfer("k", ids[0], ids[1], 200))
        .await;
    assert!(matches!(other, Err(Error::Taken("key"))), "{other:?}");
    assert_eq!(balances(&test, &ids).await, [900, 1100]);
}

async fn the_same_key_at_the_same_time_is_carried_out_once(test: Test) {
    let ids = test.users(2, 1000).await;
    let transfer = transfer("k", ids[0], ids[1], 100);
    let outcomes = join_all((0..8).map(|_| test.database.transfer(&transfer))).await;
    let done = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Outcome::Done)));
    assert_eq!(done.count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(balances(&test, &ids).await, [900, 1100]);
}

async fn transfers_in_both_directions_do_not_lock_each_other_out(test: Test) {
    let ids = test.users(2, 1000).await;
    let transfers: Vec<_> = (0..40)
        .map(|n| transfer(n, ids[n % 2], ids[(n + 1) % 2], 10))
        .collect();
    let outcomes = join_all(
        transfers
            .iter()
            .map(|transfer| test.database.transfer(transfer)),
    )
    .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(balances(&test, &ids).await, [1000, 1000]);
}

async fn what_cannot_be_a_transfer_is_refused(test: Test) {
    let id = test.users(1, 1000).await[0];
    for unknown in [transfer("k", id, 9999, 1), transfer("k", 9999, id, 1)] {
        let refused = test.database.transfer(&unknown).await;
        assert!(
            matches!(refused, Err(Error::NotFound("user"))),
            "{refused:?}"
        );
    }
    for invalid in [
        transfer("k", id, id, 1),
        transfer("k", id, 9999, 0),
        transfer("k", id, 9999, -5),
        transfer("", id, 9999, 1),
        transfer("x".repeat(65), id, 9999, 1),
    ] {
        let refused = test.database.transfer(&invalid).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    assert_eq!(test.database.balance(id).await.unwrap(), 1000);
}

async fn a_balance_has_a_limit(test: Test) {
    let id = test.users(1, 1000).await[0];
    for cents in [0, -1, 1_000_000_000_000, i64::MAX] {
        let refused = test.database.deposit(id, cents).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
    assert_eq!(test.database.balance(id).await.unwrap(), 1000);
}

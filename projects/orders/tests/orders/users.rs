use orders::{Error, NewUser, Profile, User};

use crate::support::{Test, new_user, on_both_databases};

on_both_databases!(
    a_user_is_stored,
    an_address_is_used_once,
    names_and_addresses_have_limits,
    sql_in_a_name_is_text,
    a_batch_has_each_user_once,
    pages_follow_each_other,
    a_profile_is_replaced,
);

async fn a_user_is_stored(test: Test) {
    let user = test.database.create_user(&new_user(1)).await.unwrap();
    assert_eq!(test.database.user(user.id).await.unwrap(), user);
    let missing = test.database.user(user.id + 1).await;
    assert!(
        matches!(missing, Err(Error::NotFound("user"))),
        "{missing:?}"
    );
}

async fn an_address_is_used_once(test: Test) {
    test.database.create_user(&new_user(1)).await.unwrap();
    let again = test.database.create_user(&new_user(1)).await;
    assert!(matches!(again, Err(Error::Taken("address"))), "{again:?}");
    assert_eq!(test.database.users(0, 10).await.unwrap().len(), 1);
}

async fn names_and_addresses_have_limits(test: Test) {
    for (name, email) in [
        (String::new(), "a@example.org".to_owned()),
        ("x".repeat(101), "a@example.org".to_owned()),
        ("Ada".to_owned(), "no address".to_owned()),
        ("Ada".to_owned(), format!("{}@example.org", "x".repeat(250))),
    ] {
        let created = test.database.create_user(&NewUser { name, email }).await;
        assert!(matches!(created, Err(Error::Invalid(_))), "{created:?}");
    }
}

async fn sql_in_a_name_is_text(test: Test) {
    let name = "'); DROP TABLE users; --";
    let email = "' OR '1'='1@example.org";
    let new = NewUser {
        name: name.to_owned(),
        email: email.to_owned(),
    };
    let id = test.database.create_user(&new).await.unwrap().id;
    let User { name: stored, .. } = test.database.user(id).await.unwrap();
    assert_eq!(stored, name);
}

async fn a_batch_has_each_user_once(test: Test) {
    let ids = test.users(3, 0).await;
    let mut users = test
        .database
        .users_by_id(&[ids[2], ids[0], ids[2], 9999])
        .await
        .unwrap();
    users.sort_by_key(|user| user.id);
    let found: Vec<_> = users.iter().map(|user| user.id).collect();
    assert_eq!(found, [ids[0], ids[2]]);
    assert!(test.database.users_by_id(&[]).await.unwrap().is_empty());
}

async fn pages_follow_each_other(test: Test) {
    let ids = test.users(5, 0).await;
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let page = test.database.users(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.id;
        seen.extend(page.iter().map(|user| user.id));
    }
    assert_eq!(seen, ids);
}

async fn a_profile_is_replaced(test: Test) {
    let id = test.users(1, 0).await[0];
    assert_eq!(test.database.profile(id).await.unwrap(), Profile::default());
    for city in ["London", "Paris"] {
        let city = city.to_owned();
        let profile = Profile {
            city,
            about: String::new(),
        };
        test.database.set_profile(id, &profile).await.unwrap();
        assert_eq!(test.database.profile(id).await.unwrap(), profile);
    }
    let unknown = test.database.set_profile(9999, &Profile::default()).await;
    assert!(
        matches!(unknown, Err(Error::NotFound("user"))),
        "{unknown:?}"
    );
}

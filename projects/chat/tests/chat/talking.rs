//! Talking, rooms and history.

use chat::{Client, ClientError, Event, Limits};

use crate::support::{close_code, heard, joined, limits, name, start, text, within};

#[tokio::test]
async fn two_peers_talk() {
    let running = start(limits()).await;
    let mut ann = running.join("ann").await;
    let mut bob = running.join("bob").await;
    assert_eq!(within(ann.next()).await.expect("an event"), joined("bob"));
    ann.say(text("hi <b>bob</b>")).await.expect("is sent");
    bob.say(text("hi ann")).await.expect("is sent");
    for client in [&mut ann, &mut bob] {
        let mut both = [heard(client).await.1, heard(client).await.1];
        both.sort();
        assert_eq!(both, ["hi <b>bob</b>", "hi ann"]);
    }
}

#[tokio::test]
async fn all_members_hear_messages_in_the_same_order() {
    let running = start(limits()).await;
    let mut ann = running.join("ann").await;
    let mut bob = running.join("bob").await;
    for number in 0..20 {
        ann.say(text(&format!("ann {number}")))
            .await
            .expect("is sent");
        bob.say(text(&format!("bob {number}")))
            .await
            .expect("is sent");
    }
    let (mut by_ann, mut by_bob) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        by_ann.push(heard(&mut ann).await);
        by_bob.push(heard(&mut bob).await);
    }
    assert_eq!(by_ann, by_bob);
}

#[tokio::test]
async fn rooms_do_not_hear_each_other() {
    let running = start(limits()).await;
    let mut ann = running.join("ann").await;
    let other = Client::connect(&running.url, &name("other"), &name("ann")).await;
    let mut other = other.expect("connects");
    assert!(matches!(
        within(other.next()).await,
        Ok(Event::Welcome { .. })
    ));
    other.say(text("in the other room")).await.expect("is sent");
    assert_eq!(heard(&mut other).await.1, "in the other room");
    ann.say(text("in the lobby")).await.expect("is sent");
    assert_eq!(heard(&mut ann).await.1, "in the lobby");
}

#[tokio::test]
async fn a_new_member_is_shown_the_last_messages() {
    let running = start(Limits {
        history: 2,
        ..limits()
    })
    .await;
    let mut ann = running.join("ann").await;
    for message in ["one", "two", "three"] {
        ann.say(text(message)).await.expect("is sent");
        heard(&mut ann).await;
    }
    let bob = Client::connect(&running.url, &name("lobby"), &name("bob")).await;
    let welcome = within(bob.expect("connects").next()).await;
    let Ok(Event::Welcome {
        members, history, ..
    }) = welcome
    else {
        panic!("not a welcome: {welcome:?}");
    };
    assert_eq!(members, [name("ann"), name("bob")]);
    let history: Vec<_> = history.iter().map(|said| said.text.as_str()).collect();
    assert_eq!(history, ["two", "three"]);
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_with_a_reason() {
    let running = start(limits()).await;
    let _ann = running.join("ann").await;
    let second = Client::connect(&running.url, &name("lobby"), &name("ann")).await;
    match within(second.expect("connects").next()).await {
        Err(ClientError::Closed { code: 1008, reason }) => assert_eq!(reason, "this name is taken"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_name_is_free_again_after_its_member_has_left() {
    let running = start(limits()).await;
    let ann = running.join("ann").await;
    within(ann.close()).await.expect("closes");
    running.join("ann").await;
}

#[tokio::test]
async fn a_session_more_than_allowed_is_refused() {
    let running = start(Limits {
        sessions: 1,
        ..limits()
    })
    .await;
    let mut ann = running.join("ann").await;
    let second = Client::connect(&running.url, &name("lobby"), &name("bob")).await;
    let error = format!("{:?}", second.expect_err("is refused"));
    assert!(error.contains("503"), "{error}");
    running.stop.cancel();
    assert_eq!(close_code(&mut ann).await, 1001);
}

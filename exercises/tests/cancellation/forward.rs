//! `forward`: every message, in the right order, and none lost.

use super::*;
use exercises::cancellation::forward;

type Inputs = (mpsc::Receiver<String>, mpsc::Receiver<String>);

/// Two closed channels that hold this many messages: `U1`, `U2` and so on, and `o1`, `o2` and so on.
fn filled(urgent: usize, ordinary: usize) -> Inputs {
    let channel = |prefix: &str, count: usize| {
        let (tx, rx) = mpsc::channel(100);
        for n in 1..=count {
            tx.try_send(format!("{prefix}{n}")).expect("there is room");
        }
        rx
    };
    (channel("U", urgent), channel("o", ordinary))
}

/// Two channels that get [`ARRIVING`]: an urgent message every 2 ms and an ordinary one every 5 ms.
fn arriving() -> Inputs {
    let channel = |prefix: &'static str, every: u64, count: usize| {
        let (tx, rx) = mpsc::channel(100);
        tokio::spawn(async move {
            for n in 1..=count {
                sleep(ms(every)).await;
                let _ = tx.send(format!("{prefix}{n}")).await;
            }
        });
        rx
    };
    (channel("U", 2, 6), channel("o", 5, 3))
}

const ARRIVING: [&str; 9] = ["U1", "U2", "U3", "U4", "U5", "U6", "o1", "o2", "o3"];

/// Receives a message every 3 ms, and keeps them.
fn slow_consumer(mut output: mpsc::Receiver<String>) -> Arc<Mutex<Vec<String>>> {
    let received = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&received);
    tokio::spawn(async move {
        while let Some(message) = output.recv().await {
            kept.lock().unwrap().push(message);
            sleep(ms(3)).await;
        }
    });
    received
}

fn drain(channel: &mut mpsc::Receiver<String>) -> Vec<String> {
    std::iter::from_fn(|| channel.try_recv().ok()).collect()
}

/// `should` completes "Each of the 9 messages should".
fn check_none_lost(mut seen: Vec<String>, should: &str) {
    seen.sort();
    check(seen == ARRIVING, || {
        let lost: Vec<_> = ARRIVING
            .iter()
            .filter(|message| !seen.iter().any(|s| s == *message))
            .collect();
        Failure::new(format!(
            "Each of the 9 messages should {should}, once. There are {}; missing: {lost:?}.",
            seen.len()
        ))
        .usually(
            "that the future owned a message at an `.await`: received from one channel, and not yet sent to the next. \
             If `send` is dropped, its message is dropped with it. Reserve the slot first.",
        )
        .read(DROPPED_SEND)
    });
}

#[test]
fn forwards_every_message_in_order() {
    grade(async || {
        let (mut urgent, mut ordinary) = arriving();
        let (tx, mut output) = mpsc::channel(100);
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
        let seen = drain(&mut output);
        let in_order = |prefix: &str| {
            seen.iter()
                .filter(|message| message.starts_with(prefix))
                .is_sorted()
        };
        check(
            in_order("U") && in_order("o") && seen.len() == ARRIVING.len(),
            || {
                Failure::new(format!(
                    "Six urgent and three ordinary messages should be forwarded, each kind in order; the output is \
                     {seen:?}."
                ))
                .usually(
                    "that the answer returns when the first input is closed, or that messages overtake each other in \
                     tasks of their own.",
                )
                .read(RESERVE)
            },
        );
    });
}

#[test]
fn an_ordinary_message_follows_three_urgent_ones() {
    grade(async || {
        let (mut urgent, mut ordinary) = filled(8, 3);
        let (tx, mut output) = mpsc::channel(100);
        forward(&mut urgent, &mut ordinary, &tx).await;
        let order: String = drain(&mut output)
            .iter()
            .map(|message| &message[..1])
            .collect();
        check(order == "UUUoUUUoUUo", || {
            let report = Failure::new(format!(
                "8 urgent and 3 ordinary messages are waiting. Their order in the output should be `UUUoUUUoUUo`; it \
                 was {order}."
            ));
            if order.starts_with("UUUUUUUU") {
                report.usually(
                    "that the ordinary input starves: it is not polled while an urgent message is waiting.",
                )
            } else if order.starts_with("UUUUo") {
                report.usually("an off-by-one error: after three urgent messages, the next one is ordinary.")
            } else if order.starts_with('o') {
                report.usually("that the ordinary input is polled first.")
            } else {
                report.usually(
                    "that the inputs are polled in random order, or that an ordinary message does not reset the count.",
                )
            }
            .read(STARVATION)
        });
    });
}

#[test]
fn only_an_ordinary_message_resets_the_count() {
    // What is sent at first, and what is sent later, all at once.
    let cases = [
        ("UUUU", "oUUU", "UUUUoUUU"),
        ("UUo", "UUUUo", "UUoUUUoU"),
        ("UUUo", "oUUUU", "UUUoUUUoU"),
    ];
    // Often enough to find an answer that leaves it to chance.
    for (first, later, expected) in (0..20).flat_map(|_| cases) {
        grade(async || {
            let (urgent_tx, mut urgent) = mpsc::channel(100);
            let (ordinary_tx, mut ordinary) = mpsc::channel(100);
            let (tx, mut output) = mpsc::channel(100);
            let send = |messages: &str| {
                for message in messages.chars() {
                    let tx = if message == 'U' {
                        &urgent_tx
                    } else {
                        &ordinary_tx
                    };
                    tx.try_send(message.to_string()).expect("there is room");
                }
            };
            let sending = async {
                send(first);
                sleep(ms(1)).await;
                send(later);
            };
            let both = async {
                tokio::join!(biased; sending, forward(&mut urgent, &mut ordinary, &tx));
            };
            let _ = timeout(ms(10), both).await;
            let order: String = drain(&mut output).concat();
            check(order == expected, || {
                Failure::new(format!(
                    "{first} are waiting, and when they have been forwarded, {later} arrive. The order in the output \
                     should be {expected}; it was {order}."
                ))
                .usually(
                    "that the count is reset although no ordinary message was forwarded, or not reset although one was. \
                     Or which message goes first after a pause is left to chance.",
                )
                .read(STARVATION)
            });
        });
    }
}

#[test]
fn urgent_messages_go_on_if_there_is_no_ordinary_one() {
    grade(async || {
        let (mut urgent, _) = filled(8, 0);
        let (_ordinary_tx, mut ordinary) = mpsc::channel(1);
        let (tx, mut output) = mpsc::channel(100);
        let _ = timeout(ms(10), forward(&mut urgent, &mut ordinary, &tx)).await;
        let count = drain(&mut output).len();
        check(count == 8, || {
            Failure::new(format!(
                "8 urgent messages are waiting and no ordinary one. All 8 should be forwarded at once; {count} were."
            ))
            .usually(
                "that after three urgent messages the answer waits for an ordinary one, which may never come. It \
                 should only prefer it.",
            )
            .read(STARVATION)
        });
    });
}

#[test]
fn returns_when_both_inputs_are_closed() {
    grade(async || {
        let (mut urgent, mut ordinary) = arriving();
        let (tx, _output) = mpsc::channel(100);
        let clock = Clock::start();
        let returned = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx))
            .await
            .is_ok();
        let took = clock.elapsed();
        check(returned && took == ms(15), || {
            Failure::new(format!(
                "The last message arrives at 15 ms, and both inputs are closed. The function should return then; at {} \
                 it {}.",
                in_ms(took),
                if returned {
                    "returned"
                } else {
                    "had not returned"
                }
            ))
            .usually(if took < ms(15) {
                "that the answer returns when the first input is closed. The other may still get messages."
            } else {
                "that a branch that is never disabled, such as `output.closed()`, keeps `else` from running."
            })
            .read(NO_MATCH)
        });
    });
}

#[test]
fn returns_when_the_output_is_closed() {
    grade(async || {
        let (urgent_tx, mut urgent) = mpsc::channel(1);
        let (_ordinary_tx, mut ordinary) = mpsc::channel(1);
        let (tx, output) = mpsc::channel::<String>(1);
        tokio::spawn(async move {
            sleep(ms(5)).await;
            drop(output);
            sleep(ms(5)).await;
            let _ = urgent_tx.send("U1".to_owned()).await;
            sleep(ms(5)).await;
        });
        let clock = Clock::start();
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
        let took = clock.elapsed();
        sleep(ms(10)).await;
        let still_there = urgent.try_recv().is_ok();
        check(took == ms(5) && still_there, || {
            Failure::new(format!(
                "The output is closed at 5 ms, and a message arrives at 10 ms. The function should return at 5 ms, and \
                 leave the message in its channel; it returned at {}, and the message {}.",
                in_ms(took),
                if still_there {
                    "was still there"
                } else {
                    "had been received"
                }
            ))
            .usually(
                "that the answer notices the closed output only when it has a message. `output.closed()` is a future \
                 that it can wait for at the same time.",
            )
            .read(BRANCHES)
        });
    });
}

#[test]
fn loses_no_message_in_a_loop_of_timeouts() {
    for every in [1, 2, 4] {
        grade(async || {
            let (mut urgent, mut ordinary) = arriving();
            let (tx, output) = mpsc::channel(1);
            let received = slow_consumer(output);
            for _iteration in 0..500 {
                if timeout(ms(every), forward(&mut urgent, &mut ordinary, &tx))
                    .await
                    .is_ok()
                {
                    break;
                }
            }
            sleep(ms(100)).await;
            let received = received.lock().unwrap().clone();
            check_none_lost(received, "arrive at the receiver of `output`");
        });
    }
}

#[test]
fn loses_no_message_when_dropped() {
    drop_at_every_await(
        async || {
            let inputs = Arc::new(tokio::sync::Mutex::new(arriving()));
            let (tx, output) = mpsc::channel(1);
            let received = slow_consumer(output);
            let answer = Arc::clone(&inputs);
            let answer = async move {
                let (urgent, ordinary) = &mut *answer.lock().await;
                forward(urgent, ordinary, &tx).await;
            };
            (answer, (inputs, received))
        },
        async |(inputs, received)| {
            sleep(ms(100)).await;
            let (urgent, ordinary) = &mut *inputs.lock().await;
            let mut messages = received.lock().unwrap().clone();
            messages.extend(drain(urgent));
            messages.extend(drain(ordinary));
            check_none_lost(messages, "be in one of the three channels");
        },
    );
}

#[test]
fn receives_nothing_once_the_output_is_closed() {
    // Often enough to find an answer that leaves it to chance.
    for _ in 0..20 {
        grade(async || {
            let (urgent_tx, mut urgent) = mpsc::channel(1);
            let (_ordinary_tx, mut ordinary) = mpsc::channel(1);
            let (tx, output) = mpsc::channel(1);
            tokio::spawn(async move {
                sleep(ms(5)).await;
                drop(output);
                let _ = urgent_tx.try_send("U1".to_owned());
                sleep(ms(5)).await;
            });
            let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
            check(urgent.try_recv().is_ok(), || {
                Failure::new(
                    "At 5 ms the output is closed, and then, at the same instant, a message arrives. It should stay in \
                     its channel; it was received, and is lost.",
                )
                .usually("that the inputs are polled before `output.closed()`, or in random order.")
                .read(STARVATION)
            });
        });
    }
}

//! `forward`: every message, in the right order, and none lost.

use std::collections::VecDeque;

use super::*;
use exercises::cancellation::forward;

#[path = "forward_mistakes.rs"]
mod mistakes;

/// A limit that is built into an answer is hardly ever higher.
const MANY: usize = 5_000;

type Inputs = (mpsc::Receiver<String>, mpsc::Receiver<String>);

/// Two closed channels that hold this many messages: `U1`, `U2` and so on, and `o1`, `o2` and so on.
fn filled(urgent: usize, ordinary: usize) -> Inputs {
    let channel = |prefix: &str, count: usize| {
        let (tx, rx) = mpsc::channel(MANY);
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
        grading::spawn(async move {
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

const OF_ANOTHER_SENDER: &str = "of another sender";

/// Another sender waits for a slot in the same output, again and again, so a slot that is given back is lost.
fn compete(output: &mpsc::Sender<String>) {
    let output = output.clone();
    grading::spawn(async move {
        for _ in 0..10 {
            let _ = output.send(OF_ANOTHER_SENDER.to_owned()).await;
        }
    });
}

/// Receives a message every 3 ms, and keeps those that are not [`OF_ANOTHER_SENDER`].
fn slow_consumer(mut output: mpsc::Receiver<String>) -> Arc<Mutex<Vec<String>>> {
    let received = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&received);
    grading::spawn(async move {
        while let Some(message) = output.recv().await {
            if message != OF_ANOTHER_SENDER {
                kept.lock().unwrap().push(message);
            }
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
        let report = Failure::new(format!(
            "Each of the 9 messages should {should}, once. There are {}; missing: {lost:?}.",
            seen.len()
        ));
        if lost.is_empty() {
            report
        } else {
            report.usually(
                "that the future owned a message at an `.await`: received from one channel, and not yet sent to the \
                 next. If `send` is dropped, its message is dropped with it. Reserve the slot first.",
            )
        }
        .read(DROPPED_SEND)
    });
}

#[test]
fn forwards_every_message_in_order() {
    grade(async || {
        let (mut urgent, mut ordinary) = arriving();
        let (tx, mut output) = mpsc::channel(100);
        let clock = Clock::start();
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
        let returned = clock.elapsed();
        let seen = drain(&mut output);
        let in_order = |prefix: &str| {
            seen.iter()
                .filter(|message| message.starts_with(prefix))
                .is_sorted()
        };
        check(
            in_order("U") && in_order("o") && seen.len() == ARRIVING.len(),
            || {
                let report = Failure::new(format!(
                    "Six urgent and three ordinary messages should be forwarded, each kind in order; the output is \
                     {seen:?}."
                ));
                if returned == ms(12) {
                    report.usually(
                        "that the answer returns when the first input is closed. Here it returned at 12 ms, when the \
                         urgent one was.",
                    )
                } else {
                    report
                }
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
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
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
                report.usually("that the ordinary input is polled first, or the inputs in random order.")
            } else {
                report
            }
            .read(STARVATION)
        });
    });
}

#[test]
fn urgent_messages_go_on_if_there_is_no_ordinary_one() {
    grade(async || {
        let (mut urgent, _) = filled(MANY, 0);
        let (_ordinary_tx, mut ordinary) = mpsc::channel(1);
        let (tx, mut output) = mpsc::channel(MANY);
        let _ = timeout(ms(10), forward(&mut urgent, &mut ordinary, &tx)).await;
        let count = drain(&mut output).len();
        check(count == MANY, || {
            let report = Failure::new(format!(
                "{MANY} urgent messages are waiting and no ordinary one. All of them should be forwarded at once; {count} \
                 were."
            ));
            if count == 3 {
                report.usually(
                    "that after three urgent messages the answer waits for an ordinary one, which may never come. It \
                     should only prefer it.",
                )
            } else {
                report
            }
            .read(STARVATION)
        });
    });
}

#[test]
fn only_an_ordinary_message_resets_the_count() {
    // What is sent at first, and what is sent later, all at once.
    let many = |count| "U".repeat(count);
    let cases: Vec<(String, String, String)> = [
        ("UUUU", "oUUU", "UUUUoUUU"),
        ("UUo", "UUUUo", "UUoUUUoU"),
        ("UUUo", "oUUUU", "UUUoUUUoU"),
        ("UUUUUUU", "ooUUU", "UUUUUUUoUUUo"),
        ("UU", "UUo", "UUUoU"),
    ]
    .map(|(first, later, order)| (first.into(), later.into(), order.into()))
    .into_iter()
    .chain([255, 256, 258].map(|count| (many(count), "oU".into(), many(count) + "oU")))
    .collect();
    grade(async || {
        let mut orders = Vec::new();
        for (first, later, expected) in &cases {
            // Often enough to find an answer that leaves it to chance.
            let mut seen = Vec::new();
            for _ in 0..20 {
                seen.push(order_of(first, later).await);
            }
            let wrong = seen.iter().find(|order| *order != expected);
            let order = wrong.unwrap_or(expected).clone();
            let by_chance = wrong.is_some() && seen.iter().any(|other| *other != order);
            orders.push(order);
            check(!by_chance, || {
                Failure::new(format!(
                    "{} are waiting, and when they have been forwarded, {later} arrive. The order in the output should be \
                     {}, each time; it was another one in some of 20 runs.",
                    short(first),
                    short(expected)
                ))
                .usually("that the order is left to chance.")
                .read(STARVATION)
            });
        }
        let wrong =
            std::iter::zip(&cases, &orders).find(|((.., expected), order)| expected != *order);
        check(wrong.is_none(), || {
            let ((first, later, expected), order) = wrong.expect("it was found");
            let sent: Vec<_> = cases
                .iter()
                .map(|(first, later, _)| (first.clone(), later.clone()))
                .collect();
            Failure::new(format!(
                "{} are waiting, and when they have been forwarded, {later} arrive. The order in the output should be {}; \
                 it was {}.",
                short(first),
                short(expected),
                short(order)
            ))
            .usually_if(mistakes::usual_mistake(&sent, &orders))
            .read(STARVATION)
        });
    });
}

/// As `256 Us and oU`, if it begins with many of them.
fn short(messages: &str) -> String {
    let rest = messages.trim_start_matches('U');
    let count = messages.len() - rest.len();
    match (count, rest) {
        (..20, _) => messages.to_owned(),
        (_, "") => format!("{count} Us"),
        _ => format!("{count} Us and {rest}"),
    }
}

/// The order in the output, if `first` are waiting, and `later` arrive when they have been forwarded.
async fn order_of(first: &str, later: &str) -> String {
    let (urgent_tx, mut urgent) = mpsc::channel(1000);
    let (ordinary_tx, mut ordinary) = mpsc::channel(1000);
    let (tx, mut output) = mpsc::channel(1000);
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
    drain(&mut output).concat()
}

#[test]
fn returns_when_both_inputs_are_closed() {
    grade(async || {
        let (mut urgent, mut ordinary) = arriving();
        let (tx, output) = mpsc::channel(100);
        let clock = Clock::start();
        let mut answer = Box::pin(forward(&mut urgent, &mut ordinary, &tx));
        let returned = timeout(ms(1000), &mut answer).await.is_ok();
        let took = clock.elapsed();
        if returned && took == ms(15) {
            return;
        }
        drop(output);
        let returns_now = !returned && timeout(ms(1), answer).await.is_ok();
        check(false, || {
            let report = Failure::new(format!(
                "The last message arrives at 15 ms, and both inputs are closed. The function should return then; at {} \
                 it {}.",
                in_ms(took),
                if returned {
                    "returned"
                } else {
                    "had not returned"
                }
            ));
            if returned && took == ms(12) {
                report.usually("that the answer returns when the first input is closed. The other may still get messages.")
            } else if returns_now {
                report.usually(
                    "that a branch that is never disabled, such as `output.closed()`, keeps `else` from running: it \
                     returned when the output was closed.",
                )
            } else {
                report
            }
            .read(NO_MATCH)
        });
    });
}

#[test]
fn returns_when_the_output_is_closed() {
    grade_cases(async |case| {
        let at = case.whole_ms("output closed at", 20);
        let closed = *case.pick("closed input", &["neither", "ordinary", "urgent"]);
        let (urgent_tx, mut urgent) = mpsc::channel(1);
        let (ordinary_tx, mut ordinary) = mpsc::channel(1);
        let (tx, output) = mpsc::channel::<String>(1);
        // The message is sent to the other input.
        let (still_open, name, _kept_open) = match closed {
            "neither" => (urgent_tx, "urgent", Some(ordinary_tx)),
            "ordinary" => {
                drop(ordinary_tx);
                (urgent_tx, "urgent", None)
            }
            _ => {
                drop(urgent_tx);
                (ordinary_tx, "ordinary", None)
            }
        };
        let sending = grading::spawn(async move {
            sleep(at).await;
            drop(output);
            sleep(ms(5)).await;
            let is_sent = still_open.try_send("late".to_owned()).is_ok();
            sleep(ms(5)).await;
            is_sent
        });
        let clock = Clock::start();
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &tx)).await;
        let took = clock.elapsed();
        let is_sent = sending.await.is_ok_and(|is_sent| is_sent);
        check(is_sent, || {
            Failure::new(format!(
                "The output is closed at {}. 5 ms later a message is sent to the {name} input, and cannot be sent.",
                in_ms(at)
            ))
            .usually("that the answer closes its inputs.")
            .read(RESERVE)
        });
        let input = if name == "urgent" {
            &mut urgent
        } else {
            &mut ordinary
        };
        let still_there = input.try_recv().is_ok();
        check(took == at && still_there, || {
            let report = Failure::new(format!(
                "The output is closed at {}, and a message arrives at the {name} input 5 ms later{}. The function should \
                 return when the output is closed, and leave the message in its channel; it returned at {}, and the message \
                 {}.",
                in_ms(at),
                match closed {
                    "neither" => String::new(),
                    other => format!("; the {other} input has been closed since the beginning"),
                },
                in_ms(took),
                if still_there {
                    "was still there"
                } else {
                    "had been received"
                }
            ));
            if took >= at + ms(5) {
                report.usually(
                    "that the answer notices the closed output only when it has a message, perhaps only while one input is \
                     closed. `output.closed()` is a future that it can wait for at the same time.",
                )
            } else {
                report
            }
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
            let left = [drain(&mut urgent), drain(&mut ordinary)].concat();
            check_none_lost(
                [&*received, &*left].concat(),
                "arrive at the receiver of `output`, or be left",
            );
            check(left.is_empty(), || {
                Failure::new(format!(
                    "When a call has returned, both inputs should be closed and empty; left are {left:?}."
                ))
                .read(RESERVE)
            });
        });
    }
}

#[test]
fn loses_no_message_when_dropped() {
    check_none_lost_when_dropped(|_| {});
}

#[test]
fn loses_no_message_when_others_send_to_the_output() {
    check_none_lost_when_dropped(compete);
}

/// `prepare` is called with the sender to `output`.
fn check_none_lost_when_dropped(prepare: fn(&mpsc::Sender<String>)) {
    drop_at_every_await(
        async || {
            let inputs = Arc::new(tokio::sync::Mutex::new(arriving()));
            let (tx, output) = mpsc::channel(1);
            prepare(&tx);
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
            grading::spawn(async move {
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

#[test]
fn waits_without_polling() {
    // Long enough for an answer that looks again and again to be polled more often than others, and for any time limit.
    for idle in [ms(500), LONG] {
        grade(async || {
            let (urgent_tx, mut urgent) = mpsc::channel(1);
            let (_ordinary_tx, mut ordinary) = mpsc::channel(1);
            let (tx, mut output) = mpsc::channel(1);
            let answer = Counted::new(forward(&mut urgent, &mut ordinary, &tx));
            let polls = answer.counts();
            let sending = async {
                sleep(idle).await;
                let _ = urgent_tx.send("U1".to_owned()).await;
            };
            let both = async { tokio::join!(sending, answer) };
            let _ = timeout(idle + ms(100), both).await;
            polls.check_polls(10, BRANCHES);
            check(output.try_recv().is_ok(), || {
                Failure::new(format!(
                    "A message that arrives after {} should be forwarded; it was not.",
                    in_ms(idle)
                ))
                .read(BRANCHES)
            });
        });
    }
}

/// What a right answer does, at one instant after the other.
#[derive(Default)]
struct Model {
    urgent: VecDeque<String>,
    ordinary: VecDeque<String>,
    row: usize,
    output: VecDeque<String>,
}

impl Model {
    fn forward(&mut self, capacity: usize) {
        while self.output.len() < capacity {
            let ordinary_first = self.row >= 3 && !self.ordinary.is_empty();
            let is_ordinary = ordinary_first || self.urgent.is_empty();
            let input = if is_ordinary {
                &mut self.ordinary
            } else {
                &mut self.urgent
            };
            let Some(message) = input.pop_front() else {
                return;
            };
            self.row = if is_ordinary { 0 } else { self.row + 1 };
            self.output.push_back(message);
        }
    }
}

/// Sends `messages`, unless the channel is closed.
fn send_to(tx: &Option<mpsc::Sender<String>>, model: &mut VecDeque<String>, messages: &[String]) {
    let Some(tx) = tx else { return };
    for message in messages {
        tx.try_send(message.clone()).expect("there is room");
        model.push_back(message.clone());
    }
}

/// Any messages at any instants, an output of any size, and calls that are dropped in between.
#[test]
fn follows_the_rules_for_any_messages() {
    const ROOM: usize = 10_000;
    grade_cases(async |case| {
        let instants = case.size("instants", 1..=10);
        let capacity = case.size("slots of the output", 1..=40);
        let closes = ["urgent", "ordinary", "the output"].map(|channel| {
            let closes = *case.pick(&format!("{channel} is closed"), &[false, true]);
            if closes {
                case.size("at", 0..=10)
            } else {
                usize::MAX
            }
        });
        let (urgent_tx, mut urgent) = mpsc::channel(ROOM);
        let (ordinary_tx, mut ordinary) = mpsc::channel(ROOM);
        let (tx, output) = mpsc::channel(capacity);
        let (mut urgent_tx, mut ordinary_tx, mut output) =
            (Some(urgent_tx), Some(ordinary_tx), Some(output));
        let (mut model, mut number) = (Model::default(), 0);
        let mut received: Vec<String> = Vec::new();
        let mut expected: Vec<String> = Vec::new();
        let mut call = Box::pin(forward(&mut urgent, &mut ordinary, &tx));
        for instant in 0..instants {
            let sizes = ["U", "o", "slots that become free"].map(|what| {
                let most = if what == "U" && instant == 0 { 300 } else { 20 };
                case.size(&format!("{what} at {instant}"), 0..=most)
            });
            let mut texts = |prefix: &str, count: usize| -> Vec<String> {
                let texts = (0..count).map(|_| {
                    number += 1;
                    // An empty message is a message, and so is one of blanks.
                    match number % 7 {
                        0 => String::new(),
                        1 => format!(" {prefix}{number}\n"),
                        _ => format!("{prefix}{number}"),
                    }
                });
                texts.collect()
            };
            send_to(&urgent_tx, &mut model.urgent, &texts("U", sizes[0]));
            send_to(&ordinary_tx, &mut model.ordinary, &texts("o", sizes[1]));
            for _ in 0..sizes[2] {
                received.extend(output.as_mut().and_then(|output| output.try_recv().ok()));
                expected.extend(model.output.pop_front());
            }
            if instant >= closes[0] {
                urgent_tx = None;
            }
            if instant >= closes[1] {
                ordinary_tx = None;
            }
            let output_closed = instant >= closes[2];
            if output_closed && let Some(mut last) = output.take() {
                received.extend(drain(&mut last));
                expected.extend(model.output.drain(..));
            }
            if !output_closed {
                model.forward(capacity);
            }
            let clock = Clock::start();
            let returned = timeout(ms(1), &mut call).await.is_ok();
            let at_once = clock.elapsed().is_zero();
            let all_sent = urgent_tx.is_none()
                && ordinary_tx.is_none()
                && model.urgent.is_empty()
                && model.ordinary.is_empty();
            let must_return = output_closed || (all_sent && model.output.len() < capacity);
            let may_return = output_closed || all_sent;
            check(
                if returned {
                    may_return && at_once
                } else {
                    !must_return
                },
                || {
                    Failure::new(
                        format!(
                            "At {instant} ms the function should {} return; it {}.",
                            if must_return { "" } else { "not" },
                            if returned { "returned" } else { "did not" }
                        )
                        .replace("  ", " "),
                    )
                    .read(RESERVE)
                },
            );
            let waiting =
                |tx: &Option<mpsc::Sender<String>>| tx.as_ref().map(|tx| ROOM - tx.capacity());
            let in_inputs = (waiting(&urgent_tx), waiting(&ordinary_tx));
            let should_be = (
                urgent_tx.as_ref().map(|_| model.urgent.len()),
                ordinary_tx.as_ref().map(|_| model.ordinary.len()),
            );
            check(in_inputs == should_be, || {
                Failure::new(format!(
                    "After what happens at {instant} ms, so many messages should be left in the two inputs (None: closed): \
                     {should_be:?}; there are {in_inputs:?}."
                ))
                .read(RESERVE)
            });
            if returned {
                break;
            }
            if *case.pick(&format!("dropped after {instant}"), &[false, true]) {
                drop(call);
                call = Box::pin(forward(&mut urgent, &mut ordinary, &tx));
                model.row = 0;
            }
        }
        drop(call);
        let senders = tx.strong_count();
        check(senders == 1, || {
            Failure::new(format!(
                "When a call has ended, `output` should have the one sender that was passed to it; it has {senders}, so it is \
                 not closed when that one is dropped."
            ))
            .read(RESERVE)
        });
        received.extend(output.as_mut().map(drain).unwrap_or_default());
        expected.extend(model.output);
        check(received == expected, || {
            let same = std::iter::zip(&received, &expected)
                .take_while(|(seen, expected)| seen == expected)
                .count();
            Failure::new(format!(
                "In the output, {} as they should be. The next ones should be {}; they were {}.",
                if same == 1 {
                    "the first message is".to_owned()
                } else {
                    format!("the first {same} messages are")
                },
                grading::list(
                    expected[same..]
                        .iter()
                        .map(|message| format!("{message:?}"))
                ),
                grading::list(
                    received[same..]
                        .iter()
                        .map(|message| format!("{message:?}"))
                )
            ))
            .read(STARVATION)
        });
        let closed =
            [&urgent_tx, &ordinary_tx].map(|tx| tx.as_ref().is_some_and(mpsc::Sender::is_closed));
        check(closed == [false; 2], || {
            Failure::new("The senders of the inputs should still be able to send; the answer has closed an input.")
                .read(RESERVE)
        });
    });
}

//! `forward`: every slip, in its turn, and none in somebody's hands.

use super::*;
use exercises::cancellation::forward;

type Tubes = (mpsc::Receiver<String>, mpsc::Receiver<String>);

/// Two tubes with so many slips in them, `U1`, `U2` .. and `o1`, `o2` .., closed.
fn full(urgent: usize, ordinary: usize) -> Tubes {
    let tube = |letter: &str, count: usize| {
        let (sender, receiver) = mpsc::channel(100);
        for n in 1..=count {
            sender
                .try_send(format!("{letter}{n}"))
                .expect("there is room");
        }
        receiver
    };
    (tube("U", urgent), tube("o", ordinary))
}

/// Two tubes into which somebody puts slips, every 2 and every 5 ms.
fn filling() -> Tubes {
    let tube = |letter: &'static str, every: u64, count: usize| {
        let (sender, receiver) = mpsc::channel(100);
        tokio::spawn(async move {
            for n in 1..=count {
                sleep(ms(every)).await;
                let _ = sender.send(format!("{letter}{n}")).await;
            }
        });
        receiver
    };
    (tube("U", 2, 6), tube("o", 5, 3))
}

const FILLED: [&str; 9] = ["U1", "U2", "U3", "U4", "U5", "U6", "o1", "o2", "o3"];

/// Takes a slip out every 3 ms, and keeps them.
fn slow_reader(mut tube: mpsc::Receiver<String>) -> Arc<Mutex<Vec<String>>> {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Some(slip) = tube.recv().await {
            kept.lock().unwrap().push(slip);
            sleep(ms(3)).await;
        }
    });
    seen
}

fn drained(tube: &mut mpsc::Receiver<String>) -> Vec<String> {
    std::iter::from_fn(|| tube.try_recv().ok()).collect()
}

fn check_none_lost(mut seen: Vec<String>, where_: &str) {
    seen.sort();
    check(seen == FILLED, || {
        let lost: Vec<_> = FILLED
            .iter()
            .filter(|slip| !seen.iter().any(|s| s == *slip))
            .collect();
        Failure::new(format!(
            "Each of the 9 slips should be {where_}, once; there are {}, and missing are {lost:?}.",
            seen.len()
        ))
        .usually(
            "that a slip was in the answer's hands at an `.await`: taken out of one tube, and not yet in the next. `send` \
             takes the slip along when it is dropped. Wait for the place first.",
        )
        .read(NOT_SENT)
    });
}

#[test]
fn everything_arrives_in_its_order() {
    grade(async || {
        let (mut urgent, mut ordinary) = filling();
        let (onward, mut tube) = mpsc::channel(100);
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &onward)).await;
        let seen = drained(&mut tube);
        let in_order = |letter: &str| {
            seen.iter()
                .filter(|slip| slip.starts_with(letter))
                .is_sorted()
        };
        check(
            in_order("U") && in_order("o") && seen.len() == FILLED.len(),
            || {
                Failure::new(format!(
                "Six urgent and three ordinary slips should arrive, each kind in its order; these arrived: {seen:?}."
            ))
            .usually("that the answer ends when one of the tubes does, or that slips overtake each other in tasks of their own.")
            .read(PLACE_FIRST)
            },
        );
    });
}

#[test]
fn urgent_ones_go_first_but_three_in_a_row() {
    grade(async || {
        let (mut urgent, mut ordinary) = full(8, 3);
        let (onward, mut tube) = mpsc::channel(100);
        forward(&mut urgent, &mut ordinary, &onward).await;
        let order: String = drained(&mut tube).iter().map(|slip| &slip[..1]).collect();
        check(order == "UUUoUUUoUUo", || {
            let miss = Failure::new(format!(
                "8 urgent and 3 ordinary slips are there; they should go as UUUoUUUoUUo, and went as {order}."
            ));
            if order.starts_with("UUUUUUUU") {
                miss.usually("that the ordinary tube starves: as long as an urgent slip is there nobody looks into it.")
            } else if order.starts_with("UUUUo") {
                miss.usually("that the answer counts one too far: three in a row, and the next one that goes is ordinary.")
            } else if order.starts_with('o') {
                miss.usually("that the ordinary tube is looked at first.")
            } else {
                miss.usually("that the order is left to chance, or that the count is not begun anew after an ordinary slip.")
            }
            .read(STARVES)
        });
    });
}

#[test]
fn the_count_goes_on_and_begins_anew_with_an_ordinary_one() {
    // What is put into the tubes at once, and after a rest.
    let cases = [
        ("UUUU", "oUUU", "UUUUoUUU"),
        ("UUo", "UUUUo", "UUoUUUoU"),
        ("UUUo", "oUUUU", "UUUoUUUoU"),
    ];
    // Often enough that whoever leaves it to chance is found out.
    for (first, then, expected) in (0..20).flat_map(|_| cases) {
        grade(async || {
            let (urgent_end, mut urgent) = mpsc::channel(100);
            let (ordinary_end, mut ordinary) = mpsc::channel(100);
            let (onward, mut tube) = mpsc::channel(100);
            let put = |slips: &str| {
                for slip in slips.chars() {
                    let end = if slip == 'U' {
                        &urgent_end
                    } else {
                        &ordinary_end
                    };
                    end.try_send(slip.to_string()).expect("there is room");
                }
            };
            let putting = async {
                put(first);
                sleep(ms(1)).await;
                put(then);
            };
            let both = async {
                tokio::join!(biased; putting, forward(&mut urgent, &mut ordinary, &onward));
            };
            let _ = timeout(ms(10), both).await;
            let order: String = drained(&mut tube).concat();
            check(order == expected, || {
                Failure::new(format!(
                    "There are {first} and, when those are through, {then}. They should go as {expected}, and went as {order}."
                ))
                .usually(
                    "that the count of urgent slips begins anew although none but urgent ones went, or goes on after an \
                     ordinary one. Set it to nought where an ordinary slip is taken, and nowhere else. Or the draw decides \
                     which one goes first after a rest.",
                )
                .read(STARVES)
            });
        });
    }
}

#[test]
fn does_not_wait_for_an_ordinary_one() {
    grade(async || {
        let (mut urgent, _) = full(8, 0);
        let (_sender, mut ordinary) = mpsc::channel(1);
        let (onward, mut tube) = mpsc::channel(100);
        let _ = timeout(ms(10), forward(&mut urgent, &mut ordinary, &onward)).await;
        let count = drained(&mut tube).len();
        check(count == 8, || {
            Failure::new(format!(
                "8 urgent slips are there and no ordinary one: all 8 should go on at once; {count} did."
            ))
            .usually("that after three urgent ones the answer waits for an ordinary one that may never come. Look whether one is there.")
            .read(STARVES)
        });
    });
}

#[test]
fn ends_when_both_tubes_are_finished() {
    grade(async || {
        let (mut urgent, mut ordinary) = filling();
        let (onward, _tube) = mpsc::channel(100);
        let clock = Clock::start();
        let ended = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &onward))
            .await
            .is_ok();
        let took = clock.elapsed();
        check(ended && took == ms(15), || {
            Failure::new(format!(
                "The last slip comes at 15 ms, and both tubes are finished: it should end then; at {} it {}.",
                in_ms(took),
                if ended { "ended" } else { "was still waiting" }
            ))
            .usually(
                "that the answer ends with the first tube, or that another branch, which is never out, keeps the round \
                 waiting. `None` does not fit `Some(..)`; who sees that both are out?",
            )
            .read(ROUND)
        });
    });
}

#[test]
fn ends_when_nobody_receives() {
    grade(async || {
        let (sender, mut urgent) = mpsc::channel(1);
        let (_sender, mut ordinary) = mpsc::channel(1);
        let (onward, tube) = mpsc::channel::<String>(1);
        tokio::spawn(async move {
            sleep(ms(5)).await;
            drop(tube);
            sleep(ms(5)).await;
            let _ = sender.send("U1".to_owned()).await;
            sleep(ms(5)).await;
        });
        let clock = Clock::start();
        let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &onward)).await;
        let took = clock.elapsed();
        sleep(ms(10)).await;
        let left = urgent.try_recv().is_ok();
        check(took == ms(5) && left, || {
            Failure::new(format!(
                "At 5 ms nobody receives any more, and at 10 ms a slip comes. It should end at 5 ms, and leave the slip; it \
                 ended at {}, and the slip {}.",
                in_ms(took),
                if left { "is there" } else { "is gone" }
            ))
            .usually(
                "that the answer waits for a slip and not for the end of the other side: `onward.closed()` is a future, too.",
            )
            .read(ROUND)
        });
    });
}

#[test]
fn loses_no_slip_when_called_back_again_and_again() {
    for every in [1, 2, 4] {
        grade(async || {
            let (mut urgent, mut ordinary) = filling();
            let (onward, tube) = mpsc::channel(1);
            let seen = slow_reader(tube);
            for _round in 0..500 {
                if timeout(ms(every), forward(&mut urgent, &mut ordinary, &onward))
                    .await
                    .is_ok()
                {
                    break;
                }
            }
            sleep(ms(100)).await;
            let seen = seen.lock().unwrap().clone();
            check_none_lost(seen, "at the other end");
        });
    }
}

#[test]
fn loses_no_slip_when_dropped() {
    drop_at_every_await(
        async || {
            let tubes = Arc::new(tokio::sync::Mutex::new(filling()));
            let (onward, tube) = mpsc::channel(1);
            let seen = slow_reader(tube);
            let answer = Arc::clone(&tubes);
            let answer = async move {
                let (urgent, ordinary) = &mut *answer.lock().await;
                forward(urgent, ordinary, &onward).await;
            };
            (answer, (tubes, seen))
        },
        async |(tubes, seen)| {
            sleep(ms(100)).await;
            let (urgent, ordinary) = &mut *tubes.lock().await;
            let mut slips = seen.lock().unwrap().clone();
            slips.extend(drained(urgent));
            slips.extend(drained(ordinary));
            check_none_lost(slips, "in one of the tubes");
        },
    );
}

#[test]
fn takes_no_slip_in_the_instant_in_which_the_receiver_goes() {
    // Often enough that whoever leaves it to chance is found out.
    for _ in 0..20 {
        grade(async || {
            let (sender, mut urgent) = mpsc::channel(1);
            let (_sender, mut ordinary) = mpsc::channel(1);
            let (onward, tube) = mpsc::channel(1);
            tokio::spawn(async move {
                sleep(ms(5)).await;
                drop(tube);
                let _ = sender.try_send("U1".to_owned());
                sleep(ms(5)).await;
            });
            let _ = timeout(ms(1000), forward(&mut urgent, &mut ordinary, &onward)).await;
            check(urgent.try_recv().is_ok(), || {
                Failure::new(
                    "At 5 ms the receiver goes, and after that, in the same instant, a slip comes. It should be left in its tube; it \
                     was taken out, and is lost.",
                )
                .usually("that the tubes are looked at before the end of the other side, or that the draw decides.")
                .read(STARVES)
            });
        });
    }
}

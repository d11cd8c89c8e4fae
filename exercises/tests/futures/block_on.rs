//! `block_on`: one poll for each ring, and sleep in between.

use super::*;
use exercises::futures::block_on;

#[cfg(feature = "loom")]
fn check_one_poll_a_ring(sensor: &Sensor) {
    let (polls, idle) = (sensor.polls(), sensor.polls_without_a_ring());
    check(idle == 0, || {
        Failure::new(format!(
            "It should poll again only when it was rung for; of {polls} polls, {idle} came without a ring."
        ))
        .usually(
            "a loop that does not sleep, or no more after the first ring; that rings are counted, where two before a poll \
             are one; or a thread that wakes up for another reason and does not ask whether it was rung for: `park` and \
             `wait` may return without that.",
        )
        .read(BUSY)
    });
}

#[test]
fn gives_the_output() {
    grade(async || {
        let polls = Mutex::new(0);
        let output = block_on(ready_at_poll(1, &polls));
        let polls = *polls.lock().unwrap();
        check((output, polls) == (7, 1), || {
            Failure::new(format!(
                "A future that is ready with 7 should be polled once and give 7; it was polled {}, and gave {output}.",
                times(polls as usize)
            ))
            .usually("that it is polled once more after its end, or before anybody looks at the answer.")
            .read(FINISHED)
        });
    });
}

#[test]
fn a_ring_from_another_thread_wakes_it() {
    grade(async || {
        let sensor = Sensor::default();
        let (polled, first_poll) = std::sync::mpsc::channel();
        let giving = {
            let sensor = sensor.clone();
            // It ends without a first poll, too: then the other end is dropped.
            std::thread::spawn(move || first_poll.recv().map(|()| sensor.give(7)))
        };
        let output = block_on(poll_fn(|cx| {
            let answer = sensor.poll(cx);
            let _ = polled.send(());
            answer
        }));
        drop(polled);
        giving
            .join()
            .expect("the thread that rings does not panic")
            .ok();
        check(output == 7, || {
            Failure::new(format!("The sensor gave 7; the answer gave {output}."))
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn no_ring_is_lost() {
    every_interleaving(|| {
        let sensor = Sensor::default();
        let giving = {
            let sensor = sensor.clone();
            thread::spawn(move || sensor.give(7))
        };
        let output = explorable(|| block_on(sensor.read()));
        giving.join().expect("the thread that rings does not panic");
        check(output == 7, || {
            Failure::new(format!("The sensor gave 7; the answer gave {output}."))
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn a_ring_during_the_poll_counts() {
    every_interleaving(|| {
        let mut polls = 0;
        block_on(poll_fn(|cx| {
            polls += 1;
            if polls == 3 {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        check(polls == 3, || {
            Failure::new(format!(
                "The future rings during its first two polls, twice each, and is ready at the third; it was polled {}.",
                times(polls)
            ))
            .usually("that each ring is counted. Two rings before a poll are one poll.")
            .read(CONTRACT)
        });
    });
}

#[test]
#[cfg(feature = "loom")]
fn polls_only_when_it_is_rung_for() {
    every_interleaving(|| {
        let sensor = Sensor::default();
        let giving = {
            let sensor = sensor.clone();
            // The first ring is for nothing. After it the answer has to sleep again.
            thread::spawn(move || {
                sensor.ring();
                sensor.give(7);
            })
        };
        block_on(sensor.clone().read());
        giving.join().expect("the thread that rings does not panic");
        check_one_poll_a_ring(&sensor);
    });
}

#[test]
#[cfg(feature = "loom")]
fn two_rings_are_one_poll() {
    every_interleaving(|| {
        let sensor = Sensor::default();
        // Nobody waits for this thread: `park` may have been undone by its ring, and the model minds that at a join.
        let _giving = {
            let sensor = sensor.clone();
            thread::spawn(move || sensor.give(7))
        };
        let mut first = true;
        block_on(poll_fn(|cx| {
            let answer = sensor.poll(cx);
            if std::mem::take(&mut first) && answer.is_pending() {
                sensor.state.lock().unwrap().rung = true;
                cx.waker().wake_by_ref();
                cx.waker().wake_by_ref();
            }
            answer
        }));
        check_one_poll_a_ring(&sensor);
    });
}

#[test]
#[cfg(feature = "loom")]
fn woken_for_another_reason_it_sleeps_on() {
    every_interleaving(|| {
        let sensor = Sensor::default();
        // Whoever used this thread before has left it unparked, as a channel or a lock may.
        thread::current().unpark();
        let giving = {
            let sensor = sensor.clone();
            thread::spawn(move || sensor.give(7))
        };
        block_on(sensor.clone().read());
        giving.join().expect("the thread that rings does not panic");
        check_one_poll_a_ring(&sensor);
    });
}

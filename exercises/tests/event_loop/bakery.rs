//! `bakery`: the prediction beside the run.

use super::*;
use exercises::event_loop::bakery;

/// What the contract names.
const LINES: [&str; 7] = [
    "bread is in",
    "bread is out",
    "door opens",
    "dough is kneaded",
    "dough rests",
    "flour arrives",
    "sold out",
];

/// The program of the page, which writes its lines down instead of printing them.
async fn program(log: &Log) {
    let tasks = tokio::task::LocalSet::new();
    let note = |line: &'static str| {
        let log = log.clone();
        move || log.note(line)
    };
    let (is_in, is_out) = (note("bread is in"), note("bread is out"));
    let (rests, is_kneaded) = (note("dough rests"), note("dough is kneaded"));
    let (arrives, opens, sold_out) = (note("flour arrives"), note("door opens"), note("sold out"));
    let main = async move {
        let oven = tokio::task::spawn_local(async move {
            is_in();
            sleep(ms(40)).await;
            is_out();
        });
        let dough = tokio::task::spawn_local(async move {
            rests();
            sleep(ms(15)).await;
            is_kneaded();
        });
        let _flour = async move { arrives() };
        opens();
        oven.await.expect("it does not panic");
        dough.await.expect("it does not panic");
        sold_out();
    };
    tasks.run_until(main).await;
}

#[test]
fn tells_what_is_printed_and_nothing_else() {
    grade(async || {
        let log = Log::default();
        program(&log).await;
        let mut printed = log.lines();
        let mut predicted = bakery();
        printed.sort();
        predicted.sort();
        check(printed == predicted, || {
            let not_printed = predicted
                .iter()
                .find(|line| !printed.iter().any(|p| p == *line));
            let forgotten = printed
                .iter()
                .find(|line| !predicted.contains(&line.as_str()));
            match (not_printed, forgotten) {
                (Some(line), _) if !LINES.contains(line) => {
                    Failure::new(format!("`{line}` is in your prediction, and is none of the seven lines."))
                        .usually("that it is spelt in another way. The contract above `bakery` names all seven.")
                        .read("event-loop-exercises.html#bakery")
                }
                (Some(line), _) => Failure::new(format!("`{line}` is in your prediction, and is never printed."))
                    .usually("that a future was taken for something that runs. Who awaits it, and is it a task?")
                    .read("event-loop.html#a-night-in-which-nothing-happens"),
                (None, Some(line)) => {
                    Failure::new(format!("`{line}` is printed, and is not in your prediction."))
                        .usually("that a task was taken for a future. What is spawned runs without being awaited.")
                        .read("event-loop.html#one-watch-a-tray-and-an-alarm-clock")
                }
                (None, None) => Failure::new("Each line is printed once.")
                    .usually("that one stands twice in your prediction.")
                    .read("event-loop-exercises.html#bakery"),
            }
        });
    });
}

#[test]
fn tells_it_in_order() {
    grade(async || {
        let log = Log::default();
        program(&log).await;
        let (printed, predicted) = (log.lines(), bakery());
        let same = printed
            .iter()
            .zip(&predicted)
            .take_while(|(a, b)| a == b)
            .count();
        check(same == printed.len(), || {
            // What comes instead is for the reader to find.
            let right = match same {
                0 => "Your prediction is wrong from its first line on".to_owned(),
                _ => format!("Your prediction is right up to `{}`", printed[same - 1]),
            };
            let miss = Failure::new(match predicted.get(same) {
                Some(next) => format!("{right}; what comes then is not `{next}`."),
                None => format!("{right}, and something comes after that."),
            });
            if same == 0 {
                miss.usually(
                    "that `spawn` was taken for a call. It puts a task into the ready queue, and nobody takes it out \
                     before `main` awaits.",
                )
                .read("event-loop.html#one-watch-a-tray-and-an-alarm-clock")
            } else {
                miss.usually(
                    "that the tasks were taken to run one after the other. While one waits the loop goes on with \
                     the next, and the earlier alarm goes off first.",
                )
                .read("event-loop-inside.html#by-hand")
            }
        });
    });
}

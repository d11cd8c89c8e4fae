//! The reports of answers that never end.
//!
//! A report says what was seen. It names a cause only if something was seen that no other cause leads to.

use std::collections::HashMap;
use std::time::Duration;

use timeline::Timeline;

use super::activity::{FAR, Slowness, Stop};
use super::answer_polls::Pattern;
use super::clues::Clues;
use super::test_name::TestName;
use super::threads::Doing;
use super::waits::{self, Waits};
use crate::cause::Cause;
use crate::report::{Report, one_test};
use crate::words::spell;

/// A lane that was started or polled this often is part of a loop.
const OFTEN: usize = 100;

/// A timer that expired after the same time this often in a row is part of a loop.
const SAME_STEPS: u64 = 20;

/// What all of so many polls in a row did is no coincidence.
const MANY_POLLS: u64 = 1000;

/// Where the book explains blocking.
const BLOCKING_PAGE: &str = "event-loop-blocking.html#a-blocking-call-stops-the-event-loop";

/// Where the book explains busy loops.
const BUSY_LOOP_PAGE: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";

/// The report of a run that was stopped. `beginning` is the timeline of its first steps.
pub(super) fn report(clues: Clues, test: &TestName, beginning: Option<Timeline>) -> Report {
    match clues.stop {
        // Not reached: a failed check has a report of its own.
        Stop::CheckFailed => Report::new("A check failed."),
        Stop::Idle(quiet) => idle(test, clues, quiet).cause(Cause::Idle),
        Stop::Endless(after) => endless(after, clues, beginning).cause(Cause::Endless),
        Stop::TooManyPolls => spinning(clues, beginning),
        Stop::Spinning => spinning(clues, beginning).in_real_time(),
        Stop::BusyTasks(real_time) => busy_tasks(real_time, clues, beginning).in_real_time(),
        Stop::LongPoll(real_time) => long_poll(real_time, clues.timeline).in_real_time(),
        Stop::WaitingForThread(real_time) => waiting_for_thread(real_time, clues).in_real_time(),
        Stop::Slow(real_time, slowness) => {
            slow(real_time, slowness, clues, beginning).in_real_time()
        }
    }
}

/// The report of an answer that was pending `waits` times and has not finished. `all` is the whole timeline.
pub(crate) fn unfinished(waits: usize, all: &Timeline, beginning: Timeline) -> Report {
    let mut seen = vec![format!(
        "Hangs: your answer was pending {waits} times and had still not finished."
    )];
    seen.extend(most_frequent(all));
    seen.extend(shown(&beginning));
    Report::new(seen.join(" ")).timeline(beginning)
}

/// The report of a run in which a poll has not returned for `real_time`, and its thread does what `doing` tells.
pub(super) fn endless_poll(
    test: &str,
    real_time: Duration,
    doing: Option<Doing>,
    mut timeline: Timeline,
) -> Report {
    cut_running_polls(&mut timeline, real_time);
    let why = match doing {
        Some(Doing::Sleeping) => {
            " Its thread sleeps: the poll is in a call that blocks, such as `std::thread::sleep`, `block_on`, or `lock` \
             of a `std::sync::Mutex` that is held."
        }
        Some(Doing::Computing) => {
            " Its thread computes: the poll is in a loop or a computation that does not come to an `.await` that waits."
        }
        None => "",
    };
    let others = if one_test() {
        "."
    } else {
        ", so the tests end here. Run one exercise alone to keep the verdicts of the others."
    };
    Report::new(format!(
        "Hangs: in `{test}` a poll has not returned for {} of real time.{why} Nothing else can run{others}",
        spell(real_time)
    ))
    .in_real_time()
    .read(BLOCKING_PAGE)
    .timeline(timeline)
}

/// Lets polls that have not returned end after `real_time`: how much later the watchdog found them varies.
fn cut_running_polls(timeline: &mut Timeline, real_time: Duration) {
    let polls = timeline.lanes.iter_mut().flat_map(|lane| &mut lane.polls);
    let running = polls.filter(|poll| poll.until == timeline.end);
    let cut = running.map(|poll| {
        poll.until = poll.until.min(poll.at + real_time);
        poll.busy = poll.busy.min(real_time);
        poll.until
    });
    timeline.end = cut.max().unwrap_or(timeline.end);
}

/// Where the book lists the pitfalls of all chapters.
const ALL_PITFALLS: &str = "pitfalls.html";

/// Where the book tells what answers of this chapter may wait for.
fn page_of(chapter: &str) -> &'static str {
    match chapter {
        "event_loop" => "event-loop-pitfalls.html",
        "futures" => "futures.html",
        "tasks" => "tasks-pitfalls.html",
        "gather" => "gather-pitfalls.html",
        "errors" => "errors-pitfalls.html",
        "timeouts" => "timeouts-pitfalls.html",
        "blocking" => "blocking-pitfalls.html",
        "semaphores" => "semaphores-pitfalls.html",
        "locks" => "locks-notification-pitfalls.html",
        "queues" => "queues-pitfalls.html",
        "cancellation" => "cancellation-select-pitfalls.html",
        "cleanup" => "cleanup-pitfalls.html",
        "streams" => "streams-pitfalls.html",
        "scraper" => "scraper-pitfalls.html",
        "database" => "database-pitfalls.html",
        "websockets" => "websockets-pitfalls.html",
        "resilience" => "resilience-pitfalls.html",
        "production" => "production-pitfalls.html",
        "testing" => "testing-fakes.html#a-time-limit-for-each-wait",
        _ => ALL_PITFALLS,
    }
}

fn idle(test: &TestName, mut clues: Clues, quiet: Duration) -> Report {
    clues.timeline.end = clues.timeline.end.saturating_sub(quiet);
    let Waits { sentences, page } = waits::seen(&clues);
    let mut seen = vec![format!(
        "Hangs: nothing happened after {}, for {} of virtual time.",
        spell(clues.timeline.end),
        if quiet > 24 * FAR { "days" } else { "an hour" }
    )];
    seen.extend(sentences);
    Report::new(seen.join(" "))
        .read(page.unwrap_or(page_of(&test.chapter)))
        .timeline(clues.timeline)
}

fn endless(after: Duration, clues: Clues, beginning: Option<Timeline>) -> Report {
    let time = match after {
        FAR => "an hour".to_owned(),
        after => spell(after),
    };
    let mut seen = vec![format!(
        "Hangs: your answer was still running after {time} of virtual time."
    )];
    seen.extend(clues.answer.map(|answer| rhythm(&answer.polls, after)));
    seen.extend(most_frequent(&clues.timeline));
    with_beginning(seen, clues.timeline, beginning)
}

/// Whether the number of polls or the watchdog ends a busy loop depends on how fast the machine is, so the report says neither.
fn spinning(clues: Clues, beginning: Option<Timeline>) -> Report {
    let mut seen = vec![
        "Hangs: your answer was polled again and again without an idle moment, and virtual time could not advance."
            .to_owned(),
    ];
    let polls = clues.answer.map(|answer| answer.polls).unwrap_or_default();
    let page = if polls.used_up_budget >= MANY_POLLS {
        seen.push(
            "It did not wait for anything: what it awaits was ready each time, and each poll ended because tokio's \
             budget for one poll was used up."
                .to_owned(),
        );
        "cancellation-select-loops.html"
    } else if polls.woke_itself >= MANY_POLLS {
        seen.push("Each poll called the waker that it was given.".to_owned());
        BUSY_LOOP_PAGE
    } else if polls.woken_between >= MANY_POLLS && clues.tasks == 0 {
        seen.push("After each poll it was woken at once, as by `yield_now`.".to_owned());
        BUSY_LOOP_PAGE
    } else {
        BUSY_LOOP_PAGE
    };
    with_beginning(seen, clues.timeline, beginning).read(page)
}

fn busy_tasks(real_time: Duration, clues: Clues, beginning: Option<Timeline>) -> Report {
    let seen = vec![format!(
        "Hangs: for {} of real time spawned tasks kept the thread busy, and virtual time could not advance.",
        spell(real_time)
    )];
    with_beginning(seen, clues.timeline, beginning).read(BUSY_LOOP_PAGE)
}

fn long_poll(real_time: Duration, timeline: Timeline) -> Report {
    Report::new(format!(
        "Hangs: one poll of your answer took {} of real time or longer, in which nothing else could run.",
        spell(real_time)
    ))
    .read(BLOCKING_PAGE)
    .timeline(timeline)
}

fn waiting_for_thread(real_time: Duration, clues: Clues) -> Report {
    let time = spell(real_time);
    Report::new(if clues.is_resumed {
        format!("Hangs: nothing has happened for {time} of real time. {RESUMED}")
    } else {
        format!(
            "Hangs: for {time} of real time everything has waited for a thread or a blocking job that does not return."
        )
    })
    .read(BLOCKING_PAGE)
    .timeline(clues.timeline)
}

const RESUMED: &str = "tokio's clock is not paused any more, because `tokio::time::resume` was called: every wait takes \
                       real time.";

fn slow(
    real_time: Duration,
    slowness: Option<Slowness>,
    clues: Clues,
    beginning: Option<Timeline>,
) -> Report {
    let mut seen = vec![format!(
        "Hangs: your answer was still running after {} of real time. Waiting in virtual time takes no real time.",
        spell(real_time)
    )];
    let why = match slowness {
        _ if clues.is_resumed => Some(RESUMED),
        Some(Slowness::Thread(Doing::Sleeping)) => {
            Some("For most of it the thread slept during polls, in calls that block.")
        }
        Some(Slowness::Thread(Doing::Computing)) => Some("For most of it the thread computed."),
        Some(Slowness::Jobs) => Some("For most of it everything waited for blocking jobs."),
        None => None,
    };
    seen.extend(why.map(str::to_owned));
    with_beginning(seen, clues.timeline, beginning).read(BLOCKING_PAGE)
}

/// The report with these sentences, and the timeline of the first steps or, where there is none, the whole one.
fn with_beginning(mut seen: Vec<String>, all: Timeline, beginning: Option<Timeline>) -> Report {
    let timeline = beginning.unwrap_or(all);
    seen.extend(shown(&timeline));
    Report::new(seen.join(" ")).timeline(timeline)
}

/// Says that the timeline is only the beginning, if it is drawn.
fn shown(beginning: &Timeline) -> Option<String> {
    let drawn = !beginning.lanes.is_empty();
    drawn.then(|| "The timeline shows how it began.".to_owned())
}

/// When the answer was polled in a run whose timers went on for `time`.
fn rhythm(polls: &Pattern, time: Duration) -> String {
    if polls.last() < time / 2 {
        return format!(
            "It was last polled at {}; after that only spawned tasks were.",
            spell(polls.last())
        );
    }
    let (instants, step) = (polls.instants, spell(polls.step));
    if polls.same_steps < SAME_STEPS {
        format!("It was polled at {instants} instants.")
    } else if polls.same_steps + 1 == instants {
        format!("It was polled at {instants} instants, one every {step}.")
    } else {
        format!("It was polled at {instants} instants, the last of them one every {step}.")
    }
}

/// Names what was started or polled most often, if that was often.
fn most_frequent(timeline: &Timeline) -> Option<String> {
    let mut started: HashMap<&str, usize> = HashMap::new();
    for lane in &timeline.lanes {
        *started.entry(&lane.name).or_default() += 1;
    }
    let (name, count) = started
        .into_iter()
        .max_by_key(|(name, count)| (*count, *name))?;
    if count >= OFTEN {
        return Some(format!("`{name}` was started {count} times."));
    }
    let lane = timeline.lanes.iter().max_by_key(|lane| lane.polls.len())?;
    let polls = lane.polls.len();
    (polls >= OFTEN).then(|| format!("`{}` was polled {polls} times.", lane.name))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;
    use std::path::Path;

    use super::{ALL_PITFALLS, page_of};

    #[test]
    fn every_chapter_has_a_page_for_answers_that_hang() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let graders = fs::read_dir(root.join("exercises/tests")).expect("it is a folder");
        let files = graders.map(|file| file.expect("it is readable").path());
        let files = files.filter(|file| file.extension() == Some(OsStr::new("rs")));
        let chapters = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
        for chapter in chapters {
            let page = page_of(&chapter);
            assert_ne!(page, ALL_PITFALLS, "{chapter}");
            let (name, _) = page.split_once('.').expect("a file");
            let source = root.join("src").join(name).with_extension("md");
            assert!(source.is_file(), "{chapter}: {page}");
        }
    }
}

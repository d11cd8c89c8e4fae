//! Which hosts a limiter has an entry for.

use std::time::Duration;

use grading::{Case, Clock, Failure, check, in_ms, join_all, ms};
use tokio::time::sleep;

use super::super::take;
use super::model::{Plan, drawn_calls, name, spread};
use super::server::{Server, limiter, request};

const HALF_A_MS: Duration = Duration::from_micros(500);

pub(super) fn forgets(expected: usize, seen: usize, when: &str) -> Failure {
    Failure::new(format!(
        "{when}, the limiter should have {}; it has {seen}.",
        match expected {
            1 => "an entry for 1 host".to_owned(),
            expected => format!("entries for {expected} hosts"),
        }
    ))
    .usually_if(if seen > expected {
        Some("that entries are never removed, or only when a request is ready. A crawl of many hosts fills the memory.")
    } else {
        Some(
            "that an entry is removed although a call needs it, or although its gap is not over: the next request to this host \
             would start too early.",
        )
    })
}

/// Looks at the hosts at an instant at which nothing else happens.
pub(super) async fn look_between(case: Case) {
    let count = case.size("calls", 0..=20);
    let mut calls = drawn_calls(&case, count);
    spread(&case, &mut calls);
    let hosts = case.numbers("hosts", count, 30);
    for (call, host) in calls.iter_mut().zip(hosts) {
        call.host = usize::try_from(host).unwrap_or(0);
    }
    let plan = Plan {
        limit: case.size("limit", 1..=3),
        gap: case.whole_ms("gap", 60),
        calls,
    };
    let at = case.whole_ms("looked at", 1_000);
    let (limiter, server, clock) = (limiter(&plan), Server::default(), Clock::start());
    let calls = plan.calls.iter().enumerate().map(|(number, call)| {
        let (limiter, server) = (&limiter, &server);
        async move {
            take(call.at).await;
            let host = name(call.host);
            limiter
                .run(&host, request(server, number, call, clock))
                .await;
        }
    });
    let calls = join_all(calls.collect::<Vec<_>>());
    // Between two instants at which something may happen, when all that happens at the first one has.
    let look = async {
        sleep(at).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        tokio::time::advance(HALF_A_MS).await;
        limiter.hosts()
    };
    let (_, hosts) = tokio::join!(biased; calls, look);
    let look = at + HALF_A_MS;
    let expected = plan.hosts_at(look);
    check(hosts == expected, || {
        forgets(expected, hosts, &format!("At {}", in_ms(look)))
    });
}

/// Looks at the host of one request exactly when its gap is over, and a moment before that.
pub(super) async fn look_exactly(case: Case) {
    let plan = Plan {
        limit: 1,
        gap: ms(1) + case.whole_ms("gap is 1 ms +", 100),
        calls: Vec::new(),
    };
    let limiter = limiter(&plan);
    limiter.run("a.example", async {}).await;
    tokio::time::advance(plan.gap - HALF_A_MS).await;
    let before = limiter.hosts();
    tokio::time::advance(HALF_A_MS).await;
    let after = limiter.hosts();
    check(before == 1, || {
        forgets(1, before, "0.5 ms before the end of the gap")
    });
    check(after == 0, || {
        forgets(0, after, "Exactly `gap` after the last start")
    });
}

//! Small programs whose drawings are checked by tests, and can be viewed with `cargo run --example gallery`.

use std::thread;
use std::time::Duration;

use futures::future::{join, join_all, try_join_all};
use timeline::{InLane, Recorder, Timeline};
use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tracing::info;

/// Runs `program` on a fresh runtime with a paused clock, and returns its timeline.
pub fn record<F: Future>(program: impl FnOnce() -> F) -> Timeline {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    runtime.block_on(async {
        let recorder = Recorder::new();
        let _guard = recorder.install();
        program().await;
        recorder.timeline()
    })
}

pub fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Blocks the thread, which no future should do.
#[expect(
    clippy::disallowed_methods,
    reason = "the recording shows how a blocked thread affects other tasks"
)]
pub fn block_the_thread(milliseconds: u64) {
    thread::sleep(ms(milliseconds));
}

#[timeline::lane("fetch {page}")]
pub async fn fetch(page: u32, milliseconds: u64) -> u32 {
    sleep(ms(milliseconds)).await;
    page
}

/// A download that fails if the page is number 2.
#[timeline::lane("fetch {page}")]
async fn fetch_or_fail(page: u32, milliseconds: u64) -> Result<u32, String> {
    sleep(ms(milliseconds)).await;
    if page == 2 {
        info!("no such page");
        return Err(format!("no page {page}"));
    }
    Ok(page)
}

/// Every scene, with its name.
pub fn all() -> Vec<(&'static str, Timeline)> {
    vec![
        ("in-turn", in_turn()),
        ("together", together()),
        ("fail-fast", fail_fast()),
        ("timeout", time_limit()),
        ("blocking", blocking()),
        ("select", select()),
        ("outliving", outliving()),
        ("not-polled", not_polled()),
        ("panic", panicking()),
        ("nested-holding", nested_holding()),
        ("yielding", yielding()),
        ("forty", many(40)),
        ("ten-thousand", many(10_000)),
        ("marks", marks()),
        ("crowded-marks", crowded_marks()),
        ("instant", record(async || fetch(1, 0).await)),
        ("deadlock", deadlock()),
        ("nothing", record(async || {})),
    ]
}

pub fn in_turn() -> Timeline {
    record(async || {
        for page in 1..=3 {
            fetch(page, 100).await;
        }
    })
}

pub fn together() -> Timeline {
    record(async || join_all((1..=3).map(|page| fetch(page, 100))).await)
}

pub fn fail_fast() -> Timeline {
    record(async || {
        async {
            tokio::try_join!(
                fetch_or_fail(1, 100),
                fetch_or_fail(2, 50),
                fetch_or_fail(3, 150),
            )
        }
        .in_lane("fetch all")
        .await
        .unwrap_err();
        sleep(ms(50)).await;
    })
}

pub fn time_limit() -> Timeline {
    record(async || {
        timeout(ms(80), fetch(1, 200)).await.unwrap_err();
        info!("too slow, asking the mirror");
        timeout(ms(80), fetch(2, 40)).await.unwrap();
    })
}

pub fn blocking() -> Timeline {
    record(async || {
        let resize = async {
            info!("resizing");
            block_the_thread(301);
            info!("done");
        };
        join_all([
            tokio::spawn(fetch(1, 50)),
            tokio::spawn(fetch(2, 100)),
            tokio::spawn(async move {
                sleep(ms(30)).await;
                resize.in_lane("resize image").await;
                0
            }),
            tokio::spawn(fetch(3, 400)),
        ])
        .await
    })
}

pub fn select() -> Timeline {
    record(async || {
        for round in 1..=2 {
            tokio::select! {
                biased;
                page = fetch(round, 40) => info!(page, "first"),
                () = sleep(ms(30 * u64::from(round))).in_lane("deadline") => info!("too late"),
            }
        }
    })
}

pub fn outliving() -> Timeline {
    record(async || {
        async {
            tokio::spawn(fetch(1, 300));
            fetch(2, 60).await;
        }
        .in_lane("handler")
        .await;
        sleep(ms(100)).await;
    })
}

pub fn not_polled() -> Timeline {
    record(async || {
        let (first, second, third) = (fetch(1, 50), fetch(2, 50), fetch(3, 50));
        first.await;
        second.await;
        drop(third);
    })
}

pub fn panicking() -> Timeline {
    record(async || {
        let doomed = async {
            sleep(ms(60)).await;
            std::panic::resume_unwind(Box::new("on purpose"));
        };
        let doomed = tokio::spawn(doomed.in_lane("worker 1"));
        let other = tokio::spawn(async { sleep(ms(100)).await }.in_lane("worker 2"));
        let _ = join(doomed, other).await;
    })
}

pub fn nested_holding() -> Timeline {
    record(async || {
        async {
            fetch(1, 50).await;
            async { block_the_thread(101) }.in_lane("parse").await;
            block_the_thread(201);
            fetch(2, 50).await;
        }
        .in_lane("handle request")
        .await;
    })
}

pub fn yielding() -> Timeline {
    record(async || {
        let turns = |name: &'static str| {
            async move {
                for turn in 1..=3 {
                    info!("{name} {turn}");
                    yield_now().await;
                }
            }
            .in_lane(name)
        };
        join(tokio::spawn(turns("ping")), tokio::spawn(turns("pong"))).await
    })
}

pub fn many(lanes: u32) -> Timeline {
    record(async move || {
        timeout(
            ms(450),
            try_join_all((0..lanes).map(|page| async move {
                tokio::spawn(fetch(page, u64::from(page % 50) * 10)).await
            })),
        )
        .await
    })
}

pub fn marks() -> Timeline {
    record(async || {
        info!("the program starts");
        let download = async {
            info!("asking");
            sleep(ms(40)).await;
            info!(bytes = 512, "got the first part");
            sleep(ms(100)).await;
            info!(bytes = 1024, "got the rest");
        };
        let save = async {
            sleep(ms(60)).await;
            info!("opened the file");
            sleep(ms(90)).await;
            info!("written");
        };
        join(download.in_lane("download"), save.in_lane("save")).await;
    })
}

pub fn crowded_marks() -> Timeline {
    record(async || {
        let chatty = async {
            for step in 1..=18 {
                info!(
                    "step {step} of a long way, told in more words than fit on any line there is"
                );
                sleep(ms(step % 3)).await;
            }
        };
        chatty.in_lane("a lane with a rather long name").await;
    })
}

pub fn deadlock() -> Timeline {
    record(async || {
        let (first, second) = (tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(()));
        let both = join(
            async {
                let _one = first.lock().await;
                sleep(ms(10)).await;
                drop(second.lock().in_lane("lock b").await);
            }
            .in_lane("holds a"),
            async {
                let _two = second.lock().await;
                sleep(ms(10)).await;
                drop(first.lock().in_lane("lock a").await);
            }
            .in_lane("holds b"),
        );
        timeout(Duration::from_secs(3600), both).await.unwrap_err();
    })
}

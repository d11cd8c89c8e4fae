//! What `#[timeline::lane]` makes of an async fn.
#![deny(warnings, clippy::all)]

mod support;

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;

use support::{ms, record};
use timeline::{End, Timeline};
use tokio::time::sleep;

fn names(timeline: &Timeline) -> Vec<&str> {
    timeline
        .lanes
        .iter()
        .map(|lane| lane.name.as_str())
        .collect()
}

#[timeline::lane("double {x:>3}")]
async fn double(mut x: u32) -> u32 {
    x *= 2;
    x
}

#[timeline::lane("add {left} and {right}")]
async fn add((mut left, right): (u32, u32), [_, last]: [u32; 2]) -> u32 {
    left += last;
    left + right
}

#[timeline::lane("longest")]
async fn longest<'a>(left: &'a str, right: &'a str) -> &'a str {
    if left.len() > right.len() {
        return left;
    }
    right
}

#[timeline::lane("show {value}")]
async fn show<T>(value: T, prefix: &str) -> String
where
    T: Display,
{
    format!("{prefix}{value}")
}

#[timeline::lane("parse {text}")]
async fn parse(text: &str) -> Result<i32, std::num::ParseIntError> {
    let number: i32 = text.parse()?;
    Ok(number)
}

/// The result's type is known only from the signature.
#[timeline::lane("fallible")]
async fn fallible(fail: bool) -> io::Result<()> {
    if fail {
        Err(io::ErrorKind::NotFound)?;
    }
    Ok(())
}

#[timeline::lane("boxed")]
async fn boxed() -> Box<dyn Display> {
    Box::new(1)
}

#[timeline::lane("opaque")]
async fn opaque() -> impl Display {
    "opaque"
}

#[timeline::lane("never")]
async fn never() -> ! {
    std::future::pending().await
}

#[timeline::lane("by reference {text}")]
async fn by_reference(ref text: String, &number: &usize) -> usize {
    text.len() + number
}

#[timeline::lane("nothing")]
async fn nothing(_: u32) {}

#[timeline::lane("count {n}")]
async fn count_down(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    1 + Box::pin(count_down(n - 1)).await
}

struct Shop {
    name: String,
    sold: u32,
}

impl Shop {
    #[timeline::lane("sell {amount} at {}", self.name)]
    async fn sell(&mut self, amount: u32) -> u32 {
        sleep(ms(10)).await;
        self.sold += amount;
        self.sold
    }

    #[timeline::lane("close")]
    async fn close(mut self) -> Self {
        self.sold = 0;
        self
    }
}

trait Open {
    fn open(&self) -> impl Future<Output = u32>;
}

impl Open for Shop {
    #[timeline::lane("open")]
    async fn open(&self) -> u32 {
        self.sold
    }
}

#[test]
fn parameters_name_the_lane_and_results_are_returned() {
    let timeline = record(async || {
        assert_eq!(double(4).await, 8);
        assert_eq!(add((1, 2), [3, 4]).await, 7);
        assert_eq!(longest("ab", "c").await, "ab");
        assert_eq!(show(1, "#").await, "#1");
        assert_eq!(parse("17").await, Ok(17));
        assert!(parse("x").await.is_err());
        assert!(fallible(true).await.is_err());
        assert!(fallible(false).await.is_ok());
        assert_eq!(boxed().await.to_string(), "1");
        assert_eq!(opaque().await.to_string(), "opaque");
        assert_eq!(by_reference("four".to_owned(), &1).await, 5);
        nothing(1).await;
    });
    assert_eq!(
        names(&timeline)[..6],
        [
            "double   4",
            "add 1 and 2",
            "longest",
            "show 1",
            "parse 17",
            "parse x"
        ]
    );
}

#[test]
fn methods_borrow_and_consume_as_async_fns_do() {
    let timeline = record(async || {
        let mut shop = Shop {
            name: "corner".to_owned(),
            sold: 1,
        };
        assert_eq!(shop.sell(2).await, 3);
        assert_eq!(shop.open().await, 3);
        assert_eq!(shop.close().await.sold, 0);
    });
    assert_eq!(names(&timeline), ["sell 2 at corner", "open", "close"]);
}

#[test]
fn recursion_nests_lanes() {
    let timeline = record(async || assert_eq!(count_down(3).await, 3));
    let parents: Vec<_> = timeline.lanes.iter().map(|lane| lane.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(2)]);
}

#[test]
fn a_future_that_never_ends_can_have_a_lane() {
    let timeline = record(async || {
        tokio::select! {
            _ = never() => {}
            () = sleep(ms(5)) => {}
        }
    });
    assert_eq!(timeline.lanes[0].end, End::Dropped(ms(5)));
}

#[test]
fn the_future_is_send_when_its_parts_are() {
    fn assert_send<T: Send>(value: T) -> T {
        value
    }
    record(async || {
        tokio::spawn(double(2)).await.expect("it does not panic");
        drop(assert_send(count_down(1)));
        let boxed: Pin<Box<dyn Future<Output = u32> + Send>> = Box::pin(double(1));
        assert_eq!(boxed.await, 2);
    });
}

/// Adds its name to a shared list when it is dropped.
#[derive(Clone)]
struct RecordsDrop(&'static str, Rc<RefCell<Vec<&'static str>>>);

impl Drop for RecordsDrop {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

macro_rules! body {
    () => {{
        sleep(ms(1)).await;
        let _local = 1;
    }};
}

impl RecordsDrop {
    async fn plain(
        self,
        a: RecordsDrop,
        _: RecordsDrop,
        (b, _): (RecordsDrop, RecordsDrop),
        _unused: RecordsDrop,
    ) {
        let _late = RecordsDrop("local", Rc::clone(&a.1));
        let _b = &b;
        body!();
    }

    #[timeline::lane("laned")]
    async fn laned(
        self,
        a: RecordsDrop,
        _: RecordsDrop,
        (b, _): (RecordsDrop, RecordsDrop),
        _unused: RecordsDrop,
    ) {
        let _late = RecordsDrop("local", Rc::clone(&a.1));
        let _b = &b;
        body!();
    }
}

/// The order in which the parts of a future are dropped after `polls` polls.
fn drops<F: Future<Output = ()>>(
    polls: usize,
    make: impl FnOnce(RecordsDrop, [RecordsDrop; 5]) -> F,
) -> Vec<&'static str> {
    let list = Rc::default();
    let part = |name| RecordsDrop(name, Rc::clone(&list));
    let future = make(
        part("self"),
        ["a", "wild", "b", "in pattern", "unused"].map(part),
    );
    record(async || {
        let mut future = Box::pin(future);
        for _ in 0..polls {
            let _ = futures::poll!(future.as_mut());
            sleep(ms(1)).await;
        }
    });
    list.take()
}

#[test]
fn arguments_are_dropped_in_the_order_of_an_async_fn() {
    for polls in 0..=2 {
        let plain = drops(polls, |this, [a, w, b, p, u]| this.plain(a, w, (b, p), u));
        let laned = drops(polls, |this, [a, w, b, p, u]| this.laned(a, w, (b, p), u));
        assert_eq!(plain.len(), if polls == 0 { 6 } else { 7 });
        assert_eq!(plain, laned, "after {polls} polls");
    }
}

/// A parameter that is only in the lane's name is used. (A warning would be an error here.)
#[deny(unused_variables)]
mod only_in_the_name {
    #[timeline::lane("{name} {} {:?}", count + 1, pair)]
    pub async fn of_all(name: &str, count: u32, (_, pair): (u32, u32)) {}
}

#[test]
fn a_parameter_that_is_only_in_the_name_is_used() {
    drop(only_in_the_name::of_all("a", 1, (2, 3)));
}

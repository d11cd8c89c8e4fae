//! Fills and empties a `BoundedPriorityQueue`, and runs traffic through it in an order that a case decides.

use std::cell::{Cell, RefCell};

use super::*;
use exercises::queues::BoundedPriorityQueue;
use grading::Case;

/// The numbers of the jobs in the queue, in the order in which they are received.
pub(super) async fn receive_all(queue: &BoundedPriorityQueue) -> Vec<u32> {
    let mut received = Vec::new();
    while let Ok(Some(Job(number))) = timeout(ms(1), queue.recv()).await {
        received.push(number);
    }
    received
}

/// A full queue with jobs of these priorities and numbers.
pub(super) async fn filled(jobs: &[(u8, u32)]) -> BoundedPriorityQueue {
    let queue = BoundedPriorityQueue::new(jobs.len());
    for &(priority, number) in jobs {
        let _ = queue.send(priority, Job(number)).await;
    }
    queue
}

/// Calls `close` when the last of several senders has finished.
struct LastSenderCloses<'a> {
    queue: &'a BoundedPriorityQueue,
    senders: Cell<usize>,
}

impl<'a> LastSenderCloses<'a> {
    fn new(queue: &'a BoundedPriorityQueue, senders: usize) -> Self {
        let senders = Cell::new(senders);
        Self { queue, senders }
    }

    fn sender_finished(&self) {
        self.senders.set(self.senders.get() - 1);
        if self.senders.get() == 0 {
            self.queue.close();
        }
    }
}

/// Three senders and two receivers, each of which drops some of its calls. Returns the numbers of the jobs that were
/// sent, and of those that were received.
pub(super) async fn with_dropped_calls(case: &Case) -> (Vec<u32>, Vec<u32>) {
    let queue = &BoundedPriorityQueue::new(2);
    let (sent, received) = (&RefCell::new(Vec::new()), &RefCell::new(Vec::new()));
    let closing = &LastSenderCloses::new(queue, 3);
    let mut futures: Vec<BoxedFuture<'_>> = Vec::new();
    for sender in 0..3 {
        futures.push(Box::pin(async move {
            for n in 0..4 {
                let number = sender * 4 + n;
                let priority = case.below(3) as u8;
                case.turns().await;
                let call = queue.send(priority, Job(number));
                if case.drop_somewhere(call).await == Some(Ok(())) {
                    sent.borrow_mut().push(number);
                }
            }
            closing.sender_finished();
        }));
    }
    for _ in 0..2 {
        futures.push(Box::pin(async move {
            loop {
                sleep(ms(case.below(2))).await;
                match case.drop_somewhere(queue.recv()).await {
                    Some(Some(Job(number))) => received.borrow_mut().push(number),
                    Some(None) => return,
                    None => {}
                }
            }
        }));
    }
    case.join(futures).await;
    (sorted(&sent.borrow()), sorted(&received.borrow()))
}

/// What happened within a second.
pub(super) struct OneSlot {
    pub(super) received: usize,
    pub(super) waiting_senders: usize,
    pub(super) waiting_receivers: usize,
}

/// Four senders of three jobs each, and three receivers, on a queue that holds one job.
pub(super) async fn through_one_slot(case: &Case) -> OneSlot {
    let queue = &BoundedPriorityQueue::new(1);
    let (received, receivers) = (&Cell::new(0), &Cell::new(3));
    let closing = &LastSenderCloses::new(queue, 4);
    let mut futures: Vec<BoxedFuture<'_>> = Vec::new();
    for number in 0..4 {
        futures.push(Box::pin(async move {
            for _ in 0..3 {
                case.turns().await;
                let _ = queue.send(case.below(3) as u8, Job(number)).await;
            }
            closing.sender_finished();
        }));
    }
    for _ in 0..3 {
        futures.push(Box::pin(async move {
            while queue.recv().await.is_some() {
                received.set(received.get() + 1);
                case.turns().await;
            }
            receivers.set(receivers.get() - 1);
        }));
    }
    let _ = timeout(ms(1000), case.join(futures)).await;
    OneSlot {
        received: received.get(),
        waiting_senders: closing.senders.get(),
        waiting_receivers: receivers.get(),
    }
}

/// Ten senders and two receivers on a queue that holds three jobs. Returns the highest number of jobs that were in it.
pub(super) async fn peak_with_three_slots(case: &Case) -> usize {
    let queue = &BoundedPriorityQueue::new(3);
    let inside = &Gauge::new();
    let guards = &RefCell::new(Vec::new());
    let mut futures: Vec<BoxedFuture<'_>> = Vec::new();
    for number in 0..10 {
        futures.push(Box::pin(async move {
            case.turns().await;
            let _ = queue.send(case.below(3) as u8, Job(number)).await;
            guards.borrow_mut().push(inside.enter());
        }));
    }
    for _ in 0..2 {
        futures.push(Box::pin(async move {
            for _ in 0..5 {
                sleep(ms(10 + case.below(3))).await;
                let _ = queue.recv().await;
                guards.borrow_mut().pop();
            }
        }));
    }
    case.join(futures).await;
    inside.peak()
}

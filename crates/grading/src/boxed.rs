//! What `futures` and tokio have for a future of any type, for boxed futures: compiled once instead of for every future of a
//! grader.

use std::cell::RefCell;
use std::rc::Rc;

use futures::future::{BoxFuture, LocalBoxFuture};
use tokio::task::JoinHandle;

/// Awaits all futures together, and returns their outputs in order, as [`futures::future::join_all`] does.
///
/// The futures are boxed. Each call of `futures::future::join_all` has a type of its own, for which the compiler
/// generates some 2,500 lines of code. In the graders of the chapter on semaphores, that was a fifth of all code.
///
/// # Cancel safety
///
/// If the returned future is dropped, it drops the futures.
///
/// ```
/// use grading::join_all;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let outputs = join_all([1, 2, 3].map(async |number| number * 10)).await;
/// assert_eq!(outputs, [10, 20, 30]);
/// # }
/// ```
pub fn join_all<'a, F: Future<Output: 'a> + 'a>(
    futures: impl IntoIterator<Item = F>,
) -> impl Future<Output = Vec<F::Output>> {
    let outputs = Rc::new(RefCell::new(Vec::new()));
    let mut boxed: Vec<LocalBoxFuture<'a, ()>> = Vec::new();
    for future in futures {
        let (index, outputs) = (boxed.len(), Rc::clone(&outputs));
        outputs.borrow_mut().push(None);
        boxed.push(Box::pin(async move {
            let output = future.await;
            outputs.borrow_mut()[index] = Some(output);
        }));
    }
    let all = futures::future::join_all(boxed);
    async move {
        all.await;
        outputs.take().into_iter().flatten().collect()
    }
}

/// Spawns `future` on the current runtime, as [`tokio::spawn`] does.
///
/// # Panics
///
/// Outside a runtime.
///
/// # Cancel safety
///
/// The task runs on if its handle is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let task = grading::spawn(async { 7 });
/// assert_eq!(task.await.unwrap(), 7);
/// # }
/// ```
pub fn spawn<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    let boxed: BoxFuture<'static, T> = Box::pin(future);
    tokio::spawn(boxed)
}

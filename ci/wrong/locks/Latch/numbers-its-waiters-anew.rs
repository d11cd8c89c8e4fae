//! The number of a waiter is its place in the list, and those of the others change when one is dropped. Caught by `Latch::other_waiters_keep_their_wakers`, which says "of an earlier poll, is still stored".

pub struct Latch {
    st: Mutex<Option<Waiters>>,
}
struct Gone<'a>(&'a Latch, u64);
impl Drop for Gone<'_> {
    fn drop(&mut self) {
        if let Some(w) = &mut *self.0.st.lock().unwrap() {
            w.remove(self.1);
        }
    }
}
impl Latch {
    pub fn closed() -> Self {
        Self {
            st: Mutex::new(Some(Waiters::default())),
        }
    }
    pub fn open(&self) {
        let w = self.st.lock().unwrap().take();
        for w in w.map(|mut w| w.take_all()).unwrap_or_default() {
            w.wake();
        }
    }
    pub async fn wait(&self) {
        let mut gone: Option<Gone> = None;
        poll_fn(move |cx| {
            let mut st = self.st.lock().unwrap();
            let Some(w) = &mut *st else {
                return Poll::Ready(());
            };
            let id = gone.as_ref().map(|g| g.1).unwrap_or_else(|| {
                let n = w.take_all();
                let k = n.len() as u64 + 1;
                for (i, x) in n.iter().enumerate() {
                    w.set_waker(i as u64 + 1, x);
                }
                k
            });
            w.set_waker(id, cx.waker());
            drop(st);
            gone.get_or_insert_with(|| Gone(self, id));
            Poll::Pending
        })
        .await
    }
}

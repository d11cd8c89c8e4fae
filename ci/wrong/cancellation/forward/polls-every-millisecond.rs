//! Every millisecond it looks whether there is something to forward. Caught by `forward::waits_without_polling`, which says "looks whether something has changed".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut row = 0;
    loop {
        if output.is_closed() {
            return;
        }
        if let Ok(slot) = output.try_reserve() {
            let order = if row >= 3 {
                [false, true]
            } else {
                [true, false]
            };
            let mut got = None;
            for u in order {
                if got.is_none() {
                    got = (if u {
                        urgent.try_recv()
                    } else {
                        ordinary.try_recv()
                    })
                    .ok()
                    .map(|m| (m, u));
                }
            }
            match got {
                Some((m, u)) => {
                    slot.send(m);
                    row = if u { row + 1 } else { 0 };
                    continue;
                }
                None => {
                    if urgent.is_closed()
                        && ordinary.is_closed()
                        && urgent.is_empty()
                        && ordinary.is_empty()
                    {
                        return;
                    }
                }
            }
        }
        sleep(Duration::from_millis(1)).await;
    }
}

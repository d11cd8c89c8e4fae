//! After three urgent slips the count begins anew, also if no ordinary one was there; and an ordinary one that goes in its turn leaves it as it is. Caught by `forward::the_count_goes_on_and_begins_anew_with_an_ordinary_one`, which says "where an ordinary slip is taken, and nowhere else".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        let mut next = None;
        if in_a_row == 3 {
            in_a_row = 0;
            next = ordinary.try_recv().ok();
        }
        if next.is_none() {
            let slip = async {
                tokio::select! {
                    biased;
                    Some(slip) = urgent.recv() => {
                        in_a_row += 1;
                        Some(slip)
                    }
                    Some(slip) = ordinary.recv() => Some(slip),
                    else => None,
                }
            };
            next = tokio::select! {
                biased;
                () = onward.closed() => return,
                slip = slip => slip,
            };
        }
        match next {
            Some(slip) => place.send(slip),
            None => return,
        }
    }
}

//! The end of the other side is seen only when a slip has come. Caught by `forward::ends_when_nobody_receives`, which says "`onward.closed()` is a future, too".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        let Some(slip) = next_slip(urgent, ordinary, &mut in_a_row).await else {
            return;
        };
        place.send(slip);
    }
}

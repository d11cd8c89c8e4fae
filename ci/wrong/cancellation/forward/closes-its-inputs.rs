//! When the output is closed, it closes its inputs. Caught by `forward::returns_when_the_output_is_closed`, which says "closes its inputs".

pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! { biased;
            () = output.closed() => break,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message { Some(message) => slot.send(message), None => return },
        }
    }
    urgent.close();
    ordinary.close();
}

//! Holds one meter to the lamp all the time. Caught by `expose::may_go_to_another_thread`, which says "in scope at the `.await`".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    let meter = LightMeter::held_to(lamp);
    let before = meter.lux();
    sleep(time).await;
    (before, meter.lux())
}

//! Drops the meter before the wait, and leaves its variable in scope. Caught by `expose::may_go_to_another_thread`, which says "it is the scope that counts".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    let meter = LightMeter::held_to(lamp);
    let before = meter.lux();
    drop(meter);
    sleep(time).await;
    (before, LightMeter::held_to(lamp).lux())
}

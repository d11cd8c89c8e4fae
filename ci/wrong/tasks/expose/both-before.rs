//! Reads twice, and then waits. Caught by `expose::measures_before_and_after`, which says "at the same instant".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    let (before, after) = {
        let meter = LightMeter::held_to(lamp);
        (meter.lux(), meter.lux())
    };
    sleep(time).await;
    (before, after)
}

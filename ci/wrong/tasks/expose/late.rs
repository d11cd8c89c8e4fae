//! Waits before each reading. Caught by `expose::measures_before_and_after`, which says "the first reading is late".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    sleep(time).await;
    let before = LightMeter::held_to(lamp).lux();
    sleep(time).await;
    let after = LightMeter::held_to(lamp).lux();
    (before, after)
}

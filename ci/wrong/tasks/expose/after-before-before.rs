//! Returns the readings the wrong way round. Caught by `expose::measures_before_and_after`, which says "the wrong way round".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    let before = LightMeter::held_to(lamp).lux();
    sleep(time).await;
    (LightMeter::held_to(lamp).lux(), before)
}

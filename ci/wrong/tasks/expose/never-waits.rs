//! Does not wait, or not in a way that the loop knows of. Caught by `expose::takes_the_time_of_the_exposure`, which says "made and not awaited".

pub async fn expose(lamp: &Lamp, time: Duration) -> (u32, u32) {
    let before = LightMeter::held_to(lamp).lux();
    let _exposure = sleep(time);
    (before, LightMeter::held_to(lamp).lux())
}

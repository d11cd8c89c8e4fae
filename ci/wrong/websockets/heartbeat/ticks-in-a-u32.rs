//! The ticks that have passed are counted in a `u32`. Caught by `heartbeat::a_short_period_is_a_grid_too`, which says "does not fit into its type".

fn tick_after(now: Instant, tick: Instant, period: Duration) -> Instant {
    let passed = (now.duration_since(tick).as_nanos() / period.as_nanos()) as u32;
    tick + period * passed.wrapping_add(1)
}

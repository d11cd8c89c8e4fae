//! Takes the fastest way although a simpler one is within a tenth of it. Caught by `choose_concurrency::no_simpler_way_is_as_fast`, which says "the fastest way was chosen".

pub fn choose_concurrency(workload: Workload) -> Choice {
    let Workload {
        jobs,
        wait,
        compute,
    } = workload;
    let on = |cores: u32| wait + compute * jobs.div_ceil(cores);
    let mut ways = vec![
        (Choice::Sequential, (wait + compute) * jobs),
        (Choice::Async, on(1)),
        (Choice::AsyncWithThreads, on(4)),
    ];
    if jobs <= 1000 {
        ways.insert(2, (Choice::Threads, on(4)));
    }
    ways.into_iter()
        .min_by_key(|(_, time)| *time)
        .map_or(Choice::Sequential, |(choice, _)| choice)
}

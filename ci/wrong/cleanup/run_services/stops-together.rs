//! All services stop at the same time. Caught by `run_services::a_failed_start_stops_the_others`, which says "stopped at the same time".

pub async fn run_services<S: Service>(
    services: Vec<S>,
    shutdown: CancellationToken,
    stop_limit: Duration,
) -> Ended {
    let mut services = InReverse(services);
    let mut ended = Ended::default();
    let mut started = 0;
    for service in &mut services.0 {
        if shutdown.is_cancelled() {
            break;
        }
        if let Err(error) = service.start().await {
            ended.start_error = Some(error);
            break;
        }
        started += 1;
    }
    if ended.start_error.is_none() {
        shutdown.cancelled().await;
    }
    let stops = services
        .0
        .iter_mut()
        .take(started)
        .rev()
        .map(|service| timeout(stop_limit, service.stop()));
    let stopped = futures::future::join_all(stops).await;
    for (index, stopped) in (0..started).rev().zip(stopped) {
        match stopped {
            Ok(Ok(())) => {}
            Ok(Err(error)) => ended.stop_errors.push((index, StopError::Failed(error))),
            Err(_) => ended.stop_errors.push((index, StopError::TimedOut)),
        }
    }
    ended
}

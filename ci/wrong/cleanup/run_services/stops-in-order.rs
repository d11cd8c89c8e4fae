//! The services stop in the order in which they have started. Caught by `run_services::a_failed_start_stops_the_others`, which says "the last one to start is the first to stop".

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
    for (index, service) in services.0.iter_mut().take(started).enumerate() {
        match timeout(stop_limit, service.stop()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => ended.stop_errors.push((index, StopError::Failed(error))),
            Err(_) => ended.stop_errors.push((index, StopError::TimedOut)),
        }
    }
    ended
}

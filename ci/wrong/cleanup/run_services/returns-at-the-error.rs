//! An error of a start leaves the function, and nothing is stopped. Caught by `run_services::a_failed_start_stops_the_others`, which says "past the code that stops the services".

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
            return ended;
        }
        started += 1;
    }
    if ended.start_error.is_none() {
        shutdown.cancelled().await;
    }
    while let Some(mut service) = services.0.pop() {
        let index = services.0.len();
        if index >= started {
            continue;
        }
        match timeout(stop_limit, service.stop()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => ended.stop_errors.push((index, StopError::Failed(error))),
            Err(_) => ended.stop_errors.push((index, StopError::TimedOut)),
        }
    }
    ended
}

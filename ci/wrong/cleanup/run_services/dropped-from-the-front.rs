//! A `Vec` drops its elements from front to back. Caught by `run_services::drops_in_reverse_when_dropped`, which says "begins at the front".

pub async fn run_services<S: Service>(
    mut services: Vec<S>,
    shutdown: CancellationToken,
    stop_limit: Duration,
) -> Ended {
    let mut ended = Ended::default();
    let mut started = 0;
    for service in &mut services {
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
    while let Some(mut service) = services.pop() {
        let index = services.len();
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

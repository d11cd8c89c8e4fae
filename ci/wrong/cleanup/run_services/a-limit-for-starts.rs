//! A start has a limit, too. Caught by `run_services::a_shutdown_during_the_start`, which says "a start has a limit".

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
        match timeout(stop_limit.max(Duration::from_secs(30)), service.start()).await {
            Ok(Ok(())) => started += 1,
            Ok(Err(error)) => {
                ended.start_error = Some(error);
                break;
            }
            Err(_) => {
                ended.start_error = Some("too slow".to_owned());
                break;
            }
        }
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

//! A shutdown drops the start in progress. Caught by `run_services::a_shutdown_during_the_start`, which says "the start in progress is dropped".

pub async fn run_services<S: Service>(
    services: Vec<S>,
    shutdown: CancellationToken,
    stop_limit: Duration,
) -> Ended {
    let mut services = InReverse(services);
    let mut ended = Ended::default();
    let mut started = 0;
    for service in &mut services.0 {
        let result = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            result = service.start() => result,
        };
        if let Err(error) = result {
            ended.start_error = Some(error);
            break;
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

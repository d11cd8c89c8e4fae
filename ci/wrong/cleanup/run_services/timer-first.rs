//! At the limit, the timer wins over a stop that is ready. Caught by `run_services::each_stop_has_a_limit_of_its_own`, which says "exactly at its limit is in time".

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
    while let Some(mut service) = services.0.pop() {
        let index = services.0.len();
        if index >= started {
            continue;
        }
        tokio::select! {
            biased;
            () = tokio::time::sleep(stop_limit) => ended.stop_errors.push((index, StopError::TimedOut)),
            stopped = service.stop() => {
                if let Err(error) = stopped {
                    ended.stop_errors.push((index, StopError::Failed(error)));
                }
            }
        }
    }
    ended
}

//! Adds the limit to an instant, which overflows if it is very long. Caught by `run_services::runs_any_services`, which says "overflow when adding duration to instant".

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
        let error =
            match tokio::time::timeout_at(tokio::time::Instant::now() + stop_limit, service.stop())
                .await
            {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => StopError::Failed(error),
                Err(_elapsed) => StopError::TimedOut,
            };
        ended.stop_errors.push((index, error));
    }
    ended
}

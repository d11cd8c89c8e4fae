//! The futures of stops that take too long are dropped at the end. Caught by `run_services::each_stop_has_a_limit_of_its_own`, which says "should be followed by".

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
    let mut hanging = Vec::new();
    for (index, service) in services.0[..started].iter_mut().enumerate().rev() {
        let mut stop = Box::pin(service.stop());
        match timeout(stop_limit, &mut stop).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => ended.stop_errors.push((index, StopError::Failed(error))),
            Err(_) => {
                hanging.push(stop);
                ended.stop_errors.push((index, StopError::TimedOut));
            }
        }
    }
    drop(hanging);
    ended
}

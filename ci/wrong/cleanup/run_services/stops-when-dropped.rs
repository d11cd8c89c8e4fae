//! A destructor polls `stop` of the services. Caught by `run_services::drops_in_reverse_when_dropped`, which says "a destructor calls `stop`".

use futures::FutureExt;

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
        let error = match timeout(stop_limit, service.stop()).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => StopError::Failed(error),
            Err(_elapsed) => StopError::TimedOut,
        };
        ended.stop_errors.push((index, error));
    }
    ended
}

struct InReverse<S: Service>(Vec<S>);

impl<S: Service> Drop for InReverse<S> {
    fn drop(&mut self) {
        while let Some(mut service) = self.0.pop() {
            let _ = service.stop().now_or_never();
        }
    }
}

//! The stream is in a `ManuallyDrop`, which only the end of the function drops. Caught by `read_body::drops_the_stream_when_it_is_dropped`, which says "the stream should be dropped, too".

pub async fn read_body<S, E>(
    body: S,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, BodyError<E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let mut body = std::mem::ManuallyDrop::new(Box::pin(body));
    let result = read_all(&mut *body, declared, limit).await;
    drop(std::mem::ManuallyDrop::into_inner(body));
    result
}

async fn read_all<S, E>(
    mut body: S,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, BodyError<E>>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let exceeds_limit = |length: u64| length > limit as u64;
    if declared.is_some_and(exceeds_limit) {
        return Err(BodyError::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(BodyError::Read)?;
        let length = bytes.len() as u64 + chunk.len() as u64;
        if exceeds_limit(length) {
            return Err(BodyError::TooLarge);
        }
        if declared.is_some_and(|declared| length > declared) {
            return Err(BodyError::WrongLength);
        }
        bytes.extend_from_slice(&chunk);
        consume_budget().await;
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

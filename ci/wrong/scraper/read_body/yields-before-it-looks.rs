//! Other tasks run between a chunk and the look at it. Caught by `read_body::stops_at_the_limit`, which says "between a chunk and the look at it".

pub async fn read_body<S, E>(
    body: S,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, BodyError<E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let exceeds_limit = |length: u64| length > limit as u64;
    if declared.is_some_and(exceeds_limit) {
        return Err(BodyError::TooLarge);
    }
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        consume_budget().await;
        let chunk = chunk.map_err(BodyError::Read)?;
        let length = bytes.len() as u64 + chunk.len() as u64;
        if exceeds_limit(length) {
            return Err(BodyError::TooLarge);
        }
        if declared.is_some_and(|declared| length > declared) {
            return Err(BodyError::WrongLength);
        }
        bytes.extend_from_slice(&chunk);
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

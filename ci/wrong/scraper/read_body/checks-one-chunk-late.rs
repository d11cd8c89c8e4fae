//! The size is compared with the limit before the chunk is added. Caught by `read_body::stops_at_the_limit`, which says "before a chunk is added and not after it".

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
        let chunk = chunk.map_err(BodyError::Read)?;
        if exceeds_limit(bytes.len() as u64) {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
        if declared.is_some_and(|declared| bytes.len() as u64 > declared) {
            return Err(BodyError::WrongLength);
        }
        consume_budget().await;
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

//! A chunk that exceeds both limits has the wrong length. Caught by `read_body::stops_at_the_limit`, which says "is compared with the declared length first".

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
        let length = bytes.len() as u64 + chunk.len() as u64;
        if declared.is_some_and(|declared| length > declared) {
            return Err(BodyError::WrongLength);
        }
        if exceeds_limit(length) {
            return Err(BodyError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
        consume_budget().await;
    }
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

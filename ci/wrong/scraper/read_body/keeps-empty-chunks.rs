//! Chunks without bytes are kept until the end. Caught by `read_body::lets_other_tasks_run`, which says "fill the memory".

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
    let mut chunks = Vec::new();
    let mut length = 0_u64;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(BodyError::Read)?;
        length += chunk.len() as u64;
        if exceeds_limit(length) {
            return Err(BodyError::TooLarge);
        }
        if declared.is_some_and(|declared| length > declared) {
            return Err(BodyError::WrongLength);
        }
        chunks.push(chunk);
        consume_budget().await;
    }
    let bytes = chunks.concat();
    match declared {
        Some(declared) if declared != bytes.len() as u64 => Err(BodyError::WrongLength),
        _ => Ok(bytes),
    }
}

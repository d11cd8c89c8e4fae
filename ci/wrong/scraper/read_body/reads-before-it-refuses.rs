//! The declared length is compared with the limit when the first chunk is there. Caught by `read_body::refuses_a_declared_length_above_the_limit`, which says "not looked at before the body is read".

pub async fn read_body<S, E>(
    body: S,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, BodyError<E>>
where
    S: Stream<Item = Result<Bytes, E>>,
{
    let exceeds_limit = |length: u64| length > limit as u64;
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(BodyError::Read)?;
        if declared.is_some_and(exceeds_limit) {
            return Err(BodyError::TooLarge);
        }
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

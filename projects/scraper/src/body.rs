use futures::{Stream, TryStreamExt};
use std::pin::pin;
use tokio_util::bytes::Bytes;

/// A body is longer than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is longer than {limit} bytes")]
pub struct TooLarge {
    /// The limit.
    pub limit: usize,
}

/// Reads a body into memory, up to `limit` bytes.
///
/// If `declared`, its `Content-Length`, is larger than the limit, nothing is read. The header may be missing or too small, so
/// the bytes are counted as well: reading stops at the first chunk that exceeds the limit, and that chunk is not kept.
///
/// # Errors
///
/// [`TooLarge`], or the first error of the stream. What was read is lost.
///
/// # Cancel safety
///
/// Not cancel safe: the stream and what was read are dropped, which closes the connection.
pub async fn read_body<E: From<TooLarge>>(
    body: impl Stream<Item = Result<Bytes, E>>,
    declared: Option<u64>,
    limit: usize,
) -> Result<Vec<u8>, E> {
    let too_large = TooLarge { limit };
    if declared.is_some_and(|declared| declared > limit as u64) {
        return Err(too_large.into());
    }
    let mut body = pin!(body);
    let mut read = Vec::new();
    while let Some(chunk) = body.try_next().await? {
        if chunk.len() > limit - read.len() {
            return Err(too_large.into());
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;

    async fn read(chunks: &[&'static str], declared: Option<u64>) -> Result<Vec<u8>, TooLarge> {
        let chunks = chunks
            .iter()
            .map(|chunk| Ok(Bytes::from_static(chunk.as_bytes())));
        read_body(stream::iter(chunks), declared, 6).await
    }

    #[tokio::test]
    async fn keeps_a_body_that_reaches_the_limit() {
        assert_eq!(read(&["abc", "def"], None).await.unwrap(), b"abcdef");
    }

    #[tokio::test]
    async fn refuses_one_byte_more() {
        assert_eq!(
            read(&["abc", "defg"], None).await,
            Err(TooLarge { limit: 6 })
        );
    }

    #[tokio::test]
    async fn refuses_a_declared_length_without_reading() {
        let body = stream::once(async { panic!("the body was read") });
        assert_eq!(
            read_body(body, Some(7), 6).await,
            Err(TooLarge { limit: 6 })
        );
    }

    #[tokio::test]
    async fn counts_the_bytes_if_the_declared_length_is_too_small() {
        assert_eq!(
            read(&["abcdefg"], Some(1)).await,
            Err(TooLarge { limit: 6 })
        );
    }

    #[tokio::test]
    async fn stops_reading_a_body_without_an_end() {
        let body = stream::repeat_with(|| Ok(Bytes::from_static(b"ab")));
        assert_eq!(
            read_body(body, None, 1_000).await,
            Err(TooLarge { limit: 1_000 })
        );
    }
}

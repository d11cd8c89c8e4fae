//! Ends each of its inputs without a `\n`, or does not read it up to `None`. Caught by `test_line_reader::fails_programs_that_break_it`, which says "returns an empty line at the end".

pub async fn test_line_reader<L: LineReader>(open: impl Fn(Input) -> L) {
    // The same lines, in single bytes and in one piece.
    let text = "first\r\n\n  über\r \nold\rmac\r\r\nlast";
    let lines = ["first", "", "  über\r ", "old\rmac\r", "last"];
    for size in [1, text.len()] {
        let mut script = Builder::new();
        for piece in text.as_bytes().chunks(size) {
            script.read(piece);
        }
        let mut reader = open(Box::new(script.build()));
        for line in lines {
            assert_line(&mut reader, Some(line)).await;
        }
        for _ in 0..2 {
            assert_line(&mut reader, None).await;
        }
    }

    // A line may have any length.
    let long = "x".repeat(2_000);
    let input = io::Cursor::new(long.clone());
    let mut reader = open(Box::new(input));
    assert_line(&mut reader, Some(&long)).await;
    assert_line(&mut reader, None).await;

    // A line does not wait for what comes after it, and a dropped call loses nothing.
    let script = Builder::new()
        .read(b"one\n")
        .wait(ms(100))
        .read(b"tw")
        .wait(ms(100))
        .read(b"o\n")
        .build();
    let mut reader = open(Box::new(script));
    let start = Instant::now();
    assert_line(&mut reader, Some("one")).await;
    assert_eq!(start.elapsed(), ms(0));
    assert!(timeout(ms(150), reader.next_line()).await.is_err());
    assert_line(&mut reader, Some("two")).await;

    // An error is passed on, after the lines before it.
    let broken = io::ErrorKind::ConnectionReset;
    let script = Builder::new()
        .read(b"one\ntwo\nthr")
        .read_error(broken.into())
        .build();
    let mut reader = open(Box::new(script));
    assert_line(&mut reader, Some("one")).await;
    assert_line(&mut reader, Some("two")).await;
    let failed = timeout(LIMIT, reader.next_line()).await;
    let error = failed.expect("it should return").expect_err("an error");
    assert_eq!(error.kind(), broken);
}

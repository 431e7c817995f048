//! A connection that gives up when nothing of what is sent is taken for too long, or so little that it never ends.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// How many bytes of what waits to be sent must be taken in a second, after the time for which nothing need be taken:
/// fewer than the slowest phone takes.
const A_SECOND: u32 = 4 * 1024;

/// Reads and writes as what it wraps, but a write that can't go on for so long is an error.
#[derive(Debug)]
pub(super) struct Paced<S> {
    stream: S,
    unread: Duration,
    /// Until when something must be taken, while nothing is.
    waiting: Option<Pin<Box<Sleep>>>,
    /// Since when whoever reads is behind what is sent, if so, and how many bytes were taken since.
    behind: Option<(Instant, u64)>,
}

impl<S> Paced<S> {
    pub(super) const fn new(stream: S, unread: Duration) -> Self {
        Self { stream, unread, waiting: None, behind: None }
    }

    /// What became of a write: while it waits, the clock runs.
    fn after(&mut self, done: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = done {
            self.waiting = None;
            if let (Ok(bytes), Some((_, taken))) = (&written, &mut self.behind) {
                *taken = taken.saturating_add(u64::try_from(*bytes).unwrap_or(u64::MAX));
            }
            return Poll::Ready(written);
        }
        let now = Instant::now();
        let (since, taken) = *self.behind.get_or_insert((now, 0));
        let paid = Duration::from_secs(1).saturating_mul(u32::try_from(taken).unwrap_or(u32::MAX)) / A_SECOND;
        let until = (now + self.unread).min(since + self.unread + paid);
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.after(done, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.after(done, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for when nothing waits any more here: whoever reads is no longer behind.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.behind = None;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes now and then.
    struct Reader(usize, Option<Pin<Box<Sleep>>>);

    impl AsyncWrite for Reader {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let pause = || Box::pin(tokio::time::sleep(Duration::from_millis(5)));
            ready!(self.1.get_or_insert_with(pause).as_mut().poll(cx));
            self.1 = None;
            Poll::Ready(Ok(bytes.len().min(self.0)))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// What comes of ten thousand bytes for a reader who takes so many at once, of which none need be taken for
    /// so long.
    async fn sent(at_once: usize, unread: Duration) -> io::Result<()> {
        let mut paced = Paced::new(Reader(at_once, None), unread);
        let mut left = vec![b'x'; 10_000];
        while !left.is_empty() {
            let taken = std::future::poll_fn(|cx| Pin::new(&mut paced).poll_write(cx, &left)).await?;
            left.truncate(left.len() - taken);
        }
        Ok(())
    }

    #[tokio::test]
    async fn whoever_takes_a_byte_now_and_then_is_let_go_and_whoever_takes_enough_is_not() {
        let ended = sent(1, Duration::from_millis(500)).await.expect_err("let go");
        assert_eq!(ended.kind(), io::ErrorKind::TimedOut);
        sent(2_000, Duration::from_secs(10)).await.expect("everything is taken");
    }
}

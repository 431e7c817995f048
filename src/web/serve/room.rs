//! Who is let in: as many connections as there is room for, whatever the system says while accepting.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// How many connections there may be at once at most: each may hold up to 64 KiB of what it sent.
pub const MOST: usize = 4_096;

/// How many open files are kept for everything that is no connection: the database, the logs, what listens.
const OTHERS: usize = 100;

/// However few files may be open, so many connections are let in.
const FEWEST: usize = 8;

/// How long to wait before trying again what could not be done for want of something.
const PAUSE: Duration = Duration::from_millis(100);

/// Where connections come in.
pub(super) struct Door {
    listener: TcpListener,
    inside: Inside,
    /// Told when there is no room: who is idle may go.
    crowd: Arc<Notify>,
    troubled: bool,
    full: bool,
}

/// The connections that are open.
pub(super) struct Inside {
    places: Arc<Semaphore>,
    most: usize,
}

impl Inside {
    /// Waits until the last one has ended.
    pub(super) async fn all_gone(&self) {
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        drop(self.places.acquire_many(all).await);
    }
}

impl Door {
    pub(super) fn new(listener: TcpListener, most: Option<usize>, crowd: Arc<Notify>) -> Self {
        let most = most.unwrap_or_else(most_connections);
        let inside = Inside { places: Arc::new(Semaphore::new(most)), most };
        Self { listener, inside, crowd, troubled: false, full: false }
    }

    /// The next connection, once there is room for it. Until then it waits outside.
    pub(super) async fn next(&mut self) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        let place = self.place().await;
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    self.troubled = false;
                    return (stream, address, place);
                }
                Err(cause) if is_over(&cause) => {}
                Err(cause) => {
                    if !self.troubled {
                        tracing::error!(%cause, "nobody new can be let in for the moment");
                    }
                    self.troubled = true;
                    self.crowd.notify_waiters();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn place(&mut self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(place) = Arc::clone(&self.inside.places).try_acquire_owned() {
                self.full = false;
                return place;
            }
            if !self.full {
                tracing::warn!(connections = self.inside.most, "no room for another connection: it waits");
            }
            self.full = true;
            self.crowd.notify_waiters();
            let waiting = Arc::clone(&self.inside.places).acquire_owned();
            if let Ok(Ok(place)) = tokio::time::timeout(PAUSE, waiting).await {
                return place;
            }
        }
    }

    /// Lets nobody in any more.
    pub(super) fn close(self) -> Inside {
        self.inside
    }
}

/// Whether this error belongs to a connection that was over before it was let in.
fn is_over(cause: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(cause.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many connections there is room for.
fn most_connections() -> usize {
    match open_files() {
        Some(files) => files.saturating_sub(OTHERS).clamp(FEWEST, MOST),
        None => MOST,
    }
}

/// How many files may be open, after asking for as many as are needed. None: as many as one likes.
#[cfg(unix)]
fn open_files() -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let needed = u64::try_from(MOST + OTHERS).unwrap_or(u64::MAX);
    let wanted = limit.maximum.map_or(needed, |most| most.min(needed));
    if limit.current.is_some_and(|now| now < wanted) {
        let more = Rlimit { current: Some(wanted), maximum: limit.maximum };
        if let Err(cause) = setrlimit(Resource::Nofile, more) {
            tracing::warn!(%cause, "no more files may be open than before");
        }
    }
    let now = getrlimit(Resource::Nofile).current?;
    Some(usize::try_from(now).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
const fn open_files() -> Option<usize> {
    None
}

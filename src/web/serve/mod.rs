//! Listening, answering, and stopping without cutting anyone off. Whoever is too slow is let go, so that there is room
//! for everybody else.

mod connection;
mod paced;
mod room;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Notify, watch};

use room::Door;
pub use room::MOST;

/// How slow a connection may be, and how many there may be at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request's head may take to arrive, from the first moment or from the end of the answer before: so
    /// also how long a connection may be silent.
    pub head: Duration,
    /// How long a request's body may take to arrive, if it is short. A long one has a second more for every 64 KiB.
    pub body: Duration,
    /// How long whoever asked may take nothing of the answer. After so long behind what is sent, she must have taken 4
    /// KiB of it a second.
    pub unread: Duration,
    /// How many connections there may be at once. None: [`MOST`], or as many as the system's limit of open files
    /// leaves room for.
    pub connections: Option<usize>,
    /// How long requests under way may take to end after the program is asked to stop.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(5),
            body: Duration::from_secs(10),
            unread: Duration::from_secs(10),
            connections: None,
            patience: Duration::from_secs(20),
        }
    }
}

/// How many connections may wait to be let in.
const WAITING: u32 = 1_024;

/// How much of what is sent may wait in the system for whoever reads slowly, in bytes, of each connection; the system
/// takes twice as much for what it notes beside. Left alone it lets some megabytes wait, and pages without end are made
/// for those who never read them.
const UNREAD: u32 = 64 * 1024;

/// Listens on this address and port. Needs the runtime, whose listener it is.
pub fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A port is free again at once after the program has ended. Elsewhere this would let two programs have it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Connections have it from where they come in.
    socket.set_send_buffer_size(UNREAD)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Why the address of this flag can't be had, and what to do about it.
#[must_use]
pub fn in_plain_words(cause: &std::io::Error, flag: &str, address: SocketAddr) -> anyhow::Error {
    match cause.kind() {
        std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {} is taken by another program (maybe this one is running already). Stop that program, or choose \
             another port: warmly {flag} {}:{}",
            address.port(),
            address.ip(),
            address.port().checked_add(1).unwrap_or(3000)
        ),
        std::io::ErrorKind::PermissionDenied => anyhow::anyhow!(
            "this user may not listen on port {}. Choose a port above 1023: warmly {flag} {}:3000",
            address.port(),
            address.ip()
        ),
        _ => anyhow::anyhow!("can’t listen on {address}: {cause}"),
    }
}

/// Answers until `asked` is over, then lets what is under way end.
pub async fn until(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    asked: impl Future<Output = ()> + Send,
) {
    let crowd = Arc::new(Notify::new());
    let mut door = Door::new(listener, limits.connections, Arc::clone(&crowd));
    let (stop, stopping) = watch::channel(false);
    let mut asked = std::pin::pin!(asked);
    loop {
        let (stream, address, place) = tokio::select! {
            () = &mut asked => break,
            next = door.next() => next,
        };
        let (router, stopping, crowd) = (router.clone(), stopping.clone(), Arc::clone(&crowd));
        tokio::spawn(async move {
            connection::answer((stream, address), router, limits, stopping, crowd).await;
            drop(place);
        });
    }
    // Nobody new is let in; who is inside learns that this answer is the last one here.
    let inside = door.close();
    let _nobody = stop.send(true);
    if tokio::time::timeout(limits.patience, inside.all_gone()).await.is_err() {
        tracing::warn!("some connections did not end in time and were closed");
    }
}

/// Ends once the program is asked to stop, by Ctrl-C or a termination signal. On Unix it is heard from the
/// call on, not from the first wait: whoever says after it that she serves ends well also for somebody who is quick. Needs the runtime.
pub fn asked_to_stop() -> std::io::Result<impl Future<Output = ()> + Send> {
    #[cfg(unix)]
    let heard = {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        }
    };
    #[cfg(not(unix))]
    let heard = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    Ok(async {
        heard.await;
        tracing::info!("stopping: answering what is under way");
    })
}

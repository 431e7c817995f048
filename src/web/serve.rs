//! Listening, answering, and stopping without cutting anyone off.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

/// How long requests under way may take to end after the program is asked to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers until the program is asked to stop (Ctrl-C or a termination signal), then lets what is under way end.
pub async fn until_asked_to_stop(listener: TcpListener, router: Router) -> std::io::Result<()> {
    let (asked, was_asked) = tokio::sync::oneshot::channel::<()>();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop_signal().await;
        tracing::info!("stopping: answering what is under way");
        drop(asked);
    });
    tokio::select! {
        done = serving => done,
        () = async { let _ = was_asked.await; tokio::time::sleep(PATIENCE).await } => {
            tracing::warn!("some connections did not end in time and were closed");
            Ok(())
        }
    }
}

async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

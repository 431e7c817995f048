//! The command line of Warmly, no.

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;
use warmly::config::{Cli, Command, Config, LogFormat};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Check { files }) => check(&files),
        None => serve(cli.config).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("Warmly, no can’t start: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn check(files: &[std::path::PathBuf]) -> anyhow::Result<ExitCode> {
    let names = warmly::scenario::drawing::portrait::NAMES;
    let fine = warmly::scenario::cmd::check_files(files, names, &mut std::io::stdout().lock())?;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let level = config.log_level.as_str();
    let is_level = matches!(level, "off" | "error" | "warn" | "info" | "debug" | "trace");
    anyhow::ensure!(
        is_level || level.contains('='),
        "--log-level {level}: choose error, warn, info or debug"
    );
    // That layer would log whole addresses.
    let quiet = "tower_http::csrf=off".parse()?;
    let filter = EnvFilter::try_new(level)
        .map(|filter| filter.add_directive(quiet))
        .map_err(|error| anyhow::anyhow!("--log-level {level}: {error}"))?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => logs.init(),
        LogFormat::Json => logs.json().init(),
    }
    warmly::app::serve(config).await?;
    Ok(ExitCode::SUCCESS)
}

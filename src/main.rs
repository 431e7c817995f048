//! The command line of Warmly, no.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;
use warmly::config::{Cli, Command, Config, LogFormat};
use warmly::operate::bulk::Size;
use warmly::operate::keep::How;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let failed = cli.command.as_ref().map_or("Warmly, no can’t start", Command::failed);
    let done = match cli.command {
        Some(Command::Backup { file }) => backup(&cli.config, &file).await,
        Some(Command::Restore { file }) => restore(&cli.config, &file).await,
        Some(Command::Check { tallies: true, mend, .. }) => check_tallies(cli.config, mend).await,
        Some(Command::Check { files, .. }) if files.is_empty() => check_database(&cli.config).await,
        Some(Command::Check { files, .. }) => check(&files),
        Some(Command::Keep { dry_run: true, .. }) => keep(cli.config, How::Look).await,
        Some(Command::Keep { clock_is_right: true, .. }) => keep(cli.config, How::ClockIsRight).await,
        Some(Command::Keep { .. }) => keep(cli.config, How::LetGo).await,
        Some(Command::RemoveSecondStep { email }) => remove_second_step(cli.config, &email).await,
        Some(Command::Demo { seed }) => demo(cli.config, seed).await,
        Some(Command::Simulate { nurses, responses, seed }) => {
            simulate(cli.config, Size { nurses, responses, seed }).await
        }
        None => serve(cli.config).await,
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{failed}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn backup(config: &Config, file: &std::path::Path) -> anyhow::Result<ExitCode> {
    log(config)?;
    Ok(code(warmly::operate::backup::run(config, file, &mut std::io::stdout()).await?))
}

async fn restore(config: &Config, file: &std::path::Path) -> anyhow::Result<ExitCode> {
    log(config)?;
    let clock = warmly::clock::Clock::real();
    Ok(code(warmly::operate::restore::run(config, file, &clock, &mut std::io::stdout()).await?))
}

async fn check_database(config: &Config) -> anyhow::Result<ExitCode> {
    log(config)?;
    Ok(code(warmly::operate::check::run(config, &mut std::io::stdout()).await?))
}

const fn code(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(files: &[std::path::PathBuf]) -> anyhow::Result<ExitCode> {
    let names = warmly::scenario::drawing::portrait::NAMES;
    let fine = warmly::scenario::cmd::check_files(files, names, &mut std::io::stdout().lock())?;
    Ok(code(fine))
}

async fn check_tallies(config: Config, mend: bool) -> anyhow::Result<ExitCode> {
    log(&config)?;
    let fine = warmly::operate::tallies::run(&config, mend, &mut std::io::stdout()).await?;
    Ok(code(fine))
}

async fn keep(config: Config, how: How) -> anyhow::Result<ExitCode> {
    log(&config)?;
    warmly::operate::keep::run(&config, how, &mut std::io::stdout()).await?;
    Ok(ExitCode::SUCCESS)
}

async fn remove_second_step(config: Config, email: &str) -> anyhow::Result<ExitCode> {
    log(&config)?;
    let removed = warmly::operate::second_step::run(&config, email, &mut std::io::stdout()).await?;
    Ok(if removed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    log(&config)?;
    warmly::app::serve(config).await?;
    Ok(ExitCode::SUCCESS)
}

async fn demo(config: Config, seed: u64) -> anyhow::Result<ExitCode> {
    log(&config)?;
    warmly::operate::demo::run(config, seed).await?;
    Ok(ExitCode::SUCCESS)
}

async fn simulate(config: Config, size: Size) -> anyhow::Result<ExitCode> {
    log(&config)?;
    let done = warmly::operate::bulk::run(config, size).await?;
    writeln!(std::io::stdout(), "{done}")?;
    Ok(ExitCode::SUCCESS)
}

fn log(config: &Config) -> anyhow::Result<()> {
    let level = config.log_level.as_str();
    let is_level = matches!(level, "off" | "error" | "warn" | "info" | "debug" | "trace");
    anyhow::ensure!(
        is_level || level.contains('='),
        "--log-level {level}: choose error, warn, info or debug"
    );
    let filter: Targets = level.parse().map_err(|error| anyhow::anyhow!("--log-level {level}: {error}"))?;
    // That layer would log whole addresses.
    let filter = filter.with_target("tower_http::csrf", LevelFilter::OFF);
    // Where nothing can be logged, the disk being full, that must not end what is under way.
    let logs = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let all = tracing_subscriber::registry().with(filter);
    match config.log_format {
        LogFormat::Text => all.with(logs.with_ansi(std::io::stderr().is_terminal())).init(),
        LogFormat::Json => all.with(logs.json()).init(),
    }
    Ok(())
}

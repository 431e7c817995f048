//! Every setting: its flag, its environment variable, its default.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Warmly, no: practice declining personal contact with patients, kindly and completely.
///
/// Without a command it serves the app and prints where to go.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 96)]
pub struct Cli {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The settings of the server.
    #[command(flatten)]
    pub config: Config,
}

/// What the binary can do besides serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Copy the database to a file, also while the app serves, and check the copy (SQLite)
    Backup {
        /// The file to make; one that is there is never overwritten
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Put a backup where the database is, and keep what was there; the app must be stopped (SQLite)
    Restore {
        /// A file that `warmly backup` or --backup-dir made
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Check the configured database, also while the app serves; or check scenario files
    ///
    /// Without files: whether the database is sound, its tallies say what its records say, local words are filled in
    /// and every stored scenario can be read. With files: what stands in the way of publishing them.
    Check {
        /// Scenario files (TOML)
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Count every seat of the configured database again and compare with the tallies that reports are made of
        #[arg(long, conflicts_with = "files")]
        tallies: bool,
        /// Rewrite the tallies that differ
        #[arg(long, requires = "tallies")]
        mend: bool,
    },
    /// Let go what was kept long enough, as the server does once a day
    Keep {
        /// Only say what would go
        #[arg(long)]
        dry_run: bool,
        /// Believe the clock of this machine, although it moved by more than a week
        #[arg(long, conflicts_with = "dry_run")]
        clock_is_right: bool,
    },
    /// Try it out: serve a throw-away installation with two cohorts of simulated nurses
    Demo {
        /// What chance begins with: the same number gives the same nurses and answers
        #[arg(long, default_value_t = 7, value_name = "NUMBER")]
        seed: u64,
    },
    /// Remove the second step of somebody who has lost phone and recovery codes, where no administrator can
    RemoveSecondStep {
        /// The address that person signs in with
        #[arg(value_name = "E-MAIL")]
        email: String,
    },
    /// Add large simulated data to the configured database, to measure with
    #[command(hide = true)]
    Simulate {
        /// How many nurses
        #[arg(long, default_value_t = 200, value_name = "NUMBER")]
        nurses: usize,
        /// At least how many responses
        #[arg(long, default_value_t = 10_000, value_name = "NUMBER")]
        responses: usize,
        /// What chance begins with
        #[arg(long, default_value_t = 7, value_name = "NUMBER")]
        seed: u64,
    },
}

impl Command {
    /// What to say in front of the reason where it could not be done.
    #[must_use]
    pub const fn failed(&self) -> &'static str {
        match self {
            Self::Keep { .. } => "Nothing was let go",
            Self::Backup { .. } => "No backup was made",
            Self::Restore { .. } => "Nothing was restored",
            Self::Check { .. } => "The check can’t be made",
            Self::RemoveSecondStep { .. } => "No second step was removed",
            Self::Demo { .. } | Self::Simulate { .. } => "Warmly, no can’t start",
        }
    }
}

/// The settings of the server.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port to listen on
    #[arg(
        long,
        global = true,
        env = "WARMLY_ADDRESS",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS:PORT"
    )]
    pub address: SocketAddr,

    /// Folder for the data; made when it is missing
    #[arg(long, global = true, env = "WARMLY_DATA_DIR", default_value = "./data", value_name = "FOLDER")]
    pub data_dir: PathBuf,

    /// Database to use instead of a file in the data folder: postgres://… or sqlite:…
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// Address people type in their browser, when a proxy stands in front: <https://practice.example.org>
    #[arg(long, global = true, env = "WARMLY_PUBLIC_URL", value_name = "URL", value_parser = origin)]
    pub public_url: Option<String>,

    /// Folder with more scenarios (TOML), published at start-up beside the built-in ones
    #[arg(long, env = "WARMLY_SCENARIOS", value_name = "FOLDER")]
    pub scenarios: Option<PathBuf>,

    /// Believe the last address in X-Forwarded-For: only behind a proxy that sets it
    #[arg(long, env = "WARMLY_TRUSTED_PROXY")]
    pub trusted_proxy: bool,

    /// Address and port for numbers about the running app (Prometheus); off unless given. Not for the open internet
    #[arg(long, env = "WARMLY_METRICS_ADDRESS", value_name = "ADDRESS:PORT")]
    pub metrics_address: Option<SocketAddr>,

    /// Folder for backups that are made by themselves (SQLite); off unless given. Of the older ones some stay: all of a
    /// day, one a day for 14 days, one a week for 8 weeks
    #[arg(long, env = "WARMLY_BACKUP_DIR", value_name = "FOLDER")]
    pub backup_dir: Option<PathBuf>,

    /// How many hours lie between them
    #[arg(
        long,
        env = "WARMLY_BACKUP_EVERY",
        default_value_t = 1,
        value_name = "HOURS",
        value_parser = clap::value_parser!(u32).range(1..=168)
    )]
    pub backup_every: u32,

    /// How much to log: error, warn, info, debug or a filter such as warmly=debug
    #[arg(long, global = true, env = "WARMLY_LOG", default_value = "info", value_name = "LEVEL")]
    pub log_level: String,

    /// How to log
    #[arg(long, global = true, env = "WARMLY_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum LogFormat {
    /// Lines for people
    Text,
    /// One JSON object a line, for machines
    Json,
}

impl Config {
    /// Whether people reach the app over https, so that cookies may be marked for it alone.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// The database to open: the one given, or a file in the data folder.
    #[must_use]
    pub fn database_url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("warmly.sqlite").display()))
    }
}

/// The origin that browsers send for this address: scheme, host and, where it is not the usual one, port.
fn origin(typed: &str) -> Result<String, String> {
    let lower = typed.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, host) = lower.split_once("://").ok_or("write it with https:// or http:// in front")?;
    let usual_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return Err("it must begin with https:// or http://".to_owned()),
    };
    let plausible =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    if host.is_empty() || !host.bytes().all(plausible) {
        return Err("name only the host, and a port if it needs one: https://practice.example.org".to_owned());
    }
    Ok(format!("{scheme}://{}", host.strip_suffix(usual_port).unwrap_or(host)))
}

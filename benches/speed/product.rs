//! Programs that are measured: the app itself and the references, each a process of its own on a core of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::driver::{get, once};

/// The app, as it was built for this run.
pub(crate) const APP: &str = env!("CARGO_BIN_EXE_warmly");

/// Where a program keeps its data: an address as `--database-url` takes it.
pub(crate) fn sqlite(file: &Path) -> String {
    format!("sqlite:{}", file.display())
}

/// On which cores a program runs. Without `taskset`, or with one core, wherever the system likes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cores {
    /// The first core: servers under load. The driver keeps to the last.
    First,
    /// The first two: a server of two processes, data being made.
    All,
}

/// Whether programs can be kept to a core.
pub(crate) fn pinned() -> bool {
    Path::new("/usr/bin/taskset").exists() && cores() > 1
}

/// The cores of the whole machine; this process itself may be kept to one of them.
pub(crate) fn cores() -> usize {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines().filter(|line| line.starts_with("processor")).count().max(1)
}

/// Keeps this process to the last core. Call it before any thread is started.
pub(crate) fn keep_to_the_last_core() {
    if pinned() {
        let last = (cores() - 1).to_string();
        let me = std::process::id().to_string();
        let _ = Command::new("taskset").args(["-a", "-p", "-c", &last, &me]).stdout(Stdio::null()).status();
    }
}

/// A command that runs on these cores.
pub(crate) fn command(program: &Path, on: Cores) -> Command {
    if !pinned() {
        return Command::new(program);
    }
    let list = match on {
        Cores::First => "0".to_owned(),
        Cores::All => format!("0-{}", cores() - 1),
    };
    let mut command = Command::new("taskset");
    command.args(["-c", &list]).arg(program);
    command
}

/// Runs the app with a command to its end. Gives what it printed and how long it took.
pub(crate) fn run(args: &[&str], url: &str) -> anyhow::Result<(String, Duration)> {
    let began = Instant::now();
    let out = command(Path::new(APP), Cores::All)
        .args(args)
        .args(["--database-url", url, "--log-level", "warn"])
        .env_remove("DATABASE_URL")
        .output()?;
    let said = String::from_utf8_lossy(&out.stdout).into_owned();
    let why = String::from_utf8_lossy(&out.stderr).into_owned();
    ensure!(out.status.success(), "warmly {}: {said}{why}", args.join(" "));
    Ok((said, began.elapsed()))
}

/// Whether the app knows this word on its command line, such as `--metrics-address`.
pub(crate) fn knows(word: &str, command: Option<&str>) -> bool {
    let out = Command::new(APP).args(command).arg("--help").output();
    out.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains(word))
}

/// A server that is running.
pub(crate) struct Server {
    child: Child,
    /// Kept open, so that whatever it still prints has somewhere to go.
    _out: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    metrics: Option<SocketAddr>,
}

impl Server {
    /// The app on this database, with everything on that is on for people who use it.
    pub(crate) fn app(url: &str, on: Cores) -> anyhow::Result<Self> {
        Self::app_with(url, on, &[], Stdio::null())
    }

    /// The same with something in its environment, and its log written down.
    pub(crate) fn app_with(
        url: &str,
        on: Cores,
        environment: &[(&str, &str)],
        log: Stdio,
    ) -> anyhow::Result<Self> {
        let mut command = command(Path::new(APP), on);
        command.args(["--address", "127.0.0.1:0", "--database-url", url]);
        command.envs(environment.iter().copied()).stderr(log);
        let metrics = knows("--metrics-address", None);
        if metrics {
            command.args(["--metrics-address", "127.0.0.1:0"]);
        }
        Self::start(command, metrics)
    }

    /// A reference on this database.
    pub(crate) fn reference(name: &str, url: &str, bytes: usize, selects: usize) -> anyhow::Result<Self> {
        let mut command = command(&std::env::current_exe()?, Cores::First);
        command.args(["--reference", name, "--url", url]);
        command.args(["--bytes", &bytes.to_string(), "--selects", &selects.to_string()]);
        command.stderr(Stdio::null());
        Self::start(command, false)
    }

    fn start(mut command: Command, metrics: bool) -> anyhow::Result<Self> {
        let mut child =
            command.env_remove("DATABASE_URL").stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut out = BufReader::new(child.stdout.take().context("no output")?);
        let (mut open, mut measured) = (None, None);
        while open.is_none() || (metrics && measured.is_none()) {
            let mut line = String::new();
            ensure!(out.read_line(&mut line)? > 0, "the server ended before it was ready: {command:?}");
            open = open.or_else(|| address_in(&line, "Open http://"));
            measured = measured.or_else(|| address_in(&line, "Metrics at http://"));
        }
        let address = open.context("no address")?;
        Ok(Self { child, _out: out, address, metrics: measured })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The value of one of its metrics; none where it has no such metric.
    pub(crate) async fn metric(&self, name: &str) -> anyhow::Result<Option<f64>> {
        let Some(address) = self.metrics else { return Ok(None) };
        let answer = once(address, &get("/metrics", "", ""), 200).await?;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(line.and_then(|value| value.trim().parse().ok()))
    }

    /// Resident memory in MB.
    pub(crate) fn resident(&self) -> anyhow::Result<f64> {
        memory(self.pid(), "VmRSS:")
    }

    /// The most there ever was of it, in MB, since it started or since [`Server::forget_peak`].
    pub(crate) fn peak(&self) -> anyhow::Result<f64> {
        memory(self.pid(), "VmHWM:")
    }

    /// From now on only what comes counts for [`Server::peak`].
    pub(crate) fn forget_peak(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.pid()), "5")?)
    }

    /// Processor time so far, in seconds.
    pub(crate) fn cpu(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()))?;
        let after = stat.rsplit(") ").next().context("no stat")?;
        let mut fields = after.split(' ').skip(11);
        let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok()).context("no ticks");
        // Linux counts a hundred ticks a second.
        Ok((ticks()? + ticks()?) / 100.0)
    }

    /// Whether it has not ended by itself.
    pub(crate) fn is_running(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        let until = Instant::now() + Duration::from_secs(20);
        while self.is_running()? {
            if Instant::now() > until {
                return self.kill();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing is left behind, also where a benchmark ends early.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One of the numbers that Linux tells of a process's memory, in MB.
pub(crate) fn memory(pid: u32, which: &str) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(which)).context("no such number")?;
    let kb: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kb / 1024.0)
}

fn address_in(line: &str, before: &str) -> Option<SocketAddr> {
    let rest = line.split_once(before)?.1;
    let end = rest.find(|char: char| char == '/' || char.is_whitespace()).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// This machine in a few words.
pub(crate) fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kb = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default().trim();
    let gb = kb.trim_end_matches(" kB").parse().unwrap_or(0.0_f64) / 1024.0 / 1024.0;
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{} × {}, {gb:.0} GB, Linux {}; server on one core, load from another",
        cores(),
        model.trim_start_matches([':', ' ', '\t']),
        kernel.trim()
    )
}

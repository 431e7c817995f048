//! The same on PostgreSQL, in a cluster of its own that ends with the benchmark.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;

use anyhow::{Context as _, ensure};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::attempts::{Queue, prepare};
use crate::driver::{Load, get, number};
use crate::large::cohorts;
use crate::options::Run;
use crate::pages::read;
use crate::product::{Cores, Server};
use crate::record::{Rounds, load_any, send};
use crate::report::{Row, Target};
use crate::world::World;

/// A server of PostgreSQL with everything durable, as it comes.
struct Cluster {
    folder: PathBuf,
    tools: PathBuf,
    port: u16,
}

impl Cluster {
    /// Debian keeps the server's own programs off the path; the newest is taken.
    fn tools() -> Option<PathBuf> {
        let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
        let mut found: Vec<PathBuf> =
            versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
        found.retain(|folder| folder.join("initdb").exists());
        found.sort();
        found.pop()
    }

    fn start(tools: PathBuf) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("warmly-speed-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Self { folder, tools, port };
        if cluster.as_root() {
            let owner = ["postgres".as_ref(), cluster.folder.as_os_str()];
            ensure!(Command::new("chown").args(owner).status()?.success(), "chown postgres");
        }
        let data = cluster.folder.join("data");
        let data = data.to_string_lossy();
        let arguments = ["-D", &data, "-U", "warmly", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
        ensure!(cluster.tool("initdb", &arguments)?, "initdb");
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -k {} -c max_connections=300 -c shared_buffers=512MB \
             -c max_wal_size=4GB",
            cluster.folder.display()
        );
        let log = cluster.folder.join("log");
        let arguments = ["-D", &data, "-l", &log.to_string_lossy(), "-w", "start", "-o", &options];
        ensure!(cluster.tool("pg_ctl", &arguments)?, "pg_ctl start");
        Ok(cluster)
    }

    /// The server refuses to run as root: then it runs as the user that Debian's package makes for it.
    fn as_root(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        std::fs::metadata(&self.folder).is_ok_and(|data| data.uid() == 0)
            || std::fs::metadata("/proc/self").is_ok_and(|data| data.uid() == 0)
    }

    fn tool(&self, name: &str, arguments: &[&str]) -> anyhow::Result<bool> {
        let program = self.tools.join(name);
        let mut command = if self.as_root() {
            let mut command = crate::product::command(Path::new("/usr/sbin/runuser"), Cores::All);
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            crate::product::command(&program, Cores::All)
        };
        let status = command.args(arguments).current_dir(&self.folder).stdout(Stdio::null()).status()?;
        Ok(status.success())
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://warmly@127.0.0.1:{}/{database}", self.port)
    }

    async fn say(&self, text: String) -> anyhow::Result<()> {
        let mut conn = PgConnection::connect(&self.url("postgres")).await?;
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut conn).await?;
        conn.close().await?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let data = self.folder.join("data");
        let _ = self.tool("pg_ctl", &["-D", &data.to_string_lossy(), "-m", "immediate", "stop"]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub(crate) async fn postgres(run: &mut Run) -> anyhow::Result<()> {
    let tools = Cluster::tools().context("PostgreSQL is not installed")?;
    let cluster = Cluster::start(tools)?;
    cluster.say("CREATE DATABASE app".to_owned()).await?;
    let rows = run.options.postgres_rows;
    let world = World::at(&cluster.url("app"), 5_000, rows, true).await?;
    let attempts = if rows >= 1_000_000 { 60_000 } else { 10_000 };
    let jobs = Rc::new(prepare(&world, attempts, 1).await?);
    cluster.say("CREATE DATABASE naive TEMPLATE app".to_owned()).await?;
    cluster.say("VACUUM ANALYZE".to_owned()).await?;
    let (ours, theirs) = (Queue::new(&jobs), Queue::new(&jobs));
    let naive = Server::reference("naive", &cluster.url("naive"), 0, 0)?;
    let (rounds, lasting) = (run.options.rounds(), run.options.lasting());
    let app = Server::app(&world.url, Cores::First)?;
    for connections in [16, 64, 256] {
        let (mut one, mut other) = (Rounds::default(), Rounds::default());
        for round in 0..=rounds {
            let load = send(app.address, &ours, connections, lasting).await?;
            let reference = load_any(naive.address, &theirs, connections, lasting).await?;
            if round > 0 {
                one.add(load);
                other.add(reference);
            }
        }
        let target = if connections == 64 { Target::RatioAtLeast(3.0) } else { Target::None };
        let row = |what: &str, unit, rounds: &[f64]| {
            Row::new("postgres", format!("{connections} conn., {what}"), unit, rounds)
        };
        run.report.add(row("answers/s", "/s", &one.rates).beside("R3", &other.rates).target(target));
        run.report.add(row("p99", "ms", &one.tails).beside("R3", &other.tails));
    }
    let page = cohorts(&world, 0, 1);
    let mut medians = Vec::new();
    for _ in 0..rounds {
        medians.push(read(app.address, &page, 1, lasting).await?.quantile(0.5));
    }
    let note = format!("{rows} responses, {} cohorts", world.cohorts.len());
    run.report.add(Row::new("postgres", "the overview of one cohort, p50", "µs", &medians).note(note));
    app.stop()?;
    two(run, &world, &ours, &jobs).await
}

/// One process, then two on the same database, each on a core of its own as far as there are cores.
async fn two(
    run: &mut Run,
    world: &World,
    queue: &Queue,
    jobs: &[crate::attempts::Job],
) -> anyhow::Result<()> {
    let turns = jobs.iter().take(5_000).filter_map(|job| Some(get(&job.page()?, job.token(), "")));
    let turns = Rc::new(turns.collect::<Vec<_>>());
    let lasting = run.options.lasting();
    let (first, second) = (Server::app(&world.url, Cores::First)?, Server::app(&world.url, Cores::All)?);
    let together = |one: Load, other: Load| {
        number(one.done.len() + other.done.len()) / one.elapsed.max(other.elapsed).as_secs_f64()
    };
    let (mut answers, mut pages) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
    for _ in 0..run.options.rounds() {
        answers[0].push(send(first.address, queue, 64, lasting).await?.each_second());
        let both =
            tokio::join!(send(first.address, queue, 32, lasting), send(second.address, queue, 32, lasting));
        answers[1].push(together(both.0?, both.1?));
        pages[0].push(read(first.address, &turns, 64, lasting).await?.each_second());
        let both =
            tokio::join!(read(first.address, &turns, 32, lasting), read(second.address, &turns, 32, lasting));
        pages[1].push(together(both.0?, both.1?));
    }
    let note = format!("{} cores for both, PostgreSQL and the load", crate::product::cores());
    for (what, [one, both]) in [("answers/s", &answers), ("a turn, pages/s", &pages)] {
        let row = Row::new("postgres", format!("two processes, 64 conn., {what}"), "/s", both);
        let row = row.beside("one process", one).target(Target::RatioAtLeast(1.6));
        run.report.add(row.note(&note));
    }
    first.stop()?;
    second.stop()
}

//! Hostile files wherever files are taken in: the list of nurses, scenarios, backups. Each must be refused at once, in
//! plain words, without much memory, and leave nothing behind.

use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use warmly::db::Db;
use warmly::sql;

use crate::Run;
use crate::driver::Client;
use crate::people::Places;
use crate::product::{APP, Cores, Server, memory, run as command, sqlite};
use crate::world::World;

/// How long a refusal may take, and how much memory.
const SOON: Duration = Duration::from_millis(200);
const MEMORY: f64 = 32.0;

/// What came of one hostile thing.
struct Outcome {
    name: &'static str,
    took: Duration,
    more: f64,
    /// How a command ended.
    code: Option<i32>,
    /// In which way it was not refused as it should be.
    wrong: Option<String>,
}

pub(crate) async fn imports(run: &mut Run) -> anyhow::Result<()> {
    let folder = run.folder.join("imports");
    let world = World::in_folder(&folder.join("data"), 40, 400, false).await?;
    let log = folder.join("log");
    let written = std::fs::File::create(&log)?;
    let server = Server::app_with(&world.url, Cores::First, &[], Stdio::from(written))?;
    let seats = seats(&world.url).await?;
    let uploaded = uploads(&server, &world, run.times(100_000, 500_000)).await?;
    ensure!(
        Client::connect(server.address).await?.send(b"GET /healthz HTTP/1.1\r\nhost: warmly\r\n\r\n").await?
            == 200
    );
    server.stop()?;
    let added = self::seats(&world.url).await? - seats;
    let scenarios = scenario_files(&folder)?;
    let backups = backups(&world, &folder).await?;
    let said = std::fs::read_to_string(&log)?;
    for (what, outcomes) in
        [("lists of nurses", uploaded), ("scenario files", scenarios), ("backups", backups)]
    {
        tell(run, what, &outcomes);
    }
    run.report.must(
        "imports",
        "nurses added by them (one list was a good one)",
        added.to_string(),
        "1",
        added == 1,
    );
    run.report.none("imports", "panics", said.matches("panicked").count());
    Ok(())
}

fn tell(run: &mut Run, what: &str, outcomes: &[Outcome]) {
    for one in outcomes {
        if let Some(wrong) = &one.wrong {
            println!("  {what}, {}: {wrong}", one.name);
        }
        if one.took > SOON || one.more > MEMORY {
            println!("  {what}, {}: {:?}, +{:.0} MB", one.name, one.took, one.more);
        }
    }
    let wrong = outcomes.iter().filter(|one| one.wrong.is_some()).count();
    let count = outcomes.len();
    let report = &mut run.report;
    report.none("imports", format!("{count} hostile {what}: not refused in plain words"), wrong);
    let slowest = outcomes.iter().max_by_key(|one| one.took);
    let hungriest = outcomes.iter().max_by(|one, other| one.more.total_cmp(&other.more));
    let (Some(slowest), Some(hungriest)) = (slowest, hungriest) else { return };
    let time = format!("{} ms ({})", slowest.took.as_millis(), slowest.name);
    let more = format!("+{:.1} MB ({})", hungriest.more, hungriest.name);
    if run.long {
        run.report.must("imports", format!("{what}: the slowest"), time, "≤ 200 ms", slowest.took <= SOON);
    } else {
        run.report.told("imports", format!("{what}: the slowest"), time);
    }
    run.report.must(
        "imports",
        format!("{what}: the most memory"),
        more,
        "≤ +32 MB",
        hungriest.more <= MEMORY,
    );
}

async fn seats(url: &str) -> anyhow::Result<i64> {
    let db = Db::open_existing(url).await?;
    let (count,) = sql!(&mut db.read().await?, fetch_one as (i64,), "SELECT COUNT(*) FROM seats")?;
    db.close().await;
    Ok(count)
}

/// A hostile list: the name of its file, what it holds, and whether it must be refused: what can be read as a list is
/// shown line by line, and only what has a name on it is added.
type List = (&'static str, String, Vec<u8>);

/// Bytes of chance, as packed files are.
fn packed(begins: &[u8], count: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let chance = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        // No line ends, or it would be many lines.
        state.to_be_bytes()[0] | 0x80
    });
    begins.iter().copied().chain(chance.take(count)).collect()
}

fn lists(many: usize) -> Vec<List> {
    let named = |name: &str| name.to_owned();
    let utf16 = |text: &str| -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    vec![
        ("a packed file", named("list.csv.gz"), packed(b"\x1f\x8b\x08\x00", many)),
        ("an archive under another name", named("list.csv"), packed(b"PK\x03\x04", many)),
        ("a workbook under another name", named("list.csv"), packed(b"PK\x03\x04[Content_Types].xml", many)),
        ("NUL bytes", named("list.csv"), vec![0; many]),
        ("names of signs that can’t be seen", named("list.csv"), "\0\u{1},1\n".repeat(1_900).into_bytes()),
        ("UTF-16", named("list.csv"), utf16(&"\u{1f480},1\r\n".repeat(30_000))),
        ("halves of characters", named("list.csv"), vec![0xff; many]),
        ("one line", named("list.csv"), vec![b'a'; many]),
        ("only commas", named("list.csv"), vec![b','; many]),
        ("a quote that is never closed", named("list.csv"), vec![b'"'; many + 1]),
        ("empty lines", named("list.csv"), vec![b'\n'; many]),
        ("a quarter of a million lines", named("list.csv"), b"a\n".repeat(many / 2)),
        ("marks over one letter", named("list.csv"), format!("A{}", "\u{301}".repeat(many / 2)).into_bytes()),
        ("text that runs backwards", named("list.csv"), "\u{202e}".repeat(many / 3).into_bytes()),
        ("more than a list may have", named("list.csv"), vec![b'a'; 1_000_000]),
        ("nothing, by a name with a way in it", named("../../../../tmp/list.csv"), Vec::new()),
        ("nothing, by a name of 8,000 signs", "../".repeat(2_600), Vec::new()),
    ]
}

fn multipart(file: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = b"--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"".to_vec();
    body.extend_from_slice(file.as_bytes());
    body.extend_from_slice(b"\"\r\ncontent-type: text/csv\r\n\r\n");
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--cut--\r\n");
    body
}

/// A request that brings this body; `more` are further lines of its head.
fn upload(path: &str, token: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: warmly\r\norigin: http://warmly\r\nsec-fetch-site: same-origin\r\nconnection: close\r\n\
         cookie: warmly={token}\r\n{more}\r\n"
    );
    [head.as_bytes(), body].concat()
}

async fn uploads(server: &Server, world: &World, size: usize) -> anyhow::Result<Vec<Outcome>> {
    let cohort = world.cohorts.first().context("a cohort")?;
    let (look, token) = (format!("/cohorts/{cohort}/people/import"), &world.educator);
    let add = format!("{look}/add");
    let whole = |length: usize| {
        format!("content-type: multipart/form-data; boundary=cut\r\ncontent-length: {length}\r\n")
    };
    let good = multipart("list.csv", b"Ana Okafor,17");
    // Everything that is needed only once is there before anything is measured.
    for (path, status) in [(&look, 200), (&add, 303)] {
        let mut client = Client::connect(server.address).await?;
        let answered = client.send(&upload(path, token, &whole(good.len()), &good)).await?;
        ensure!(answered == status, "a good list: {answered}");
    }
    let mut requests = Vec::new();
    for (name, file, bytes) in lists(size) {
        let body = multipart(&file, &bytes);
        for path in [&look, &add] {
            requests.push((name, upload(path, token, &whole(body.len()), &body)));
        }
    }
    let form = "content-type: multipart/form-data; boundary=cut\r\n";
    let promised = format!("{form}content-length: 50000000\r\n");
    requests.push(("50 MB that are promised", upload(&add, token, &promised, &vec![b'a'; 100_000])));
    let zipped = format!("content-encoding: gzip\r\n{}", whole(500_004));
    requests.push(("a packed request", upload(&add, token, &zipped, &packed(b"\x1f\x8b\x08\x00", 500_000))));
    let parts =
        "--cut\r\ncontent-disposition: form-data; name=\"list\"\r\n\r\n\r\n".repeat(18_000) + "--cut--\r\n";
    requests.push(("18,000 parts", upload(&add, token, &whole(parts.len()), parts.as_bytes())));
    let heads = format!("--cut\r\n{}\r\n\r\n--cut--\r\n", "x-a: b\r\n".repeat(100_000));
    requests
        .push(("100,000 lines before a part", upload(&add, token, &whole(heads.len()), heads.as_bytes())));
    let endless =
        "--cut\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n".to_owned() + &"-".repeat(900_000);
    requests.push(("a part without an end", upload(&add, token, &whole(endless.len()), endless.as_bytes())));
    let long = format!(
        "content-type: multipart/form-data; boundary={}\r\ncontent-length: 0\r\n",
        "c".repeat(30_000)
    );
    requests.push(("a mark of 30,000 signs", upload(&add, token, &long, b"")));
    let chunked = format!("{form}transfer-encoding: chunked\r\n");
    let chunk = [b"2710\r\n".to_vec(), vec![b'a'; 10_000], b"\r\n".to_vec()].concat();
    requests.push(("50 MB in pieces", upload(&add, token, &chunked, &chunk.repeat(5_000))));
    let mut outcomes = Vec::new();
    for (name, request) in requests {
        server.forget_peak()?;
        let before = server.resident()?;
        let began = Instant::now();
        let answer = ask(server.address, &request).await;
        let (took, more) = (began.elapsed(), server.peak()? - before);
        outcomes.push(Outcome { name, took, more, code: None, wrong: judged(&answer) });
    }
    Ok(outcomes)
}

/// Sends all of it, or what is taken of it, and reads the answer.
async fn ask(address: SocketAddr, request: &[u8]) -> String {
    let asking = async {
        let stream = TcpStream::connect(address).await?;
        let (mut from, mut to) = stream.into_split();
        let sending = async {
            // It may be refused before all of it is sent.
            let _ = to.write_all(request).await;
        };
        let reading = async {
            let (mut answer, mut whole) = (Vec::new(), None);
            let mut piece = vec![0; 64 * 1024];
            loop {
                let read = from.read(&mut piece).await.unwrap_or(0);
                answer.extend_from_slice(piece.get(..read).unwrap_or_default());
                whole = whole.or_else(|| length_of(&answer));
                if read == 0 || whole.is_some_and(|length| answer.len() >= length) {
                    return String::from_utf8_lossy(&answer).into_owned();
                }
            }
        };
        tokio::pin!(sending, reading);
        tokio::select! {
            answer = &mut reading => anyhow::Ok(answer),
            () = &mut sending => Ok(reading.await),
        }
    };
    let answered = tokio::time::timeout(Duration::from_secs(20), asking).await;
    answered.map_or_else(|_| "no answer".to_owned(), Result::unwrap_or_default)
}

/// How long an answer is, head and all, once its head is there. One that comes in pieces ends with the connection.
fn length_of(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let lines = String::from_utf8_lossy(answer.get(..head)?).into_owned();
    let length = lines.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
    Some(length.map_or(usize::MAX, |length| head + length))
}

/// In which way an answer is none that somebody who sent a broken file should get.
fn judged(answer: &str) -> Option<String> {
    let status = answer.get(9..12).unwrap_or_default();
    let in_words = answer.contains("<h1") || status == "303";
    let is_well = matches!(status, "200" | "303" | "400" | "413" | "415" | "422") && in_words;
    // A head that is too large is refused before there is anybody who could make a page.
    let is_head = status == "431";
    (!is_well && !is_head).then(|| answer.chars().take(200).collect())
}

/// What came of a command that must fail.
fn refused(name: &'static str, args: &[&str], url: &str, usual: f64) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let mut child = Command::new(APP)
        .args(args)
        .args(["--database-url", url, "--log-level", "error"])
        .env_remove("DATABASE_URL")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut most: f64 = 0.0;
    let status = loop {
        most = most.max(memory(child.id(), "VmHWM:").unwrap_or_default());
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if began.elapsed() > Duration::from_secs(20) {
            child.kill()?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let took = began.elapsed();
    let mut said = String::new();
    child.stdout.take().context("no output")?.read_to_string(&mut said)?;
    child.stderr.take().context("no output")?.read_to_string(&mut said)?;
    let code = status.and_then(|status| status.code());
    let is_well = code == Some(1) && said.len() > 20 && !said.contains("panicked");
    let wrong = (!is_well).then(|| format!("{status:?}: {}", said.chars().take(200).collect::<String>()));
    Ok(Outcome { name, took, more: most - usual, code, wrong })
}

/// How much memory a command needs that has nothing to refuse.
fn usual(args: &[&str], url: &str) -> anyhow::Result<f64> {
    let found = refused("", args, url, 0.0)?;
    ensure!(found.code == Some(0), "{} fails: {:?}", args.join(" "), found.wrong);
    Ok(found.more)
}

fn scenario_files(folder: &Path) -> anyhow::Result<Vec<Outcome>> {
    const DEEP: usize = 100_000;
    let utf16: Vec<u8> = "title = \"x\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [(&str, Vec<u8>); 11] = [
        ("lists in lists, 100,000 deep", [b"a = ".to_vec(), b"[".repeat(DEEP)].concat()),
        ("tables in tables, 100,000 deep", [b"a = ".to_vec(), b"{a=".repeat(DEEP)].concat()),
        ("a name of 100,000 parts", [b"a.".repeat(DEEP), b"a = 1".to_vec()].concat()),
        ("a heading of 100,000 parts", [b"[".to_vec(), b"a.".repeat(DEEP), b"a]".to_vec()].concat()),
        ("100,000 tables", (0..DEEP).flat_map(|nth| format!("[t{nth}]\n").into_bytes()).collect()),
        ("one line of 50 MB", vec![b'a'; 50_000_000]),
        ("a text that is never closed", [b"a = \"\"\"".to_vec(), b"a\n".repeat(400_000)].concat()),
        ("NUL bytes", vec![0; 900_000]),
        ("UTF-16", utf16),
        ("an archive under another name", packed(b"PK\x03\x04", 500_000)),
        ("nothing", Vec::new()),
    ];
    let url = sqlite(&folder.join("none.sqlite"));
    let good = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/not-doing-well.toml");
    let usual = usual(&["check", good], &url)?;
    let file = folder.join("hostile.toml");
    let check = |name| refused(name, &["check", &file.display().to_string()], &url, usual);
    let mut outcomes = Vec::new();
    for (name, bytes) in files {
        std::fs::write(&file, bytes)?;
        outcomes.push(check(name)?);
    }
    for (name, target) in [("a link to what has no end", "/dev/zero"), ("a link to a folder", "/tmp")] {
        std::fs::remove_file(&file)?;
        std::os::unix::fs::symlink(target, &file)?;
        outcomes.push(check(name)?);
    }
    std::fs::remove_file(&file)?;
    crate::tools::run("mkfifo", &[&file.display().to_string()])?;
    outcomes.push(check("a pipe that nobody writes to")?);
    Ok(outcomes)
}

/// Ways to make a backup hostile that is otherwise sound.
const CHANGES: [(&str, &str); 8] = [
    ("a trigger", "CREATE TRIGGER sneaks AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END"),
    (
        "a trigger by a name of ours",
        "DROP TRIGGER audit_stays; CREATE TRIGGER audit_stays AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END",
    ),
    ("a view", "CREATE VIEW seen AS SELECT * FROM nurses"),
    (
        "a rule that fills memory",
        "ALTER TABLE settings ADD COLUMN x INTEGER DEFAULT 1 CHECK (length(hex(zeroblob(x * 100000000))) > 0)",
    ),
    (
        "the same, its name in quotes",
        "ALTER TABLE settings ADD COLUMN x INTEGER DEFAULT 1 CHECK (length(\"hex\" /**/ ([zeroblob](x * 100000000))) > 0)",
    ),
    (
        "an index that fills memory",
        "CREATE INDEX boom ON settings (length(hex(zeroblob(50000000 + length(value)))))",
    ),
    (
        "a column that fills memory",
        "ALTER TABLE settings ADD COLUMN x INTEGER GENERATED ALWAYS AS (length(hex(zeroblob(100000000)))) VIRTUAL CHECK (x > 0)",
    ),
    (
        "a step that nobody knows",
        "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1",
    ),
];

async fn backups(world: &World, folder: &Path) -> anyhow::Result<Vec<Outcome>> {
    let good = folder.join("good.sqlite");
    command(&["backup", &good.display().to_string()], &world.url)?;
    let bytes = std::fs::read(&good)?;
    let (target, mut places) = (folder.join("restored"), Places::default());
    let mut fresh = || sqlite(&target.join(places.next()).join("warmly.sqlite"));
    let usual = usual(&["restore", &good.display().to_string()], &fresh())?;
    let mut files: Vec<(&'static str, PathBuf)> = Vec::new();
    for (nth, (name, change)) in CHANGES.into_iter().enumerate() {
        let file = folder.join(format!("hostile-{nth}.sqlite"));
        std::fs::write(&file, &bytes)?;
        changed(&file, change).await?;
        files.push((name, file));
    }
    let half = bytes.get(..bytes.len() / 2).unwrap_or_default().to_vec();
    for (name, content) in [
        ("an archive under another name", packed(b"PK\x03\x04", 5_000_000)),
        ("half a backup", half),
        ("a beginning, and then 5 MB of chance", packed(b"SQLite format 3\0", 5_000_000)),
        ("nothing", Vec::new()),
    ] {
        let file = folder.join(format!("hostile-{}.sqlite", files.len()));
        std::fs::write(&file, content)?;
        files.push((name, file));
    }
    for (name, to) in [
        ("a link to what has no end", "/dev/zero"),
        ("a link to another file", "/etc/passwd"),
        ("a link to a folder", "/tmp"),
    ] {
        let file = folder.join(format!("hostile-{}.sqlite", files.len()));
        std::os::unix::fs::symlink(to, &file)?;
        files.push((name, file));
    }
    let mut outcomes = Vec::new();
    for (name, file) in files {
        let url = fresh();
        let mut outcome = refused(name, &["restore", &file.display().to_string()], &url, usual)?;
        if url.strip_prefix("sqlite:").is_some_and(|left| Path::new(left).exists()) {
            outcome.wrong = Some("it was restored".to_owned());
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// Runs statements on a file, as its author does.
async fn changed(file: &Path, statements: &'static str) -> anyhow::Result<()> {
    use sqlx::{ConnectOptions as _, Connection as _};
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(file).connect().await?;
    sqlx::raw_sql(statements).execute(&mut conn).await?;
    Ok(conn.close().await?)
}

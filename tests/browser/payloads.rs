//! Texts that would run as script if a page forgot to escape them, in every field of a filled installation, and every
//! page opened in a real browser: nothing runs, nothing is fetched, and the browser reports nothing it had to stop.

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use warmly::app::routes;
use warmly::token::token_hash;
use warmly::web::route::Who;

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

const PAYLOADS: &str = include_str!("../payloads.txt");

/// Runs before anything of a page does: notes when a payload runs, and what the browser stopped.
const WATCH: &str = "
    window.ran = 0; window.stopped = [];
    Object.defineProperty(window, 'hit', { set() { window.ran += 1; }, get() { return 0; } });
    document.addEventListener('securitypolicyviolation',
        event => window.stopped.push(event.effectiveDirective + ' ' + event.blockedURI));";

/// What has become of the payloads on the page that is open.
const ASK: &str = "
    const strange = [...document.querySelectorAll('*')].filter(element =>
        [...element.attributes].some(({ name, value }) => name.startsWith('on') || name === 'srcdoc'
            || (name === 'style' && element.namespaceURI.endsWith('xhtml')) || /^\\s*(javascript|data:text)/i.test(value))
        || ['XSS', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'STYLE', 'VIDEO', 'AUDIO', 'math'].includes(element.tagName));
    const shown = document.documentElement.textContent
        + [...document.querySelectorAll('input')].map(input => input.value).join(' ');
    return { ran: window.ran, stopped: window.stopped, strange: strange.map(element => element.outerHTML.slice(0, 200)),
        shown: shown.includes('onerror=hit=1') };";

fn payloads() -> Vec<String> {
    PAYLOADS.lines().map(|line| line.replace("\\t", "\t")).collect()
}

/// Every text of a filled database becomes all sixty at once, however long: no form stands in the way.
const PLANT: [&str; 13] = [
    "UPDATE staff SET name = $1",
    "UPDATE staff SET email = id || $1",
    "UPDATE cohorts SET name = $1",
    "UPDATE seats SET name = $1 WHERE name <> ''",
    "UPDATE seats SET external_id = id || $1",
    "UPDATE openings SET own_words = $1 WHERE own_words IS NOT NULL",
    "UPDATE reflections SET feeling = $1, aim = $1, if_asked = $1, then_say = $1, wants_talk = TRUE",
    "UPDATE comments SET text = $1",
    "UPDATE comment_answers SET text = $1",
    "UPDATE assignments SET note = $1",
    "UPDATE nurses SET name = $1",
    "INSERT INTO links (id, token_hash, kind, administrator, educator, note, made_by, made_at, expires_at)
        SELECT 'l', 'b', 'invitation', FALSE, TRUE, $1, MIN(id), 1, 9000000000000 FROM staff",
    "UPDATE policy_slots SET text = $1",
];

async fn run(served: &Served, statement: &'static str, value: &str) -> Result<()> {
    let value = value.to_owned();
    let write = served.app.db.write(move |conn| {
        let value = value.clone();
        Box::pin(async move { warmly::sql!(conn, execute, statement, value).map(drop) })
    });
    write.await.with_context(|| statement.to_owned())
}

/// The small conversation, its texts beginning with some of them; as many files as it takes for all.
fn scenarios() -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/garden-gate.toml");
    let text = std::fs::read_to_string(small)?;
    let mut shown = payloads();
    shown.retain(|payload| !payload.contains('\t')); // a tab keeps a file from being published
    for (number, some) in shown.chunks(12).enumerate() {
        let some = some.join(" ").replace('\\', "\\\\").replace('"', "\\\"");
        let some = format!("<img src=x onerror=hit=1> {some} ");
        let mut text = text.replace("slug = \"garden-gate\"", &format!("slug = \"gate-{number}\""));
        for author in [
            "title",
            "summary",
            "setting",
            "objective",
            "opening",
            "supports",
            "name",
            "who",
            "background",
            "role",
            "situation",
            "does",
            "says",
            "text",
            "kept",
            "why",
            "better",
            "tell",
        ] {
            text = text.replace(&format!("{author} = \""), &format!("{author} = \"{some}"));
        }
        std::fs::write(folder.path().join(format!("gate-{number}.toml")), text)?;
    }
    Ok(folder)
}

/// What an address can name, taken from the demo: somebody's finished work with a comment.
struct Things {
    cohort: String,
    seat: String,
    nurse: String,
    attempt: String,
    assignment: String,
    slug: String,
    turn: String,
    staff: String,
}

/// A cohort, a seat, its nurse, her attempt, its assignment, its scenario, its first turn, who commented.
type Row = (String, String, String, String, String, String, String, String);

async fn things(served: &Served) -> Result<Things> {
    let query = "SELECT s.cohort_id, s.id, s.nurse_id, a.id, a.assignment_id, v.slug, o.turn_id, m.staff_id
        FROM attempts a JOIN seats s ON s.id = a.seat_id JOIN revisions v ON v.id = a.revision_id
        JOIN openings o ON o.attempt_id = a.id AND o.turn_number = 1
        JOIN comments m ON m.attempt_id = a.id JOIN completions d ON d.attempt_id = a.id
        WHERE s.nurse_id IS NOT NULL AND s.left_at IS NULL AND m.released_at IS NOT NULL ORDER BY a.id";
    let mut conn = served.app.db.read().await?;
    let rows = warmly::sql!(&mut conn, fetch_all as Row, query)?;
    let (cohort, seat, nurse, attempt, assignment, slug, turn, staff) =
        rows.into_iter().next().context("work with a comment")?;
    Ok(Things { cohort, seat, nurse, attempt, assignment, slug, turn, staff })
}

impl Things {
    fn address(&self, path: &str, token: &str) -> String {
        let filled = [
            ("{cohort}", self.cohort.as_str()),
            ("{seat}", &self.seat),
            ("{attempt}", &self.attempt),
            ("{id}", &self.attempt),
            ("{assignment}", &self.assignment),
            ("{slug}", &self.slug),
            ("{turn}", &self.turn),
            ("{staff}", &self.staff),
            ("{number}", "1"),
            ("{trail}", "1"),
            ("{token}", token),
            ("{code}", "K7M2QD"),
        ];
        filled.into_iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value))
    }
}

/// Opens a page and asks what became of the payloads; whether it shows any.
async fn look(browser: &Browser, address: &str) -> Result<bool> {
    browser.goto(address).await?;
    let found = browser.execute(ASK, vec![]).await?;
    let at = |name: &str| found.get(name).cloned().unwrap_or_default();
    ensure!(at("ran") == json!(0), "{address}: a payload ran");
    ensure!(at("stopped") == json!([]), "{address}: the browser stopped {}", at("stopped"));
    ensure!(at("strange") == json!([]), "{address} holds {}", at("strange"));
    Ok(at("shown") == json!(true))
}

/// The watch must see what it watches for, or silence would say nothing.
async fn watched(browser: &Browser, ours: &str) -> Result<()> {
    browser.goto("data:text/html,<p>x</p><script>hit=1</script><img src=x onerror=hit=1>").await?;
    let mut ran = Value::Null;
    for _ in 0..100 {
        ran = browser.execute("return window.ran", vec![]).await?;
        if ran.as_i64().is_some_and(|ran| ran >= 2) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    ensure!(ran == json!(2), "a payload that runs is noticed: {ran}");
    browser.goto(ours).await?;
    let plant =
        "document.body.insertAdjacentHTML('beforeend', '<img src=/x onerror=hit=1><p style=color:red>');";
    browser.execute(plant, vec![]).await?;
    for _ in 0..100 {
        let found = browser.execute(ASK, vec![]).await?;
        let stopped = found.get("stopped").and_then(Value::as_array).map_or(0, Vec::len);
        let strange = found.get("strange").and_then(Value::as_array).map_or(0, Vec::len);
        if stopped >= 2 && strange >= 2 {
            ensure!(found.get("ran") == Some(&json!(0)), "the policy of our pages lets it run");
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    bail!("what the browser stops is not noticed")
}

#[tokio::test]
async fn no_payload_runs_on_any_page_and_the_browser_has_nothing_to_report() -> Result<()> {
    let folder = scenarios()?;
    let served = Served::with(folder.path()).await?;
    ensure!(served.app.problems.is_empty(), "{:?}", served.app.problems);
    served.demo().await?;
    let things = things(&served).await?;
    let all = payloads().join(" ");
    for statement in PLANT {
        run(&served, statement, &all).await?;
    }
    let token = "5".repeat(64);
    run(&served, "UPDATE links SET token_hash = $1 WHERE id = 'l'", &token_hash(&token)).await?;
    let educator = served.staff_session_of(&things.staff).await?;
    let manager = served.session_by_role("manager").await?;
    let administrator = served.session_by_role("administrator").await?;
    let nurse = served.nurse_session(&things.nurse).await?;
    journey(Look::DESKTOP, async |browser| {
        browser.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        watched(browser, &served.at("/about")).await?;
        let (mut opened, mut showing) = (0, 0);
        for (session, kinds) in [
            (Some(&educator), &[Who::Staff, Who::CohortStaff, Who::Educator][..]),
            (Some(&manager), &[Who::Staff, Who::CohortStaff]),
            (Some(&administrator), &[Who::Staff, Who::Administrator]),
            (Some(&nurse), &[Who::Anyone, Who::Nurse]),
            (None, &[Who::Anyone]),
        ] {
            browser.known_by(&served.address, session.map(String::as_str)).await?;
            for route in routes().iter().filter(|it| it.method == "GET" && kinds.contains(&it.who)) {
                if ["csv", "json", "ico", "z"].iter().any(|end| route.path.ends_with(end))
                    || route.path.contains("{file}")
                {
                    continue;
                }
                let address = served.at(&things.address(route.path, &token));
                showing += usize::from(look(browser, &address).await?);
                opened += 1;
            }
        }
        // What authors wrote, from the catalogue to the end of every conversation.
        browser.known_by(&served.address, Some(&educator)).await?;
        for number in 0..5 {
            let gate = format!("/scenarios/gate-{number}");
            for trail in
                ["", "/preview/0", "/preview/0/replies", "/preview/2", "/preview/2-0", "/preview/2-0-0"]
            {
                let shows = look(browser, &served.at(&format!("{gate}{trail}"))).await?;
                ensure!(shows, "{gate}{trail} shows what its author wrote");
                opened += 1;
                showing += 1;
            }
        }
        println!("payloads: {opened} pages opened, {showing} of them show what was planted");
        ensure!(opened >= 100 && showing >= 70, "{opened} pages, {showing} with payloads");
        Ok(())
    })
    .await
}

//! What a turn weighs on a phone, far from the next mast. Prints figures; only counts are judged.

#![expect(clippy::print_stdout, reason = "its figures are to be read")]

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use fantoccini::Locator;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

/// Links by name: delay of a request in milliseconds, bytes a second down and up.
const LINKS: [(&str, u32, u32, u32); 3] = [
    ("no brake", 0, 0, 0),
    ("3G, 300 ms, 1.6 Mbit/s", 300, 200_000, 96_000),
    ("slow 3G, 400 ms, 400 kbit/s", 400, 50_000, 50_000),
];

/// What the browser itself has measured, shortly after the page has come.
const FIGURES: &str = "
    const done = arguments[arguments.length - 1];
    let shift = 0, largest = 0, blocked = 0;
    const watch = (type, each) => new PerformanceObserver(list => list.getEntries().forEach(each))
        .observe({ type, buffered: true });
    watch('layout-shift', entry => { shift += entry.value; });
    watch('largest-contentful-paint', entry => { largest = entry.startTime; });
    watch('longtask', entry => { blocked += Math.max(0, entry.duration - 50); });
    window.setTimeout(() => {
        const [first] = performance.getEntriesByName('first-contentful-paint');
        const [page] = performance.getEntriesByType('navigation');
        done({ first: Math.round(first.startTime), largest: Math.round(largest), blocked: Math.round(blocked),
            usable: Math.round(page.domContentLoadedEventEnd), shift });
    }, 700);";

/// What came over the wire for one page.
#[derive(Debug)]
struct Came {
    requests: usize,
    bytes: u64,
    shift: f64,
}

#[tokio::test]
async fn a_turn_on_a_phone_is_light_at_first_lighter_afterwards_and_nothing_moves() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::PHONE.watching_the_wire(), async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        browser.step("main form[method=post] button").await?;
        browser.find(Locator::Css("#own")).await?.send_keys("I’d rather stay your nurse, Zoe.").await?;
        browser.step(".actions button:not([name=skip])").await?;
        let turn = browser.current_url().await?;
        println!(
            "{:28} {:>12} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8} {:>6}",
            "link", "view", "requests", "bytes", "FCP", "LCP", "usable", "blocked", "CLS"
        );
        for link in LINKS {
            browser.devtools("Network.enable", json!({})).await?;
            browser.devtools("Network.clearBrowserCache", json!({})).await?;
            browser.goto("about:blank").await?;
            brake(browser, link).await?;
            let first = view(browser, &turn, link.0, "first").await?;
            let again = view(browser, &turn, link.0, "again").await?;
            ensure!(
                first.requests <= 6 && first.bytes <= 30 * 1024 && first.shift == 0.0,
                "{}: {first:?}",
                link.0
            );
            ensure!(
                again.requests == 1 && again.bytes <= 6 * 1024 && again.shift == 0.0,
                "{}: {again:?}",
                link.0
            );
            for css in [".say", "legend", ".btn"] {
                ensure!(
                    own_font(browser, css).await?,
                    "{}: {css} is set in a font of ours once it is there",
                    link.0
                );
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn letters_of_other_languages_come_from_the_same_fonts() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::PHONE, async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        browser.step("main form[method=post] button").await?;
        let words = "Zoë, Łukasz, Ñuñez, Nguyễn Thị Ánh: $5 + 3?";
        browser.find(Locator::Css("#own")).await?.send_keys(words).await?;
        browser.step(".actions button:not([name=skip])").await?;
        let turn = browser.current_url().await?;
        browser.goto(turn.as_str()).await?; // whatever the first look has fetched is there now
        ensure!(own_font(browser, ".say.sm.pre").await?, "{words} is set in one font");
        Ok(())
    })
    .await
}

/// Slows the link down, or sets it free again.
async fn brake(browser: &Browser, (_, latency, down, up): (&str, u32, u32, u32)) -> Result<()> {
    let rate = |bytes: u32| if bytes == 0 { json!(-1) } else { json!(bytes) };
    let link = json!({
        "offline": false, "latency": latency, "downloadThroughput": rate(down), "uploadThroughput": rate(up),
    });
    browser.devtools("Network.emulateNetworkConditions", link).await.map(drop)
}

/// Opens a page and says what that took.
async fn view(browser: &Browser, address: &Url, link: &str, which: &str) -> Result<Came> {
    wire(browser).await?; // what came before
    browser.goto(address.as_str()).await?;
    let figures = browser.execute_async(FIGURES, vec![]).await?;
    let figure = |name: &str| {
        figures.get(name).and_then(Value::as_f64).with_context(|| format!("no {name}: {figures}"))
    };
    let files = wire(browser).await?;
    let came = Came { requests: files.len(), bytes: files.values().sum(), shift: figure("shift")? };
    println!(
        "{link:28} {which:>12} {:>8} {:>8} {:>6} {:>6} {:>8} {:>8} {:>6.3}",
        came.requests,
        came.bytes,
        figure("first")?,
        figure("largest")?,
        figure("usable")?,
        figure("blocked")?,
        came.shift
    );
    Ok(came)
}

/// What has come over the wire since the last time this was asked: bytes by request, headers included.
async fn wire(browser: &Browser) -> Result<BTreeMap<String, u64>> {
    let mut files = BTreeMap::new();
    let log = browser.issue_cmd(Log).await?;
    for entry in log.as_array().context("a log")? {
        let message: Value =
            serde_json::from_str(entry.get("message").and_then(Value::as_str).unwrap_or_default())?;
        let at = |pointer: &str| message.pointer(pointer).cloned().unwrap_or_default();
        let request = at("/message/params/requestId").as_str().unwrap_or_default().to_owned();
        match at("/message/method").as_str().unwrap_or_default() {
            "Network.responseReceived" if at("/message/params/response/fromDiskCache") == json!(false) => {
                let web =
                    at("/message/params/response/url").as_str().is_some_and(|url| url.starts_with("http"));
                if web {
                    files.insert(request, 0);
                }
            }
            "Network.requestServedFromCache" => drop(files.remove(&request)),
            "Network.loadingFinished" => {
                let bytes = at("/message/params/encodedDataLength").as_f64().unwrap_or_default();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a count of bytes"
                )]
                files.entry(request).and_modify(|sum| *sum += bytes as u64);
            }
            _ => {}
        }
    }
    files.retain(|_, bytes| *bytes > 0);
    Ok(files)
}

/// Whether every letter of what this selector finds is drawn with a font that came from us.
async fn own_font(browser: &Browser, css: &str) -> Result<bool> {
    browser.devtools("DOM.enable", json!({})).await?;
    browser.devtools("CSS.enable", json!({})).await?;
    let document = browser.devtools("DOM.getDocument", json!({})).await?;
    let root = document.pointer("/root/nodeId").cloned().context("a document")?;
    let found = browser.devtools("DOM.querySelector", json!({ "nodeId": root, "selector": css })).await?;
    let node = found.get("nodeId").cloned().context("an element")?;
    let used = browser.devtools("CSS.getPlatformFontsForNode", json!({ "nodeId": node })).await?;
    let fonts = used.get("fonts").and_then(Value::as_array).cloned().unwrap_or_default();
    let ours = fonts.iter().all(|font| font.get("isCustomFont") == Some(&json!(true)));
    if !ours {
        println!("{css}: {used}");
    }
    Ok(ours && !fonts.is_empty())
}

/// What the browser has noted about its network since the last time.
#[derive(Debug)]
struct Log;

impl WebDriverCompatibleCommand for Log {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _address: &Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(json!({ "type": "performance" }).to_string()))
    }
}

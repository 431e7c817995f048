//! A real browser, and what every page is asked in it: is it accessible, does it fit, how does it look.
//!
//! The browser is Chromium without a window, driven through its driver, which `tests/run` starts; `WEBDRIVER_URL`
//! says where that listens.

use std::cell::Cell;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

const AXE: &str = include_str!("vendor/axe.min.js");

const AXE_RUN: &str = "
    const done = arguments[arguments.length - 1];
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(
        found => done(found.violations.map(({ id, help, nodes }) => ({
            id, help, nodes: nodes.map(node => node.target.join(' ') + '  ' + node.html),
        }))),
        error => done(String(error)),
    );";

/// How somebody looks at the app: the size of her screen, her theme, whether scripts run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    width: u32,
    height: u32,
    zoom: u32,
    dark: bool,
    script: bool,
    wire: bool,
}

impl Look {
    /// A phone held upright.
    pub(crate) const PHONE: Self = Self::of(390, 844);
    /// The narrowest screen that must do.
    pub(crate) const NARROW: Self = Self::of(320, 640);
    /// A workstation.
    pub(crate) const DESKTOP: Self = Self::of(1280, 900);
    /// The workstation at 200 % zoom: half as many points, each twice as large.
    pub(crate) const ZOOMED: Self = Self { zoom: 2, ..Self::of(640, 450) };

    /// A screen of this many points, light, with scripts.
    pub(crate) const fn of(width: u32, height: u32) -> Self {
        Self { width, height, zoom: 1, dark: false, script: true, wire: false }
    }

    /// The same in the dark theme.
    pub(crate) const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same with scripts switched off.
    pub(crate) const fn without_script(self) -> Self {
        Self { script: false, ..self }
    }

    /// The same, with a log of everything that comes over the wire.
    pub(crate) const fn watching_the_wire(self) -> Self {
        Self { wire: true, ..self }
    }
}

/// A browser with one empty window. Everything a `Client` can do, and the questions below.
pub(crate) struct Browser {
    client: Client,
    look: Cell<Look>,
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// Walks through pages in a fresh browser, and closes it however the walk ends.
pub(crate) async fn journey(look: Look, walk: impl AsyncFnOnce(&Browser) -> Result<()>) -> Result<()> {
    let browser = Browser::open(look).await?;
    let outcome = AssertUnwindSafe(walk(&browser)).catch_unwind().await;
    let address = browser.current_url().await.map(String::from).unwrap_or_default();
    browser.client.close().await?;
    match outcome {
        Ok(outcome) => outcome.with_context(|| format!("stopped at {address}")),
        Err(panic) => resume_unwind(panic),
    }
}

impl Browser {
    async fn open(look: Look) -> Result<Self> {
        let driver = setting("WEBDRIVER_URL")
            .context("no browser to test with: run tests/run, which starts one and sets WEBDRIVER_URL")?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(look))
            .connect(&driver)
            .await
            .with_context(|| format!("no browser could be started through {driver}: run tests/run"))?;
        let browser = Self { client, look: Cell::new(look) };
        browser.see_as(look).await?;
        Ok(browser)
    }

    /// Looks at the page that is open in another way. Whether scripts run stays as it was at the start.
    pub(crate) async fn see_as(&self, look: Look) -> Result<()> {
        self.look.set(Look { script: self.look.get().script, wire: self.look.get().wire, ..look });
        self.resize(look.width, look.height).await?;
        self.emulate_media("", if look.dark { "dark" } else { "light" }).await
    }

    /// A short name for how this browser looks at pages.
    pub(crate) fn name(&self) -> String {
        let look = self.look.get();
        format!("{}{}", look.width, if look.dark { "-dark" } else { "" })
    }

    /// Clicks on what this selector finds.
    pub(crate) async fn click(&self, css: &str) -> Result<()> {
        let found = self.find(Locator::Css(css)).await.with_context(|| format!("nothing to click: {css}"))?;
        Ok(found.click().await?)
    }

    /// Clicks, and waits until another page has come.
    pub(crate) async fn step(&self, css: &str) -> Result<()> {
        let before = self.current_url().await?;
        self.click(css).await?;
        for _ in 0..200 {
            if self.current_url().await? != before {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        bail!("{css} leads nowhere from {before}")
    }

    /// Makes the page this large, in points.
    pub(crate) async fn resize(&self, width: u32, height: u32) -> Result<()> {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": self.look.get().zoom, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await.map(drop)
    }

    /// Shows pages as they would be printed.
    pub(crate) async fn as_printed(&self) -> Result<()> {
        self.emulate_media("print", "light").await
    }

    /// Nothing moves, so that no colour is measured half-way through a change.
    async fn emulate_media(&self, media: &str, theme: &str) -> Result<()> {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        let emulated = json!({ "media": media, "features": features });
        self.devtools("Emulation.setEmulatedMedia", emulated).await.map(drop)
    }

    /// The page has no accessibility violation that axe-core can find. Needs scripts.
    pub(crate) async fn axe(&self, what: &str) -> Result<()> {
        ensure!(self.look.get().script, "axe-core can't look at {what} with scripts switched off");
        if self.execute("return typeof axe === 'undefined'", vec![]).await? == json!(true) {
            self.execute(AXE, vec![]).await?;
        }
        let found = self.execute_async(AXE_RUN, vec![]).await?;
        let Value::Array(violations) = found else { bail!("axe-core stopped on {what}: {found}") };
        let told: Vec<String> = violations.iter().map(violation).collect();
        ensure!(told.is_empty(), "{what} {:?}:\n{}", self.look.get(), told.join("\n"));
        Ok(())
    }

    /// Nothing sticks out to the right of the window.
    pub(crate) async fn no_sideways_scroll(&self, what: &str) -> Result<()> {
        let (window, page) = self.extent().await?;
        ensure!(
            page.0 <= window.0,
            "{what} {:?} is {} wide in a window of {}",
            self.look.get(),
            page.0,
            window.0
        );
        Ok(())
    }

    /// The whole page as a PNG file, down to its end.
    pub(crate) async fn screenshot(&self, file: &Path) -> Result<()> {
        let (window, page) = self.extent().await?;
        self.resize(window.0, page.1.max(window.1)).await?;
        let picture = self.client.screenshot().await;
        self.resize(window.0, window.1).await?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(file, picture?).with_context(|| format!("writing {}", file.display()))
    }

    /// Width and height of the window, and of the page in it.
    async fn extent(&self) -> Result<((u32, u32), (u32, u32))> {
        let metrics = self.devtools("Page.getLayoutMetrics", json!({})).await?;
        let points = |pointer| {
            let value = metrics.pointer(pointer).and_then(Value::as_u64);
            value.and_then(|value| u32::try_from(value).ok()).with_context(|| format!("no {pointer}"))
        };
        let window = (points("/cssLayoutViewport/clientWidth")?, points("/cssLayoutViewport/clientHeight")?);
        Ok((window, (points("/cssContentSize/width")?, points("/cssContentSize/height")?)))
    }

    pub(crate) async fn devtools(&self, cmd: &'static str, params: Value) -> Result<Value> {
        self.issue_cmd(Devtools { cmd, params }).await.with_context(|| format!("the browser refused {cmd}"))
    }
}

/// One violation in words: the rule, what it asks, and every element that breaks it.
fn violation(found: &Value) -> String {
    let text = |name| found.get(name).and_then(Value::as_str).unwrap_or_default();
    let nodes = found.get("nodes").and_then(Value::as_array).into_iter().flatten();
    let mut lines = vec![format!("  {}: {}", text("id"), text("help"))];
    lines.extend(nodes.filter_map(Value::as_str).map(|node| format!("    {node}")));
    lines.join("\n")
}

fn capabilities(look: Look) -> Capabilities {
    let script = if look.script { 1 } else { 2 }; // Chromium's numbers for "allow" and "block"
    let chromium = json!({
        "binary": setting("CHROME_BIN").unwrap_or_else(|| "/usr/bin/chromium".to_owned()),
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--hide-scrollbars",
        ],
        "prefs": { "profile.managed_default_content_settings.javascript": script },
    });
    let log = if look.wire { json!({ "performance": "ALL" }) } else { json!({}) };
    Capabilities::from_iter([
        ("browserName".to_owned(), json!("chrome")),
        ("goog:loggingPrefs".to_owned(), log),
        ("goog:chromeOptions".to_owned(), chromium),
    ])
}

#[expect(clippy::disallowed_methods, reason = "these two settings belong to the tests, not to the app")]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A command of Chromium's developer tools, sent through its driver.
#[derive(Debug)]
struct Devtools {
    cmd: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _address: &Url) -> (axum::http::Method, Option<String>) {
        let body = json!({ "cmd": self.cmd, "params": self.params });
        (axum::http::Method::POST, Some(body.to_string()))
    }
}

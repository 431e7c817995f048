//! An audit that goes from page to page in one browser and looks at each in every way; what it finds is told at the
//! end, all of it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Result, ensure};
use axum::http::Method;
use warmly::app::routes;

use crate::driver::{Browser, Look, journey, setting};
use crate::served::Served;

/// Each way in which a page is looked at, and whether axe-core looks too. It takes its time: a small light screen and
/// a large dark one show it every rule. With `EVERY_LOOK=1` it looks at all of them.
const LOOKS: [(Look, bool); 6] = [
    (Look::PHONE, true),
    (Look::PHONE.dark(), false),
    (Look::DESKTOP, false),
    (Look::DESKTOP.dark(), true),
    (Look::NARROW, false),
    (Look::ZOOMED, false),
];

/// One audit under way.
pub(crate) struct Audit<'a> {
    pub(crate) browser: &'a Browser,
    pub(crate) served: &'a Served,
    paths: RefCell<BTreeSet<String>>,
    found: RefCell<Vec<String>>,
    looked: Cell<usize>,
}

/// Walks through pages and tells what was found; `pages` are those that must have been among them.
pub(crate) async fn audit(
    served: &Served,
    pages: impl Fn(&str) -> bool,
    walk: impl AsyncFnOnce(&Audit<'_>) -> Result<()>,
) -> Result<()> {
    journey(Look::DESKTOP, async |browser| {
        let audit = Audit {
            browser,
            served,
            paths: RefCell::default(),
            found: RefCell::default(),
            looked: Cell::new(0),
        };
        let walked = walk(&audit).await;
        let found = audit.found.take();
        ensure!(found.is_empty(), "{}\n{walked:?}", found.join("\n"));
        walked?;
        for route in routes() {
            let shown = route.method == Method::GET
                && pages(route.path)
                && !is_file(route.path)
                && !leads_back(route.path);
            ensure!(!shown || audit.saw(route.path), "{} was not looked at", route.path);
        }
        ensure!(audit.looked.get() > 60, "{} states × looks", audit.looked.get());
        Ok(())
    })
    .await
}

/// Whether opening this address, which a form is sent to, leads to the page the form stands on.
fn leads_back(path: &str) -> bool {
    [
        "/blackout",
        "/{number}/comments",
        "/{number}/marking",
        "/comments/{comment}",
        "/comments/{comment}/answers",
    ]
    .iter()
    .any(|end| path.ends_with(end))
}

fn is_file(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "csv" | "json")))
}

impl Audit<'_> {
    /// Opens a page and looks at it.
    pub(crate) async fn at(&self, path: &str) -> Result<()> {
        self.open(path).await?;
        self.here(path).await
    }

    /// Opens a page.
    pub(crate) async fn open(&self, path: &str) -> Result<()> {
        Ok(self.browser.goto(&self.served.at(path)).await?)
    }

    /// Looks at the page that is open.
    pub(crate) async fn here(&self, what: &str) -> Result<()> {
        let path = self.browser.path().await?;
        self.paths.borrow_mut().insert(path);
        let text = self.browser.reads().await?;
        ensure!(!text.contains("went wrong on our side"), "{what} is no page:\n{text}");
        for (look, in_full) in LOOKS {
            self.browser.see_as(look).await?;
            if in_full || setting("EVERY_LOOK").is_some() {
                self.keep(self.browser.axe(what).await);
            }
            self.keep(self.browser.no_sideways_scroll(what).await);
            self.looked.set(self.looked.get() + 1);
            if let Some(folder) = setting("SCREENSHOTS") {
                // Ids stay out of the names of pictures, so that two runs can be laid side by side.
                let parts = what.split('/').filter(|part| !part.is_empty() && part.len() < 30);
                let name = parts.collect::<Vec<_>>().join("-").replace([' ', ','], "-");
                let file = Path::new(&folder).join(format!("{}-{name}.png", self.browser.name()));
                self.browser.screenshot(&file).await?;
            }
        }
        self.browser.see_as(Look::DESKTOP).await
    }

    fn keep(&self, outcome: Result<()>) {
        if let Err(found) = outcome {
            self.found.borrow_mut().push(format!("{found:#}"));
        }
    }

    /// Whether a page of this route was looked at.
    fn saw(&self, route: &str) -> bool {
        let parts = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let wanted = parts(route);
        self.paths.borrow().iter().map(|path| parts(path)).any(|seen| {
            seen.len() == wanted.len()
                && seen.iter().zip(&wanted).all(|(seen, wanted)| wanted.starts_with('{') || seen == wanted)
        })
    }
}

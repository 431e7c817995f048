//! What a page costs her who opens it: requests and bytes, as they would cross the wire.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Request, header};

use crate::app::{Browser, TestApp, begin};
use crate::page::Page;

/// What may come at the first turn somebody opens, and at every one after that, in bytes.
const FIRST: usize = 30 * 1024;
const LATER: usize = 6 * 1024;

/// What Chromium says it can read; and what a proxy between may have made of that.
const ACCEPTS: [&str; 2] = ["gzip, deflate, br, zstd", "gzip"];

/// The answer as it crosses the wire.
async fn fetch(browser: &Browser<'_>, address: &str, accepts: &str, known: Option<&str>) -> Page {
    let cookies: Vec<String> =
        browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut request = Request::get(address)
        .header(header::ACCEPT_ENCODING, accepts)
        .header(header::COOKIE, cookies.join("; "));
    if let Some(tag) = known {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    browser.app.send(request.body(Body::empty()).expect("a request")).await
}

/// Bytes of an answer: its body, and its headers as HTTP/1.1 writes them, with the lines the server adds.
fn weight(page: &Page) -> usize {
    let headers: usize =
        page.headers().iter().map(|(name, value)| name.as_str().len() + value.as_bytes().len() + 4).sum();
    page.bytes.len()
        + headers
        + "HTTP/1.1 200 OK\r\n\r\ndate: Thu, 26 Nov 2026 06:40:57 GMT\r\ncontent-length: 1000\r\n".len()
}

/// Every file that a page asks for.
fn files(page: &Page) -> BTreeSet<String> {
    let links = page.attributes("link[href]", "href");
    links.into_iter().chain(page.attributes("script[src], img[src]", "src")).collect()
}

/// What somebody does with a page of a conversation to get to the next one; nothing at its end.
async fn go_on(nurse: &Browser<'_>, page: &Page) -> Option<Page> {
    let words =
        "I’m so glad this week went well. I’d rather stay your nurse, and the office can always reach one.";
    let heading = page.heading();
    if heading.ends_with("What would you say?") {
        return Some(nurse.press(page, "Continue", &[("own", words)]).await);
    }
    if heading.ends_with("choose a reply") {
        return Some(nurse.press(page, "Say this", &[("reply", "1")]).await);
    }
    if page.all("form .actions button").iter().any(|button| button == "Go on") {
        return Some(nurse.press(page, "Go on", &[("place", "keeps")]).await);
    }
    if page.all(".actions a").iter().any(|link| link == "Go on") {
        return Some(nurse.follow(page, "Go on").await);
    }
    None
}

#[tokio::test]
async fn a_turn_takes_few_requests_and_bytes_at_first_and_only_the_page_itself_from_then_on() {
    let app = TestApp::new().await;
    for accepts in ACCEPTS {
        let (nurse, mut page) = begin(&app, "goodbye-at-discharge").await;
        let (mut fetched, mut turns, mut all) = (BTreeSet::new(), 0, 0);
        loop {
            let html = fetch(&nurse, &page.path, accepts, None).await;
            assert_eq!(html.status, 200, "{}", page.path);
            assert!(html.header("content-encoding").is_some(), "{} is compressed", page.path);
            let (mut requests, mut bytes) = (1, weight(&html));
            for address in files(&page) {
                if fetched.insert(address.clone()) {
                    let file = fetch(&nurse, &address, accepts, None).await;
                    assert_eq!(file.status, 200, "{address}");
                    requests += 1;
                    bytes += weight(&file);
                }
            }
            let (most, at_most) = if turns == 0 { (6, FIRST) } else { (1, LATER) };
            assert!(requests <= most, "{}: {requests} requests", page.path);
            assert!(bytes <= at_most, "{}: {bytes} bytes", page.path);
            (turns, all) = (turns + 1, all + bytes);
            let Some(next) = go_on(&nurse, &page).await else { break };
            // What the debrief draws is seen once, at the end; and it may link to files of its own.
            if !next.path.contains("/attempts/") || next.path.ends_with("/looking-back") {
                break;
            }
            page = next;
        }
        assert!(turns >= 6, "{turns} pages were looked at");
        println!("{accepts}: {turns} pages, {all} bytes");
    }
}

#[tokio::test]
async fn a_file_comes_in_the_smallest_form_the_browser_reads_and_only_once() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let page = browser.open("/practice").await;
    for address in files(&page) {
        let plain = fetch(&browser, &address, "identity", None).await;
        let font = address.contains(".woff2");
        let mut sizes = vec![plain.bytes.len()];
        let mut tags = BTreeSet::from([plain.header("etag").expect("a tag").to_owned()]);
        for encoding in ["gzip", "br"] {
            let packed = fetch(&browser, &address, &format!("deflate, {encoding};q=0.9"), None).await;
            assert_eq!(packed.header("content-encoding"), (!font).then_some(encoding), "{address}");
            assert_eq!(packed.header("vary").is_some(), !font, "{address} is kept apart by encoding");
            assert!(packed.headers().get_all("vary").iter().count() <= 1, "{address}");
            let tag = packed.header("etag").expect("a tag").to_owned();
            let again = fetch(&browser, &address, encoding, Some(&tag)).await;
            assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0), "{address} is there already");
            let changed = fetch(&browser, &address, encoding, Some("\"other\"")).await;
            assert_eq!(changed.status, 200, "{address}");
            assert_eq!(changed.bytes, packed.bytes, "{address}");
            tags.insert(tag);
            sizes.push(packed.bytes.len());
        }
        assert_eq!(tags.len(), if font { 1 } else { 3 }, "{address}: each form has a tag of its own");
        let smaller = sizes.windows(2).all(|pair| if font { pair[0] == pair[1] } else { pair[1] < pair[0] });
        assert!(smaller, "{address}: {sizes:?}");
    }
}

/// For each file of a font the letters that it is for, as the stylesheet says.
fn letters(css: &str) -> BTreeMap<String, BTreeSet<char>> {
    let between = |text: &str, before: &str, after: char| {
        text.split(before).nth(1).and_then(|rest| rest.split(after).next()).map(str::to_owned)
    };
    let code = |hex: &str| u32::from_str_radix(hex, 16).expect("a number");
    let run = |run: &str| {
        let run = run.trim_start_matches("U+");
        let (first, last) = run.split_once('-').unwrap_or((run, run));
        code(first)..=code(last)
    };
    let face = |face: &str| {
        let file = between(face, "/assets/", '.')?;
        let list = between(face, "unicode-range:", '}')?;
        Some((file, list.split(',').flat_map(run).filter_map(char::from_u32).collect()))
    };
    css.split("@font-face").filter_map(face).collect()
}

/// The stylesheet of every page.
async fn stylesheet(browser: &Browser<'_>) -> String {
    let page = browser.open("/how-it-works").await;
    let sheets = page.attributes("link[rel=stylesheet]", "href");
    browser.get(sheets.first().expect("a stylesheet")).await.text()
}

#[tokio::test]
async fn no_two_files_of_a_font_claim_a_letter() {
    let app = TestApp::new().await;
    let files = letters(&stylesheet(&app.browser()).await);
    assert_eq!(files.len(), 7, "{:?}", files.keys());
    for (file, mine) in &files {
        let family = file.split('-').next().expect("a name");
        for (other, theirs) in files.iter().filter(|(other, _)| *other > file && other.starts_with(family)) {
            let both: Vec<&char> = mine.intersection(theirs).collect();
            assert!(both.is_empty(), "{file} and {other}: {both:?}");
        }
    }
}

#[tokio::test]
async fn everything_that_conversations_and_pages_say_is_in_the_first_files_of_the_fonts() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let files = letters(&stylesheet(&browser).await);
    let (voice, sans) = (&files["literata"], &files["atkinson"]);
    let said = |value: &serde_json::Value| value.to_string().replace(['{', '}', '[', ']', '_', '\\'], "");
    let built_in = app.app.library.current();
    for revision in built_in.iter().filter(|revision| revision.scenario.slug != "garden-gate") {
        let text = said(&serde_json::to_value(&revision.scenario).expect("JSON"));
        let missing: String =
            text.chars().filter(|letter| !voice.contains(letter) || !sans.contains(letter)).collect();
        assert_eq!(missing, "", "{}", revision.scenario.slug);
    }
    for address in
        ["/", "/practice", "/how-it-works", "/the-line", "/who-can-see", "/about", "/join", "/come-back"]
    {
        let words = browser.open(address).await.words();
        let missing: String = words.chars().filter(|letter| !sans.contains(letter)).collect();
        assert_eq!(missing, "", "{address}");
    }
}

//! The plain pages, and the two addresses that machines ask.

use crate::app::TestApp;

#[tokio::test]
async fn the_plain_pages_are_there_for_everyone_and_linked_from_every_page() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let start = browser.open("/practice").await;
    for (words, heading) in [
        ("How it works", "How it works"),
        ("The words on the line", "The words on the line"),
        ("Who can see my answers", "Who can see my answers"),
        ("Real help", "Real help"),
        ("Accessibility", "Accessibility"),
        ("About", "About Warmly, no"),
    ] {
        let page = browser.follow(&start, words).await;
        assert_eq!((page.status.as_u16(), page.heading()), (200, heading.to_owned()));
    }
    let line = browser.open("/the-line").await.words();
    assert!(line.contains("“boundary crossing” is the milder thing"), "{line}");
    assert!(line.contains("Crosses boundary violation, or an unsafe act"));
}

#[tokio::test]
async fn scenes_that_may_touch_something_say_where_real_help_is() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let page = browser.open("/scenarios/not-doing-well").await;
    assert!(page.words().contains("Before you begin"));
    assert!(page.link("other help").contains("/getting-help"));
}

#[tokio::test]
async fn machines_learn_that_it_is_alive_and_ready() {
    let app = TestApp::new().await;
    let browser = app.browser();
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 200);
    app.app.db.close().await;
    assert_eq!(browser.get("/healthz").await.status, 200);
    assert_eq!(browser.get("/readyz").await.status, 503);
}

#[tokio::test]
async fn assets_are_named_by_their_content_and_kept_for_a_year() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let page = browser.open("/practice").await;
    let mut bytes = 0;
    for address in
        page.attributes("link[href]", "href").into_iter().chain(page.attributes("script[src]", "src"))
    {
        let asset = browser.get(&address).await;
        assert_eq!(asset.status, 200, "{address}");
        assert!(asset.header("cache-control").expect("a rule").contains("immutable"));
        if address.contains("/app.")
            && asset.header("content-type").is_some_and(|kind| kind.starts_with("text/css"))
        {
            assert!(asset.bytes.len() <= 25 * 1024, "the stylesheet has {} bytes", asset.bytes.len());
            assert!(!asset.text().contains("/assets/literata.woff2"), "fonts are named by their content too");
        }
        bytes += asset.bytes.len();
    }
    assert!(bytes < 120 * 1024, "{bytes} bytes in all");
}

//! What was counted of a seat is kept in memory: a page must say what it would say had it just been counted.

use serde_json::Value;

use crate::app::TestApp;
use crate::review::{Ward, ward};

/// A file of the cohort as JSON, without its filter.
async fn file(ward: &Ward<'_>, rest: &str) -> Value {
    let text = ward.ruth.browser.get(&ward.at(rest)).await.text();
    let mut file: Value = serde_json::from_str(&text).expect(rest);
    file.as_object_mut().expect("an object").remove("since");
    file
}

/// Without a filter, memory is asked; with one that everything passes, the tallies are.
async fn agrees(ward: &Ward<'_>) -> Value {
    for name in ["/overview.json?", "/matrix.json?", "/matrix.json?show=latest&"] {
        let (kept, anew) = (file(ward, name).await, file(ward, &format!("{name}since=2000-01-01")).await);
        assert_eq!(kept, anew, "{name}");
    }
    file(ward, "/overview.json?").await
}

#[tokio::test]
async fn what_is_kept_in_memory_is_what_is_counted_anew() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let before = agrees(&ward).await;
    assert_eq!(agrees(&ward).await, before, "nothing has happened");
    let (eve, gus) = (&ward.members[4], &ward.members[6]);
    let better = [("No.", "replytext one"), ("", "replytext four"), ("", "replytext eight")];
    app.worked(eve, &ward.gate, "garden-gate", &better).await;
    let again = agrees(&ward).await;
    assert_ne!(again["first_and_latest"], before["first_and_latest"], "she went through it again");
    app.started(gus, &ward.gate, "garden-gate").await;
    let begun = agrees(&ward).await;
    assert_ne!(begun["not_begun"], again["not_begun"], "he has begun and not answered");
    let one = app.worked(gus, &ward.gate, "garden-gate", &[("", "replytext three")]).await;
    let answered = agrees(&ward).await;
    assert!(answered.to_string().contains(&one) && !begun.to_string().contains(&one));
}

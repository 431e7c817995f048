//! What a browser is told, byte for byte: nothing before its time.

use crate::app::{TestApp, begin};
use crate::page::Page;

const NUMBERS: [&str; 11] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];

/// Everything an answer carries: status line, headers, body.
fn bytes(page: &Page) -> String {
    format!("{}\n{:?}\n{}", page.status, page.headers(), page.text())
}

/// What an answer gives away of replies and of what they do.
fn given_away(page: &Page) -> Vec<String> {
    let bytes = bytes(page);
    let kinds = ["turntext", "replytext", "reactiontext", "kepttext", "whytext", "bettertext", "endingtext"];
    let mut found = Vec::new();
    for kind in kinds {
        for number in NUMBERS {
            let secret = format!("{kind} {number}");
            let followed =
                |at: usize| bytes[at + secret.len()..].starts_with(|next: char| next.is_alphanumeric());
            if bytes.match_indices(&secret).any(|(at, _)| !followed(at)) {
                found.push(secret);
            }
        }
    }
    for id in [
        "ending-help",
        "ending-car",
        "ending-alone",
        "id-plain-no",
        "id-kind-no",
        "id-maybe",
        "id-still-no",
        "id-walk-off",
        "id-take-back",
        "id-drive",
    ] {
        if bytes.contains(id) {
            found.push(id.to_owned());
        }
    }
    found
}

fn expect(page: &Page, wanted: &[&str]) {
    let mut found = given_away(page);
    let mut wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "on {}", page.path);
}

#[tokio::test]
async fn nothing_reaches_the_browser_before_its_time() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    for address in ["/", "/practice", "/scenarios/garden-gate"] {
        expect(&nurse.get(address).await, &[]);
    }
    let (nurse, turn) = begin(&app, "garden-gate").await;
    expect(&turn, &[]);
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for early in
        ["1/replies", "1/answer", "2", "2/replies", "2/answer", "looking-back", "explore/0", "explore/0-0"]
    {
        expect(&nurse.get(&format!("/attempts/{id}/{early}")).await, &[]);
    }
    for address in ["/me", "/me/practice.json", "/me/practice.csv", "/practice"] {
        expect(&nurse.get(address).await, &[]);
    }
    let committed = nurse.post(&turn.path, &[("own", "No.")]).await;
    expect(&committed, &[]);
    let shown = ["replytext one", "replytext two", "replytext three"];
    let replies = nurse.open(&turn.path).await;
    expect(&replies, &shown);
    for word in ["keeps", "blurs", "crosses", "turns-away", "Keeps", "Blurs", "Crosses"] {
        assert!(!bytes(&replies).contains(word), "{word}");
    }
    let values = replies.attributes("input[name=reply]", "value");
    assert_eq!(values, ["1", "2", "3"], "positions, not names");
    expect(&nurse.post(&replies.path, &[]).await, &shown);
    expect(&nurse.post(&replies.path, &[("reply", "9")]).await, &shown);
    expect(&nurse.get(&format!("/attempts/{id}/1/answer")).await, &[]);
    expect(&nurse.get("/me/practice.json").await, &shown);
    let maybe = replies.position("replytext three");
    let recorded = nurse.post(&replies.path, &[("reply", &maybe)]).await;
    expect(&recorded, &[]);
    let reaction = nurse.open(&recorded.location().expect("on")).await;
    let own =
        ["replytext three", "reactiontext three", "kepttext three", "whytext three", "bettertext three"];
    expect(&reaction, &own);
    let next = nurse.press(&reaction, "Go on", &[]).await;
    expect(&next, &["replytext three", "reactiontext three", "turntext three"]);
    let conflict = nurse.post(&replies.path, &[("reply", &replies.position("replytext one"))]).await;
    expect(&conflict, &["replytext one", "replytext three"]);
}

#[tokio::test]
async fn built_in_replies_stay_hidden_until_own_words_are_in() {
    let app = TestApp::new().await;
    for revision in app.app.library.current() {
        let scenario = &revision.scenario;
        let (nurse, turn) = begin(&app, &scenario.slug).await;
        let policy = app.app.library.policy();
        let first = &scenario.turns[&scenario.start];
        let hidden = |page: &Page, texts: &[&str]| {
            let words = page.words();
            for text in texts.iter().filter(|text| text.len() > 25) {
                let shown = policy.speak(text);
                assert!(!words.contains(&shown), "{} gives away: {shown}", page.path);
            }
        };
        for reply in &first.replies {
            hidden(&turn, &[&reply.text, &reply.kept, &reply.why, &reply.better, &reply.reaction.says]);
        }
        if turn.path.ends_with("/1") {
            let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
            assert_eq!(replies.all(".choice label").len(), first.replies.len());
            for reply in &first.replies {
                hidden(&replies, &[&reply.kept, &reply.why, &reply.reaction.says]);
            }
        }
    }
}

#[tokio::test]
async fn the_order_of_replies_differs_between_attempts() {
    let app = TestApp::new().await;
    let mut orders = std::collections::BTreeSet::new();
    for _ in 0..24 {
        let (nurse, turn) = begin(&app, "garden-gate").await;
        orders.insert(nurse.press(&turn, "Skip to the replies", &[]).await.all(".choice label"));
    }
    assert!(orders.len() > 2, "three replies have six orders; twenty-four attempts show several");
}

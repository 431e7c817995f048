//! The staff look through a conversation with the nurses' own pages, and nothing of it counts.

use crate::app::TestApp;

#[tokio::test]
async fn the_staff_look_through_a_conversation_and_leave_no_trace() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let catalogue = ruth.browser.open("/practice").await;
    assert!(catalogue.words().contains("Look through each of them as a preview"));
    assert!(!catalogue.words().contains("Not tried yet"));
    let prebrief = ruth.browser.follow(&catalogue, "The garden gate").await;
    assert!(prebrief.all("form").is_empty(), "there is nothing to begin");
    let told = "Preview: nothing on this page is recorded or counted.";
    let mut page = ruth.browser.follow(&prebrief, "Look through it").await;
    assert!(page.words().contains("It is noon."), "the conversation begins with its opening");
    for reply in ["replytext three", "replytext six", "replytext eight"] {
        assert_eq!(page.all(".banner").concat(), told, "{}", page.path);
        let position = page.position(reply);
        page = ruth.browser.press(&page, "See where it leads", &[("reply", &position)]).await;
        assert_eq!(page.all(".banner").concat(), told, "{}", page.path);
        assert!(page.words().contains(&reply.replace("reply", "reaction")), "{}", page.words());
        if reply != "replytext eight" {
            page = ruth.browser.follow(&page, "Go on").await;
        }
    }
    assert!(page.words().contains("How it ends: Help comes up the lane"));
    assert_eq!(ruth.browser.follow(&page, "Back to the beginning").await.path, "/scenarios/garden-gate");
    for odd in ["9", "0-0-0-0-0", "x", "2-1-0"] {
        let page = ruth.browser.get(&format!("/scenarios/garden-gate/preview/{odd}")).await;
        assert_eq!(page.status, 404, "{odd}");
    }
    let rows = "SELECT (SELECT COUNT(*) FROM nurses) + (SELECT COUNT(*) FROM attempts)
        + (SELECT COUNT(*) FROM openings) + (SELECT COUNT(*) FROM responses)";
    assert_eq!(app.number(rows).await, 0);
}

#[tokio::test]
async fn a_start_by_the_staff_makes_no_nurse() {
    let app = TestApp::new().await;
    let stranger = app.browser();
    let token = stranger.open("/").await.attributes("input[name=token]", "value").concat();
    for who in [app.educator("Ruth Reyes").await, app.administrator("Ada").await] {
        let fields = [("token", token.as_str()), ("own", "Oh, just call the hospital.")];
        let typed = who.browser.post("/scenarios/garden-gate/attempts", &fields).await;
        assert_eq!(typed.status, 403, "a nurse typed it before they signed in");
        assert_eq!(typed.all("textarea"), ["Oh, just call the hospital."]);
        let sent = who.browser.post("/scenarios/garden-gate/attempts", &fields[..1]).await;
        assert_eq!(sent.status, 303);
        assert_eq!(sent.location().expect("on"), "/scenarios/garden-gate/preview/start/replies");
        assert_eq!(who.browser.get("/").await.status, 303, "the welcome page asks nothing of the staff");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 0);
}

#[tokio::test]
async fn a_preview_gives_nothing_away_to_nurses() {
    let app = TestApp::new().await;
    let (nurse, _) = crate::app::begin(&app, "garden-gate").await;
    for rest in ["start/replies", "0", "2/replies"] {
        let page = nurse.get(&format!("/scenarios/garden-gate/preview/{rest}")).await;
        assert_eq!(page.status, 401, "{rest}");
        assert!(!page.text().contains("replytext"));
    }
}

//! Setting scenarios for a cohort, changing what is said to them, taking them back.

use crate::app::TestApp;

#[tokio::test]
async fn an_educator_sets_a_scenario_with_a_day_and_a_note() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana").await;
    app.member(&cohort, "Bea").await;
    let list = ruth.browser.open(&format!("/cohorts/{}/assignments", cohort.as_str())).await;
    assert!(list.words().contains("Nothing is set in this cohort"));
    let form = ruth.browser.follow(&list, "Set a scenario").await;
    let fields = [("slug", "garden-gate"), ("due", "2026-03-06"), ("note", "Before class")];
    let set = ruth.browser.press(&form, "Set it", &fields).await;
    let again = ruth.browser.press(&form, "Set it", &fields).await;
    assert_eq!((&set.path, again.status.as_u16()), (&again.path, 200), "{}", again.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM assignments").await, 1, "pressed twice, set once");
    for said in ["for Friday, March 6", "0 of 2 nurses have completed it", "Before class"] {
        assert!(set.words().contains(said), "{said}: {}", set.words());
    }
    let id = app.column("SELECT id FROM assignments").await.concat();
    let id = warmly::cohorts::AssignmentId::read(&id).expect("an id");
    let turns = [("Not today.", "replytext three"), ("", "replytext six"), ("No.", "replytext eight")];
    for _ in 0..2 {
        app.worked(&ana, &id, "garden-gate", &turns).await;
    }
    let list = ruth.browser.open(&list.path).await;
    assert!(list.words().contains("1 of 2 nurses have completed it"), "twice by the same nurse counts once");
    assert_eq!(app.column("SELECT what FROM audit").await, ["assigned"]);
    let mut conn = app.app.db.read().await.expect("a connection");
    let given = warmly::cohorts::store::assigned_to(&mut conn, &ana.nurse_id).await.expect("assignments");
    assert_eq!((given.len(), given[0].cohort_name.as_str(), given[0].archived), (1, "Spring", false));
    let educators = warmly::accounts::store::educators_of(&mut conn, &cohort).await.expect("educators");
    assert_eq!(educators, ["Ruth"]);
}

#[tokio::test]
async fn a_day_that_is_over_or_no_day_is_refused_and_kept() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let form = ruth.browser.open(&format!("/cohorts/{}/assignments/new", cohort.as_str())).await;
    let long = "x".repeat(301);
    let cases = [
        ("garden-gate", "2026-03-01", "", "That day is over"),
        ("garden-gate", "next week", "", "Write the day like this"),
        ("garden-gate", "2026-02-30", "", "Write the day like this"),
        ("garden-gate", "", long.as_str(), "1 characters too long"),
        ("", "2026-03-09", "Hello", "Choose a scenario"),
        ("no-such-scenario", "", "", "Choose a scenario"),
    ];
    for (slug, due, note, problem) in cases {
        let page = ruth.browser.press(&form, "Set it", &[("slug", slug), ("due", due), ("note", note)]).await;
        assert_eq!(page.status, 422, "{problem}");
        assert!(page.title().starts_with("Problem: "));
        assert!(page.all(".err").concat().contains(problem), "{:?}", page.all(".err"));
        assert_eq!(page.attributes("#due", "value").concat(), due);
        assert_eq!(page.all("#note").concat(), note);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM assignments").await, 0);
    let today = ruth.browser.press(&form, "Set it", &[("slug", "garden-gate"), ("due", "2026-03-02")]).await;
    assert!(today.words().contains("due today"));
}

#[tokio::test]
async fn an_educator_changes_day_and_note_and_withdraws() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let attempt = app.started(&ana, &gate, "garden-gate").await;
    let address = format!("/cohorts/{}/assignments/{}", cohort.as_str(), gate.as_str());
    let page = ruth.browser.open(&address).await;
    let list = ruth.browser.press(&page, "Save", &[("due", "2026-03-03"), ("note", "Short one")]).await;
    assert!(list.words().contains("for Tuesday, March 3"), "{}", list.words());
    app.clock.advance(2 * 24 * 60 * 60 * 1000);
    let ruth = app.educator("Second").await;
    app.give_role(&cohort, &ruth, warmly::accounts::Role::Educator).await;
    let page = ruth.browser.open(&address).await;
    let list = ruth.browser.press(&page, "Save", &[("note", "Still short")]).await;
    assert!(list.words().contains("was due March 3"), "a day that stands already may be over");
    let page = ruth.browser.open(&address).await;
    assert!(page.words().contains("Those who have begun can finish"));
    let list = ruth.browser.press(&page, "Withdraw this assignment", &[]).await;
    assert!(list.words().contains("1 withdrawn"));
    let noted = "SELECT COUNT(*) FROM audit WHERE what = 'assignment-withdrawn'";
    assert_eq!(app.number(noted).await, 1, "by the first of two");
    ruth.browser.press(&page, "Withdraw this assignment", &[]).await;
    assert_eq!(app.number(noted).await, 1);
    let late = ruth.browser.press(&page, "Save", &[("note", "Bring it to class")]).await;
    assert_eq!(
        (late.status.as_u16(), late.heading().as_str()),
        (422, "This assignment was withdrawn meanwhile")
    );
    assert_eq!(late.all("textarea#typed"), ["Bring it to class"], "not said to be saved");
    let list = ruth.browser.follow(&late, "Go to the assignments").await;
    assert!(!list.words().contains("Saved"), "{}", list.words());
    assert!(ruth.browser.open(&address).await.words().contains("Withdrawn on March 4, 2026"));
    assert_eq!(
        ana.browser.open(&format!("/attempts/{attempt}")).await.status,
        401,
        "her session is two days old"
    );
    let mut conn = app.app.db.read().await.expect("a connection");
    let given = warmly::cohorts::store::assigned_to(&mut conn, &ana.nurse_id).await.expect("assignments");
    assert!(given.is_empty());
}

#[tokio::test]
async fn another_cohorts_assignment_is_not_there() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (spring, fall) = (app.cohort(&ruth, "Spring").await, app.cohort(&ruth, "Fall").await);
    let gate = app.assign(&fall, &ruth, "garden-gate").await;
    let wrong = format!("/cohorts/{}/assignments/{}", spring.as_str(), gate.as_str());
    let none = format!("/cohorts/{}/assignments/01234567-89ab-7def-8123-456789abcdef", spring.as_str());
    let (foreign, missing) = (ruth.browser.get(&wrong).await, ruth.browser.get(&none).await);
    assert_eq!(foreign.status, 404);
    assert_eq!(foreign.bytes, missing.bytes);
    assert_eq!(ruth.browser.post(&wrong, &[("note", "mine")]).await.status, 404);
    assert_eq!(ruth.browser.post(&format!("{wrong}/withdraw"), &[]).await.status, 404);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM assignments WHERE withdrawn_at IS NULL AND note = ''").await,
        1
    );
}

#[tokio::test]
async fn a_note_with_a_real_persons_details_is_asked_about_first() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let form = ruth.browser.open(&format!("/cohorts/{}/assignments/new", cohort.as_str())).await;
    let note = "Ask Bo, 617-555-0142";
    let typed = [("slug", "garden-gate"), ("note", note)];
    let asked = ruth.browser.press(&form, "Set it", &typed).await;
    assert_eq!(asked.status, 422);
    assert!(asked.words().contains("This looks like a phone number: 617-555-0142"), "{}", asked.words());
    assert!(
        asked
            .words()
            .contains("The administrators’ log then notes that something was kept, never the words."),
        "{}",
        asked.words()
    );
    assert_eq!(asked.all("#note").concat(), note, "what was typed is kept");
    assert_eq!(app.number("SELECT COUNT(*) FROM assignments").await, 0);
    let list = ruth.browser.press(&asked, "Keep it as it is", &[]).await;
    assert!(list.words().contains(note), "{}", list.words());
    let kept = "SELECT a.object_id FROM audit a WHERE a.what = 'sent-anyway'";
    let id = app.column("SELECT id FROM assignments").await.concat();
    assert_eq!(app.column(kept).await, [format!("{id} phone")]);
    let page = ruth.browser.open(&format!("/cohorts/{}/assignments/{id}", cohort.as_str())).await;
    let list = ruth.browser.press(&page, "Save", &[("due", "")]).await;
    assert!(list.words().contains("Saved"), "what stands there was asked about: {}", list.words());
    let asked = ruth.browser.press(&page, "Save", &[("note", "Or bo@ward.example")]).await;
    assert!(asked.words().contains("an e-mail address: bo@ward.example"), "{}", asked.words());
    let list = ruth.browser.press(&asked, "Save", &[("note", "Or come by")]).await;
    assert!(list.words().contains("Or come by"), "{}", list.words());
    let noted = "SELECT COUNT(*) FROM audit WHERE what = 'sent-anyway'";
    assert_eq!(app.number(noted).await, 1);
    ruth.browser.press(&asked, "Keep it as it is", &[]).await;
    assert_eq!(app.number(noted).await, 2, "kept in a change is noted as well");
}

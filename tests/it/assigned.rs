//! A nurse finds what is set for her, reads who will see it, and does it.

use warmly::accounts::Role;
use warmly::cohorts::{AssignmentId, CohortId};

use crate::app::{TestApp, fixtures};
use crate::cast::{Member, StaffMember, answer};
use crate::practice::finished;

/// The replies that go straight to the end.
pub(crate) const STRAIGHT: [(&str, &str); 3] =
    [("Not today, sorry.", "replytext one"), ("", "replytext four"), ("I call for help.", "replytext eight")];

/// Ruth's cohort with Ana in it, and the garden gate set for it.
pub(crate) async fn spring(app: &TestApp) -> (StaffMember<'_>, CohortId, Member<'_>, AssignmentId) {
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let ana = app.member(&cohort, "Ana Okafor").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    (ruth, cohort, ana, gate)
}

/// Changes rows as somebody of the staff would.
pub(crate) async fn change(app: &TestApp, statement: &'static str) {
    let done = app.app.db.write(move |conn| {
        let work: warmly::db::Work<'_, u64, sqlx::Error> =
            Box::pin(async move { warmly::sql!(conn, execute, statement) });
        work
    });
    assert!(done.await.expect(statement) > 0, "{statement}");
}

#[tokio::test]
async fn what_is_set_for_her_stands_first_and_says_who_will_see_what() {
    let app = TestApp::new().await;
    let (_ruth, cohort, ana, _gate) = spring(&app).await;
    let dana = app.educator("Dana Li").await;
    app.give_role(&cohort, &dana, Role::Educator).await;
    let manager = app.staff("Max Boss", false, false).await;
    app.give_role(&cohort, &manager, Role::Manager).await;
    change(&app, "UPDATE assignments SET due_on = '2026-03-06', note = 'Before we meet on Friday.'").await;
    let catalogue = ana.browser.open("/practice").await;
    let words = catalogue.words();
    let set = words.find("Set by Ruth Reyes, for Friday, March 6").expect("what is set");
    assert!(set < words.find("In person").or(words.find("At the bedside")).expect("a shelf"));
    assert!(words.contains("Before we meet on Friday.") && words.contains("Not begun"));
    let page = ana.browser.open(&catalogue.attributes("#set + ul h3 a", "href").concat()).await;
    assert_eq!(page.heading(), "The garden gate");
    let words = page.words();
    for told in [
        "Ruth Reyes and Dana Li, educators of Spring residency, can read:",
        "what you choose",
        "your own words",
        "how sure you were",
        "unless you check “I’d like to talk about this one”",
        "A manager of the group sees only your name, that you finished, and on which day.",
        "until 12 months after the group is closed",
        "You can practice it first: nobody sees that.",
        "Ruth Reyes writes Before we meet on Friday.",
    ] {
        assert!(words.contains(told), "{told}: {words}");
    }
    assert!(!words.contains("Max Boss"));
    let practice = ana.browser.follow(&page, "Practice it on your own").await;
    assert_eq!(practice.path, "/scenarios/garden-gate");
    assert!(practice.words().contains("Set by Ruth Reyes, for Friday, March 6"));
    assert_eq!(ana.browser.follow(&practice, "Go to the assigned work").await.path, page.path);
}

#[tokio::test]
async fn each_page_of_assigned_work_says_who_can_read_it_and_practice_says_nobody() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let before = ana.browser.open(&format!("/assignments/{}", gate.as_str())).await;
    let mut page = ana.browser.press(&before, "Begin the assigned work", &[]).await;
    assert_eq!(page.heading(), "Turn 1: What would you say?");
    let told = "Assigned: Ruth Reyes, who leads Spring residency, can read your answers.";
    for (own, reply) in STRAIGHT {
        assert_eq!(page.all(".banner").concat(), told, "{}", page.path);
        if !page.path.ends_with("/replies") {
            page = ana.browser.press(&page, "Continue", &[("own", own)]).await;
            assert_eq!(page.all(".banner").concat(), told, "{}", page.path);
        }
        let position = page.position(reply);
        page = ana.browser.press(&page, "Say this", &[("reply", &position)]).await;
        assert_eq!(page.all(".banner").concat(), told, "{}", page.path);
        let on = if reply.ends_with("eight") { "Look back" } else { "Go on" };
        page = match own {
            "" => ana.browser.follow(&page, on).await,
            _ => ana.browser.press(&page, on, &[]).await,
        };
    }
    assert!(page.all(".banner").concat().starts_with(told), "{}", page.words());
    assert!(ana.browser.open("/practice").await.words().contains("Done on March 2, 2026"));
    assert_eq!(app.column("SELECT purpose FROM attempts").await, ["assigned"]);
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 1);
    let (nurse, _) = finished(&app).await;
    let id = app.column("SELECT id FROM attempts WHERE purpose = 'practice'").await.concat();
    for rest in ["1/replies", "1/answer", "looking-back"] {
        let banner = nurse.open(&format!("/attempts/{id}/{rest}")).await.all(".banner").concat();
        assert!(banner.starts_with("Practice: "), "{banner}");
    }
}

#[tokio::test]
async fn the_purpose_of_an_attempt_is_fixed_at_its_start() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let address = format!("/assignments/{}", gate.as_str());
    let before = ana.browser.open(&address).await;
    let form = before.form("Begin the assigned work");
    let token = before.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str())];
    let (one, two) =
        tokio::join!(ana.browser.post(&form.action, &fields), ana.browser.post(&form.action, &fields));
    assert_eq!((one.status.as_u16(), one.location()), (303, two.location()), "a double click starts once");
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
    let other_way = ana.browser.submit("/scenarios/garden-gate/attempts", &fields).await;
    assert_eq!(other_way.path, "/scenarios/garden-gate", "the same form starts nothing of another kind");
    let purpose = [("token", token.as_str()), ("purpose", "practice")];
    assert_eq!(ana.browser.post(&form.action, &purpose).await.status, 400);
    assert_eq!(app.column("SELECT purpose FROM attempts").await, ["assigned"]);
    let again = ana.browser.open(&address).await;
    assert!(again.link("Carry on where you stopped").starts_with("/attempts/"));
    ana.browser.press(&again, "Begin the assigned work again", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts WHERE assignment_id IS NOT NULL").await, 2);
    let practice = ana.browser.open("/scenarios/garden-gate").await;
    assert!(!practice.words().contains("Carry on"), "assigned work is not carried on from practice");
    ana.browser.press(&practice, "Begin", &[]).await;
    let kinds = "SELECT purpose FROM attempts WHERE (seat_id IS NULL) = (purpose = 'practice') ORDER BY id";
    assert_eq!(app.column(kinds).await.len(), 3);
}

#[tokio::test]
async fn work_of_another_group_is_like_work_that_does_not_exist() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, _) = spring(&app).await;
    let olga = app.educator("Olga").await;
    let other = app.cohort(&olga, "Autumn").await;
    let theirs = app.assign(&other, &olga, "garden-gate").await;
    let nothing = "/assignments/01234567-89ab-7def-8123-456789abcdef";
    let token = app.clock.new_token();
    let fields = [("token", token.as_str())];
    for rest in ["", "/attempts"] {
        let address = format!("/assignments/{}{rest}", theirs.as_str());
        let missing = format!("{nothing}{rest}");
        let (foreign, none) = match rest {
            "" => (ana.browser.get(&address).await, ana.browser.get(&missing).await),
            _ => (ana.browser.post(&address, &fields).await, ana.browser.post(&missing, &fields).await),
        };
        assert_eq!((foreign.status.as_u16(), &foreign.bytes), (404, &none.bytes), "{rest}");
    }
    change(&app, "UPDATE seats SET left_at = 1").await;
    let gate = app.column("SELECT id FROM assignments WHERE note = '' ORDER BY id LIMIT 1").await.concat();
    assert_eq!(ana.browser.get(&format!("/assignments/{gate}")).await.status, 404, "she left the group");
    assert!(!ana.browser.open("/practice").await.words().contains("Set for you"));
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 0);
}

#[tokio::test]
async fn late_work_can_be_done_and_work_taken_back_only_finished() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let address = format!("/assignments/{}", gate.as_str());
    change(&app, "UPDATE assignments SET due_on = '2026-02-27'").await;
    let late = ana.browser.open(&address).await;
    assert!(late.words().contains("Its day has passed. You can still do it, and it counts the same."));
    let form = late.form("Begin the assigned work");
    let attempt = ana.browser.press(&late, "Begin the assigned work", &[]).await;
    let id = attempt.path.split('/').nth(2).expect("an id").to_owned();
    change(&app, "UPDATE assignments SET withdrawn_at = 1").await;
    let back = ana.browser.open(&address).await;
    let words = back.words();
    assert!(words.contains(
        "Ruth Reyes has taken this one back, so it can’t be begun. What you began can be finished."
    ));
    assert!(back.all("form button").is_empty(), "there is nothing to begin");
    let token = app.clock.new_token();
    let refused = ana.browser.submit(&form.action, &[("token", token.as_str())]).await;
    assert_eq!(refused.path, address);
    for (own, reply) in STRAIGHT {
        answer(&ana.browser, &id, own, reply).await;
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 1, "what was begun is finished");
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    assert!(!debrief.words().contains("Do the assigned work again"));
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
    change(&app, "UPDATE assignments SET withdrawn_at = NULL").await;
    change(&app, "UPDATE cohorts SET archived_at = 1").await;
    let closed = ana.browser.open(&address).await;
    assert!(closed.words().contains("This group is closed, so nothing new is begun in it."));
    assert!(!ana.browser.open("/practice").await.words().contains("Set for you"));
}

#[tokio::test]
async fn assigned_work_keeps_the_revision_it_was_begun_with() {
    let mut app = TestApp::new().await;
    let (address, cookies, turn) = {
        let (_ruth, _cohort, ana, gate) = spring(&app).await;
        let address = format!("/assignments/{}", gate.as_str());
        let before = ana.browser.open(&address).await;
        let turn = ana.browser.press(&before, "Begin the assigned work", &[]).await;
        (address, ana.browser.cookies.clone(), turn.path)
    };
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the fixture");
    let edited = text.replace("Could you drive me to town?", "Would you drive me to the market?");
    std::fs::write(folder.path().join("garden-gate.toml"), edited).expect("written");
    app.restart(folder.path()).await;
    let nurse = app.browser();
    nurse.cookies.replace(cookies.into_inner());
    assert!(nurse.open(&turn).await.words().contains("drive me to town"));
    let page = nurse.open(&address).await;
    let fresh = nurse.press(&page, "Begin the assigned work again", &[]).await;
    assert!(fresh.words().contains("drive me to the market"), "a new start takes the new one");
    assert!(nurse.open(&turn).await.words().contains("drive me to town"));
}

#[tokio::test]
async fn what_she_writes_looking_back_is_hers_until_she_asks_to_talk() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let readable = "SELECT feeling FROM reflections WHERE wants_talk";
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    assert!(debrief.words().contains("Nobody else reads these unless you ask to talk"));
    let saved = ana.browser.press(&debrief, "Save", &[("feeling", "I froze.")]).await;
    assert!(app.column(readable).await.is_empty());
    let asked = ana.browser.press(&saved, "Save", &[("wants_talk", "1")]).await;
    assert_eq!(app.column(readable).await, ["I froze."]);
    assert_eq!(asked.attributes("#wants_talk[checked]", "id").len(), 1);
    let unticked = [("feeling", "I froze.")];
    ana.browser.submit(&debrief.path, &unticked).await;
    assert!(app.column(readable).await.is_empty(), "unticking hides it again");
    let (nurse, practice) = finished(&app).await;
    assert!(!practice.words().contains("I’d like to talk"));
    nurse.submit(&practice.path, &[("feeling", "Mine."), ("wants_talk", "1")]).await;
    assert!(app.column(readable).await.is_empty(), "practice has nobody to talk to");
    assert_eq!(app.column("SELECT feeling FROM reflections ORDER BY feeling").await, ["I froze.", "Mine."]);
}

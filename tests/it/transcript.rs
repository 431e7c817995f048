//! An educator reads a nurse's transcript, and the nurse can see that she did.

use warmly::accounts::Role;

use crate::app::TestApp;
use crate::map::{SIX, ward};

#[tokio::test]
async fn a_transcript_shows_words_replies_order_time_and_repair() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let browser = &ward.ruth.browser;
    let page = browser.open(&ward.transcript(0)).await;
    assert_eq!(page.heading(), "Ana Okafor: The garden gate");
    let words = page.words();
    for text in [
        "Only attempt",
        "Um, not today.",
        "Went straight to the replies",
        "reactiontext three",
        "Put right at the very next turn.",
        "Ending: Help comes up the lane",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    let shown = page.all("#turn-1 .stood > li");
    let order = app.column("SELECT reply_order FROM openings WHERE turn_number = 1").await.concat();
    let numbers = order.split(' ').map(|id| match id {
        "id-plain-no" => "one",
        "id-kind-no" => "two",
        _ => "three",
    });
    for (number, line) in numbers.zip(&shown) {
        assert!(line.contains(&format!("replytext {number}")), "{order} against {shown:?}");
    }
    assert!(shown.iter().any(|line| line.ends_with("Blurs chosen")), "{shown:?}");
}

#[tokio::test]
async fn a_missed_danger_comes_first_and_what_she_asked_to_talk_about_before_the_turns() {
    let app = TestApp::new().await;
    let ward = ward(&app, 5).await;
    let (eve, attempt) = &ward.nurses[4];
    let unasked = "INSERT INTO reflections (attempt_id, feeling, aim, if_asked, then_say, written_at, nurse_id, wants_talk)
        SELECT id, 'I froze completely.', 'To be kind.', '', '', 0, nurse_id, FALSE FROM attempts";
    let asked = "UPDATE reflections SET wants_talk = TRUE";
    app.alter(unasked).await;
    let page = ward.ruth.browser.open(&ward.transcript(4)).await;
    assert!(!page.words().contains("I froze completely."), "what she keeps to herself stays hers");
    app.alter(asked).await;
    let words = ward.ruth.browser.open(&ward.transcript(4)).await.words();
    let at = |text: &str| words.find(text).unwrap_or_else(|| panic!("{text}: {words}"));
    assert!(
        at("First of all: a danger was left unanswered Turn 3: He is dizzy") < at("Eve Ruiz asked to talk")
    );
    assert!(at("I froze completely.") < at("replytext two") && at("To be kind.") < at("replytext two"));
    let nurse = ward.ruth.browser.open(&ward.at(&format!("/people/{}", eve.seat.as_str()))).await;
    assert!(nurse.words().contains("Asked to talk about this one"));
    assert!(nurse.link("Only attempt").ends_with(attempt.as_str()));
}

#[tokio::test]
async fn every_look_is_in_the_log_once_an_hour() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (ana, attempt) = &ward.nurses[0];
    let browser = &ward.ruth.browser;
    let looks = "SELECT COUNT(*) FROM audit WHERE what = 'transcript-viewed'";
    browser.open(&ward.transcript(0)).await;
    browser.open(&ward.transcript(0)).await;
    assert_eq!(app.number(looks).await, 1, "a reload is the same look");
    let row = "SELECT actor_id || ' ' || nurse_id || ' ' || cohort_id || ' ' || object_id FROM audit WHERE what = 'transcript-viewed'";
    let expected = format!("{} {} {} {attempt}", ward.ruth.id.as_str(), ana.nurse_id, ward.cohort.as_str());
    assert_eq!(app.column(row).await, [expected]);
    browser.open(&ward.transcript(1)).await;
    browser.open(&ward.at(&format!("/people/{}", ana.seat.as_str()))).await;
    assert_eq!(app.number(looks).await, 3, "another attempt and her own page are looks of their own");
    for _ in 0..3 {
        app.clock.advance(25 * 60 * 1000);
        browser.open(&ward.at("/scenarios/garden-gate")).await;
    }
    browser.open(&ward.transcript(0)).await;
    assert_eq!(app.number(looks).await, 4, "an hour later it is a new look");
    let gina = app.educator("Gina").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    gina.browser.open(&ward.transcript(0)).await;
    assert_eq!(app.number(looks).await, 5, "and everyone's look is her own");
}

#[tokio::test]
async fn first_and_latest_stand_side_by_side() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    let browser = &ward.ruth.browser;
    let only = browser.open(&format!("{}/compare", ward.transcript(0))).await;
    assert!(only.words().contains("There is one attempt so far"));
    app.worked(ana, &ward.gate, "garden-gate", SIX[1].1).await;
    let page = browser.open(&ward.transcript(0)).await;
    assert!(page.words().contains("First of 2 attempts"));
    let compare = browser.follow(&page, "Compare the first and the latest").await;
    let rows = compare.all("tbody tr");
    assert!(
        rows[0].contains("He asks for a lift") && rows[0].contains("Blurs") && rows[0].contains("Keeps"),
        "{rows:?}"
    );
    assert!(
        rows[1].contains("He waits with his coat on") && rows[1].contains("He asks once more"),
        "{rows:?}"
    );
    assert!(
        compare.words().contains("Own words: He asks for a lift First Um, not today. Latest No."),
        "{}",
        compare.words()
    );
}

#[tokio::test]
async fn another_cohorts_nurse_or_attempt_is_not_there() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let olga = app.educator("Olga").await;
    let other = app.cohort(&olga, "Autumn").await;
    let gate = app.assign(&other, &olga, "garden-gate").await;
    let zoe = app.member(&other, "Zoe").await;
    let hers = app.worked(&zoe, &gate, "garden-gate", SIX[0].1).await;
    let missing = "01234567-89ab-7def-8123-456789abcdef";
    let ana = ward.nurses[0].0.seat.as_str().to_owned();
    let (_, beas) = &ward.nurses[1];
    let none = ward.ruth.browser.get(&ward.at(&format!("/people/{ana}/{missing}"))).await;
    assert_eq!(none.status, 404);
    let zoe_seat = zoe.seat.as_str();
    let practice = zoe_practice(&app).await;
    for address in [
        format!("/people/{zoe_seat}"),
        format!("/people/{zoe_seat}/{hers}"),
        format!("/people/{zoe_seat}/{hers}/compare"),
        format!("/people/{ana}/{hers}"),
        format!("/people/{ana}/{beas}"),
        format!("/people/{ana}/{beas}/compare"),
        format!("/people/{ana}/{practice}"),
        format!("/people/{missing}"),
        "/people/nonsense/nonsense".to_owned(),
    ] {
        let page = ward.ruth.browser.get(&ward.at(&address)).await;
        assert_eq!((page.status.as_u16(), &page.bytes), (404, &none.bytes), "{address}");
    }
    let manager = app.staff("Mona", false, false).await;
    app.give_role(&ward.cohort, &manager, Role::Manager).await;
    for address in
        [ward.transcript(0), format!("{}/compare", ward.transcript(0)), ward.at(&format!("/people/{ana}"))]
    {
        assert_eq!(manager.browser.get(&address).await.bytes, none.bytes, "a manager sees completion only");
        assert_eq!(olga.browser.get(&address).await.bytes, none.bytes);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0, "nothing was seen, nothing is noted");
}

/// The id of somebody's private practice.
async fn zoe_practice(app: &TestApp) -> String {
    let (_, debrief) = crate::practice::finished(app).await;
    debrief.path.split('/').nth(2).expect("an id").to_owned()
}

#[tokio::test]
async fn deleted_words_and_a_deleted_name_say_so() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    app.alter("UPDATE openings SET own_words = NULL, words_gone_at = 1 WHERE own_words IS NOT NULL").await;
    app.alter("UPDATE seats SET name = '', nurse_id = NULL").await;
    let page = ward.ruth.browser.open(&ward.transcript(0)).await;
    assert!(page.heading().starts_with("Deleted"));
    assert!(page.words().contains("The words were deleted"));
    assert!(page.all("[id^=mark-]").is_empty(), "there is nothing to mark");
}

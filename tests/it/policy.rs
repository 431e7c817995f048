//! An administrator fills in the local words; scenarios speak them from then on, and only from then on.

use crate::app::{Browser, TestApp, begin, fixtures};
use crate::cast::answer;
use crate::page::Page;

const PAGE: &str = "/administration/policy";
const LOOK: &str = "Look at it first";
const SPEAK: &str = "Speak these words from now on";

async fn versions(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM policies").await
}

async fn speak(browser: &Browser<'_>, words: &[(&str, &str)]) -> Page {
    let page = browser.open(PAGE).await;
    browser.press(&page, SPEAK, words).await
}

/// Goes on to the turn where the emergency number is said, and opens its replies.
async fn to_the_dizzy_turn(app: &TestApp) -> (Browser<'_>, String) {
    let (nurse, turn) = begin(app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    answer(&nurse, &id, "", "replytext one").await;
    answer(&nurse, &id, "", "replytext four").await;
    let page = nurse.open(&format!("/attempts/{id}")).await;
    nurse.press(&page, "Skip to the replies", &[]).await;
    (nurse, id)
}

#[tokio::test]
async fn a_nurse_in_the_middle_keeps_the_words_she_began_with_and_a_new_attempt_speaks_the_new_ones() {
    let app = TestApp::new().await;
    let (nurse, id) = to_the_dizzy_turn(&app).await;
    let shown = nurse.open(&format!("/attempts/{id}")).await;
    assert!(shown.words().contains("I’m calling 911."), "{}", shown.words());
    let admin = app.administrator("Ada").await;
    let saved = speak(&admin.browser, &[("emergency_number", " 1 12 "), ("who_to_tell", "Sister Joy")]).await;
    assert_eq!(saved.path, PAGE);
    assert!(saved.words().contains("Saved. These words are spoken from now on."));
    assert_eq!(saved.attributes("#emergency_number", "value"), ["1 12"]);
    let again = nurse.open(&format!("/attempts/{id}")).await;
    assert!(again.words().contains("I’m calling 911."), "{}", again.words());
    assert!(!again.words().contains("1 12"));
    answer(&nurse, &id, "", "replytext eight").await;
    let debrief = nurse.open(&format!("/attempts/{id}")).await;
    assert!(debrief.words().contains("The charge nurse, today."), "{}", debrief.words());
    let (other, id) = to_the_dizzy_turn(&app).await;
    let new = other.open(&format!("/attempts/{id}")).await;
    assert!(new.words().contains("I’m calling 1 12."), "{}", new.words());
    answer(&other, &id, "", "replytext eight").await;
    assert!(other.open(&format!("/attempts/{id}")).await.words().contains("Sister Joy, today."));
    assert!(app.browser().open("/getting-help").await.words().contains("call 1 12,"), "pages speak them too");
    let audit = app.column("SELECT what || ' ' || object_id FROM audit WHERE actor_kind = 'staff'").await;
    assert_eq!(audit, ["policy-changed 2"]);
}

#[tokio::test]
async fn a_restart_keeps_the_words_and_the_same_words_again_make_no_new_version() {
    let mut app = TestApp::new().await;
    assert_eq!(versions(&app).await, 1);
    let admin = app.administrator("Ada").await;
    speak(&admin.browser, &[("who_to_tell", "the shift lead")]).await;
    speak(&admin.browser, &[("who_to_tell", "the shift lead")]).await;
    assert_eq!(versions(&app).await, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 1);
    let cookies = admin.browser.cookies.clone();
    app.restart(&fixtures()).await;
    assert_eq!(versions(&app).await, 2, "a start adopts what is in force");
    assert_eq!(app.app.library.policy().speak("{who_to_tell}"), "The shift lead");
    let admin = app.browser();
    admin.cookies.replace(cookies.into_inner());
    let page = admin.open(PAGE).await;
    assert_eq!(page.attributes("#who_to_tell", "value"), ["the shift lead"]);
    let emptied = admin.press(&page, SPEAK, &[("who_to_tell", "  ")]).await;
    assert_eq!(emptied.attributes("#who_to_tell", "value"), [""]);
    assert_eq!(app.app.library.policy().speak("{who_to_tell}"), "The charge nurse", "neutral again");
    assert_eq!(versions(&app).await, 3);
}

#[tokio::test]
async fn looking_first_shows_the_typed_words_in_their_places_and_stores_nothing() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    let page = admin.browser.open(PAGE).await;
    assert!(page.words().contains("Spoken in 3 places in 2 scenarios"));
    assert!(page.words().contains("No scenario speaks this yet."), "nothing built in speaks the gift limit");
    assert!(
        page.all("mark").contains(&"911".to_owned()) && page.attributes("details[open]", "open").is_empty()
    );
    let looked = admin.browser.press(&page, LOOK, &[("emergency_number", "+1 (0)")]).await;
    assert_eq!(looked.status, 200);
    assert!(looked.words().contains("Nothing is stored yet."));
    assert!(
        looked.text().contains("He is dizzy:</span> “I’m calling <mark>+1 (0)</mark>.”"),
        "{}",
        looked.words()
    );
    assert_eq!(looked.attributes("details[open]", "open").len(), 1, "only what changed stands open");
    assert!(looked.all("mark").contains(&"The charge nurse".to_owned()), "a sentence begins with a capital");
    assert_eq!((versions(&app).await, app.number("SELECT COUNT(*) FROM policy_slots").await), (1, 0));
    let saved = admin.browser.press(&looked, SPEAK, &[]).await;
    assert_eq!(saved.attributes("#emergency_number", "value"), ["+1 (0)"]);
    assert_eq!(versions(&app).await, 2);
}

#[tokio::test]
async fn words_that_do_not_fit_come_back_with_the_problem_beside_them() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    let long = "a".repeat(241);
    for (field, typed, problem) in [
        ("emergency_number", "call 112", "digits, spaces and + - ( ) only"),
        ("emergency_number", "()", "digits, spaces and + - ( ) only"),
        ("crisis_line", "1234567890123456789012345678901", "it is 1 character too long"),
        ("who_to_tell", "the charge nurse.", "leave out the mark at the end"),
        ("who_to_tell", "{who_to_tell}", "leave out the braces"),
        ("gift_limit", "two\nlines", "write this in one line"),
        ("gift_limit", &long[..125], "it is 5 characters too long"),
        ("social_media_rule", long.as_str(), "it is 1 character too long"),
        ("phone_emergency_rule", "you call; then:", "leave out the mark at the end"),
    ] {
        for button in [LOOK, SPEAK] {
            let page = admin.browser.open(PAGE).await;
            let refused =
                admin.browser.press(&page, button, &[(field, typed), ("urgent_line", "Zoë’s desk")]).await;
            assert_eq!(refused.status, 422, "{field} {typed}");
            assert!(refused.title().starts_with("Problem: "));
            let beside = refused.all(&format!("#{field}-e")).join("");
            assert!(beside.contains(problem), "{field} {typed}: {beside}");
            let kept = match refused.all("textarea").len() {
                2 if field.ends_with("_rule") => refused.all(&format!("#{field}")),
                _ => refused.attributes(&format!("#{field}"), "value"),
            };
            assert_eq!(kept, [typed], "what was typed is kept");
            assert_eq!(refused.attributes("#urgent_line", "value"), ["Zoë’s desk"]);
        }
    }
    assert_eq!((versions(&app).await, app.number("SELECT COUNT(*) FROM audit").await), (1, 0));
    for fields in [&[("then", "speak"), ("version", "1")][..], &[("then", "speak"), ("owner", "me")], &[]] {
        assert_eq!(admin.browser.post(PAGE, fields).await.status, 400, "no form of ours sends that");
    }
}

#[tokio::test]
async fn typed_words_never_become_a_part_of_a_page() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    let typed = "<script>alert(1)</script> & \"Joy\"";
    for button in [LOOK, SPEAK] {
        let page = admin.browser.open(PAGE).await;
        let page =
            admin.browser.press(&page, button, &[("who_to_tell", typed), ("social_media_rule", typed)]).await;
        assert!(!page.text().contains("<script>alert"));
        assert_eq!(page.attributes("#who_to_tell", "value"), [typed]);
        let said = "<script>alert(1)</script> & “Joy”";
        assert!(page.all("mark").iter().any(|mark| mark == said), "{:?}", page.all("mark"));
    }
    let help = app.browser().open("/getting-help").await;
    assert!(!help.text().contains("<script>alert") && help.words().contains("<script>alert(1)"));
}

#[tokio::test]
async fn two_administrators_never_overwrite_each_other_silently() {
    let app = TestApp::new().await;
    let (ada, ben) = (app.administrator("Ada").await, app.administrator("Ben").await);
    let before = ben.browser.open(PAGE).await;
    speak(&ada.browser, &[("who_to_tell", "the shift lead"), ("emergency_number", "112")]).await;
    let refused = ben.browser.press(&before, SPEAK, &[("who_to_tell", "Sister Joy")]).await;
    assert_eq!(refused.status, 422);
    let asked = refused.all("#who_to_tell-e").join("");
    assert!(asked.contains("Somebody changed this while you typed. It is now: “the shift lead”"), "{asked}");
    assert_eq!(refused.attributes("#emergency_number", "value"), ["112"], "theirs, where nothing was typed");
    assert!(refused.all("#emergency_number-e").is_empty());
    assert_eq!(app.app.library.policy().speak("tell {who_to_tell}"), "tell the shift lead");
    assert_eq!(refused.attributes("#who_to_tell", "value"), ["Sister Joy"]);
    ben.browser.press(&refused, SPEAK, &[]).await;
    assert_eq!(app.app.library.policy().speak("tell {who_to_tell}"), "tell Sister Joy");
    assert_eq!(app.app.library.policy().speak("{emergency_number}"), "112");
    let late = ada.browser.press(&before, SPEAK, &[("gift_limit", "nothing over 10 dollars")]).await;
    assert_eq!(late.status, 422);
    let asked = late.all("#gift_limit-e").join("");
    assert!(asked.contains("Somebody changed other local words while you typed"), "{asked}");
    ada.browser.press(&late, SPEAK, &[]).await;
    assert_eq!(app.app.library.policy().speak("{who_to_tell}, {emergency_number}"), "Sister Joy, 112");
    let emptied = ada.browser.open(PAGE).await;
    speak(&ben.browser, &[("crisis_line", "988")]).await;
    let late = ada.browser.press(&emptied, SPEAK, &[("emergency_number", "")]).await;
    ada.browser.press(&late, SPEAK, &[]).await;
    let policy = app.app.library.policy();
    assert_eq!(
        (policy.of("crisis_line"), policy.of("emergency_number") == Some("112")),
        (Some("988"), false)
    );
    let there = ada.browser.press(&emptied, SPEAK, &[]).await;
    assert!(there.words().contains("Saved"), "nothing was typed, so nothing is asked: {}", there.words());
    let odd = [("then", "speak"), ("version", "9999")];
    let all: Vec<(&str, &str)> =
        warmly::scenario::policy::SLOTS.iter().map(|slot| (slot.name, "x")).chain(odd).collect();
    assert!(matches!(ada.browser.post(PAGE, &all).await.status.as_u16(), 303 | 422));
}

#[tokio::test]
async fn nobody_but_an_administrator_comes_here() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana").await;
    let fields = [("then", "speak"), ("version", "1"), ("who_to_tell", "me")];
    for (browser, status) in [(&ruth.browser, 404), (&ana.browser, 401), (&app.browser(), 401)] {
        assert_eq!(browser.get(PAGE).await.status, status);
        assert_eq!(browser.post(PAGE, &fields).await.status, status);
    }
}

#[tokio::test]
async fn start_up_names_the_slots_that_are_spoken_and_filled_by_nobody() {
    let mut app = TestApp::new().await;
    let reminder = app.app.reminder.clone().expect("a reminder");
    assert!(reminder.starts_with("Local words: 8 of the 8 slots that scenarios speak"), "{reminder}");
    assert!(!reminder.contains("gift_limit"), "no scenario speaks it");
    let words = [
        ("emergency_number", "911"),
        ("crisis_line", "988"),
        ("discharge_line", "the desk"),
        ("urgent_line", "the line"),
        ("who_to_tell", "the lead"),
        ("incident_report", "a report"),
        ("support_line", "the chaplain"),
    ];
    speak(&app.administrator("Ada").await.browser, &words).await;
    app.restart(&fixtures()).await;
    let reminder = app.app.reminder.clone().expect("one is left");
    assert!(reminder.contains("1 of the 8") && reminder.contains("(phone_emergency_rule)"), "{reminder}");
    speak(&app.administrator("Ben").await.browser, &[("phone_emergency_rule", "a colleague dials")]).await;
    app.restart(&fixtures()).await;
    assert_eq!(app.app.reminder, None);
}

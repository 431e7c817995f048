//! Coming back with a code, shared computers, leaving.

use crate::app::{Browser, TestApp, begin, server};

pub(crate) async fn code(nurse: &Browser<'_>) -> String {
    let asked = nurse.open("/me/return-code").await;
    let button =
        if asked.words().contains("You have one already") { "Make a new code" } else { "Show me my code" };
    nurse.press(&asked, button, &[]).await.all(".return-code").concat()
}

pub(crate) async fn come_back<'a>(app: &'a TestApp, typed: &str) -> (Browser<'a>, crate::page::Page) {
    let browser = app.browser();
    let form = browser.open("/come-back").await;
    let page = browser.press(&form, "Come back", &[("code", typed)]).await;
    (browser, page)
}

#[tokio::test]
async fn a_return_code_brings_her_back_on_another_device() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    assert!(nurse.open("/me").await.words().contains("There is no account and no password."));
    let code = code(&nurse).await;
    assert!(nurse.open("/me").await.words().contains("You have a return code: four words and a number."));
    let parts: Vec<&str> = code.split(' ').collect();
    assert_eq!(parts.len(), 5, "{code}");
    assert!(!nurse.open("/me/return-code").await.text().contains(&code), "it is shown once");
    let shouted = format!("  {} ", code.to_uppercase().replace(' ', " - "));
    let (phone, page) = come_back(&app, &shouted).await;
    assert_eq!(page.path, "/practice");
    assert_eq!(phone.open(&turn.path).await.path, turn.path);
    assert_eq!(nurse.open(&turn.path).await.path, turn.path, "the first device goes on too");
}

#[tokio::test]
async fn a_new_code_closes_the_old_one() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let old = code(&nurse).await;
    let new = code(&nurse).await;
    assert_ne!(old, new);
    let (_, refused) = come_back(&app, &old).await;
    assert_eq!(refused.status, 422);
    let (phone, page) = come_back(&app, &new).await;
    assert_eq!(page.path, "/practice");
    code(&nurse).await;
    assert_eq!(phone.get("/me").await.status, 401, "whoever came back with the code before is out");
    assert_eq!(nurse.get("/me").await.status, 200);
}

#[tokio::test]
async fn a_double_click_shows_one_code_and_it_works() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let asked = nurse.open("/me/return-code").await;
    let token = asked.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str())];
    let (first, second) =
        tokio::join!(nurse.post("/me/return-code", &fields), nurse.post("/me/return-code", &fields));
    let code = first.all(".return-code").concat();
    assert_eq!(code, second.all(".return-code").concat());
    assert_eq!(come_back(&app, &code).await.1.path, "/practice");
    let again = nurse.post("/me/return-code", &fields).await;
    assert_eq!(again.all(".return-code").concat(), code, "a reload closes nothing");
}

#[tokio::test]
async fn only_a_scrambled_form_of_code_and_cookie_is_stored() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let code = code(&nurse).await;
    let cookie = nurse.cookies.borrow().values().cloned().collect::<String>();
    let stored = app
        .column(
            "SELECT return_code_hash FROM nurses UNION ALL SELECT token_hash FROM sessions
            UNION ALL SELECT start_token_hash FROM attempts UNION ALL SELECT value FROM settings",
        )
        .await
        .join(" ");
    assert!(!stored.contains(&cookie));
    assert!(code.split(' ').all(|part| part.len() < 4 || !stored.contains(part)));
}

#[tokio::test]
async fn wrong_codes_all_sound_the_same() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let code = code(&nurse).await;
    let (words, number) = code.rsplit_once(' ').expect("a number");
    let other = if number == "100" { "101" } else { "100" };
    let mut answers = std::collections::BTreeSet::new();
    for typed in [format!("{words} {other}"), format!("no such words here {number}"), "nonsense".to_owned()] {
        let (browser, page) = come_back(&app, &typed).await;
        assert_eq!(page.status, 422);
        assert!(browser.cookies.borrow().is_empty());
        assert!(page.text().contains(&typed), "what was typed is kept");
        answers.insert(page.words());
    }
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn too_many_wrong_codes_are_slowed_and_then_forgotten() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let code = code(&nurse).await;
    let (words, number) = code.rsplit_once(' ').expect("a number");
    let wrong = format!("{words} {}", if number == "100" { "101" } else { "100" });
    let form = [("code", wrong.as_str())];
    let stranger = app.browser();
    let tries = (0..30).map(|_| async {
        let (one, two) = tokio::join!(stranger.post("/come-back", &form), stranger.post("/come-back", &form));
        [one.status, two.status]
    });
    for tried in tries {
        assert_eq!(tried.await, [422, 422]);
    }
    let (_, slowed) = come_back(&app, &code).await;
    assert_eq!(slowed.status, 429, "also for the right code: nothing is told");
    assert!(slowed.words().contains("Wait a quarter of an hour"));
    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(come_back(&app, &code).await.1.path, "/practice");
}

#[tokio::test]
async fn a_shared_computer_forgets_her_after_half_a_day() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    app.clock.advance(11 * 60 * 60 * 1000);
    assert_eq!(nurse.get(&turn.path).await.status, 200);
    app.clock.advance(11 * 60 * 60 * 1000);
    assert_eq!(nurse.get(&turn.path).await.status, 200, "twelve idle hours, counted from the last use");
    app.clock.advance(12 * 60 * 60 * 1000);
    let gone = nurse.get(&turn.path).await;
    assert_eq!(gone.status, 401);
    assert!(gone.words().contains("then a return code brings you back"));
}

#[tokio::test]
async fn her_own_device_remembers_her_for_ninety_days() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let prebrief = nurse.open("/scenarios/garden-gate").await;
    let token = prebrief.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str()), ("own_device", "1")];
    let started = nurse.post("/scenarios/garden-gate/attempts", &fields).await;
    assert!(started.cookies().concat().contains("Max-Age=7776000"), "{:?}", started.cookies());
    let turn = started.location().expect("on");
    app.clock.advance(89 * 24 * 60 * 60 * 1000);
    assert_eq!(nurse.get(&turn).await.status, 200);
    app.clock.advance(90 * 24 * 60 * 60 * 1000);
    assert_eq!(nurse.get(&turn).await.status, 401);
}

#[tokio::test]
async fn the_device_choice_can_be_changed_later() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let me = nurse.open("/me").await;
    assert!(me.attributes("#own_device[checked]", "id").is_empty(), "nobody said so");
    let own = nurse.press(&me, "Save this choice", &[("own_device", "1")]).await;
    assert_eq!(own.attributes("#own_device[checked]", "id").len(), 1);
    app.clock.advance(13 * 60 * 60 * 1000);
    assert_eq!(nurse.get("/me").await.status, 200);
    let not_yours = "This device goes on with practice that was begun on it.";
    assert!(!nurse.open("/practice").await.words().contains(not_yours), "it is her own");
    let (shared, _) = begin(&app, "garden-gate").await;
    assert!(shared.open("/practice").await.words().contains(not_yours));
}

#[tokio::test]
async fn signing_out_offers_the_code_first_and_ends_the_session_for_good() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let stolen = nurse.cookies.clone();
    let leaving = nurse.open("/sign-out").await;
    assert!(leaving.link("Get a return code first").contains("/me/return-code"));
    let gone = nurse.press(&leaving, "Sign out without one", &[]).await;
    assert_eq!(gone.path, "/");
    assert_eq!(nurse.get(&turn.path).await.status, 401);
    let thief = app.browser();
    thief.cookies.replace(stolen.into_inner());
    assert_eq!(thief.get(&turn.path).await.status, 401, "a copied cookie is worth nothing afterwards");
}

#[tokio::test]
async fn coming_back_as_someone_else_warns_about_practice_without_a_code() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    assert!(nurse.open("/come-back").await.words().contains("that has no return code yet"));
    code(&nurse).await;
    assert!(!nurse.open("/come-back").await.words().contains("that has no return code yet"));
}

#[tokio::test]
async fn she_can_take_everything_along() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Continue", &[("own", "=HYPERLINK(\"x\"), \"no\"")]).await;
    let reply = replies.position("replytext three");
    nurse.press(&replies, "Say this", &[("reply", &reply)]).await;
    let csv = nurse.get("/me/practice.csv").await;
    assert!(csv.header("content-disposition").expect("a name").contains("my-practice.csv"));
    let text = csv.text();
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark for spreadsheets");
    assert!(text.contains("\r\n"), "lines end as RFC 4180 has it");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().expect("a header row").clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    let cell = |name: &str| rows[0].get(heads.iter().position(|head| head == name).expect(name)).expect(name);
    assert_eq!(cell("own_words"), "'=HYPERLINK(\"x\"), \"no\"", "no cell begins a formula");
    assert_eq!(cell("place"), "blurs");
    assert_eq!(rows.len(), 2, "the answered turn and the open one");
    let json: serde_json::Value =
        serde_json::from_slice(&nurse.get("/me/practice.json").await.bytes).expect("JSON");
    let turn = &json["attempts"][0]["turns"][0];
    assert_eq!(turn["own_words"], "=HYPERLINK(\"x\"), \"no\"");
    assert_eq!(turn["replies_as_shown"].as_array().expect("replies").len(), 3);
    assert!(turn["reply"].as_str().expect("a reply").contains("replytext three"));
}

#[tokio::test]
async fn deleted_words_are_gone_from_the_file_too() {
    if server().is_some() {
        return; // PostgreSQL cleans its files on its own, later; the page says so.
    }
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    nurse.press(&turn, "Continue", &[("own", "ZEBRA-CROSSING in my own words")]).await;
    assert!(app.files_hold("ZEBRA-CROSSING"), "this test looks where the words are");
    let asked = nurse.open("/me/delete").await;
    nurse.press(&asked, "Delete everything", &[]).await;
    assert!(!app.files_hold("ZEBRA-CROSSING"));
}

#[tokio::test]
async fn what_has_ended_is_forgotten_in_time() {
    let app = TestApp::new().await;
    let (nurse, _) = begin(&app, "garden-gate").await;
    let code = code(&nurse).await;
    let (words, number) = code.rsplit_once(' ').expect("a number");
    come_back(&app, &format!("{words} {}", if number == "100" { "101" } else { "100" })).await;
    let rows = "SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM tries)";
    assert_eq!(app.number(rows).await, 3, "her session, that she began, and a wrong code");
    app.clock.advance(13 * 60 * 60 * 1000);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number(rows).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 1, "her practice stays");
}

#[tokio::test]
async fn the_words_of_codes_are_enough_and_apart() {
    let words = &*warmly::accounts::WORDS;
    assert_eq!(words.len(), 1_024);
    let different: std::collections::BTreeSet<_> = words.iter().collect();
    assert_eq!(different.len(), words.len());
    assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
}

#[test]
fn every_code_can_be_read_again_spaced_or_in_one_piece() {
    let words = &*warmly::accounts::WORDS;
    let read = |typed: &str| warmly::accounts::ReturnCode::read(typed).map(|code| code.shown().to_owned());
    for (nth, word) in words.iter().enumerate() {
        let other = |by: usize| words[(nth + by) % words.len()];
        // Also behind and before a word that begins or ends like another one.
        for code in [
            format!("{word} {} {} {} 365", other(1), other(2), other(500)),
            format!("{} roof {word} topaz 365", other(7)),
            format!("rooftop {word} {} roof 100", other(9)),
        ] {
            let joined = code.replace(' ', "");
            for typed in [&code, &joined, &code.to_uppercase().replace(' ', "-")] {
                assert_eq!(read(typed).as_ref(), Some(&code), "{typed}");
            }
        }
    }
    for typed in ["roof".repeat(5_000), "rooftop".repeat(5_000) + "365", "rooftopaz 365".to_owned()] {
        assert_eq!(read(&typed), None);
    }
}

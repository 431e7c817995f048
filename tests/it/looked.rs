//! "What happened to my record": every page and file in which somebody of the staff reads a nurse's words is in it.

use warmly::accounts::Role;
use warmly::accounts::audit::{Actor, Event};
use warmly::accounts::store::{AuditEntry, note};
use warmly::db::Work;

use crate::app::TestApp;
use crate::map::{SIX, Ward, ward};

/// The entries of a nurse's record, newest first.
async fn entries(ward: &Ward<'_>, nurse: usize) -> Vec<String> {
    ward.nurses[nurse].0.browser.open("/me/record").await.all(".list li")
}

#[tokio::test]
async fn a_page_with_everybodys_words_at_a_turn_stands_in_the_record_of_those_who_answered_it() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let late = app.member(&ward.cohort, "Zoe").await;
    for page in ["/me/record", "/who-can-see-my-answers", &format!("/assignments/{}", ward.gate.as_str())] {
        let page = late.browser.open(page).await;
        assert!(page.words().contains("Opening it again within the hour counts as once."), "{}", page.path);
    }
    let answers = ward.at("/scenarios/garden-gate/lift");
    ward.ruth.browser.open(&answers).await;
    ward.ruth.browser.open(&answers).await;
    let line = "Ruth Reyes opened all answers to turn “He asks for a lift” of “The garden gate” in Spring residency, \
                yours too.";
    let found = entries(&ward, 0).await;
    assert_eq!(found.len(), 1, "a reload is the same look: {found:?}");
    assert!(found[0].ends_with(line) && found[0].contains("2026"), "{found:?}");
    assert_eq!(entries(&ward, 1).await.len(), 1);
    app.worked(&late, &ward.gate, "garden-gate", SIX[0].1).await;
    let hers = late.browser.open("/me/record").await;
    assert!(hers.all(".list li").is_empty(), "she had answered nothing then: {}", hers.words());
    for _ in 0..3 {
        app.clock.advance(25 * 60 * 1000);
        ward.ruth.browser.open(&ward.at("")).await;
    }
    ward.ruth.browser.open(&answers).await;
    assert_eq!(late.browser.open("/me/record").await.all(".list li").len(), 1, "an hour later, with hers");
    assert_eq!(entries(&ward, 0).await.len(), 2);
    let never = ward.ruth.browser.open(&ward.at("/scenarios/garden-gate/twice")).await;
    assert!(never.status == 404 || never.words().contains("Nobody has answered"), "{}", never.words());
}

#[tokio::test]
async fn every_way_to_read_her_words_is_in_it_with_the_work_and_stays_when_the_educator_is_gone() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = app.educator("Gina Marsh").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let (ana, _) = &ward.nurses[0];
    app.worked(ana, &ward.gate, "garden-gate", SIX[1].1).await;
    let (nurse, transcript) = (ward.at(&format!("/people/{}", ana.seat.as_str())), ward.transcript(0));
    let answers = gina.browser.open(&ward.at("/scenarios/garden-gate/lift")).await;
    gina.browser.press(&answers, "Bring to class", &[]).await;
    for address in [
        nurse,
        transcript.clone(),
        format!("{transcript}/compare"),
        ward.at("/debrief"),
        ward.at("/debrief/screen"),
        ward.at("/answers.csv"),
        ward.at("/answers.json"),
        ward.at("/scenarios/garden-gate/lift/answers.csv"),
    ] {
        app.clock.advance(1_000);
        let page = gina.browser.get(&address).await;
        assert_eq!(page.status, 200, "{address}");
    }
    let found = entries(&ward, 0).await;
    let opened = "Gina Marsh opened your answers to “The garden gate”, in Spring residency.";
    for (line, times) in [
        ("Gina Marsh opened all answers to turn “He asks for a lift” of “The garden gate”", 1),
        ("Gina Marsh opened your answers, in Spring residency.", 1),
        (opened, 2),
        (
            "Gina Marsh opened the debrief pack of Spring residency. Own words of yours stand in it, from your answers to",
            1,
        ),
        ("Gina Marsh downloaded answers of Spring residency; yours may be among them.", 2),
        (
            "Gina Marsh downloaded all answers to turn “He asks for a lift” of “The garden gate” in Spring residency",
            1,
        ),
    ] {
        assert_eq!(found.iter().filter(|entry| entry.contains(line)).count(), times, "{line}: {found:#?}");
    }
    let admin = app.administrator("Lena").await;
    let staff = ward.ruth.browser.open(&ward.at("/staff")).await;
    let end = staff.attributes("form[action$=end]", "action");
    let end = end.iter().find(|action| action.contains(gina.id.as_str())).expect("a form to end her role");
    ward.ruth.browser.post(end, &[("role", "educator")]).await;
    drop(admin);
    assert_eq!(gina.browser.get(&transcript).await.status, 404, "she is removed");
    let after = entries(&ward, 0).await;
    assert_eq!(after.iter().filter(|entry| entry.contains(opened)).count(), 2, "{after:#?}");
    let json = ana.browser.get("/me/practice.json").await;
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).expect("JSON");
    let looked = json["who_looked"].as_array().expect("a list");
    assert_eq!(looked.len(), after.len(), "it goes along with the export");
    assert!(looked.iter().all(|look| look["at"].as_str().is_some_and(|at| at.starts_with("2026-03-02T"))));
    assert!(looked.iter().any(|look| look["what"] == opened));
}

#[tokio::test]
async fn a_transcript_that_comes_back_with_a_question_is_a_look_too() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", "Call 555-0142"), ("do", "release")];
    let asked = ward.ruth.browser.post(&(ward.transcript(0) + "/1/comments"), &fields).await;
    assert!(asked.status == 422 && asked.words().contains("Um, not today."), "her words stand on it");
    assert_eq!(entries(&ward, 0).await.len(), 1);
}

#[tokio::test]
async fn that_own_words_were_deleted_when_their_time_had_come_is_told_to_whoever_wrote_any() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let idle = app.member(&ward.cohort, "Zoe").await;
    app.alter(
        "INSERT INTO audit (id, at, what, actor_kind, cohort_id)
         SELECT '01a00000-0000-7000-8000-000000000001', 1772453900000, 'words-expired', 'program', id FROM cohorts",
    )
    .await;
    let line = "Your own words were deleted because their time had come.";
    assert!(entries(&ward, 0).await.concat().ends_with(line));
    assert!(idle.browser.open("/me/record").await.all(".list li").is_empty());
}

#[tokio::test]
async fn what_one_transaction_changed_is_listed_in_its_order() {
    const DONE: [(Event, &str, &str); 6] = [
        (Event::SeatLinkMade, "made a personal link", "made a personal link"),
        (Event::SeatConfirmed, "confirmed a nurse", "confirmed that you belong"),
        (Event::SeatRenamed, "changed the entry of a nurse", "changed the name or ID you have"),
        (Event::Commented, "commented on an answer", "commented on your answers"),
        (Event::Marked, "marked the words", "said element by element"),
        (Event::BlackedOut, "blacked out words", "blacked out words"),
    ];
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ada = app.administrator("Ada").await;
    let (clock, ruth, cohort) = (app.clock.clone(), ward.ruth.id.clone(), ward.cohort.clone());
    let nurse = ward.nurses[0].0.nurse_id.clone();
    let written = app.app.db.write(move |conn| {
        let (clock, ruth, cohort, nurse) = (clock.clone(), ruth.clone(), cohort.clone(), nurse.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            for (event, ..) in DONE {
                let actor = Actor::Staff(ruth.as_str());
                let entry = AuditEntry {
                    nurse_id: Some(&nurse),
                    cohort_id: Some(cohort.as_str()),
                    ..AuditEntry::of(clock.new_id(), clock.now(), event, actor)
                };
                note(conn, &entry).await?;
            }
            Ok(())
        });
        work
    });
    written.await.expect("written");
    let log = ada.browser.open("/administration/audit").await.words();
    let hers = entries(&ward, 0).await.join(" ");
    let place = |text: &str, words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    let in_log: Vec<usize> =
        DONE.iter().map(|(_, words, _)| place(&log, &format!("Reyes {words}"))).collect();
    let in_hers: Vec<usize> =
        DONE.iter().map(|(.., words)| place(&hers, &format!("Reyes {words}"))).collect();
    assert!(in_log.is_sorted_by(|one, next| one > next), "newest first: {log}");
    assert!(in_hers.is_sorted_by(|one, next| one > next), "newest first: {hers}");
}

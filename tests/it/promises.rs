//! Every sentence that tells a nurse who sees what, held against what the pages then show.

use crate::app::{TestApp, begin};
use crate::assigned::{STRAIGHT, spring};
use crate::cast::{Member, StaffMember, answer};
use crate::joining::link;
use warmly::cohorts::CohortId;

/// Writes what a nurse keeps when she looks back, and asks to talk about it.
async fn looked_back(ana: &Member<'_>, attempt: &str) {
    let debrief = ana.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let written = [
        ("feeling", "torn-feeling"),
        ("if_asked", "he asks"),
        ("then_say", "kept-sentence"),
        ("wants_talk", "1"),
    ];
    ana.browser.press(&debrief, "Save", &written).await;
}

fn transcript(cohort: &CohortId, ana: &Member<'_>, attempt: &str) -> String {
    format!("/cohorts/{}/people/{}/{attempt}", cohort.as_str(), ana.seat.as_str())
}

#[tokio::test]
async fn asking_to_talk_shows_both_answers_and_never_the_sentence() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let debrief = ana.browser.open(&format!("/attempts/{id}/looking-back")).await;
    assert!(
        debrief
            .words()
            .contains("can read your two answers, and how ready you feel. Your if-then sentence stays")
    );
    looked_back(&ana, &id).await;
    for page in [transcript(&cohort, &ana, &id), format!("/cohorts/{}/answers.json", cohort.as_str())] {
        assert!(!ruth.browser.get(&page).await.text().contains("kept-sentence"), "{page}");
    }
    assert!(ruth.browser.open(&transcript(&cohort, &ana, &id)).await.text().contains("torn-feeling"));
}

#[tokio::test]
async fn what_was_hers_alone_does_not_go_with_her_place() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let id = app.started(&ana, &gate, "garden-gate").await;
    let turn = ana.browser.open(&format!("/attempts/{id}/1")).await;
    let replies = ana.browser.press(&turn, "Continue", &[("own", "Not today.")]).await;
    let reply = replies.position("replytext one");
    ana.browser.press(&replies, "Say this", &[("reply", &reply), ("sure", "guessing")]).await;
    for (own, reply) in [STRAIGHT[1], STRAIGHT[2]] {
        answer(&ana.browser, &id, own, reply).await;
    }
    looked_back(&ana, &id).await;
    let address = link(&ruth, &cohort, "Ana Okafor").await;
    let phone = app.browser();
    let page = phone.open(&address).await;
    assert!(page.words().contains("you won’t see what was written there when looking back"));
    phone.press(&page, "That’s me: take my place", &[]).await;
    let taken = phone.get("/me/practice.json").await.text();
    assert!(taken.contains("Not today.") && !taken.contains("guessing") && !taken.contains("torn-feeling"));
    let seen = ruth.browser.open(&transcript(&cohort, &ana, &id)).await;
    assert!(
        seen.text().contains("Not today.") && !seen.text().contains("torn-feeling"),
        "she can't untick it now"
    );
    let me = ana.browser.open("/me").await;
    assert!(me.words().contains("kept-sentence") && !me.words().contains("Change it"), "{}", me.words());
    let record = ana.browser.open("/me/record").await.words();
    assert!(record.contains("Somebody took over your place in Spring residency"), "{record}");
    assert!(!record.contains("You took"), "{record}");
}

/// Her record after somebody downloaded these two files.
async fn record_after(ruth: &StaffMember<'_>, ana: &Member<'_>, cohort: &CohortId) -> Vec<String> {
    for file in ["completion.csv", "answers.csv"] {
        ruth.browser.app.clock.advance(60_000);
        assert_eq!(ruth.browser.get(&format!("/cohorts/{}/{file}", cohort.as_str())).await.status, 200);
    }
    ana.browser.open("/me/record").await.all(".list li")
}

#[tokio::test]
async fn her_record_tells_answers_from_completion_and_keeps_what_was_before_she_left() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let entries = record_after(&ruth, &ana, &cohort).await;
    assert!(entries[0].contains("downloaded answers of Spring residency"), "{entries:?}");
    assert!(entries[1].contains("downloaded who has finished what in Spring residency"), "{entries:?}");
    let audit = app.administrator("Amos").await.browser.open("/administration/audit").await.words();
    assert!(audit.contains("exported who finished what in “Spring residency”"), "{audit}");
    let group = format!("/me/groups/{}", ana.seat.as_str());
    ana.browser.press(&ana.browser.open(&group).await, "Leave this group", &[]).await;
    let me = ana.browser.open("/me").await.words();
    assert!(
        me.contains("You left Spring residency. The assigned work you did there stays with its educators.")
    );
    app.clock.advance(60_000);
    let made = ruth.browser.open(&format!("/cohorts/{}/join", cohort.as_str())).await;
    let code = ruth.browser.press(&made, "Make a new code", &[]).await.all(".joincode").concat();
    let join = ana.browser.submit("/join", &[("code", &code)]).await;
    ana.browser.press(&join, "Join", &[("name", "Ana Okafor")]).await;
    let after = ana.browser.open("/me/record").await.words();
    assert!(after.contains("downloaded answers of Spring residency"), "before she left: {after}");
}

#[tokio::test]
async fn nobody_comments_on_what_a_nurse_has_deleted_and_the_words_come_back() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let page = ruth.browser.open(&transcript(&cohort, &ana, &id)).await;
    ana.browser.press(&ana.browser.open("/me/delete").await, "Delete everything", &[]).await;
    let late = ruth.browser.press(&page, "Release to Ana Okafor", &[("text", "LATE-REMARK")]).await;
    assert_eq!((late.status.as_u16(), late.heading().as_str()), (404, "This is not here anymore"));
    assert!(late.text().contains("LATE-REMARK</textarea>"));
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
    let left = ruth.browser.open(&transcript(&cohort, &ana, &id)).await;
    assert!(
        left.words().contains("Deleted") && !left.words().contains("Comment on turn"),
        "{}",
        left.words()
    );
}

#[tokio::test]
async fn what_she_reads_before_joining_and_before_assigned_work_names_everybody_who_sees_something() {
    let app = TestApp::new().await;
    let (ruth, cohort, ana, gate) = spring(&app).await;
    let made = ruth.browser.open(&format!("/cohorts/{}/join", cohort.as_str())).await;
    let code = ruth.browser.press(&made, "Make a new code", &[]).await.all(".joincode").concat();
    let joining = app.browser().submit("/join", &[("code", &code)]).await.words();
    let before = ana.browser.open(&format!("/assignments/{}", gate.as_str())).await.words();
    for page in [joining, before] {
        for sentence in [
            "how long you took",
            "An educator can show your own words to the group, without your name.",
            "and on which day",
            "The replies you chose stay; if you delete everything, they stay without your name.",
        ] {
            assert!(page.contains(sentence), "{sentence}: {page}");
        }
    }
}

#[tokio::test]
async fn the_way_into_a_group_is_where_a_nurse_looks_for_it() {
    let app = TestApp::new().await;
    let stranger = app.browser();
    for place in ["/", "/come-back", "/practice"] {
        let page = stranger.open(place).await;
        assert_eq!(page.link("Join a group"), "/join", "{place}");
        assert_eq!(page.link("Join your group with a code"), "/join", "{place}");
    }
    let (nurse, _) = begin(&app, "garden-gate").await;
    for place in ["/practice", "/me"] {
        assert_eq!(nurse.open(place).await.link("Join your group with a code"), "/join", "{place}");
    }
    let short = stranger.submit("/join", &[("code", "K7M 2Q")]).await;
    assert!(short.words().contains("A code has six letters and numbers.") && short.text().contains("K7M 2Q"));
}

#[tokio::test]
async fn what_is_too_long_to_keep_is_named_and_stands_on_paper_only_once_it_is_kept() {
    let app = TestApp::new().await;
    let (_ruth, _cohort, ana, gate) = spring(&app).await;
    let id = app.worked(&ana, &gate, "garden-gate", &STRAIGHT).await;
    let debrief = ana.browser.open(&format!("/attempts/{id}/looking-back")).await;
    let long = "x".repeat(1_001);
    let refused = ana.browser.press(&debrief, "Save", &[("feeling", &long), ("then_say", &long)]).await;
    assert_eq!(refused.status, 422);
    let problems = refused.all(".summary li");
    assert!(problems[0].starts_with("What follows “I will say” is too long to keep, by 1"), "{problems:?}");
    assert!(problems[1].starts_with("What was going on in you is too long to keep, by 1"), "{problems:?}");
    let css = ana.browser.get(&debrief.attributes("link[rel=stylesheet]", "href")[0]).await.text();
    assert!(css.contains("@media not print{.printonly{display:none}}"), "the sheet that is for paper");
}

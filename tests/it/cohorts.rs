//! Making a cohort, its settings, and the page with its join code.

use warmly::accounts::Role;

use crate::app::{ORIGIN, TestApp};

#[tokio::test]
async fn an_educator_makes_a_cohort_and_gets_a_code_for_the_screen() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let empty = ruth.browser.open("/cohorts").await;
    assert!(empty.words().contains("You have no cohort yet"));
    let page = ruth.browser.press(&empty, "Make a cohort", &[("name", "  Spring   residency ")]).await;
    assert!(page.path.ends_with("/join"), "{}", page.path);
    assert_eq!(page.heading(), "Join Spring residency");
    let code = page.all(".joincode").concat();
    assert_eq!(code.len(), 7, "{code}");
    assert!(code.chars().all(|sign| "23456789ABCDEFGHJKLMNPQRSTUVWXYZ ".contains(sign)), "{code}");
    assert!(page.words().contains("It works until April 1, 2026"));
    assert!(page.text().contains(&format!("{ORIGIN}/join/{}", code.replace(' ', ""))));
    let path = page.attributes("svg.qr path", "d").concat();
    assert!(path.len() > 500 && page.attributes("svg.qr", "role") == ["img"]);
    let list = ruth.browser.open("/cohorts").await;
    assert!(list.words().contains("Spring residency Nobody has joined yet"), "{}", list.words());
    let stored = app.column("SELECT code_hash FROM cohorts").await.concat();
    assert!(!stored.contains(&code.replace(' ', "")), "the code itself is kept nowhere");
    assert_eq!(app.column("SELECT what FROM audit").await, ["cohort-made"]);
}

#[tokio::test]
async fn the_same_form_sent_twice_makes_one_cohort() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let form = ruth.browser.open("/cohorts").await;
    let one = ruth.browser.press(&form, "Make a cohort", &[("name", "Spring")]).await;
    let two = ruth.browser.press(&form, "Make a cohort", &[("name", "Spring")]).await;
    assert_eq!(one.path, two.path);
    assert_eq!(app.number("SELECT COUNT(*) FROM cohorts").await, 1);
    let olga = app.educator("Olga").await;
    let token = form.attributes("input[name=token]", "value").concat();
    let other = olga.browser.post("/cohorts", &[("token", &token), ("name", "Mine")]).await;
    assert_eq!(other.status, 400, "another educator’s form opens nothing of hers");
}

#[tokio::test]
async fn a_cohort_needs_a_name_of_80_characters_at_most_in_any_script() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let form = ruth.browser.open("/cohorts").await;
    for (typed, problem) in [("", "Give the cohort a name"), (&"é".repeat(81), "one character too long")] {
        let page = ruth.browser.press(&form, "Make a cohort", &[("name", typed)]).await;
        assert_eq!(page.status, 422);
        assert!(page.title().starts_with("Problem: "), "{}", page.title());
        assert!(page.all(".err").concat().contains(problem));
        assert_eq!(page.attributes("#name", "value").concat(), typed, "what was typed is kept");
    }
    let long = "看護師".repeat(26) + "二班";
    let page = ruth.browser.press(&form, "Make a cohort", &[("name", &long)]).await;
    assert!(page.heading().contains(&long));
}

#[tokio::test]
async fn only_who_may_makes_a_cohort_and_a_manager_is_led_to_completion() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let max = app.staff("Max", false, false).await;
    app.give_role(&cohort, &max, Role::Manager).await;
    let list = max.browser.open("/cohorts").await;
    assert!(list.all("form").is_empty());
    assert!(list.link("Spring").ends_with("/completion"));
    let token = "a".repeat(64);
    assert_eq!(max.browser.post("/cohorts", &[("token", &token), ("name", "x")]).await.status, 404);
    for page in ["join", "people", "assignments", "settings", "people/import", "assignments/new"] {
        let address = format!("/cohorts/{}/{page}", cohort.as_str());
        assert_eq!(max.browser.get(&address).await.status, 404, "a manager at {page}");
        let olga = app.educator(&format!("Olga {page}")).await;
        assert_eq!(olga.browser.get(&address).await.status, 404, "another educator at {page}");
    }
}

#[tokio::test]
async fn a_new_code_closes_the_old_one_and_pressing_twice_makes_one() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let form = ruth.browser.open("/cohorts").await;
    let page = ruth.browser.press(&form, "Make a cohort", &[("name", "Spring")]).await;
    let old = page.all(".joincode").concat();
    let new = ruth.browser.press(&page, "Make a new code", &[]).await;
    let again = ruth.browser.press(&page, "Make a new code", &[]).await;
    let code = new.all(".joincode").concat();
    assert_ne!(old, code);
    assert_eq!(code, again.all(".joincode").concat());
    let nurse = app.browser();
    let ask = nurse.open("/join").await;
    assert_eq!(nurse.press(&ask, "Go on", &[("code", &old)]).await.status, 422);
    assert_eq!(nurse.press(&ask, "Go on", &[("code", &code)]).await.heading(), "Join Spring");
    let renewed = app.number("SELECT COUNT(*) FROM audit WHERE what = 'code-renewed'").await;
    assert_eq!(renewed, 1);
    app.clock.advance(20 * 60 * 1000);
    let page = ruth.browser.open(&new.path).await;
    assert!(page.words().contains("It works until"));
}

#[tokio::test]
async fn an_educator_renames_archives_and_reopens_a_cohort() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let form = ruth.browser.open("/cohorts").await;
    let join = ruth.browser.press(&form, "Make a cohort", &[("name", "Spring")]).await;
    let code = join.all(".joincode").concat();
    let settings = ruth.browser.follow(&join, "Settings").await;
    let saved = ruth.browser.press(&settings, "Save the name", &[("name", "Summer")]).await;
    assert!(saved.words().contains("Saved"));
    let renamed = "SELECT COUNT(*) FROM audit WHERE what = 'cohort-renamed'";
    assert_eq!(app.number(renamed).await, 1);
    ruth.browser.press(&saved, "Save the name", &[("name", "Summer")]).await;
    assert_eq!(app.number(renamed).await, 1, "the same name is no change");
    assert!(saved.words().contains("12 months"), "it says what archiving starts");
    let archived = ruth.browser.press(&saved, "Archive Summer", &[]).await;
    assert!(archived.words().contains("Archived on March 2, 2026"));
    assert_eq!(archived.all("[role=status][autofocus]"), ["Archived"]);
    assert!(archived.words().contains("its old join code and personal links stay closed"));
    let list = ruth.browser.open("/cohorts").await;
    assert_eq!(list.all("details > summary"), ["1 archived"]);
    let nurse = app.browser();
    let ask = nurse.open("/join").await;
    assert_eq!(nurse.press(&ask, "Go on", &[("code", &code)]).await.status, 422, "the code is closed");
    let cohort = join.path.trim_end_matches("/join").to_owned();
    let token = "b".repeat(64);
    for (address, fields) in [
        ("assignments", &[("token", token.as_str()), ("slug", "garden-gate")][..]),
        ("people", &[("token", &token), ("name", "Ana")]),
        ("people/links", &[("token", &token), ("seat", "all")]),
        ("join", &[("number", "1")]),
    ] {
        let page = ruth.browser.post(&format!("{cohort}/{address}"), fields).await;
        assert_eq!(page.status, 422, "{address}");
        assert_eq!(page.heading(), "This cohort is archived");
    }
    assert_eq!(ruth.browser.open(&format!("{cohort}/people")).await.status, 200, "reading goes on");
    let reopened = ruth.browser.press(&archived, "Open it again", &[]).await;
    let opened = "SELECT COUNT(*) FROM audit WHERE what = 'cohort-reopened'";
    assert_eq!(app.number(opened).await, 1, "by the first of two");
    let twice = ruth.browser.press(&archived, "Open it again", &[]).await;
    assert_eq!(reopened.all("[role=status][autofocus]"), ["Open again"]);
    assert!(reopened.words().contains("No code is open yet. Make a new one"), "{}", reopened.words());
    assert!(reopened.words().contains("Archive this cohort") && twice.status == 200);
    let page = ruth.browser.open(&format!("{cohort}/join")).await;
    assert!(page.words().contains("No code is open"));
    let page = ruth.browser.press(&page, "Make a new code", &[]).await;
    assert_ne!(page.all(".joincode").concat(), code);
    let noted = app.column("SELECT what FROM audit ORDER BY what").await;
    assert_eq!(
        noted,
        ["code-renewed", "cohort-archived", "cohort-made", "cohort-renamed", "cohort-reopened"]
    );
}

#[tokio::test]
async fn an_educator_who_was_removed_finds_nothing_with_the_page_open() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let page = ruth.browser.open(&format!("/cohorts/{}/settings", cohort.as_str())).await;
    let people = ruth.browser.open(&format!("/cohorts/{}/people", cohort.as_str())).await;
    app.app
        .db
        .write(|conn| {
            Box::pin(async move { warmly::sql!(conn, execute, "DELETE FROM memberships").map(drop) })
        })
        .await
        .map_err(|error: sqlx::Error| error)
        .expect("removed");
    assert_eq!(ruth.browser.press(&page, "Save the name", &[("name", "Mine")]).await.status, 404);
    assert_eq!(ruth.browser.press(&people, "Add this nurse", &[("name", "Ana")]).await.status, 404);
    assert_eq!(app.column("SELECT name FROM cohorts").await, ["Spring"]);
}

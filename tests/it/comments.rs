//! Comments on an answer: drafts, release, answers, settling, and what happens when something is gone.

use warmly::accounts::Role;

use crate::app::TestApp;
use crate::map::ward;
use crate::page::Page;

fn token_of(page: &Page) -> String {
    page.attributes("#turn-1 form[action$=comments] input[name=token]", "value").concat()
}

#[tokio::test]
async fn a_draft_is_its_authors_alone_until_it_is_released() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = app.educator("Gina Marsh").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let ruth = &ward.ruth.browser;
    let address = ward.transcript(0);
    let page = ruth.open(&address).await;
    assert!(
        page.words()
            .contains("You could begin: “I noticed …” “I worried because …” “What were you thinking?”")
    );
    let page = ruth.press(&page, "Save as draft", &[("text", "I noticed <b>a maybe</b>.")]).await;
    assert!(page.words().contains("Saved") && page.words().contains("Draft: only you see it"));
    assert!(page.text().contains("&#60;b&#62;a maybe"), "it is shown as it was typed");
    let hers = gina.browser.open(&address).await;
    assert!(!hers.words().contains("a maybe"), "{}", hers.words());
    let page = ruth.press(&page, "Save the draft", &[("text", "I noticed a later today.")]).await;
    assert!(page.words().contains("I noticed a later today."));
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'commented'").await, 0);
    let id = app.column("SELECT id FROM comments").await.concat();
    let comment = ward.at(&format!("/comments/{id}"));
    let foreign = gina.browser.post(&comment, &[("do", "release")]).await;
    assert_eq!(foreign.status, 404, "another educator's draft is not there");
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "I noticed a later today.")]).await;
    assert!(!page.words().contains("Draft: only you see it"), "{}", page.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'commented'").await, 1, "noted at once");
    ruth.post(&comment, &[("do", "release"), ("text", "Changed afterwards")]).await;
    ruth.post(&comment, &[("do", "delete")]).await;
    let row = "SELECT nurse_id || ' ' || object_id FROM audit WHERE what = 'commented'";
    let (ana, attempt) = &ward.nurses[0];
    assert_eq!(app.column(row).await, [format!("{} {attempt}", ana.nurse_id)], "released once, noted once");
    assert_eq!(app.column("SELECT text FROM comments").await, ["I noticed a later today."]);
    let hers = gina.browser.open(&address).await;
    assert!(hers.words().contains("Ruth Reyes, March 2, 2026 I noticed a later today."), "{}", hers.words());
}

#[tokio::test]
async fn a_draft_in_two_tabs_is_never_overwritten_unseen() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let stored = "SELECT text FROM comments";
    let page = ruth.open(&ward.transcript(0)).await;
    let one = ruth.press(&page, "Save as draft", &[("text", "I noticed a maybe.")]).await;
    let two = ruth.open(&one.path).await;
    ruth.press(&one, "Save the draft", &[("text", "I noticed a maybe, twice.")]).await;
    for button in ["Save the draft", "Release to Ana Okafor"] {
        let told = ruth.press(&two, button, &[("text", "I noticed a later.")]).await;
        assert_eq!(told.status, 422, "{button}");
        assert!(told.link("this draft was changed on another page of yours").starts_with("#c-"));
        assert!(told.words().contains("I noticed a maybe, twice."), "what stands there is shown");
        assert_eq!(told.all("textarea[id^=c-]"), ["I noticed a later."], "and what was typed is kept");
        assert_eq!(app.column(stored).await, ["I noticed a maybe, twice."]);
    }
    let told = ruth.press(&two, "Delete the draft", &[]).await;
    assert!(told.words().contains("so it was not deleted"), "{}", told.words());
    assert_eq!(told.all("textarea[id^=c-]"), ["I noticed a maybe, twice."]);
    let both = ruth.press(&told, "Save the draft", &[("text", "I noticed a maybe, and a later.")]).await;
    assert!(both.words().contains("Saved"), "whoever was told can go on from there");
    assert_eq!(app.column(stored).await, ["I noticed a maybe, and a later."]);
    let again = ruth.press(&two, "Save the draft", &[("text", "I noticed a maybe, and a later.")]).await;
    assert!(again.words().contains("Saved"), "the same words are the same draft");
    let long = "ä".repeat(1001);
    let long = ruth.press(&both, "Save the draft", &[("text", &long)]).await;
    ruth.press(&both, "Save the draft", &[("text", "Changed meanwhile.")]).await;
    let told = ruth.press(&long, "Save the draft", &[("text", "Shortened.")]).await;
    assert_eq!(told.status, 422, "also where the page came back with a problem in between");
    assert_eq!(app.column(stored).await, ["Changed meanwhile."]);
    ruth.press(&told, "Delete the draft", &[]).await;
    let gone = ruth.press(&both, "Save the draft", &[("text", "Written for nothing?")]).await;
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("Written for nothing?</textarea>"));
}

#[tokio::test]
async fn words_typed_into_a_draft_that_was_released_meanwhile_come_back() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let one = ruth.press(&page, "Save as draft", &[("text", "I noticed a maybe.")]).await;
    let two = ruth.open(&one.path).await;
    ruth.press(&one, "Release to Ana Okafor", &[]).await;
    for button in ["Save the draft", "Release to Ana Okafor"] {
        let same = ruth.press(&two, button, &[]).await;
        assert!(same.words().contains("Saved"), "{button}: it says just that already");
        let told = ruth.press(&two, button, &[("text", "I noticed a later.")]).await;
        assert_eq!((told.status.as_u16(), told.words().contains("Saved")), (422, false), "{button}");
        assert!(told.words().contains("this comment was released from another page of yours"));
        assert_eq!(told.all("textarea[id^=c-]"), ["I noticed a later."], "what was typed is kept");
    }
    let told = ruth.press(&two, "Delete the draft", &[]).await;
    assert!(told.words().contains("so it was not deleted"), "{}", told.words());
    let told = ruth.press(&two, "Save the draft", &[("text", "I noticed a later.")]).await;
    let answered = ruth.press(&told, "Answer", &[]).await;
    assert!(answered.words().contains("Saved"), "{}", answered.words());
    assert_eq!(app.column("SELECT text FROM comment_answers").await, ["I noticed a later."]);
    assert_eq!(app.column("SELECT text FROM comments").await, ["I noticed a maybe."]);
    let comment = two.form("Save the draft").action;
    for what in ["", "burn"] {
        let odd = ruth.post(&comment, &[("do", what), ("text", "I noticed a later.")]).await;
        assert_eq!(odd.status, 400, "no button of ours sends “{what}”");
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_one_comment_and_a_draft_can_be_deleted() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let token = token_of(&page);
    let address = format!("{}/1/comments", ward.transcript(0));
    let fields = [("token", token.as_str()), ("text", "What were you thinking?"), ("do", "release")];
    let one = ruth.post(&address, &fields).await;
    let two = ruth.post(&address, &fields).await;
    assert_eq!((one.status.as_u16(), one.location()), (303, two.location()));
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'commented'").await, 1);
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Save as draft", &[("text", "Not this one.")]).await;
    let page = ruth.press(&page, "Delete the draft", &[]).await;
    assert!(!page.words().contains("Not this one."));
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 1);
}

#[tokio::test]
async fn nothing_and_too_much_are_said_beside_the_field_and_keep_what_was_typed() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let empty = ruth.press(&page, "Save as draft", &[("text", "  ")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.title().starts_with("Problem: ") && empty.link("Write something first") == "#comment-1");
    let long = "ä".repeat(1001);
    let page = ruth.press(&empty, "Save as draft", &[("text", &long)]).await;
    assert_eq!(page.status, 422);
    assert!(page.words().contains("This is too long by 1 characters"));
    assert!(page.text().contains(&long));
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
}

#[tokio::test]
async fn it_is_answered_settled_and_opened_again() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "What were you thinking?")]).await;
    app.alter(
        "INSERT INTO comment_answers (id, comment_id, text, token_hash, written_at)
         SELECT '01999999-0000-7000-8000-000000000000', id, 'That I was not dropping him.', 'x', 1772452900000 FROM comments",
    )
    .await;
    let row = async || {
        let overview = ruth.open(&format!("/cohorts/{}", ward.cohort.as_str())).await;
        let rows = overview.all("tbody tr");
        rows.into_iter().find(|row| row.starts_with("Ana Okafor")).unwrap_or_else(|| overview.words())
    };
    assert!(row().await.contains("1 new answer"), "{}", row().await);
    let page = ruth.open(&page.path).await;
    assert!(
        page.words().contains("Ana Okafor, March 2, 2026 That I was not dropping him."),
        "{}",
        page.words()
    );
    let empty = ruth.press(&page, "Answer", &[]).await;
    assert_eq!(empty.status, 422);
    let page = ruth.press(&empty, "Answer", &[("text", "Thank you for saying so.")]).await;
    assert!(page.words().contains("Thank you for saying so."));
    assert_eq!(
        app.number("SELECT COUNT(*) FROM comment_answers WHERE staff_id IS NULL AND read_at IS NULL").await,
        0
    );
    assert!(row().await.contains("You commented") && !row().await.contains("new answer"), "{}", row().await);
    let gina = app.educator("Gina").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let hers = gina.browser.open(&page.path).await;
    let hers = gina.browser.press(&hers, "Resolve", &[]).await;
    assert!(hers.words().contains("Resolved"));
    let page = ruth.open(&page.path).await;
    let page = ruth.press(&page, "Open again", &[]).await;
    assert!(!page.words().contains(". Resolved"));
}

#[tokio::test]
async fn what_was_typed_about_something_that_is_gone_is_given_back() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let address = format!("{}/1/comments", ward.transcript(0));
    let typed =
        [("token", token_of(&page)), ("text", "I noticed how".to_owned()), ("do", "release".to_owned())];
    let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    app.alter("DELETE FROM responses WHERE turn_number >= 1").await;
    let gone = ruth.post(&address, &typed).await;
    assert_eq!(gone.status, 404);
    assert_eq!(gone.heading(), "This is not here anymore");
    assert!(gone.text().contains("I noticed how</textarea>"));
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
    app.alter("DELETE FROM memberships").await;
    let removed = ruth.post(&address, &typed).await;
    assert_eq!(removed.bytes, gone.bytes, "removed from the cohort with the page open: the words come back");
    ruth.cookies.borrow_mut().clear();
    let out = ruth.post(&address, &typed).await;
    assert_eq!(out.status, 401);
    assert!(out.text().contains("I noticed how"));
}

#[tokio::test]
async fn an_address_that_a_form_was_sent_to_leads_to_its_page_when_it_is_opened() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, attempt), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let transcript = ward.transcript(0);
    let page = ruth.open(&transcript).await;
    ruth.press(&page, "Release to Ana Okafor", &[("text", "What were you thinking?")]).await;
    let id = app.column("SELECT id FROM comments").await.concat();
    let turn = format!("{transcript}#turn-1");
    for (address, leads) in [
        (format!("{transcript}/blackout"), &transcript),
        (format!("{transcript}/1/comments"), &turn),
        (format!("{transcript}/1/marking"), &turn),
        (ward.at(&format!("/comments/{id}")), &turn),
        (ward.at(&format!("/comments/{id}/answers")), &turn),
    ] {
        let page = ruth.get(&address).await;
        assert_eq!((page.status.as_u16(), page.location().as_ref()), (303, Some(leads)), "{address}");
    }
    for rest in ["", "/read"] {
        let hers = ana.browser.get(&format!("/me/comments/{id}{rest}")).await.location();
        assert_eq!(hers, Some(format!("/attempts/{attempt}/transcript#comment-{id}")));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM comments WHERE read_at IS NOT NULL").await, 0);
    let first = app.browser().get("/scenarios/garden-gate/attempts").await;
    assert_eq!(first.location().as_deref(), Some("/scenarios/garden-gate"));
}

#[tokio::test]
async fn comments_of_another_cohort_are_not_there() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    ruth.press(&page, "Release to Ana Okafor", &[("text", "What were you thinking?")]).await;
    let id = app.column("SELECT id FROM comments").await.concat();
    let olga = app.educator("Olga").await;
    let other = app.cohort(&olga, "Autumn").await;
    let manager = app.staff("Mona", false, false).await;
    app.give_role(&ward.cohort, &manager, Role::Manager).await;
    let missing = "01234567-89ab-7def-8123-456789abcdef";
    let none = ruth.post(&ward.at(&format!("/comments/{missing}")), &[("do", "resolve")]).await;
    assert_eq!(none.status, 404);
    let elsewhere = format!("/cohorts/{}/comments/{id}", other.as_str());
    for (who, address) in [
        (&olga, elsewhere.clone()),
        (&olga, ward.at(&format!("/comments/{id}"))),
        (&manager, ward.at(&format!("/comments/{id}"))),
    ] {
        let page = who.browser.post(&address, &[("do", "resolve")]).await;
        assert_eq!((page.status.as_u16(), &page.bytes), (404, &none.bytes), "{address}");
        let page =
            who.browser.post(&format!("{address}/answers"), &[("text", "Hello"), ("token", "t")]).await;
        assert_eq!(page.status, 404);
    }
    let write = format!("{}/1/comments", ward.transcript(0));
    assert_eq!(olga.browser.post(&write, &[("text", "Hello"), ("token", "t")]).await.status, 404);
    let beyond =
        ruth.post(&format!("{}/9/comments", ward.transcript(0)), &[("text", "x"), ("token", "t")]).await;
    assert_eq!(beyond.status, 404, "a turn she never came to");
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM comments WHERE resolved_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn the_practice_page_says_that_a_comment_waits_to_be_read() {
    const WAITS: &str = "A comment on your answers waits for you";
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Save as draft", &[("text", "What was hard?")]).await;
    assert!(!ana.browser.open("/practice").await.words().contains(WAITS), "a draft is nobody else’s");
    let page = ruth.press(&page, "Release to Ana Okafor", &[]).await;
    let found = ana.browser.open("/practice").await;
    assert!(found.words().contains(WAITS) && found.link(WAITS).ends_with("/me#said"), "{}", found.words());
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    ana.browser.press(&hers, "I’ve read this : Ruth Reyes on turn 1", &[]).await;
    assert!(!ana.browser.open("/practice").await.words().contains(WAITS));
    ruth.press(&page, "Answer", &[("text", "Tell me more.")]).await;
    assert!(ana.browser.open("/practice").await.words().contains(WAITS), "and what is said under it later");
}

#[tokio::test]
async fn a_nurses_page_says_how_many_comments_each_of_her_attempts_has() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let gina = app.educator("Gina Marsh").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let ruth = &ward.ruth.browser;
    let hers = |nurse: usize| ward.at(&format!("/people/{}", ward.nurses[nurse].0.seat.as_str()));
    assert!(!ruth.open(&hers(0)).await.words().contains(" comment"), "none yet");
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "What was hard?")]).await;
    let line = ruth.open(&hers(0)).await.all(".attempt").concat();
    assert!(line.contains("1 comment") && !line.contains("1 comments"), "{line}");
    ruth.press(&page, "Save as draft", &[("text", "What was easy?")]).await;
    let line = ruth.open(&hers(0)).await.all(".attempt").concat();
    assert!(line.contains("2 comments"), "her own draft is one of them: {line}");
    let line = gina.browser.open(&hers(0)).await.all(".attempt").concat();
    assert!(line.contains("1 comment") && !line.contains("1 comments"), "a colleague’s is not: {line}");
    let other = ruth.open(&hers(1)).await.all(".attempt").concat();
    assert!(!other.contains("comment"), "and nothing of another nurse’s: {other}");
}

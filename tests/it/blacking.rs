//! Words of assigned work that an educator blacks out are gone for good, and the nurse knows.

use proptest::prelude::*;
use warmly::accounts::Role;
use warmly::operate::tallies::compare;
use warmly::practice::blacking::{BLACK, black_out, cut, pieces, places, spelled_otherwise};

use crate::app::{Browser, TestApp, server};
use crate::map::{Ward, ward};
use crate::page::Page;

const BUTTON: &str = "Black out these words";
const SURE: &str = "Black out for good";

/// Blacks words out; the page that says so where they stand nowhere.
async fn black(ruth: &Browser<'_>, page: &Page, words: &str) -> Page {
    let asked = ruth.press(page, BUTTON, &[("text", words)]).await;
    if asked.status == 200 { sure(ruth, &asked).await } else { asked }
}

async fn sure(ruth: &Browser<'_>, asked: &Page) -> Page {
    ruth.press(asked, SURE, &[]).await
}

#[test]
fn only_whole_words_that_stand_there_are_blacked_out() {
    let out = |text: &str, words: &str| black_out(text, words);
    assert_eq!(out("Call Al, also.", "Al"), Some((format!("Call {BLACK}, also."), 1)));
    assert_eq!(out("Al and Al", "Al"), Some((format!("{BLACK} and {BLACK}"), 2)));
    assert_eq!(out("Mrs.  Vance\nis here", "Mrs. Vance is"), Some((format!("{BLACK} here"), 3)));
    assert_eq!(out("call 555-0142!", "555-0142"), Some((format!("call {BLACK}!"), 1)));
    assert_eq!(out("José is", "José"), Some((format!("{BLACK} is"), 1)));
    for (text, words) in [
        ("also", "Al"),
        ("Alma", "Al"),
        ("al", "Al"),
        ("x", ""),
        ("x.", "."),
        ("x", "  "),
        (BLACK, BLACK),
        ("a b", "b a"),
        ("y ███", "y █"),
        ("Jose\u{301} is", "Jose"),
    ] {
        assert_eq!(out(text, words), None, "{words} in {text}");
    }
}

#[test]
fn other_spellings_are_found_where_they_are_still_the_same_word() {
    let otherwise = |text: &str, words: &str| spelled_otherwise(text, words).join("|");
    let text = "Okafor, okafor and OKAFOR, the Okafors, Okafor’s, Okafor's, Okafors’. Okaforum.";
    assert_eq!(otherwise(text, "Okafor"), "okafor|OKAFOR|Okafors|Okafors’");
    assert_eq!(otherwise(text, "Okafor’s"), "Okafor's|Okafor|okafor|OKAFOR|Okafors|Okafors’");
    assert_eq!(otherwise("Rey, REYES’S, reyes's", "Reyes"), "REYES’S|reyes's");
    assert_eq!(otherwise("Zoë O’Brien", "Zoë O'Brien"), "Zoë O’Brien");
    assert_eq!(otherwise("delia\n OKAFOR came", "Delia Okafor"), "delia\n OKAFOR");
    assert_eq!(otherwise("Jose\u{301} and José", "Jose"), "Jose\u{301}");
    assert_eq!(otherwise("STRASSER, ΝΙΚΟΣ and İpek", "straßer"), "STRASSER");
    assert_eq!(otherwise("STRASSER, ΝΙΚΟΣ and İpek", "Νικος"), "ΝΙΚΟΣ");
    assert_eq!(otherwise("STRASSER, ΝΙΚΟΣ and İpek", "ipek"), "İpek");
    assert_eq!(otherwise("so ZEDWORD", "“Zedword”"), "ZEDWORD");
    assert_eq!(otherwise("also Alma, al", "Al"), "al");
    assert_eq!(otherwise("Al and Al", "Al"), "");
    assert_eq!(otherwise("a. b!", "."), "");
    assert_eq!(otherwise("bed 3, 李3", "李3"), "");
    assert_eq!(otherwise("Oka for, del ia okafor", "Okafor"), "okafor");
    assert_eq!(otherwise("so al  pine", "Al Pine"), "al  pine");
}

#[test]
fn bars_are_told_from_words() {
    let cut = |text: &str| pieces(text).map(|(words, is_bar)| (words.to_owned(), is_bar)).collect::<Vec<_>>();
    let owned = |words: &str, is_bar| (words.to_owned(), is_bar);
    assert_eq!(cut("Um, no."), [owned("Um, no.", false)]);
    assert_eq!(cut("Ring ███."), [owned("Ring ", false), owned(BLACK, true), owned(".", false)]);
    assert_eq!(cut("███ ███"), [owned(BLACK, true), owned(" ", false), owned(BLACK, true)]);
    assert!(cut("").is_empty());
}

proptest! {
    #[test]
    fn what_is_offered_is_found(text in "[aAsSß’' é\u{301}b.]{0,24}", words in "[aAsß’' é]{1,6}") {
        for spelling in spelled_otherwise(&text, &words) {
            prop_assert!(!places(&text, &spelling).is_empty(), "{spelling:?}");
        }
    }

    #[test]
    fn what_is_blacked_out_is_gone(text in "[a-c é█\n]{0,30}", words in "[a-c é]{1,4}") {
        if let Some((left, count)) = black_out(&text, &words) {
            let places = places(&text, &words);
            let whole: String = cut(&text, &places).map(|(words, _)| words).collect();
            prop_assert_eq!(whole, text.as_str(), "what is marked is the text itself");
            prop_assert!(cut(&text, &places).all(|(piece, goes)| goes == (black_out(piece, &words).is_some())));
            prop_assert!(count > 0);
            prop_assert!(left.contains(BLACK));
            prop_assert_eq!(black_out(&left, &words), None);
        }
    }
}

#[tokio::test]
async fn an_educator_blacks_out_own_words_and_nothing_of_them_is_left() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let ana = app.member(&cohort, "Ana Okafor").await;
    let turns = [
        ("Like ZEBRAWORD Vance, no. Truly ZEBRAWORD.", "replytext three"),
        ("", "replytext six"),
        ("Sit down!", "replytext eight"),
    ];
    let id = app.worked(&ana, &gate, "garden-gate", &turns).await;
    let home = format!("/cohorts/{}", cohort.as_str());
    let transcript = format!("{home}/people/{}/{id}", ana.seat.as_str());
    let answers = ruth.browser.open(&format!("{home}/scenarios/garden-gate/lift")).await;
    ruth.browser.press(&answers, "Bring to class", &[]).await;
    let page = ruth.browser.open(&transcript).await;
    let wrong = ruth.browser.press(&page, BUTTON, &[("text", "ZEBRA")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.words().contains("We don’t find these words here"), "{}", wrong.words());
    assert_eq!(wrong.all("#black"), ["ZEBRA"], "what was typed is kept");
    let nothing = ruth.browser.press(&page, BUTTON, &[]).await;
    assert!(nothing.words().contains("Write or paste the words first"));
    let asked = ruth.browser.press(&page, BUTTON, &[("text", " ZEBRAWORD ")]).await;
    let done = ruth.browser.press(&asked, SURE, &[]).await;
    assert_eq!(done.status, 200);
    assert_eq!(
        done.all("[role=status][autofocus]"),
        ["Blacked out. What is spelled another way still stands: look once more"]
    );
    assert_eq!(done.all("[autofocus]").len(), 1);
    assert_eq!(
        done.all("details:has(form[action$=blackout])").len(),
        1,
        "one quiet way to it for the whole page"
    );
    let again = ruth.browser.press(&asked, SURE, &[]).await;
    assert_eq!(again.status, 200, "a double click does it once");
    let other = ruth.browser.press(&asked, SURE, &[("text", "Vanse")]).await;
    assert_eq!(other.status, 422, "the same form with other words, which are not there, has done nothing");
    let stored = "SELECT own_words FROM openings WHERE turn_number = 1";
    assert_eq!(app.column(stored).await, ["Like ███ Vance, no. Truly ███."]);
    assert_eq!(app.number("SELECT words FROM blacked_out").await, 2);
    let row = "SELECT actor_id || ' ' || nurse_id || ' ' || cohort_id || ' ' || object_id FROM audit
        WHERE what = 'blacked-out'";
    let expected = format!("{} {} {} {id}", ruth.id.as_str(), ana.nurse_id, cohort.as_str());
    assert_eq!(app.column(row).await, [expected], "who, whose, where: once");
    for address in [
        transcript.clone(),
        format!("{home}/scenarios/garden-gate/lift"),
        format!("{home}/scenarios/garden-gate/lift/answers.csv"),
        format!("{home}/scenarios/garden-gate/lift/answers.json"),
        format!("{home}/answers.csv"),
        format!("{home}/answers.json"),
        format!("{home}/debrief"),
        format!("{home}/debrief/screen"),
    ] {
        let text = ruth.browser.open(&address).await.text();
        assert!(!text.contains("ZEBRAWORD") && text.contains(BLACK), "{address}: {text}");
    }
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    assert!(hers.words().contains("Your educator blacked out 2 words here, to protect"), "{}", hers.words());
    let record = ana.browser.open("/me/record").await.words();
    assert!(
        record.contains("Ruth Reyes blacked out words in your answers to “The garden gate”, or in what was said about them."),
        "{record}"
    );
    for address in ["/me/practice.json", "/me/practice.csv"] {
        let text = ana.browser.get(address).await.text();
        assert!(!text.contains("ZEBRAWORD") && text.contains(BLACK), "{address}");
    }
    assert!(compare(&app.app.db).await.expect("compared").different.is_empty(), "tallies stay as they were");
    if server().is_none() {
        assert!(!app.files_hold("ZEBRAWORD"), "the words are in no file");
    }
}

#[tokio::test]
async fn where_the_words_stand_is_shown_before_anything_changes() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let olga = app.educator("Olga").await;
    app.give_role(&ward.cohort, &olga, Role::Educator).await;
    app.alter("UPDATE openings SET own_words = 'Ring ███ or Al, also Al.' WHERE turn_number = 1").await;
    let open = ruth.open(&ward.transcript(0)).await;
    let open = ruth.press(&open, "Release to Ana Okafor", &[("text", "Who is Al?")]).await;
    let hers = olga.browser.open(&ward.transcript(0)).await;
    olga.browser.press(&hers, "Save as draft", &[("text", "I know Al.")]).await;
    let asked = ruth.press(&open, BUTTON, &[("text", "Al")]).await;
    assert_eq!((asked.status.as_u16(), asked.heading().as_str()), (200, "Black out these words?"));
    assert!(asked.words().contains("“Al” stands here 3 times, marked below."), "{}", asked.words());
    assert_eq!(
        asked.all("section h2"),
        ["Own words, turn 1", "Comment, turn 1"],
        "another's draft is not there"
    );
    assert_eq!(asked.all("section p"), ["Ring ███ or Al , also Al .", "Who is Al ?"]);
    assert_eq!(asked.all("mark"), ["Al", "Al", "Al"]);
    let stored = "SELECT own_words FROM openings WHERE turn_number = 1";
    assert_eq!(app.column(stored).await, ["Ring ███ or Al, also Al."], "nothing has changed");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'blacked-out'").await, 0);
    assert_eq!(asked.link("Change nothing"), ward.transcript(0));
    let none = ruth.post(&(ward.transcript(0) + "/blackout"), &[("text", "Al"), ("sure", "1")]).await;
    assert_eq!(none.status, 400, "only from the page that showed it");
    assert_eq!(app.column(stored).await, ["Ring ███ or Al, also Al."]);
    app.alter("UPDATE openings SET own_words = 'And Al.' WHERE turn_number = 1").await;
    sure(ruth, &asked).await;
    assert_eq!(app.column(stored).await, ["And ███."], "wherever they stand by then");
    assert_eq!(app.column("SELECT text FROM comments ORDER BY id").await, ["Who is ███?", "I know ███."]);
}

#[tokio::test]
async fn what_stands_in_the_draft_of_another_shows_by_nothing() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let olga = app.educator("Olga").await;
    app.give_role(&ward.cohort, &olga, Role::Educator).await;
    app.alter("UPDATE openings SET own_words = 'Like GNUWORD and YAKWORD, no.' WHERE turn_number = 1").await;
    let hers = olga.browser.open(&ward.transcript(0)).await;
    let draft = [("text", "GNUWORD, GNUWORD and OKAPIWORD?")];
    let hers = olga.browser.press(&hers, "Save as draft", &draft).await;
    let known = |page: &Page| page.attributes("form[action$='/1/comments'] input[name=blacked]", "value");
    let open = ruth.open(&ward.transcript(0)).await;
    let hers = black(&olga.browser, &hers, "OKAPIWORD").await;
    assert_eq!(app.column("SELECT text FROM comments").await, ["GNUWORD, GNUWORD and ███?"]);
    let kept = ruth.press(&open, "Save as draft", &[("text", "Well said.")]).await;
    assert!(kept.words().contains("Saved"), "that is nothing to her: {}", kept.words());
    let asked = ruth.press(&kept, BUTTON, &[("text", "GNUWORD")]).await;
    let done = sure(ruth, &asked).await;
    assert_eq!(known(&done), ["1"], "one word of what she reads");
    let all = "SELECT text FROM comments ORDER BY text";
    assert_eq!(app.column(all).await, ["Well said.", "███, ███ and ███?"]);
    let late = olga.browser.press(&hers, "Release to Ana Okafor", &[("text", "GNUWORD, no?")]).await;
    assert!(late.words().contains("words were blacked out here"), "it was her draft: {}", late.words());
    let hers = olga.browser.press(&late, "Release to Ana Okafor", &[("text", "All clean.")]).await;
    assert!(hers.words().contains("All clean."), "{}", hers.words());
    assert_eq!(known(&ruth.open(&ward.transcript(0)).await), ["1"], "released, it tells nothing either");
    let kept = ruth.press(&done, "Save as draft", &[("text", "Well said again.")]).await;
    assert!(kept.words().contains("Saved"), "{}", kept.words());
    black(ruth, &done, "YAKWORD").await;
    let again = sure(ruth, &asked).await;
    assert_eq!(again.status, 422, "the form that only that draft remembers");
    assert!(again.words().contains("The words on the page before don’t stand here anymore"));
    assert_eq!(again.all("#black"), [""], "nor do they come back");
}

#[tokio::test]
async fn a_word_of_a_draft_that_was_deleted_does_not_come_back_by_an_old_page() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let open = ruth.press(&page, "Save as draft", &[("text", "Is that GNUWORD?")]).await;
    let done = black(ruth, &open, "GNUWORD").await;
    let clean = ruth.press(&done, "Delete the draft", &[]).await;
    let late = ruth.press(&open, "Release to Ana Okafor", &[("text", "Quoting GNUWORD again")]).await;
    assert_eq!(late.status, 404, "of the draft itself nothing is left");
    let late = ruth.press(&page, "Release to Ana Okafor", &[("text", "Quoting GNUWORD again")]).await;
    assert!(late.words().contains("words were blacked out here"), "{}", late.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
    let kept = ruth.press(&clean, "Release to Ana Okafor", &[("text", "Nothing of it.")]).await;
    assert!(kept.words().contains("Saved"), "{}", kept.words());
}

#[tokio::test]
async fn a_name_in_other_spellings_is_offered_and_what_she_never_read_is_not_told_to_her() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ruth, nurse) = (&ward.ruth.browser, &ward.nurses[0].0.browser);
    app.alter("UPDATE openings SET own_words = 'The okafors, with O’Brien.' WHERE turn_number = 1").await;
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Save as draft", &[("text", "Is Okafor real?")]).await;
    let asked = ruth.press(&page, BUTTON, &[("text", "O'Brien")]).await;
    assert_eq!(asked.heading(), "These words don’t stand here just so");
    assert!(!asked.words().contains(SURE));
    let asked = ruth.press(&asked, "Black out O’Brien", &[]).await;
    sure(ruth, &asked).await;
    let looked = async || nurse.open("/me/record").await.words().matches("blacked out words").count();
    assert_eq!(looked().await, 1);
    let asked = ruth.press(&page, BUTTON, &[("text", "Okafor")]).await;
    assert_eq!(asked.all("section h2"), ["Your draft, turn 1"]);
    assert!(
        asked.words().contains("reads none of these texts, and hears nothing of it"),
        "{}",
        asked.words()
    );
    let okafors = ruth.press(&asked, "Black out okafors", &[]).await;
    assert_eq!(okafors.all("mark"), ["okafors"]);
    sure(ruth, &asked).await;
    assert_eq!(app.column("SELECT text FROM comments").await, ["Is ███ real?"]);
    assert_eq!(looked().await, 1, "her record says nothing of a draft");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'blacked-out'").await, 2, "the log does");
    sure(ruth, &okafors).await;
    assert_eq!(looked().await, 2);
}

#[tokio::test]
async fn an_answer_of_hers_from_before_something_was_blacked_out_is_looked_at_once_more() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "Who is GNUWORD?")]).await;
    let page = ruth.press(&page, "Answer", &[("text", "I mean GNUWORD.")]).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    let page = ruth.press(&page, "Save as draft", &[("text", "Hm, YAKWORD.")]).await;
    black(ruth, &page, "YAKWORD").await;
    let asked = ana.browser.press(&hers, "Send answer", &[("text", "Call GNUWORD, 617-555-0142-9.")]).await;
    assert!(asked.words().contains("is this about a real person?"), "a draft is not hers: {}", asked.words());
    black(ruth, &page, "GNUWORD").await;
    let refused = ana.browser.press(&asked, "Send answer", &[("text", "GNUWORD again")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("your educator blacked out words here"), "{}", refused.words());
    assert_eq!(refused.all("textarea[id^=answer-]"), ["GNUWORD again"], "what she typed is kept");
    assert_eq!(app.column("SELECT text FROM comment_answers").await, ["I mean ███."]);
    assert!(!refused.words().contains("blacked out 1 word here"), "that was not hers: {}", refused.words());
    let kept = ana.browser.press(&refused, "Send answer", &[("text", "That neighbor.")]).await;
    assert!(kept.words().contains("That neighbor."), "{}", kept.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 2);
}

#[tokio::test]
async fn who_is_shown_the_words_has_looked_at_them() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let looks = "SELECT COUNT(*) FROM audit WHERE what = 'transcript-viewed'";
    assert_eq!(app.number(looks).await, 0);
    let fields = [("text", "Um, not today.")];
    let shown = ward.ruth.browser.post(&(ward.transcript(0) + "/blackout"), &fields).await;
    assert_eq!(shown.status, 200);
    assert_eq!(app.number(looks).await, 1);
}

#[tokio::test]
async fn what_the_page_finds_goes_with_one_button() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, id) = &ward.nurses[0];
    app.alter("UPDATE openings SET own_words = 'Ring 555-0142 or ana@ward.example.' WHERE turn_number = 1")
        .await;
    let page = ward.ruth.browser.open(&ward.transcript(0)).await;
    let page =
        sure(&ward.ruth.browser, &ward.ruth.browser.press(&page, "Black out 555-0142", &[]).await).await;
    let page =
        sure(&ward.ruth.browser, &ward.ruth.browser.press(&page, "Black out ana@ward.example", &[]).await)
            .await;
    assert_eq!(page.attributes("#turn-1 .pre [role=img]", "aria-label"), ["blacked out", "blacked out"]);
    assert!(page.words().contains("Ring ███ or ███ ."), "{}", page.words());
    assert!(!page.words().contains("Black out 555"), "nothing more is found");
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    assert!(
        hers.words().contains("Ring ███ or ███ . Your educator blacked out 2 words here, to protect"),
        "{}",
        hers.words()
    );
}

#[tokio::test]
async fn the_year_of_a_birth_goes_with_its_day() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    app.alter("UPDATE openings SET own_words = 'Like Bo, born 03/04/1951, no.' WHERE turn_number = 1").await;
    let page = ward.ruth.browser.open(&ward.transcript(0)).await;
    sure(&ward.ruth.browser, &ward.ruth.browser.press(&page, "Black out born 03/04/1951", &[]).await).await;
    let stored = "SELECT own_words FROM openings WHERE turn_number = 1";
    assert_eq!(app.column(stored).await, ["Like Bo, ███, no."]);
}

#[tokio::test]
async fn answers_under_a_comment_and_what_she_asked_to_talk_about_can_be_blacked_out() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, id) = &ward.nurses[0];
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    ruth.press(&page, "Release to Ana Okafor", &[("text", "What was hard?")]).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    ana.browser.press(&hers, "Send answer", &[("text", "Mr. YAKWORD was like him.")]).await;
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    let wrote = [("feeling", "I thought of YAKWORD."), ("then_say", "No, YAKWORD.")];
    ana.browser.press(&debrief, "Save", &wrote).await;
    let page = ruth.open(&ward.transcript(0)).await;
    let done = black(ruth, &page, "Mr. YAKWORD").await;
    assert!(done.words().contains("███ was like him."), "{}", done.words());
    let kept = black(ruth, &done, "YAKWORD").await;
    assert_eq!(kept.status, 422, "what she keeps to herself is not there");
    assert_eq!(app.column("SELECT feeling FROM reflections").await, ["I thought of YAKWORD."]);
    ana.browser.press(&debrief, "Save", &[wrote[0], wrote[1], ("wants_talk", "1")]).await;
    let page = ruth.open(&ward.transcript(0)).await;
    let done = black(ruth, &page, "YAKWORD").await;
    assert!(done.words().contains("I thought of ███ ."), "{}", done.words());
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    assert!(debrief.words().contains("a real person. It is no mark against you."), "{}", debrief.words());
    assert_eq!(
        app.column("SELECT then_say FROM reflections").await,
        ["No, YAKWORD."],
        "her sentence stays hers"
    );
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    assert!(hers.words().contains("Your educator blacked out 2 words here, to protect"), "{}", hers.words());
    ana.browser.post("/me/delete", &[]).await;
    assert_eq!(
        app.number("SELECT COUNT(*) FROM blacked_out").await,
        0,
        "what is deleted takes the count along"
    );
    assert!(compare(&app.app.db).await.expect("compared").different.is_empty());
}

#[tokio::test]
async fn comments_that_quote_the_words_lose_them_too() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let olga = app.educator("Olga").await;
    app.give_role(&ward.cohort, &olga, Role::Educator).await;
    app.alter("UPDATE openings SET own_words = 'Like GNUWORD, no.' WHERE turn_number = 1").await;
    let page = ruth.open(&ward.transcript(0)).await;
    assert!(page.words().contains("and from comments, drafts and answers that quote them"), "said before");
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "“Like GNUWORD”: who is that?")]).await;
    let page = ruth.press(&page, "Answer", &[("text", "I mean GNUWORD.")]).await;
    let draft = [("text", "GNUWORD, again?"), ("do", "draft")];
    ruth.press(&page, "Save as draft", &draft[..1]).await;
    let hers = olga.browser.open(&ward.transcript(0)).await;
    let secret = [("text", "GNUWORD and OKAPIWORD: I’ll ask.")];
    olga.browser.press(&hers, "Save as draft", &secret).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    ana.browser.press(&hers, "Send answer", &[("text", "GNUWORD was a neighbor.")]).await;
    let page = ruth.open(&ward.transcript(0)).await;
    let blind = black(ruth, &page, "OKAPIWORD").await;
    assert_eq!(blind.status, 422, "another's draft is not there");
    let done = black(ruth, &page, "GNUWORD").await;
    for words in ["Like ███ , no.", "“Like ███ ”: who is that?", "I mean ███ .", "███ was a neighbor."]
    {
        assert!(done.words().contains(words), "{words}: {}", done.words());
    }
    let stored = "SELECT text FROM comments UNION ALL SELECT text FROM comment_answers ORDER BY 1";
    let mut texts = app.column(stored).await;
    texts.sort();
    let expected = [
        "I mean ███.",
        "“Like ███”: who is that?",
        "███ and OKAPIWORD: I’ll ask.",
        "███ was a neighbor.",
        "███, again?",
    ];
    assert_eq!(texts, expected);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'blacked-out'").await, 1);
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    assert!(hers.words().contains("“Like ███ ”: who is that?"), "{}", hers.words());
    if server().is_none() {
        assert!(!app.files_hold("GNUWORD"), "the words are in no file");
    }
}

/// The page with a draft on it, and the page after a word of that draft was blacked out.
async fn blacked_out_in_a_draft(app: &TestApp, ward: &Ward<'_>) -> (Page, Page) {
    let ruth = &ward.ruth.browser;
    app.alter("UPDATE openings SET own_words = 'Like GNUWORD, no.' WHERE turn_number = 1").await;
    let page = ruth.open(&ward.transcript(0)).await;
    let open = ruth.press(&page, "Save as draft", &[("text", "Who is GNUWORD?")]).await;
    let black = black(ruth, &open, "GNUWORD").await;
    (open, black)
}

#[tokio::test]
async fn a_draft_that_was_open_meanwhile_brings_no_word_back() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ruth, (open, _)) = (&ward.ruth.browser, blacked_out_in_a_draft(&app, &ward).await);
    let stored = "SELECT text FROM comments";
    let typed = "Who is GNUWORD? Ring 617-555-0142-9.";
    let asked = ruth.press(&open, "Save the draft", &[("text", typed)]).await;
    assert!(asked.words().contains("Just a question"), "{}", asked.words());
    let refused = ruth.press(&asked, "Keep the draft as it is", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("words were blacked out here"), "{}", refused.words());
    assert_eq!(refused.all("textarea[id^=c-]"), ["Who is ███?"], "as it is now");
    assert!(refused.words().contains(&format!("What you typed {typed}")), "kept: {}", refused.words());
    assert_eq!(app.column(stored).await, ["Who is ███?"], "and not stored");
    assert_eq!(refused.all("details[open] button[name=do]")[0], "Save the draft", "not released by mistake");
    let empty = ruth.press(&refused, "Save the draft", &[("text", "")]).await;
    assert!(empty.words().contains(&format!("What you typed {typed}")), "kept on: {}", empty.words());
    let (action, fields) =
        (refused.form("Save the draft").action, [("do", "save"), ("text", "a"), ("beside", "b")]);
    let out = app.browser().post(&action, &fields).await;
    assert_eq!(out.all("textarea#typed"), ["a b"], "also where her session has ended");
    ruth.press(&refused, "Save the draft", &[]).await;
    assert_eq!(app.column(stored).await, ["Who is ███?"], "also where it is pressed once more");
    let kept = ruth.press(&refused, "Release to Ana Okafor", &[("text", "Who is that?")]).await;
    assert!(kept.words().contains("Saved"), "{}", kept.words());
    assert_eq!(app.column(stored).await, ["Who is that?"]);
}

#[tokio::test]
async fn a_draft_that_was_blacked_out_and_released_meanwhile_brings_no_word_back() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ruth, (open, black)) = (&ward.ruth.browser, blacked_out_in_a_draft(&app, &ward).await);
    ruth.press(&black, "Release to Ana Okafor", &[]).await;
    let refused = ruth.press(&open, "Save the draft", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.words().contains("words were blacked out here and this comment was released"),
        "{}",
        refused.words()
    );
    assert_eq!(refused.all("textarea[id^=c-]"), [""], "not in the box of an answer");
    assert!(refused.words().contains("What you typed Who is GNUWORD?"), "{}", refused.words());
    let answered = ruth.press(&refused, "Answer", &[("text", "Who was that?")]).await;
    assert!(answered.words().contains("Saved"), "{}", answered.words());
    assert_eq!(app.column("SELECT text FROM comment_answers").await, ["Who was that?"]);
}

#[tokio::test]
async fn what_is_written_on_a_page_from_before_something_was_blacked_out_is_looked_at_once_more() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let open = ruth.press(&page, "Release to Ana Okafor", &[("text", "Who is that?")]).await;
    app.alter("UPDATE openings SET own_words = 'Like GNUWORD, no.' WHERE turn_number = 1").await;
    black(ruth, &open, "GNUWORD").await;
    for (button, stored) in [
        ("Save as draft", "SELECT text FROM comments WHERE released_at IS NULL"),
        ("Answer", "SELECT text FROM comment_answers"),
    ] {
        let asked = ruth.press(&open, button, &[("text", "“Like GNUWORD”?")]).await;
        assert_eq!(asked.status, 422, "{button}");
        assert!(asked.words().contains("words were blacked out here"), "{button}: {}", asked.words());
        assert_eq!(asked.all("details[open] textarea[name=text]"), ["“Like GNUWORD”?"], "{button}");
        assert!(app.column(stored).await.is_empty(), "{button}");
        let kept = ruth.press(&asked, button, &[("text", "“Like that”?")]).await;
        assert!(kept.words().contains("Saved"), "{button}: {}", kept.words());
        assert_eq!(app.column(stored).await, ["“Like that”?"], "{button}");
    }
    let (one, two) = (ruth.open(&open.path).await, ruth.open(&open.path).await);
    for button in ["Answer", "Save as draft"] {
        ruth.press(&one, button, &[("text", "And YAKWORD?")]).await;
    }
    app.alter("UPDATE openings SET own_words = 'Like YAKWORD, no.' WHERE turn_number = 1").await;
    black(ruth, &two, "YAKWORD").await;
    for button in ["Answer", "Save as draft"] {
        let again = ruth.press(&one, button, &[("text", "And YAKWORD?")]).await;
        assert!(
            again.words().contains("was sent from this page before and stands there"),
            "{button}: {}",
            again.words()
        );
    }
    let all = "SELECT text FROM comments UNION ALL SELECT text FROM comment_answers";
    assert!(!app.column(all).await.concat().contains("YAKWORD"));
    let twice = ruth.press(&one, "Answer", &[("text", "And ███?")]).await;
    assert!(twice.words().contains("Saved"), "it stands already: {}", twice.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 2);
}

#[tokio::test]
async fn a_draft_quotes_nothing_that_was_blacked_out_elsewhere_meanwhile() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let open = ruth.press(&page, "Save as draft", &[("text", "Who is that?")]).await;
    app.alter("UPDATE openings SET own_words = 'Like GNUWORD, no.' WHERE turn_number = 1").await;
    black(ruth, &open, "GNUWORD").await;
    let refused = ruth.press(&open, "Release to Ana Okafor", &[("text", "Who is GNUWORD?")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.all("textarea[id^=c-]"), ["Who is that?"], "as it stands");
    assert!(refused.words().contains("What you typed Who is GNUWORD?"), "{}", refused.words());
    let unchanged = ruth.press(&open, "Delete the draft", &[]).await;
    assert_eq!(unchanged.status, 200, "the draft itself is as she saw it");
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
}

#[tokio::test]
async fn a_draft_that_was_blacked_out_and_written_on_since_is_not_deleted_unseen() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ruth, (open, black)) = (&ward.ruth.browser, blacked_out_in_a_draft(&app, &ward).await);
    let written = "A long thought about what was said here.";
    ruth.press(&black, "Save the draft", &[("text", written)]).await;
    let refused = ruth.press(&open, "Delete the draft", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("it was not deleted"), "{}", refused.words());
    assert!(refused.words().contains(written), "what it says now is there to read");
    assert_eq!(app.column("SELECT text FROM comments").await, [written]);
    ruth.press(&refused, "Delete the draft", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
}

#[tokio::test]
async fn a_page_that_was_open_meanwhile_brings_no_word_back() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let debrief = ana.browser.open(&format!("/attempts/{id}")).await;
    let wrote = [("feeling", "I thought of YAKWORD."), ("aim", "To be kind."), ("wants_talk", "1")];
    let open = ana.browser.press(&debrief, "Save", &wrote).await;
    let page = ruth.open(&ward.transcript(0)).await;
    black(ruth, &page, "YAKWORD").await;
    let changed = [("feeling", "I thought of YAKWORD, and sat down."), ("aim", "To be kind and clear.")];
    let refused = ana.browser.press(&open, "Save", &changed).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.all("textarea#feeling"), ["I thought of ███."], "what is stored stands in the box");
    assert_eq!(refused.all("textarea#aim"), [changed[1].1], "in this one nothing was blacked out");
    assert!(refused.words().contains(&format!("What you typed {}", changed[0].1)), "{}", refused.words());
    assert!(refused.link("While you had this page open").ends_with("#feeling"));
    let stored = "SELECT feeling || ' ' || aim FROM reflections";
    assert_eq!(app.column(stored).await, ["I thought of ███. To be kind."], "nothing was kept");
    let kept = ana.browser.press(&refused, "Save", &[("feeling", "I thought of ███, and sat down.")]).await;
    assert!(kept.words().contains("Saved"), "{}", kept.words());
    assert_eq!(app.column(stored).await, ["I thought of ███, and sat down. To be kind and clear."]);
    let kept = ana.browser.press(&kept, "Save", &[]).await;
    assert!(kept.words().contains("Saved"), "and once more, from the page it led to");
}

#[tokio::test]
async fn only_an_educator_of_the_cohort_and_only_in_assigned_work() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let olga = app.educator("Olga").await;
    let other = app.cohort(&olga, "Autumn").await;
    let gate = app.assign(&other, &olga, "garden-gate").await;
    let zoe = app.member(&other, "Zoe").await;
    let hers = app.worked(&zoe, &gate, "garden-gate", crate::map::SIX[0].1).await;
    let manager = app.staff("Mona", false, false).await;
    app.give_role(&ward.cohort, &manager, Role::Manager).await;
    let (_, practice) = crate::practice::finished(&app).await;
    let practice = practice.path.split('/').nth(2).expect("an id").to_owned();
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", "Um, not today."), ("sure", "1")];
    let missing = "01234567-89ab-7def-8123-456789abcdef";
    let ana = ward.nurses[0].0.seat.as_str();
    let none = ward.ruth.browser.post(&ward.at(&format!("/people/{ana}/{missing}/blackout")), &fields).await;
    assert_eq!(none.status, 404);
    let action = ward.transcript(0) + "/blackout";
    for who in [&manager, &olga] {
        assert_eq!(who.browser.post(&action, &fields).await.bytes, none.bytes);
    }
    for attempt in [&hers, &ward.nurses[1].1, &practice] {
        let address = ward.at(&format!("/people/{ana}/{attempt}/blackout"));
        let page = ward.ruth.browser.post(&address, &fields).await;
        assert_eq!((page.status.as_u16(), &page.bytes), (404, &none.bytes), "{attempt}");
        let page = ward.ruth.browser.post(&address, &fields[..2]).await;
        assert_eq!((page.status.as_u16(), &page.bytes), (404, &none.bytes), "nor is it shown: {attempt}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM blacked_out").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'blacked-out'").await, 0);
    let under = [("token", token.as_str()), ("text", "Um")];
    assert_eq!(ward.nurses[0].0.browser.post(&action, &under).await.status, 401, "a nurse is no educator");
}

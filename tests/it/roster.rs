//! The roster of a cohort: adding, confirming, merging, renaming, removing; and lists from a spreadsheet.

use axum::body::Body;
use axum::http::{Request, header};
use proptest::prelude::*;
use warmly::cohorts::roster::{decode, read};

use crate::app::{Browser, TestApp};
use crate::page::Page;

/// Sends a form with a file, as the import pages do.
pub(crate) async fn upload(browser: &Browser<'_>, address: &str, parts: &[(&str, &[u8])]) -> Page {
    let mut body = Vec::new();
    for (name, bytes) in parts {
        let file = if *name == "file" { "; filename=\"list.csv\"" } else { "" };
        body.extend_from_slice(
            format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--cut--\r\n");
    let cookies: Vec<String> =
        browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::post(address)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut")
        .header(header::CONTENT_LENGTH, body.len())
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookies.join("; "));
    browser.app.send(request.body(Body::from(body)).expect("a request")).await
}

/// Presses the button that adds what a list brings.
async fn add_all(browser: &Browser<'_>, look: &Page) -> Page {
    let list = look.attributes("input[name=list]", "value").concat();
    let action = look.attributes("form[enctype]", "action").concat();
    let done = upload(browser, &action, &[("list", list.as_bytes())]).await;
    browser.open(&done.location().expect("the roster")).await
}

#[tokio::test]
async fn a_list_is_looked_at_first_and_then_added_once() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let people = format!("/cohorts/{}/people", cohort.as_str());
    let import = ruth.browser.open(&format!("{people}/import")).await;
    let list =
        "\u{FEFF}Name;ID\r\n\"Okafor; Ana\";17\r\nBea \"\"Bee\"\" Ruiz;18\r\n\r\n;19\r\nCy;17\r\nDee;\r\n";
    let look = upload(&ruth.browser, &import.path, &[("list", b""), ("file", list.as_bytes())]).await;
    assert_eq!(look.status, 200);
    assert_eq!(look.heading(), "3 nurses can be added");
    assert!(look.words().contains("Line 5. There is no name on this line."), "{}", look.words());
    assert!(look.words().contains("Line 6. The ID 17 stands on line 2 already."));
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 0, "nothing is written yet");
    let done = add_all(&ruth.browser, &look).await;
    assert!(done.words().contains("3 nurses were added"), "{}", done.words());
    assert!(done.words().contains("Okafor; Ana"));
    let again = add_all(&ruth.browser, &look).await;
    assert!(again.words().contains("Not come yet: 3"), "sent twice, added once");
    let look = upload(&ruth.browser, &import.path, &[("list", list.as_bytes()), ("file", b"")]).await;
    assert_eq!(look.heading(), "Nobody new is in this list");
    assert!(look.words().contains("3 are on the roster already."));
    let list = b"Ana Okafor,17\nBEA \"BEE\" RUIZ,18\nDee,";
    let look = upload(&ruth.browser, &import.path, &[("list", list), ("file", b"")]).await;
    assert!(
        look.words().contains(
            "3 are on the roster already, 2 of them under other names. The roster keeps the names it has."
        ),
        "{}",
        look.words()
    );
    assert_eq!(
        look.all("details[open] strong"),
        ["The roster has Okafor; Ana for this ID.", "The roster has Bea \"\"Bee\"\" Ruiz for this ID."]
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'roster-imported'").await, 1);
    let none = add_all(&ruth.browser, &look).await;
    assert!(none.words().contains("Nobody was added: nobody in that list is new"), "{}", none.words());
    let seats =
        "UPDATE seats SET left_at = 1772453900000, joined_at = 1772453900000 WHERE external_id = '17'";
    app.alter(seats).await;
    let look = upload(&ruth.browser, &import.path, &[("list", b"\"Okafor; Ana\";17"), ("file", b"")]).await;
    assert_eq!(look.all("details[open] strong"), ["She was in this cohort, and is not anymore."]);
    let entry = ruth.browser.follow(&look, "Look at her entry").await;
    assert!(entry.words().contains("Not in this cohort anymore."), "{}", entry.words());
}

#[tokio::test]
async fn a_list_of_2000_is_taken_and_one_more_is_not() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let import = format!("/cohorts/{}/people/import", cohort.as_str());
    let lines: Vec<String> = (0..2000).map(|n| format!("Nurse number {n} Ünsal-Österreicher,E{n}")).collect();
    let list = lines.join("\n");
    let look = upload(&ruth.browser, &import, &[("list", list.as_bytes())]).await;
    assert_eq!(look.heading(), "2000 nurses can be added");
    let roster = add_all(&ruth.browser, &look).await;
    assert!(roster.words().contains("Not come yet: 2000"));
    let more = format!("{list}\nOne more,E2000");
    let look = upload(&ruth.browser, &import, &[("list", more.as_bytes())]).await;
    assert!(look.words().contains("There are more than 2,000 lines"));
    assert_eq!(look.heading(), "Nobody new is in this list");
}

#[tokio::test]
async fn a_list_that_is_too_large_or_empty_is_refused_in_plain_words() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let import = format!("/cohorts/{}/people/import", cohort.as_str());
    let large = vec![b'a'; 600 * 1024];
    let page = upload(&ruth.browser, &import, &[("file", &large)]).await;
    assert_eq!(page.status, 422);
    assert!(page.all(".err").concat().contains("larger than 500 KB"));
    let huge = vec![b'a'; 3 * 1024 * 1024];
    let page = upload(&ruth.browser, &import, &[("file", &huge)]).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (413, "That was too long to send"));
    let page = upload(&ruth.browser, &import, &[("list", b" \n"), ("file", b"")]).await;
    assert_eq!(page.status, 422);
    let page = ruth.browser.post(&import, &[("list", "Ana")]).await;
    assert_eq!(page.status, 400, "no page of ours sends it so");
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 0);
}

#[tokio::test]
async fn a_list_that_is_not_utf_8_is_read_with_a_note() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let import = format!("/cohorts/{}/people/import", cohort.as_str());
    let look = upload(&ruth.browser, &import, &[("file", b"Ren\xE9e O\x92Neil\t7\r\n")]).await;
    assert!(look.words().contains("was not saved as UTF-8"));
    assert!(look.words().contains("Renée O’Neil"));
    let roster = add_all(&ruth.browser, &look).await;
    assert!(roster.words().contains("Renée O’Neil 7"), "{}", roster.words());
}

#[test]
fn lists_are_read_however_they_are_written() {
    let names = |text: &str| {
        let list = read(text);
        assert!(list.troubles.is_empty(), "{:?}", list.troubles);
        list.rows.into_iter().map(|row| (row.name, row.external_id.unwrap_or_default())).collect::<Vec<_>>()
    };
    let both = vec![("Ana".to_owned(), "1".to_owned()), ("Bea".to_owned(), String::new())];
    for text in
        ["Ana,1\nBea", "Ana;1\r\nBea;", "Ana\t1\nBea\n\n", "\"Ana\",\"1\"\n\" Bea \"\n", "Ana,1\rBea\r"]
    {
        assert_eq!(names(text), both, "{text:?}");
    }
    assert_eq!(names("Employee ID,Name,Ward\n1,Ana,B3\n,Bea,B4\n"), both, "columns by their headings");
    let list = read("Okafor, Ana, 17\n\u{202E}\u{200B}\nx,y\nx,z\nx\nx\n");
    let lines: Vec<Option<u64>> = list.troubles.iter().map(|trouble| trouble.line).collect();
    assert_eq!(lines, [Some(1), Some(6)], "{:?}", list.troubles);
    assert_eq!(list.rows.len(), 3, "one name with different IDs is different people");
    let long = read(&format!("{},1\n{},2\nAna,{}\n", "a".repeat(80), "a".repeat(81), "1".repeat(41)));
    assert_eq!((long.rows.len(), long.troubles.len()), (1, 2));
}

proptest! {
    #[test]
    fn no_list_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let (text, _) = decode(&bytes);
        for row in read(&text).rows {
            prop_assert!(!row.name.is_empty() && row.name.chars().count() <= 80);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[a-z\",;\t\n\r\u{FEFF} ]{0,80}") {
        let list = read(&text);
        prop_assert!(list.rows.len() + list.troubles.len() <= text.len());
    }
}

#[tokio::test]
async fn one_nurse_is_added_by_hand_once() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let page = ruth.browser.open(&format!("/cohorts/{}/people", cohort.as_str())).await;
    assert!(page.words().contains("Nobody is here yet"));
    let fields = [("name", "Ana <b>Okafor</b>"), ("external_id", "17")];
    ruth.browser.press(&page, "Add this nurse", &fields).await;
    let added = ruth.browser.press(&page, "Add this nurse", &fields).await;
    assert!(added.words().contains("Not come yet: 1"), "pressed twice, added once");
    assert!(!added.text().contains("<b>"));
    let again = ruth.browser.press(&added, "Add this nurse", &[("name", "Bea"), ("external_id", "17")]).await;
    assert_eq!(again.status, 422);
    assert!(again.all(".err").concat().contains("has this ID already"));
    assert_eq!(again.attributes("#name", "value").concat(), "Bea");
    let long = "1".repeat(41);
    let page = ruth.browser.press(&again, "Add this nurse", &[("name", ""), ("external_id", &long)]).await;
    assert_eq!(page.all(".err").len(), 2);
}

/// Somebody who joined by code, through the pages.
async fn comer<'a>(app: &'a TestApp, code_page: &Page, name: &str) -> Browser<'a> {
    let nurse = app.browser();
    let code = code_page.all(".joincode").concat().replace(' ', "");
    let group = nurse.open(&format!("/join/{code}")).await;
    nurse.press(&group, "Join", &[("name", name)]).await;
    nurse
}

#[tokio::test]
async fn who_came_by_code_is_confirmed_merged_renamed_or_removed() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let form = ruth.browser.open("/cohorts").await;
    let join = ruth.browser.press(&form, "Make a cohort", &[("name", "Spring")]).await;
    let people = join.path.replace("/join", "/people");
    for name in ["Ana", "Bea", "Cy", "Nobody We Know"] {
        comer(&app, &join, name).await;
    }
    let roster = ruth.browser.open(&people).await;
    ruth.browser.press(&roster, "Add this nurse", &[("name", "Beatriz Ruiz"), ("external_id", "18")]).await;
    let roster = ruth.browser.press(&roster, "Confirm : Ana", &[]).await;
    assert!(
        roster.words().contains("To confirm: 3") && roster.words().contains("In: 1"),
        "{}",
        roster.words()
    );
    let bea = ruth.browser.open(&roster.link("Change : Bea")).await;
    let into = app.column("SELECT id FROM seats WHERE external_id = '18'").await.concat();
    let none = ruth.browser.press(&bea, "Merge", &[]).await;
    assert_eq!(
        (none.status.as_u16(), none.all(".err")),
        (422, vec!["Choose her place on the roster".to_owned()])
    );
    let merged = ruth.browser.press(&bea, "Merge", &[("into", &into)]).await;
    assert!(merged.words().contains("Beatriz Ruiz 18"), "{}", merged.words());
    assert!(merged.words().contains("In: 2") && !merged.words().contains("Not come yet"));
    let gone = ruth.browser.post(&bea.path.replace("/edit", "/merge"), &[("into", &into)]).await;
    assert_eq!(gone.status, 404, "she is not in that place any more");
    let cy = ruth.browser.open(&merged.link("Change : Cy")).await;
    let taken = ruth.browser.post(&cy.path.replace("/edit", "/merge"), &[("into", &into)]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.all(".err, .summary").concat().contains("Somebody has taken that place"));
    let renamed = ruth.browser.press(&cy, "Save", &[("name", "Cy Young"), ("external_id", "21")]).await;
    assert!(renamed.words().contains("Cy Young 21"));
    let nobody = ruth.browser.open(&renamed.link("Change : Nobody")).await;
    let ask = ruth.browser.follow(&nobody, "Remove Nobody").await;
    assert!(ask.words().contains("The work she did in it stays"));
    let removed = ruth.browser.press(&ask, "Remove", &[]).await;
    assert!(removed.words().contains("1 not in anymore"));
    ruth.browser.press(&ask, "Remove", &[]).await;
    let all = ruth.browser.open(&people).await;
    let all = ruth.browser.press(&all, "Confirm : Cy Young", &[]).await;
    assert!(!all.words().contains("To confirm"));
    let noted = app
        .column("SELECT what FROM audit WHERE actor_kind = 'staff' AND nurse_id IS NOT NULL ORDER BY what")
        .await;
    assert_eq!(noted, ["seat-confirmed", "seat-confirmed", "seat-removed", "seat-renamed", "seats-merged"]);
}

#[tokio::test]
async fn links_for_all_who_have_not_come_stand_on_one_page() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    app.member(&cohort, "Dee").await;
    let people = format!("/cohorts/{}/people", cohort.as_str());
    let look = upload(&ruth.browser, &format!("{people}/import"), &[("list", b"Ana\nBea\nCy\n")]).await;
    let roster = add_all(&ruth.browser, &look).await;
    let bea = roster.link("Change : Bea");
    assert!(!ruth.browser.open(&bea).await.words().contains("A link is open"));
    let links = ruth.browser.press(&roster, "Make links for all 3", &[]).await;
    let words = ruth.browser.open(&bea).await.words();
    assert!(words.contains("A link is open until April 1, 2026."), "{words}");
    assert_eq!(links.all(".links strong"), ["Ana", "Bea", "Cy"]);
    let again = ruth.browser.press(&roster, "Make links for all 3", &[]).await;
    assert_eq!(links.all(".return-code"), again.all(".return-code"), "the same form shows the same links");
    let link = links.all(".return-code").concat();
    let (_, token) = link.split_once("/seats/").expect("a link");
    let first = format!("/seats/{}", token.split("http").next().expect("a token"));
    let nurse = app.browser();
    let page = nurse.open(&first).await;
    nurse.press(&page, "That’s me: take my place", &[]).await;
    ruth.browser.press(&roster, "Make links for all 3", &[]).await;
    assert_eq!(app.browser().get(&first).await.status, 404, "a reload opens no used link again");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-link-made'").await, 3);
}

#[tokio::test]
async fn a_place_nobody_came_to_goes_and_another_cohorts_is_not_there() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (spring, fall) = (app.cohort(&ruth, "Spring").await, app.cohort(&ruth, "Fall").await);
    let people = ruth.browser.open(&format!("/cohorts/{}/people", fall.as_str())).await;
    let added = ruth.browser.press(&people, "Add this nurse", &[("name", "Ana")]).await;
    let edit = added.link("Change : Ana");
    let foreign = edit.replace(fall.as_str(), spring.as_str());
    let token = "f".repeat(64);
    assert_eq!(ruth.browser.get(&foreign).await.status, 404);
    assert_eq!(ruth.browser.post(&foreign, &[("name", "Mine")]).await.status, 404);
    assert_eq!(ruth.browser.post(&foreign.replace("/edit", "/remove"), &[]).await.status, 404);
    let seat = edit.split('/').nth(4).expect("a seat");
    let spring = format!("/cohorts/{}/people", spring.as_str());
    let fields = [("token", token.as_str()), ("seat", seat)];
    assert_eq!(ruth.browser.post(&format!("{spring}/links"), &fields).await.status, 404);
    assert_eq!(ruth.browser.post(&format!("{spring}/confirm"), &[("seat", seat)]).await.status, 404);
    let ask = ruth.browser.open(&edit.replace("/edit", "/remove")).await;
    ruth.browser.press(&ask, "Remove", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-removed'").await, 1);
}

#[tokio::test]
async fn cohorts_of_1_4_5_24_and_500_have_a_lean_roster() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    for many in [1, 4, 5, 24, 500] {
        let cohort = app.cohort(&ruth, "Spring").await;
        let import = format!("/cohorts/{}/people/import", cohort.as_str());
        let list = (0..many).map(|n| format!("Nurse {n}")).collect::<Vec<_>>().join("\n");
        let look = upload(&ruth.browser, &import, &[("list", list.as_bytes())]).await;
        let roster = add_all(&ruth.browser, &look).await;
        assert!(roster.words().contains(&format!("Not come yet: {many}")));
        assert!(roster.bytes.len() < 15_000 + many * 700, "{} bytes for {many}", roster.bytes.len());
    }
}

#[tokio::test]
async fn two_who_change_an_entry_at_once_undo_nothing_of_each_other_unseen() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let id = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&id, "Ana").await;
    let seat = format!("/cohorts/{}/people/{}/edit", id.as_str(), ana.seat.as_str());
    let (one, two) = (ruth.browser.open(&seat).await, ruth.browser.open(&seat).await);
    ruth.browser.press(&one, "Save", &[("external_id", "17")]).await;
    let asked = ruth.browser.press(&two, "Save", &[("name", "Ana Okafor")]).await;
    assert_eq!(asked.all(".err"), ["Meanwhile this was changed to “17”. Save again if that fits"]);
    let saved = ruth.browser.press(&asked, "Save", &[]).await;
    assert!(saved.words().contains("Ana Okafor 17"), "the ID stays: {}", saved.words());
    let stored = "SELECT name || ' ' || external_id FROM seats";
    assert_eq!(app.column(stored).await, ["Ana Okafor 17"]);
    let (one, two) = (ruth.browser.open(&seat).await, ruth.browser.open(&seat).await);
    ruth.browser.press(&one, "Save", &[("name", "Ana O."), ("external_id", "18")]).await;
    let asked = ruth.browser.press(&two, "Save", &[("name", "A. Okafor")]).await;
    assert_eq!(asked.status, 422);
    assert_eq!(
        asked.all(".err"),
        [
            "Meanwhile this was changed to “Ana O.”. Save again to put what you wrote there instead",
            "Meanwhile this was changed to “18”. Save again if that fits"
        ]
    );
    assert_eq!(asked.attributes("#name", "value"), ["A. Okafor"], "what was typed is kept");
    assert_eq!(asked.attributes("#external_id", "value"), ["18"], "and theirs where nothing was typed");
    assert_eq!(app.column(stored).await, ["Ana O. 18"], "nothing changed yet");
    let emptied = ruth.browser.press(&one, "Save", &[("external_id", "")]).await;
    assert_eq!(
        emptied.all(".err"),
        [
            "Meanwhile this was changed to “Ana O.”. Save again if that fits",
            "Meanwhile this was changed to “18”. Save again to put what you wrote there instead"
        ]
    );
    assert!(emptied.attributes("#external_id", "value").concat().is_empty());
    let saved = ruth.browser.press(&asked, "Save", &[]).await;
    assert!(saved.words().contains("A. Okafor"), "{}", saved.words());
    let noted = app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-renamed'").await;
    ruth.browser.press(&ruth.browser.open(&seat).await, "Save", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-renamed'").await, noted);
}

#[tokio::test]
async fn a_name_that_was_deleted_meanwhile_is_not_said_to_be_saved() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let id = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&id, "Ana").await;
    let gate = app.assign(&id, &ruth, "garden-gate").await;
    app.worked(&ana, &gate, "garden-gate", &[("", "replytext three")]).await;
    let seat = format!("/cohorts/{}/people/{}/edit", id.as_str(), ana.seat.as_str());
    let page = ruth.browser.open(&seat).await;
    ana.browser.post("/me/delete", &[]).await;
    let answer = ruth.browser.press(&page, "Save", &[("name", "Ana Okafor")]).await;
    let words = answer.words();
    assert!(words.contains("She deleted everything that was hers") && !words.contains("Saved"), "{words}");
    assert_eq!(app.column("SELECT name FROM seats").await, [""]);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-renamed'").await, 0);
}

//! Markup in every text that is kept or shown back: no page takes it for its own.

use warmly::accounts::Role;

use crate::app::{Browser, TestApp};
use crate::map::ward;
use crate::page::Page;
use crate::people::shown_link;

/// What would become an element with an attribute, wherever a page forgets to escape it.
const MARKUP: &str = "\"'><xss onx=1>`{{7*7}}</title></svg></textarea></script><xss>";

/// The same for where only forty characters fit.
const SHORT: &str = "\"'><xss onx=1></svg></title><xss>";

/// Pages of a cohort that its educator has, besides the first.
const OF_EDUCATOR: &str = "/settings /join /people /staff /assignments /assignments/new /matrix /completion \
    /completion?all=1 /debrief /debrief/screen /scenarios/garden-gate \
    /scenarios/garden-gate/lift /scenarios/garden-gate/lift?q=xss&all=1 /people/import";

/// A form: who sends it, where to, with which fields.
type Case<'a> = (&'a Browser<'a>, &'a str, Vec<(&'a str, &'a str)>);

/// Whether the page shows the markup as it was typed, and took none of it for its own.
fn shows(page: &Page) -> bool {
    assert!(page.all("xss").is_empty(), "{}: {}", page.path, page.text());
    assert!(page.attributes("[onx]", "onx").is_empty(), "{}: {}", page.path, page.text());
    assert!(!page.text().contains("<xss"), "{}: {}", page.path, page.text());
    page.text().contains("&#60;xss onx=1&#62;")
}

/// Opens each of these; gives those that did not show the markup.
async fn silent(browser: &Browser<'_>, addresses: &[String]) -> Vec<String> {
    let mut silent = Vec::new();
    for address in addresses {
        let page = browser.open(address).await;
        assert_eq!(page.status, 200, "{address}");
        if !shows(&page) {
            silent.push(address.clone());
        }
    }
    silent
}

#[tokio::test]
async fn markup_in_any_kept_text_is_shown_as_it_was_typed() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (ada, omar) = (app.administrator("Ada").await, app.staff("Omar", false, false).await);
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    let ruth = &ward.ruth.browser;
    for staff in [&ward.ruth, &ada, &omar] {
        assert_eq!(staff.browser.post("/account/name", &[("name", MARKUP)]).await.status, 303);
    }
    assert_eq!(ruth.post(&ward.at("/settings"), &[("name", MARKUP)]).await.status, 303);
    for (number, (nurse, _)) in ward.nurses.iter().enumerate() {
        let id = format!("{number}{SHORT}");
        let edit = ward.at(&format!("/people/{}/edit", nurse.seat.as_str()));
        assert_eq!(ruth.post(&edit, &[("name", MARKUP), ("external_id", &id)]).await.status, 303);
    }
    let assignment = format!("/assignments/{}", ward.gate.as_str());
    let noted = ruth.post(&ward.at(&assignment), &[("note", MARKUP)]).await;
    assert_eq!(noted.status, 303);
    let (nurse, _) = &ward.nurses[0];
    let turns = [(MARKUP, "replytext three"), ("", "replytext six"), (MARKUP, "replytext eight")];
    let attempt = app.worked(nurse, &ward.gate, "garden-gate", &turns).await;
    let looking = nurse.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let written = [
        ("feeling", MARKUP),
        ("aim", MARKUP),
        ("if_asked", MARKUP),
        ("then_say", MARKUP),
        ("wants_talk", "1"),
    ];
    nurse.browser.press(&looking, "Save", &written).await;
    let transcript = ward.at(&format!("/people/{}/{attempt}", nurse.seat.as_str()));
    let page = ruth.open(&transcript).await;
    ruth.press(&page, "Save as draft", &[("text", MARKUP)]).await;
    let token = app.clock.new_token();
    let comment = [("token", token.as_str()), ("text", MARKUP), ("do", "release")];
    assert_eq!(ruth.post(&format!("{transcript}/1/comments"), &comment).await.status, 303);
    let id = app.column("SELECT id FROM comments WHERE released_at IS NOT NULL").await.concat();
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", MARKUP)];
    assert_eq!(nurse.browser.post(&format!("/me/comments/{id}"), &fields).await.status, 303);
    let samples = ward.at("/scenarios/garden-gate/lift/samples");
    assert_eq!(ruth.post(&samples, &[("take", &format!("{attempt}.1"))]).await.status, 303);
    let page = ruth.open(&ward.at("/staff")).await;
    let invitation =
        shown_link(&ruth.press(&page, "Make the link", &[("role", "manager"), ("note", MARKUP)]).await);
    let page = ada.browser.open("/administration/invitations").await;
    ada.browser.press(&page, "Make the link", &[("role", "educator"), ("note", MARKUP)]).await;
    let edit = ruth.open(&ward.at(&format!("/people/{}/edit", nurse.seat.as_str()))).await;
    let links = ruth.press(&edit, "Make a link", &[]).await;
    assert!(shows(&links));
    let link = links.all(".return-code").concat();
    let link = link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link");
    ruth.post(&ward.at("/join"), &[("number", "1")]).await;
    let code = ruth.open(&ward.at("/join")).await.all(".joincode").concat().replace(' ', "");

    let seat = nurse.seat.as_str();
    let mut pages: Vec<String> =
        [""].into_iter().chain(OF_EDUCATOR.split_whitespace()).map(|rest| ward.at(rest)).collect();
    pages.push(ward.at(&assignment));
    pages.push(transcript.clone());
    pages.push(format!("{transcript}/compare"));
    pages.extend(["", "/edit", "/remove"].map(|rest| ward.at(&format!("/people/{seat}{rest}"))));
    pages.extend(
        ["/cohorts", "/account", "/practice", "/scenarios/garden-gate", "/sign-out"].map(str::to_owned),
    );
    assert_eq!(silent(ruth, &pages).await, Vec::<String>::new(), "her own name stands on every page");
    let of_manager = [ward.at("/completion"), "/cohorts".to_owned(), "/account".to_owned()];
    assert_eq!(silent(&omar.browser, &of_manager).await, Vec::<String>::new());
    let person = format!("/administration/people/{}", ward.ruth.id.as_str());
    let of_administrator = [
        "/administration",
        &person,
        "/administration/invitations",
        "/administration/cohorts",
        "/administration/audit",
        "/administration/policy",
        "/administration/retention",
    ];
    let of_administrator = of_administrator.map(str::to_owned);
    assert_eq!(silent(&ada.browser, &of_administrator).await, Vec::<String>::new());
    let of_nurse = [
        "/practice".to_owned(),
        "/me".to_owned(),
        "/me/card".to_owned(),
        "/me/record".to_owned(),
        "/me/delete".to_owned(),
        assignment.clone(),
        format!("/me/groups/{seat}"),
        format!("/me/groups/{seat}/joined"),
        format!("/attempts/{attempt}/transcript"),
        format!("/attempts/{attempt}/looking-back"),
        format!("/attempts/{attempt}/1/answer"),
        format!("/attempts/{attempt}/1/replies"),
    ];
    assert_eq!(silent(&nurse.browser, &of_nurse).await, Vec::<String>::new());
    let of_strangers = [link, format!("/join/{code}"), invitation];
    assert_eq!(silent(&app.browser(), &of_strangers).await, Vec::<String>::new());
}

#[tokio::test]
async fn markup_in_whatever_is_refused_is_shown_back_as_it_was_typed() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ada, stranger) = (app.administrator("Ada").await, app.browser());
    let long = format!("{MARKUP}{}", "x".repeat(1_000));
    let token = app.clock.new_token();
    let people = ward.at("/people");
    let edit = ward.at(&format!("/people/{}/edit", ward.nurses[0].0.seat.as_str()));
    let (settings, assignments) = (ward.at("/settings"), ward.at("/assignments"));
    let comments = format!("{}/1/comments", ward.transcript(0));
    let cases: [Case<'_>; 11] = [
        (&stranger, "/sign-in", vec![("email", MARKUP), ("to", MARKUP)]),
        (&stranger, "/join", vec![("code", SHORT)]),
        (&stranger, "/come-back", vec![("code", MARKUP)]),
        (&ward.ruth.browser, &settings, vec![("name", &long)]),
        (&ward.ruth.browser, "/account/name", vec![("name", &long)]),
        (&ward.ruth.browser, "/cohorts", vec![("token", &token), ("name", &long)]),
        (&ward.ruth.browser, &people, vec![("token", &token), ("name", &long), ("external_id", MARKUP)]),
        (&ward.ruth.browser, &edit, vec![("name", &long), ("external_id", MARKUP)]),
        (&ward.ruth.browser, &assignments, vec![("token", &token), ("due", MARKUP), ("note", &long)]),
        (&ward.ruth.browser, &comments, vec![("token", &token), ("text", &long)]),
        (&ada.browser, "/administration/invitations", vec![("token", &token), ("note", &long)]),
    ];
    for (browser, address, fields) in cases {
        let page = browser.post(address, &fields).await;
        assert_eq!(page.status, 422, "{address}: {}", page.words());
        assert!(shows(&page), "{address}: {}", page.text());
    }
    let asked = ["since", "until"].map(|name| format!("{}?{name}=%22%3E%3Cxss%20onx%3D1%3E", ward.at("")));
    for address in asked {
        assert!(shows(&ward.ruth.browser.get(&address).await), "{address}");
    }
    for address in
        ["/%22%3E%3Cxss%20onx%3D1%3E", "/join/%3Cxss%20onx%3D1%3E", "/sign-in?to=%22%3E%3Cxss%20onx%3D1%3E"]
    {
        shows(&stranger.get(address).await);
    }
}

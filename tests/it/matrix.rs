//! Element by turn: what was in play, what slipped, too distant or too close.

use std::cell::RefCell;

use crate::app::{Browser, TestApp};
use crate::page::Page;
use crate::review::{edited, ward};

/// The cells of the row whose heading begins so.
fn row(page: &Page, title: &str) -> Vec<String> {
    let html = page.html();
    let select = |selector: &str| scraper::Selector::parse(selector).expect("a selector");
    let words = |element: scraper::ElementRef<'_>| {
        element.text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    };
    let rows: Vec<_> = html.select(&select("tbody tr")).collect();
    let found = rows.iter().find(|row| {
        row.select(&select("th[scope=row]")).next().is_some_and(|heading| words(heading).starts_with(title))
    });
    let found = found.unwrap_or_else(|| panic!("{title}: {}", page.words()));
    found.select(&select("td")).map(words).collect()
}

#[tokio::test]
async fn each_cell_tells_how_many_and_which_way() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("/matrix")).await;
    assert_eq!(page.all("thead th").join(" "), "Turn Warm Clear Honest Route Safe Private Steady Tell");
    assert_eq!(page.all("th[scope=rowgroup]"), ["The garden gate"]);
    let dash = "–";
    let lift = row(&page, "He asks for a lift 6 answers");
    assert_eq!(lift, ["0 of 6", "2 of 6 2 too close", dash, dash, dash, dash, dash, dash]);
    let again = row(&page, "He asks once more 4 answers");
    assert_eq!(
        again,
        ["1 of 4 1 too distant", "1 of 4 1 too distant", dash, dash, dash, dash, "0 of 3", dash]
    );
    let waits = row(&page, "He waits with his coat on 3 answers");
    assert_eq!(waits, ["0 of 3", "2 of 3 2 too close", "0 of 1", dash, dash, dash, dash, dash]);
    let dizzy = row(&page, "He is dizzy 4 answers");
    assert_eq!(dizzy, ["0 of 4", dash, dash, dash, "2 of 4 2 too close", dash, dash, dash]);
    let worse = row(&page, "He slides down 2 answers");
    assert_eq!(worse[0], "1 of 2 1 too distant");
    assert_eq!(worse[4], "1 of 2 1 too distant");
    let shaded: Vec<String> = page.attributes("tbody td", "class");
    let marked = shaded.iter().filter(|class| !class.ends_with("w0")).count();
    assert_eq!(marked, 1, "only the one cell with five answers or more that slipped is marked");
    let json = ward.ruth.browser.get(&page.link("JSON")).await.text();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["turns"][0]["cells"][1]["too_close"], 2);
    let csv = ward.ruth.browser.get(&page.link("Download this table")).await.text();
    assert!(
        csv.contains("\"garden-gate\",\"lift\",\"He asks for a lift\",\"Clear\",\"6\",\"0\",\"2\"\r\n"),
        "{csv}"
    );
}

#[tokio::test]
async fn the_latest_answers_are_another_table() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let turns = [("", "replytext one"), ("", "replytext four"), ("", "replytext eight")];
    app.worked(&ward.members[4], &ward.gate, "garden-gate", &turns).await;
    let first = ward.ruth.browser.open(&ward.at("/matrix")).await;
    assert_eq!(row(&first, "He asks for a lift")[1], "2 of 6 2 too close");
    let latest = ward.ruth.browser.follow(&first, "Show latest answers").await;
    assert_eq!(row(&latest, "He asks for a lift")[1], "1 of 6 1 too close");
    assert_eq!(row(&latest, "He waits with his coat on 2 answers")[1], "1 of 2 1 too close");
    assert!(latest.link("Download this table").contains("show=latest"));
    let first = ward.ruth.browser.follow(&latest, "Show first answers").await;
    assert_eq!(row(&first, "He asks for a lift")[1], "2 of 6 2 too close");
}

#[tokio::test]
async fn a_turn_that_did_not_change_is_one_turn_in_two_revisions() {
    let folder = tempfile::tempdir().expect("a folder");
    edited(folder.path(), &[("gate.toml", &[])]);
    let mut app = TestApp::with(folder.path()).await;
    let turns = [("", "replytext three"), ("", "replytext six"), ("", "replytext eight")];
    let (cohort, gate, ana, bo, ruth) = {
        let ward = ward(&app, 0).await;
        let ana = app.member(&ward.cohort, "Ana").await;
        let bo = app.member(&ward.cohort, "Bo").await;
        app.worked(&ana, &ward.gate, "garden-gate", &turns).await;
        let cookies = |browser: &Browser<'_>| browser.cookies.borrow().clone();
        let keep = |member: &crate::cast::Member<'_>| {
            (member.nurse_id.clone(), member.seat.clone(), cookies(&member.browser))
        };
        (ward.cohort.clone(), ward.gate.clone(), keep(&ana), keep(&bo), cookies(&ward.ruth.browser))
    };
    edited(folder.path(), &[("gate.toml", &[("whytext one", "whytext one, told anew")])]);
    app.restart(folder.path()).await;
    let member = |(nurse_id, seat, cookies): (String, _, _)| crate::cast::Member {
        nurse_id,
        seat,
        browser: Browser { app: &app, cookies: RefCell::new(cookies) },
    };
    let kind = [("", "replytext one"), ("", "replytext four"), ("", "replytext nine"), ("", "replytext ten")];
    app.worked(&member(ana), &gate, "garden-gate", &kind).await;
    app.worked(&member(bo), &gate, "garden-gate", &kind).await;
    let ruth = Browser { app: &app, cookies: RefCell::new(ruth) };
    let page = ruth.open(&format!("/cohorts/{}/matrix", cohort.as_str())).await;
    assert_eq!(row(&page, "He asks for a lift, as in revision 1 1 answer")[1], "1 of 1 1 too close");
    assert_eq!(row(&page, "He asks for a lift, as in revision 2 2 answers")[1], "0 of 2");
    // Ana called for help the first time she met the dizzy man; that stays her first answer.
    assert_eq!(row(&page, "He is dizzy 2 answers")[4], "1 of 2 1 too close");
    let csv = ruth.get(&format!("/cohorts/{}/answers.csv", cohort.as_str())).await.text();
    assert_eq!(csv.lines().count(), 1 + 3 + 4 + 4, "the file holds every answer");
}

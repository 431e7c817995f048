//! What a cohort answered at one turn: replies, own words, time, and what goes to class.

use futures_util::future::join_all;
use warmly::accounts::Role;

use crate::app::TestApp;
use crate::map::ward;

#[tokio::test]
async fn replies_are_counted_first_and_later() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (dot, _) = &ward.nurses[3];
    app.worked(dot, &ward.gate, "garden-gate", &[("No, thank you.", "replytext one")]).await;
    let page = ward.ruth.browser.open(&ward.at("/scenarios/garden-gate/lift")).await;
    assert_eq!(page.heading(), "He asks for a lift");
    let replies = page.all(".answers > li");
    assert!(
        replies[0].contains("replytext three") && replies[0].contains("Blurs First 3 of 6 Later 0 of 1"),
        "{replies:?}"
    );
    assert!(
        replies[1].contains("replytext one") && replies[1].contains("Keeps First 2 of 6 Later 1 of 1"),
        "{replies:?}"
    );
    assert!(replies[0].contains("Ana Okafor") && replies[0].contains("Fay Boone"));
    assert!(!replies[1].contains("Dot Vance"), "her first answer was another one");
    // Twenty seconds pass before a turn is opened; its answer follows at once.
    assert!(page.words().contains("within 0 s, half took longer (n = 6)"), "{}", page.words());
    assert!(page.words().contains("One nurse went straight to the replies."), "{}", page.words());
    let own = page.all(".own-line");
    assert_eq!(own.len(), 6, "five first ones and a later one: {own:?}");
    assert!(own[5].starts_with("No, thank you. in a later attempt"), "{own:?}");
    assert!(!own.iter().any(|line| line.contains("Okafor")), "own words stand without names");
    let transcript = ward.ruth.browser.follow(&page, "Dot Vance").await;
    assert!(transcript.heading().starts_with("Dot Vance"));
}

#[tokio::test]
async fn two_educators_who_tick_at_once_take_no_seventh_own_words_to_class() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    for (nurse, _) in &ward.nurses {
        app.worked(nurse, &ward.gate, "garden-gate", &[("Once more.", "replytext one")]).await;
    }
    let gina = app.educator("Gina Marsh").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let address = ward.at("/scenarios/garden-gate/lift");
    let page = ward.ruth.browser.open(&address).await;
    let all = page.attributes(".own-line button[name=take]", "value");
    assert!(all.len() > 10, "{all:?}");
    let both = [&ward.ruth.browser, &gina.browser].into_iter().cycle();
    let ticks = all.iter().zip(both).map(async |(take, browser)| {
        browser.post(&format!("{address}/samples"), &[("take", take)]).await.status.as_u16()
    });
    let statuses = join_all(ticks).await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 6, "{statuses:?}");
    assert_eq!(app.number("SELECT COUNT(*) FROM samples").await, 6, "none that no page would show");
}

#[tokio::test]
async fn up_to_six_own_words_go_to_class() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (ana, _) = &ward.nurses[0];
    let extra = [("One", "replytext one"), ("", "replytext four"), ("Two", "replytext eight")];
    app.worked(ana, &ward.gate, "garden-gate", &extra).await;
    let browser = &ward.ruth.browser;
    let address = ward.at("/scenarios/garden-gate/lift");
    let mut page = browser.open(&address).await;
    let attempts = page.attributes(".own-line button[name=take]", "value");
    assert_eq!(attempts.len(), 6);
    for attempt in &attempts {
        let fields = [("take", attempt.as_str())];
        browser.submit(&format!("{address}/samples"), &fields).await;
        page = browser.submit(&format!("{address}/samples"), &fields).await;
    }
    assert!(page.words().contains("6 are chosen so far"), "a double click ticks once: {}", page.words());
    assert_eq!(app.number("SELECT COUNT(*) FROM samples").await, 6);
    let dizzy = ward.at("/scenarios/garden-gate/dizzy");
    let (_, eve) = &ward.nurses[4];
    let seventh = format!("{eve}.3");
    let full = browser.post(&format!("{dizzy}/samples"), &[("take", seventh.as_str())]).await;
    assert_eq!(full.status, 422);
    assert!(
        full.title().starts_with("Problem: ") && full.words().contains("6 own words go to class already")
    );
    let leave = [("leave", attempts[0].as_str())];
    browser.submit(&format!("{address}/samples"), &leave).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM samples").await, 5);
    for wrong in [format!("{eve}.1"), format!("{eve}.9"), eve.clone(), String::new()] {
        let page = browser.post(&format!("{dizzy}/samples"), &[("take", wrong.as_str())]).await;
        assert_eq!(page.status, 404, "own words of another turn");
    }
    let olga = app.educator("Olga").await;
    let other = app.cohort(&olga, "Autumn").await;
    app.assign(&other, &olga, "garden-gate").await;
    let foreign = format!("/cohorts/{}/scenarios/garden-gate/lift/samples", other.as_str());
    let page = olga.browser.post(&foreign, &[("take", attempts[0].as_str())]).await;
    assert_eq!(page.status, 404, "own words of another cohort");
}

#[tokio::test]
async fn many_own_words_can_be_searched_and_are_escaped() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    for number in 0..64 {
        let own = if number == 7 {
            "<script>alert(1)</script> & \"no\"".to_owned()
        } else {
            format!("Words {number}")
        };
        app.worked(ana, &ward.gate, "garden-gate", &[(&own, "replytext one")]).await;
        app.clock.advance(1000);
    }
    let browser = &ward.ruth.browser;
    let page = browser.open(&ward.at("/scenarios/garden-gate/lift")).await;
    assert_eq!(page.all(".own-line").len(), 60);
    let all = browser.follow(&page, "All 65").await;
    assert_eq!(all.all(".own-line").len(), 65);
    let found = browser.press(&all, "Find", &[("q", "SCRIPT")]).await;
    assert_eq!(found.all(".own-line").len(), 1);
    assert!(found.text().contains("&#60;script&#62;") && !found.text().contains("<script>alert"));
    let none = browser.press(&all, "Find", &[("q", "zebra")]).await;
    assert!(none.words().contains("Nothing was found."));
}

#[tokio::test]
async fn a_turn_that_is_none_is_not_there_and_one_that_nobody_met_says_so() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let browser = &ward.ruth.browser;
    assert_eq!(browser.get(&ward.at("/scenarios/garden-gate/no-such-turn")).await.status, 404);
    assert_eq!(browser.get(&ward.at("/scenarios/no-such/lift")).await.status, 404);
    let worse = browser.open(&ward.at("/scenarios/garden-gate/worse")).await;
    assert!(worse.words().contains("Nobody has answered this turn yet."));
    let csv = browser.open(&ward.at("/scenarios/garden-gate/lift/answers.csv")).await.text();
    assert!(csv.contains("\"Ana Okafor\",\"garden-gate\",\"1\",\"lift\""), "{csv}");
}

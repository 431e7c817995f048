//! Every page, looked at: no accessibility violations in either theme, nothing that scrolls sideways, print in order.

use anyhow::{Result, ensure};
use fantoccini::Locator;

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

/// Pages that look the same for everyone.
const PLAIN: [&str; 9] = [
    "/",
    "/practice",
    "/scenarios/not-doing-well",
    "/how-it-works",
    "/the-line",
    "/who-can-see-my-answers",
    "/accessibility",
    "/getting-help",
    "/about",
];

/// Pages of someone who has practiced.
const HERS: [&str; 7] =
    ["/practice", "/me", "/me/card", "/me/return-code", "/me/delete", "/sign-out", "/come-back"];

async fn look_at(browser: &Browser, what: &str) -> Result<()> {
    browser.axe(what).await?;
    browser.no_sideways_scroll(what).await?;
    if let Some(folder) = crate::driver::setting("SCREENSHOTS") {
        let name = format!("{}-{}.png", browser.name(), what.trim_matches('/').replace(['/', ' '], "-"));
        browser.screenshot(&std::path::Path::new(&folder).join(name)).await?;
    }
    Ok(())
}

/// Every page and state there is, in one look.
async fn every_page(browser: &Browser, served: &Served) -> Result<()> {
    for path in PLAIN {
        browser.goto(&served.at(path)).await?;
        look_at(browser, path).await?;
    }
    for (path, what) in [("/nothing/here", "not found"), ("/me", "not signed in"), ("/deleted", "deleted")] {
        browser.goto(&served.at(path)).await?;
        look_at(browser, what).await?;
    }
    browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
    browser.step("main form[method=post] button").await?;
    for turn in 1..12 {
        if browser.current_url().await?.path().ends_with("/looking-back") {
            break;
        }
        look_at(browser, &format!("turn {turn} own words")).await?;
        browser.find(Locator::Css("#own")).await?.send_keys("Um. I don’t think I can do that?").await?;
        browser.step(".actions button:not([name=skip])").await?;
        look_at(browser, &format!("turn {turn} replies")).await?;
        if turn == 1 {
            browser.click("form .actions button").await?;
            browser.wait().for_element(Locator::Css(".summary")).await?;
            look_at(browser, "nothing chosen").await?;
        }
        browser.click(".choices .choice:nth-of-type(2) label").await?;
        browser.step("form .actions button").await?;
        look_at(browser, &format!("turn {turn} reaction")).await?;
        for details in browser.find_all(Locator::Css("main details:not([open]) > summary")).await? {
            details.click().await?;
        }
        look_at(browser, &format!("turn {turn} reaction unfolded")).await?;
        browser.step("form .actions button").await?;
    }
    look_at(browser, "looking back").await?;
    browser
        .find(Locator::Css("#then_say"))
        .await?
        .send_keys("I don’t keep in touch after patients go home.")
        .await?;
    browser.step("#kept button").await?;
    look_at(browser, "looking back, saved").await?;
    let explore = browser.find(Locator::Css("details ul a[href*=explore]")).await?.attr("href").await?;
    browser.goto(&served.at(&explore.unwrap_or_default())).await?;
    look_at(browser, "exploring").await?;
    for path in HERS {
        browser.goto(&served.at(path)).await?;
        look_at(browser, &format!("{path} known")).await?;
    }
    browser.goto(&served.at("/me/return-code")).await?;
    browser.click("main form button").await?;
    browser.wait().for_element(Locator::Css(".return-code")).await?;
    look_at(browser, "return code shown").await?;
    browser.goto(&served.at("/come-back")).await?;
    browser.click("main form button").await?;
    browser.wait().for_element(Locator::Css(".summary")).await?;
    look_at(browser, "come back, nothing typed").await
}

/// Sends a form that no button of the page would send: from a page that stood open too long, or typed by hand. The page
/// that answers is there when this returns.
async fn send(browser: &Browser, action: &str, field: &str, value: &str) -> Result<()> {
    let script = "const [action, name, value] = arguments;
        const form = document.createElement('form');
        form.method = 'post';
        form.action = action;
        const field = document.createElement('textarea');
        field.name = name;
        field.value = value;
        form.append(field);
        document.body.append(form);
        setTimeout(() => form.submit(), 0);";
    let arguments = [action, field, value].map(serde_json::Value::from).to_vec();
    let before = browser.find(Locator::Css("html")).await?;
    browser.execute(script, arguments).await?;
    for _ in 0..500 {
        if before.tag_name().await.is_err() && browser.execute(READ, vec![]).await? == true {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    anyhow::bail!("nothing answers a form sent to {action}")
}

const READ: &str = "return document.readyState === 'complete'";

/// Waits until the page's title holds these words.
async fn titled(browser: &Browser, words: &str) -> Result<()> {
    for _ in 0..200 {
        if browser.title().await?.contains(words) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    anyhow::bail!("no page titled {words:?} came, but {:?}", browser.title().await?)
}

async fn say(browser: &Browser, words: &str) -> Result<()> {
    if let Ok(skip) = browser.find(Locator::Css("button[name=skip]")).await {
        drop(skip);
        browser.step("button[name=skip]").await?;
    }
    for label in browser.find_all(Locator::Css(".choice label")).await? {
        if label.text().await?.contains(words) {
            label.click().await?;
            return browser.step("form .actions button").await;
        }
    }
    anyhow::bail!("no reply {words:?}")
}

/// The pages of a conversation in which a danger is missed, and of what is sent out of turn.
async fn pages_of_trouble(browser: &Browser, served: &Served) -> Result<()> {
    browser.goto(&served.at("/scenarios/garden-gate")).await?;
    browser.step("main form[method=post] button").await?;
    let turn = browser.current_url().await?.path().to_owned();
    let too_long = "word ".repeat(300);
    send(browser, &turn, "own", &too_long).await?;
    titled(browser, "Problem").await?;
    look_at(browser, "own words, too long").await?;
    say(browser, "replytext one").await?;
    let replies = format!("{turn}/replies");
    browser.goto(&served.at(&replies)).await?;
    look_at(browser, "an answered turn").await?;
    // One of three replies is recorded; one of the other two is refused.
    let mut refused = false;
    for other in ["1", "2"] {
        send(browser, &replies, "reply", other).await?;
        if browser.title().await?.starts_with("Already recorded") {
            refused = true;
            look_at(browser, "sent twice").await?;
            break;
        }
    }
    ensure!(refused, "another reply for an answered turn is refused with a page");
    browser.goto(&served.at(turn.trim_end_matches("/1"))).await?;
    say(browser, "replytext four").await?;
    browser.step("form .actions button, .actions a.btn").await?;
    say(browser, "replytext nine").await?;
    look_at(browser, "a missed danger").await?;
    browser.step("form .actions button, .actions a.btn").await?;
    say(browser, "replytext eleven").await?;
    browser.step("form .actions button, .actions a.btn").await?;
    look_at(browser, "looking back on a missed danger").await?;
    let debrief = browser.current_url().await?.path().to_owned();
    send(browser, &debrief, "aim", &too_long).await?;
    titled(browser, "Problem").await?;
    look_at(browser, "looking back, too long").await?;
    browser.goto(&served.at(&format!("{}/explore/2/replies", turn.trim_end_matches("/1")))).await?;
    look_at(browser, "exploring replies").await?;
    browser.delete_all_cookies().await?;
    browser.goto(&served.at("/")).await?;
    send(browser, "/scenarios/goodbye-at-discharge/attempts", "own", "no token").await?;
    titled(browser, "couldn’t read").await?;
    look_at(browser, "not a form of ours").await?;
    send(browser, &debrief, "aim", "What I typed.").await?;
    titled(browser, "can’t tell who you are").await?;
    look_at(browser, "no longer known, with words").await
}

async fn audit(look: Look) -> Result<()> {
    let served = Served::start().await?;
    journey(look, async |browser| {
        every_page(browser, &served).await?;
        pages_of_trouble(browser, &served).await
    })
    .await
}

#[tokio::test]
async fn every_page_on_a_phone() -> Result<()> {
    audit(Look::PHONE).await
}

#[tokio::test]
async fn every_page_on_a_phone_in_the_dark() -> Result<()> {
    audit(Look::PHONE.dark()).await
}

#[tokio::test]
async fn every_page_on_a_workstation() -> Result<()> {
    audit(Look::DESKTOP).await
}

#[tokio::test]
async fn every_page_on_a_workstation_in_the_dark() -> Result<()> {
    audit(Look::DESKTOP.dark()).await
}

#[tokio::test]
async fn every_page_on_the_narrowest_screen() -> Result<()> {
    audit(Look::NARROW).await
}

#[tokio::test]
async fn every_page_at_twice_the_size() -> Result<()> {
    audit(Look::ZOOMED).await
}

#[tokio::test]
async fn an_old_workstation_shows_a_whole_turn_without_scrolling() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::of(390, 844), async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        browser.step("main form[method=post] button").await?;
        let bottom = "return document.querySelector('button[name=skip]').getBoundingClientRect().bottom";
        let bottom = browser.execute(bottom, vec![]).await?.as_f64().unwrap_or(f64::MAX);
        ensure!(bottom <= 844.0, "on a phone the buttons end at {bottom} of 844");
        browser.resize(1366, 657).await?;
        let bottom = "return document.querySelector('button[name=skip]').getBoundingClientRect().bottom";
        let bottom = browser.execute(bottom, vec![]).await?.as_f64().unwrap_or(f64::MAX);
        ensure!(bottom <= 657.0, "on a workstation the buttons end at {bottom} of 657");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn on_paper_there_are_no_bars_and_no_buttons() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::DESKTOP, async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        browser.step("main form[method=post] button").await?;
        browser.as_printed().await?;
        let shown = "return getComputedStyle(document.querySelector('.turnbar')).display";
        ensure!(browser.execute(shown, vec![]).await? == "none", "the bar stays off the paper");
        Ok(())
    })
    .await
}

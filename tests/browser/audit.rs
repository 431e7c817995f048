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

/// Pages of someone who has practised.
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

async fn audit(look: Look) -> Result<()> {
    let served = Served::start().await?;
    journey(look, async |browser| every_page(browser, &served).await).await
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
        browser.as_printed().await?;
        let shown = "return getComputedStyle(document.querySelector('.turnbar')).display";
        ensure!(browser.execute(shown, vec![]).await? == "none", "the bar stays off the paper");
        Ok(())
    })
    .await
}

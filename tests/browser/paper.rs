//! What educators print: one sheet for the debrief, one to join by, the map across the sheet. And the map by keyboard.

use anyhow::{Context as _, Result, ensure};
use fantoccini::Locator;
use fantoccini::key::Key;

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

const GIVEN: [&str; 3] = ["goodbye-at-discharge", "just-call-the-hospital", "not-doing-well"];

/// Sends the longest own words of a turn to class, until six are there. None goes with what the demo has ticked.
const TICK_THE_LONGEST: &str = "
    const done = arguments[arguments.length - 1];
    const form = document.querySelector('form[action$=samples]');
    const send = button => {
        const fields = new URLSearchParams([[button.name, button.value]]);
        return fetch(form.action, { method: 'post', body: fields });
    };
    const length = button => button.closest('li').querySelector('.pre').textContent.length;
    (async () => {
        for (const button of form.querySelectorAll('[name=leave]')) await send(button);
        const buttons = [...form.querySelectorAll('[name=take]')].sort((a, b) => length(b) - length(a)).slice(0, 6);
        for (const button of buttons) await send(button);
        return buttons.map(length);
    })().then(done, error => done(String(error)));";

#[tokio::test]
async fn the_debrief_pack_and_the_join_sheet_fit_one_sheet_each_and_the_map_lies_across() -> Result<()> {
    let served = Served::start().await?;
    let demo = served.demo().await?;
    let session = served.staff_session("educator").await?;
    journey(Look::DESKTOP, async |browser| {
        browser.known_by(&served.address, Some(&session)).await?;
        let spring = demo.cohorts.first().context("a cohort")?.id.as_str();
        for cohort in &demo.cohorts {
            one_sheet(browser, &served.at(&format!("/cohorts/{}/debrief", cohort.id.as_str()))).await?;
        }
        one_sheet(browser, &served.at(&format!("/cohorts/{spring}/join"))).await?;
        let ask = format!("/cohorts/{spring}/scenarios/goodbye-at-discharge/ask?all=1");
        browser.goto(&served.at(&ask)).await?;
        let lengths = browser.execute_async(TICK_THE_LONGEST, vec![]).await?;
        ensure!(lengths.as_array().is_some_and(|lengths| lengths.len() == 6), "{lengths}");
        one_sheet(browser, &served.at(&format!("/cohorts/{spring}/debrief"))).await?;
        let said = browser.find_all(Locator::Css(".samples > li")).await?.len();
        ensure!(said == 6, "{said} own words go to class");
        for slug in GIVEN {
            browser.goto(&served.at(&format!("/cohorts/{spring}/scenarios/{slug}"))).await?;
            for (width, height) in browser.sheets().await? {
                ensure!(width > height, "the map of {slug} lies across: {width} × {height}");
            }
        }
        Ok(())
    })
    .await
}

/// The page takes one sheet of paper, upright.
async fn one_sheet(browser: &Browser, address: &str) -> Result<()> {
    browser.goto(address).await?;
    let sheets = browser.sheets().await?;
    ensure!(sheets.len() == 1, "{address} takes {} sheets", sheets.len());
    let (width, height) = sheets.first().copied().context("a sheet")?;
    ensure!(width < height, "{address} stands upright: {width} × {height}");
    Ok(())
}

#[tokio::test]
async fn each_turn_of_the_map_is_one_stop_of_the_keyboard_and_enter_opens_what_they_said() -> Result<()> {
    let served = Served::start().await?;
    let demo = served.demo().await?;
    let session = served.staff_session("educator").await?;
    let spring = demo.cohorts.first().context("a cohort")?.id.as_str();
    let (tab, enter) = (char::from(Key::Tab).to_string(), char::from(Key::Enter).to_string());
    journey(Look::DESKTOP, async |browser| {
        browser.known_by(&served.address, Some(&session)).await?;
        for slug in GIVEN {
            let map = served.at(&format!("/cohorts/{spring}/scenarios/{slug}"));
            browser.goto(&map).await?;
            browser.resize(1920, 1000).await?;
            browser.no_sideways_scroll(slug).await?;
            let region = "return document.querySelector('.scroll').getBoundingClientRect().right";
            let right = browser.execute(region, vec![]).await?.as_f64().context("a number")?;
            ensure!((1850.0..=1920.0).contains(&right), "the map uses a wide window: {right}");
            browser.see_as(Look::DESKTOP).await?;
            // From the region that holds the map, stop after stop.
            browser.execute("document.querySelector('.scroll').focus()", vec![]).await?;
            let turns = browser.find_all(Locator::Css("svg.flow a")).await?.len();
            ensure!(turns >= 4, "{slug}: {turns} turns");
            for number in 0..turns {
                browser.active_element().await?.send_keys(&tab).await?;
                let stop = "const [number] = arguments;
                    const here = document.activeElement;
                    const box = here.querySelector('.box');
                    const plain = [...document.querySelectorAll('svg.flow a')].find(other => other !== here);
                    const look = box => box && ['stroke-width', 'fill'].map(name => getComputedStyle(box)[name]).join();
                    return [
                        here === document.querySelectorAll('svg.flow a')[number],
                        look(box) !== look(plain.querySelector('.box')),
                    ]";
                let seen = browser.execute(stop, vec![number.into()]).await?;
                ensure!(seen == serde_json::json!([true, true]), "{slug}, turn {number}: {seen}");
            }
            browser.active_element().await?.send_keys(&enter).await?;
            browser.wait().for_element(Locator::Css("#own, ol.answers")).await?;
            let there = browser.current_url().await?;
            let turn = there.as_str().strip_prefix(&format!("{map}/"));
            ensure!(turn.is_some_and(|turn| !turn.contains('/')), "Enter opens a turn: {there}");
            browser.shows("The replies they chose").await?;
        }
        Ok(())
    })
    .await
}

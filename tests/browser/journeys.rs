//! Whole ways through the app: on a phone without script, by keyboard alone, on paper.

use std::collections::{BTreeSet, VecDeque};

use anyhow::{Result, ensure};
use fantoccini::Locator;
use fantoccini::key::Key;
use warmly::scenario::Scenario;

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

async fn path(browser: &Browser) -> Result<String> {
    Ok(browser.current_url().await?.path().to_owned())
}

/// For each ending of a scenario a shortest way to it: the texts of the replies.
fn ways(scenario: &Scenario) -> Vec<(String, Vec<String>)> {
    let mut ways = Vec::new();
    let mut seen = BTreeSet::from([scenario.start.clone()]);
    let mut queue = VecDeque::from([(scenario.start.clone(), Vec::new())]);
    while let Some((id, said)) = queue.pop_front() {
        if let Some(ending) = scenario.endings.get(&id) {
            ways.push((ending.title.clone(), said));
            continue;
        }
        for reply in scenario.turns.get(&id).into_iter().flat_map(|turn| &turn.replies) {
            if seen.insert(reply.next.clone()) {
                let said = said.iter().cloned().chain([reply.text.clone()]).collect();
                queue.push_back((reply.next.clone(), said));
            }
        }
    }
    ways
}

/// Goes through a conversation, saying these replies, to its end; gives the ending's title.
async fn play(browser: &Browser, served: &Served, slug: &str, replies: &[String]) -> Result<String> {
    browser.goto(&served.at(&format!("/scenarios/{slug}"))).await?;
    browser.step("main form[method=post] button").await?;
    for reply in replies {
        if !path(browser).await?.ends_with("/replies") {
            browser.find(Locator::Css("#own")).await?.send_keys("Let me think how I’d say that.").await?;
            browser.step(".actions button:not([name=skip])").await?;
        }
        let wanted = served.spoken(reply);
        let mut chosen = false;
        for label in browser.find_all(Locator::Css(".choice label")).await? {
            if label.text().await? == wanted {
                label.click().await?;
                chosen = true;
                break;
            }
        }
        ensure!(chosen, "{slug}: no reply {wanted}");
        browser.step("form .actions button").await?;
        let form = browser.find(Locator::Css("form .actions button")).await.is_ok();
        browser.step(if form { "form .actions button" } else { ".actions a.btn" }).await?;
    }
    ensure!(path(browser).await?.ends_with("/looking-back"), "{slug} is at its end");
    Ok(browser.find(Locator::Css("h1")).await?.text().await?)
}

#[tokio::test]
async fn every_ending_of_every_conversation_can_be_reached_on_a_phone_without_script() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::PHONE.without_script(), async |browser| {
        let (mut conversations, mut endings) = (0, 0);
        for revision in served.built_in() {
            let scenario = &revision.scenario;
            conversations += 1;
            for (title, replies) in ways(scenario) {
                let reached = play(browser, &served, &scenario.slug, &replies).await?;
                ensure!(reached == served.spoken(&title), "{}: {reached}, not {title}", scenario.slug);
                endings += 1;
            }
        }
        ensure!((conversations, endings >= 30) == (10, true), "{conversations} with {endings} endings");
        browser.goto(&served.at("/me")).await?;
        let listed = browser.find_all(Locator::Css(".attempt")).await?.len();
        ensure!(listed == endings, "{listed} attempts are listed");
        Ok(())
    })
    .await
}

/// The words of whatever has the focus.
async fn focused(browser: &Browser) -> Result<(String, String)> {
    let found = browser
        .execute("const e = document.activeElement; return [e.tagName, e.textContent.trim()]", vec![])
        .await?;
    let text =
        |index: usize| found.get(index).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
    Ok((text(0), text(1)))
}

/// Waits until the focus is on something whose tag is this, or any, and whose words begin so: a page that a key asked
/// for comes a moment later than the key.
async fn focus_comes_to(browser: &Browser, tag: &str, words: &str) -> Result<()> {
    let mut seen = (String::new(), String::new());
    for _ in 0..200 {
        seen = focused(browser).await?;
        if (tag.is_empty() || seen.0 == tag) && seen.1.starts_with(words) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    anyhow::bail!("the focus never comes to {tag} {words:?}; it is on {seen:?}")
}

async fn press(browser: &Browser, keys: &str) -> Result<()> {
    Ok(browser.active_element().await?.send_keys(keys).await?)
}

/// Presses Tab until the focus is on something whose words hold these; every stop must be seen to have the focus.
async fn tab_to(browser: &Browser, words: &str) -> Result<()> {
    for _ in 0..40 {
        press(browser, &char::from(Key::Tab).to_string()).await?;
        let (tag, text) = focused(browser).await?;
        if tag != "BODY" {
            let ring = "const s = getComputedStyle(document.activeElement);
                const n = document.activeElement.nextElementSibling;
                const l = n ? getComputedStyle(n) : s;
                return s.outlineStyle !== 'none' || l.outlineStyle !== 'none'";
            let seen = browser.execute(ring, vec![]).await?;
            ensure!(seen == true, "the focus can’t be seen on {tag} {text}");
        }
        let label = browser
            .execute("const e = document.activeElement; return e.labels ? [...e.labels].map(l => l.textContent).join() : ''", vec![])
            .await?;
        if text.contains(words) || label.as_str().is_some_and(|label| label.contains(words)) {
            return Ok(());
        }
    }
    anyhow::bail!("Tab never reaches {words:?}")
}

#[tokio::test]
async fn a_turn_can_be_answered_by_keyboard_alone_and_the_focus_lands_where_reading_goes_on() -> Result<()> {
    let served = Served::start().await?;
    let enter = char::from(Key::Enter).to_string();
    journey(Look::DESKTOP, async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        press(browser, &char::from(Key::Tab).to_string()).await?;
        ensure!(focused(browser).await?.1 == "Skip to main content", "the first stop skips to the content");
        tab_to(browser, "Begin").await?;
        press(browser, &enter).await?;
        focus_comes_to(browser, "", "Turn 1: What would you say?").await?;
        tab_to(browser, "What would you say?").await?;
        press(browser, "I’d say no, kindly.").await?;
        tab_to(browser, "Continue").await?;
        press(browser, &enter).await?;
        focus_comes_to(browser, "", "Turn 1: choose a reply").await?;
        tab_to(browser, "Say this").await?;
        press(browser, &enter).await?;
        focus_comes_to(browser, "DIV", "There is a problem").await?;
        let (_, problem) = focused(browser).await?;
        ensure!(problem.contains("Choose what you’d say"), "the problem has the focus: {problem}");
        ensure!(browser.title().await?.starts_with("Problem: "), "and the title begins with it");
        let first = browser.find(Locator::Css("#r-1")).await?.attr("value").await?;
        ensure!(first.as_deref() == Some("1"), "the first reply is there");
        tab_to(browser, "“").await?;
        press(browser, " ").await?;
        tab_to(browser, "Say this").await?;
        press(browser, &enter).await?;
        focus_comes_to(browser, "H1", "Turn 1: how").await?;
        ensure!(browser.title().await?.starts_with("That reply "), "the title says where one is");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_typed_draft_survives_leaving_the_page() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::PHONE, async |browser| {
        browser.goto(&served.at("/scenarios/goodbye-at-discharge")).await?;
        browser.step("main form[method=post] button").await?;
        browser.find(Locator::Css("#own")).await?.send_keys("Half a sent").await?;
        let turn = browser.current_url().await?;
        browser.goto(&served.at("/practice")).await?;
        browser.goto(turn.as_str()).await?;
        let kept = browser.find(Locator::Css("#own")).await?.prop("value").await?;
        ensure!(kept.as_deref() == Some("Half a sent"), "{kept:?}");
        browser.step(".actions button:not([name=skip])").await?;
        let left = browser.execute("return Object.keys(sessionStorage).length", vec![]).await?;
        ensure!(left == 0, "a draft that was sent is not kept on the computer");
        Ok(())
    })
    .await
}

//! The nurse's side of a cohort: joining, what is set for her, comments, who looked at her record.

use anyhow::{Context as _, Result};
use fantoccini::Locator;
use warmly::cohorts::code::LINK_OPENS_FOR;
use warmly::cohorts::store::put_link;
use warmly::db::Work;
use warmly::operate::demo::fill::Demo;
use warmly::token::token_hash;

use crate::audit_of::{Audit, audit};
use crate::served::Served;

#[tokio::test]
async fn every_page_of_a_nurse_in_a_group_in_every_look() -> Result<()> {
    let served = Served::start().await?;
    let demo = served.demo().await?;
    let pages = |path: &str| {
        let parts = ["/join", "/seats", "/me/groups", "/me/record", "/assignments"];
        parts.iter().any(|part| path.starts_with(part)) || path == "/attempts/{id}/transcript"
    };
    audit(&served, pages, async |audit| {
        by_a_personal_link(audit, &demo).await?;
        by_the_code(audit, &demo).await?;
        assigned_work(audit).await?;
        comments(audit, &demo).await?;
        leaving(audit).await
    })
    .await
}

async fn by_a_personal_link(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let mut seats = demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    let seat = seats.find(|seat| !seat.is_taken()).context("a free place")?.id.clone();
    let app = &audit.served.app;
    let (token, expires) = (app.clock.new_token(), app.clock.now() + LINK_OPENS_FOR);
    let hash = token_hash(&token);
    let write = app.db.write(move |conn| {
        let (seat, hash) = (seat.clone(), hash.clone());
        let work: Work<'_, (), sqlx::Error> =
            Box::pin(async move { put_link(conn, &seat, &hash, expires).await });
        work
    });
    write.await?;
    let link = format!("/seats/{token}");
    audit.at(&link).await?;
    audit.browser.press("take my place").await?;
    audit.here("a place is taken").await?;
    audit.browser.known_by(&audit.served.address, None).await?;
    audit.open(&link).await?;
    audit.here("a personal link, used").await
}

async fn by_the_code(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let browser = audit.browser;
    let cohort = &demo.cohorts.first().context("a cohort")?.id;
    let code = audit.served.app.secrets.join_code(cohort, 1).shown();
    audit.at("/join").await?;
    browser.fill("code", "AAA AAA").await?;
    browser.press("Go on").await?;
    audit.here("join, another code").await?;
    browser.fill("code", &code.to_lowercase()).await?;
    browser.press("Go on").await?;
    audit.here("join, the group").await?;
    browser.press("Join").await?;
    audit.here("join, no name").await?;
    browser.fill("name", "Ana Okafor").await?;
    browser.press("Join").await?;
    audit.here("joined").await?;
    browser.unfold("Who sees what").await?;
    audit.here("joined, who sees what").await?;
    audit.open(&format!("/join/{code}").replace(' ', "")).await?;
    audit.here("in already").await
}

async fn assigned_work(audit: &Audit<'_>) -> Result<()> {
    let browser = audit.browser;
    audit.open("/practice").await?;
    audit.here("practice, with work set").await?;
    browser.leave("#set ~ ul h3 a").await?;
    audit.here("assigned, before").await?;
    let assigned = browser.path().await?;
    let by_herself = browser.find(Locator::Css("main a[href^=\"/scenarios/\"]")).await?;
    let by_herself = by_herself.attr("href").await?.context("an address")?;
    audit.open(&by_herself).await?;
    audit.here("the same on her own").await?;
    audit.open(&assigned).await?;
    browser.press("Begin the assigned work").await?;
    for turn in 1..12 {
        if browser.path().await?.ends_with("/looking-back") {
            break;
        }
        if turn == 1 {
            audit.here("assigned, own words").await?;
        }
        if browser.find(Locator::Id("own")).await.is_ok() {
            browser.fill("own", "Um. I don’t think I can do that?").await?;
            browser.press("Continue").await?;
        }
        if turn == 1 {
            audit.here("assigned, replies").await?;
        }
        browser.click(".choices .choice:nth-of-type(2) label").await?;
        browser.press("Say this").await?;
        if turn == 1 {
            audit.here("assigned, reaction").await?;
            audit.open(&assigned).await?;
            audit.here("assigned, begun").await?;
            browser.follow("Carry on").await?;
            continue;
        }
        browser.step("form .actions button, .actions a.btn").await?;
    }
    audit.here("assigned, looking back").await?;
    browser.click("label[for=wants_talk]").await?;
    browser.step("#kept button").await?;
    audit.here("assigned, asked to talk").await?;
    let attempt = browser.path().await?.replace("/looking-back", "");
    audit.at(&format!("{attempt}/transcript")).await?;
    audit.open(&assigned).await?;
    audit.here("assigned, done").await?;
    for path in ["/me", "/me/record", "/me/delete", "/who-can-see-my-answers"] {
        audit.open(path).await?;
        audit.here(&format!("{path} of a member")).await?;
    }
    Ok(())
}

/// A nurse whose educator has said something.
async fn comments(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let browser = audit.browser;
    let nurse = demo.commented.as_ref().context("somebody answered")?;
    let session = audit.served.nurse_session(nurse).await?;
    browser.known_by(&audit.served.address, Some(&session)).await?;
    audit.open("/me").await?;
    audit.here("/me with comments").await?;
    browser.leave("#said ~ ul h3 a").await?;
    audit.here("transcript with comments").await?;
    browser.unfold("Answer").await?;
    browser.press("Send answer").await?;
    audit.here("an answer without words").await?;
    let field = browser.find(Locator::Css("textarea[name=text][aria-invalid]")).await?;
    field.send_keys("I was in a hurry.").await?;
    browser.press("Send answer").await?;
    audit.here("an answer is sent").await?;
    audit.open("/me/record").await?;
    audit.here("who looked at her record").await?;
    let cohort = demo.cohorts.first().context("a cohort")?.id.as_str();
    audit.open(&format!("/cohorts/{cohort}")).await?;
    audit.here("a staff page, as a nurse").await?;
    audit.open("/scenarios/garden-gate/preview/0/replies").await?;
    audit.here("a preview, as a nurse").await
}

async fn leaving(audit: &Audit<'_>) -> Result<()> {
    audit.open("/me").await?;
    audit.browser.follow("Leave").await?;
    audit.here("leave").await?;
    audit.browser.press("Leave this group").await?;
    audit.here("left").await
}

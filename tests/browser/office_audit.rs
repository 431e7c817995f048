//! The doors of the staff, and the pages of an administrator and of a manager.

use anyhow::{Context as _, Result};
use fantoccini::Locator;
use warmly::accounts::first::set_up_link;
use warmly::accounts::store::{people, sessions_of_staff};
use warmly::operate::demo::fill::Demo;

use crate::audit_of::{Audit, audit};
use crate::served::Served;

const PASSWORD: &str = "river candle stone maple";

#[tokio::test]
async fn every_door_and_every_page_of_an_administrator_in_every_look() -> Result<()> {
    let served = Served::start().await?;
    let pages = |path: &str| {
        let parts =
            ["/sign-in", "/set-up", "/invitations", "/reset", "/account", "/administration", "/sign-out"];
        parts.iter().any(|part| path.starts_with(part))
    };
    audit(&served, pages, async |audit| {
        set_up(audit).await?;
        let demo = served.demo().await?;
        let session = served.staff_session("administrator").await?;
        audit.browser.known_by(&served.address, Some(&session)).await?;
        let (invitation, reset) = administration(audit).await?;
        settings(audit).await?;
        doors(audit, &invitation, &reset).await?;
        as_a_manager(audit, &demo).await
    })
    .await
}

/// The first start, and one's own account.
async fn set_up(audit: &Audit<'_>) -> Result<()> {
    let token = set_up_link(&audit.served.app).await?.context("nobody is here yet")?;
    audit.at(&format!("/set-up/{token}")).await?;
    audit.browser.press("Set up and sign in").await?;
    audit.here("set up, nothing typed").await?;
    audit.browser.fill("name", "Ines Hart").await?;
    audit.browser.fill("email", "ines@ward.example").await?;
    audit.browser.fill("password", PASSWORD).await?;
    audit.browser.press("Set up and sign in").await?;
    audit.here("set up").await?;
    audit.at("/administration/cohorts").await?;
    audit.at("/account").await?;
    audit.browser.press("Change the password").await?;
    audit.here("account, nothing typed").await?;
    audit.browser.fill("name", "Ines H.").await?;
    audit.browser.press("Change the name").await?;
    audit.here("account, saved").await?;
    second_step(audit).await?;
    audit.at("/sign-out").await?;
    audit.open(&format!("/set-up/{token}")).await?;
    audit.here("set up, closed").await
}

/// One's own second step, from the key to the recovery codes and to changing it.
async fn second_step(audit: &Audit<'_>) -> Result<()> {
    let browser = audit.browser;
    audit.at("/account/second-step/new").await?;
    browser.press("Turn it on").await?;
    audit.here("second step, nothing typed").await?;
    browser.fill("present", PASSWORD).await?;
    browser.fill("code", &code_of_ines(audit).await?).await?;
    browser.press("Turn it on").await?;
    audit.here("recovery codes").await?;
    browser.shows("Your recovery codes").await?;
    browser.follow("I have them safe").await?;
    audit.here("account, with a second step").await?;
    audit.at("/account/second-step").await?;
    browser.press("Make new recovery codes").await?;
    audit.here("second step, nothing typed to change it").await
}

/// What her phone would show while she sets up her second step.
async fn code_of_ines(audit: &Audit<'_>) -> Result<String> {
    let app = &audit.served.app;
    let mut conn = app.db.read().await?;
    let everybody = people(&mut conn).await?;
    let ines = everybody.into_iter().find(|person| person.email == "ines@ward.example").context("Ines")?;
    let sessions = sessions_of_staff(&mut conn, &ines.id).await?;
    let seed = app.secrets.seed_of_session(&sessions.first().context("her session")?.token_hash);
    Ok(app.secrets.second_step(&ines.id, &seed).code_at(app.clock.now()))
}

/// People, invitations, cohorts; gives a link that invites and one for a new password.
async fn administration(audit: &Audit<'_>) -> Result<(String, String)> {
    let browser = audit.browser;
    audit.at("/administration").await?;
    browser.press("Require it from all staff").await?;
    audit.here("people, one’s own second step first").await?;
    browser.follow("Ruth Reyes").await?;
    audit.here("a person").await?;
    browser.press("Make administrator").await?;
    audit.here("a person, saved").await?;
    browser.press("Make a link for a new password").await?;
    audit.here("a link for a new password").await?;
    let reset = shown_link(audit).await?;
    audit.at("/administration/invitations").await?;
    browser.press("Make the link").await?;
    audit.here("invite, no role").await?;
    browser.click("label[for=role-manager]").await?;
    browser.press("Make the link").await?;
    audit.here("invite, no cohort").await?;
    browser.click("label[for=role-educator]").await?;
    browser.fill("note", "Olga").await?;
    browser.press("Make the link").await?;
    audit.here("invited").await?;
    let invitation = shown_link(audit).await?;
    audit.at(&invitation).await?;
    audit.at("/administration/cohorts").await?;
    browser.press("Become educator").await?;
    audit.here("cohorts, educator now").await?;
    audit.at("/administration/audit").await?;
    let kind = browser.find(Locator::Css("#event option:nth-of-type(2)")).await?;
    let kind = kind.attr("value").await?.context("a kind of event")?;
    audit.open(&format!("/administration/audit?event={kind}")).await?;
    audit.here("audit, one kind").await?;
    Ok((invitation, reset))
}

/// The path of a link that is shown once.
async fn shown_link(audit: &Audit<'_>) -> Result<String> {
    let link = audit.browser.find(Locator::Id("link")).await?.attr("value").await?.context("a link")?;
    Ok(link.strip_prefix(&audit.served.address).unwrap_or(&link).to_owned())
}

/// Local words and how long things are kept.
async fn settings(audit: &Audit<'_>) -> Result<()> {
    let browser = audit.browser;
    audit.at("/administration/policy").await?;
    let fields = browser.find_all(Locator::Css(".slot input[type=text], .slot textarea")).await?;
    for field in fields {
        field.send_keys("the word ‘ward’").await?;
    }
    browser.press("Look at it first").await?;
    audit.here("policy, as it would be spoken").await?;
    let first = browser.find(Locator::Css(".slot input[type=text], .slot textarea")).await?;
    first.clear().await?;
    first.send_keys(&"word ".repeat(200)).await?;
    browser.press("Speak these words").await?;
    audit.here("policy, with problems").await?;
    audit.at("/administration/retention").await?;
    let first = browser.find(Locator::Css(".number input")).await?;
    first.clear().await?;
    first.send_keys("many").await?;
    browser.press("Keep things this long").await?;
    audit.here("keeping, with a problem").await?;
    let first = browser.find(Locator::Css(".number input")).await?;
    first.clear().await?;
    first.send_keys("3").await?;
    browser.press("Keep things this long").await?;
    audit.here("keeping, to confirm").await?;
    browser.press("Keep things for a shorter time").await?;
    audit.here("keeping, saved").await
}

/// What somebody sees who is not signed in.
async fn doors(audit: &Audit<'_>, invitation: &str, reset: &str) -> Result<()> {
    let browser = audit.browser;
    browser.known_by(&audit.served.address, None).await?;
    audit.at("/sign-in").await?;
    browser.press("Sign in").await?;
    audit.here("sign in, nothing typed").await?;
    browser.fill("email", "ines@ward.example").await?;
    browser.fill("password", "some other words").await?;
    browser.press("Sign in").await?;
    audit.here("sign in, another password").await?;
    browser.fill("email", "ines@ward.example").await?;
    browser.fill("password", PASSWORD).await?;
    browser.press("Sign in").await?;
    audit.here("the code after the password").await?;
    browser.press("Sign in").await?;
    audit.here("the code, nothing typed").await?;
    browser.follow("Use a recovery code instead").await?;
    audit.here("a recovery code after the password").await?;
    audit.open(invitation).await?;
    audit.here("an invitation").await?;
    browser.press("Accept and sign in").await?;
    audit.here("an invitation, nothing typed").await?;
    audit.open("/invitations/0123").await?;
    audit.here("an invitation, closed").await?;
    audit.open(reset).await?;
    audit.here("a new password").await?;
    browser.fill("password", "short").await?;
    browser.press("Set the new password").await?;
    audit.here("a new password, too short").await?;
    browser.fill("password", PASSWORD).await?;
    browser.press("Set the new password").await?;
    audit.here("sign in with the new password").await?;
    audit.open(reset).await?;
    audit.here("a new password, closed").await?;
    audit.open("/cohorts").await?;
    audit.here("cohorts, not signed in").await?;
    audit.open("/cohorts/0197f3b4-0000-7000-8000-000000000000").await?;
    audit.here("a cohort, not signed in").await
}

async fn as_a_manager(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let session = audit.served.staff_session("manager").await?;
    audit.browser.known_by(&audit.served.address, Some(&session)).await?;
    let spring = demo.cohorts.first().context("a cohort")?.id.as_str();
    audit.open("/cohorts").await?;
    audit.here("cohorts of a manager").await?;
    audit.open(&format!("/cohorts/{spring}")).await?;
    audit.here("completion, of a manager").await?;
    audit.browser.shows("everything a manager sees").await?;
    audit.open(&format!("/cohorts/{spring}/people")).await?;
    audit.here("not for a manager").await
}

//! What the audit log holds of each change: what was done, by whom, about whom, in which cohort, with which link.

use crate::app::{Browser, TestApp};
use crate::people::{PASSWORD, invite, set_up, shown_link, sign_in};

/// What is held of the journey below.
const TOLD: [&str; 28] = [
    "set-up by Ada King, about Ada King, link: set-up",
    "invited by Ada King, link: invitation",
    "educator-changed by Omar, about Omar, link: invitation",
    "invitation-accepted by Omar, about Omar, link: invitation",
    "cohort-made by Omar, in Spring",
    "invited by Ada King, in Spring, link: invitation",
    "invitation-accepted by Maria, about Maria, link: invitation",
    "membership-given by Maria, about Maria, in Spring, manager",
    "invited by Ada King, link: invitation",
    "administrator-changed by Eve, about Eve, link: invitation",
    "invitation-accepted by Eve, about Eve, link: invitation",
    "invited by Omar, in Spring, link: invitation",
    "invitation-withdrawn by Omar, in Spring, link: invitation",
    "membership-ended by Omar, about Maria, in Spring, manager",
    "appointed-oneself by Ada King, about Ada King, in Spring",
    "administrator-changed by Ada King, about Maria",
    "administrator-changed by Ada King, about Maria, ended",
    "educator-changed by Ada King, about Maria",
    "educator-changed by Ada King, about Maria, ended",
    "sign-in-failed by stranger, about Maria",
    "signed-in by Maria, about Maria",
    "signed-in by Maria, about Maria",
    "signed-out-everywhere by Maria, about Maria",
    "password-changed by Maria, about Maria",
    "reset-link-made by Ada King, about Maria, link: reset",
    "password-reset by Maria, about Maria, link: reset",
    "staff-disabled by Ada King, about Maria",
    "staff-enabled by Ada King, about Maria",
];

/// Every row in order, with names in place of ids.
async fn told(app: &TestApp) -> Vec<String> {
    app.column(
        "SELECT a.what || ' by ' || COALESCE(b.name, a.actor_kind) || COALESCE(', about ' || f.name, '')
            || COALESCE(', in ' || c.name, '') || COALESCE(', link: ' || l.kind, ', ' || a.object_id, '')
         FROM audit a LEFT JOIN staff b ON b.id = a.actor_id LEFT JOIN staff f ON f.id = a.staff_id
            LEFT JOIN cohorts c ON c.id = a.cohort_id LEFT JOIN links l ON l.id = a.object_id
         ORDER BY a.at, a.what",
    )
    .await
}

/// Accepts an invitation with a new account.
async fn come<'a>(app: &'a TestApp, link: &str, name: &str) -> Browser<'a> {
    let browser = app.browser();
    let page = browser.open(link).await;
    let email = format!("{}@ward.example", name.to_lowercase());
    let fields = [("name", name), ("email", email.as_str()), ("password", PASSWORD)];
    let there = browser.press(&page, "Accept and sign in", &fields).await;
    assert_eq!(there.status, 200, "{}", there.words());
    app.clock.advance(1);
    browser
}

#[tokio::test]
async fn each_row_says_who_did_it_to_whom_and_where() {
    let app = TestApp::new().await;
    let next = || app.clock.advance(1);
    let ada = set_up(&app).await;
    next();
    let invitation = invite(&ada, "educator", "").await;
    next();
    let omar = come(&app, &invitation, "Omar").await;
    let cohorts = omar.open("/cohorts").await;
    let made = omar.press(&cohorts, "Make a cohort", &[("name", "Spring")]).await;
    next();
    let cohort = made.path.trim_end_matches("/join").to_owned();
    let id = cohort.trim_start_matches("/cohorts/");
    let invitation = invite(&ada, "manager", id).await;
    next();
    let maria = come(&app, &invitation, "Maria").await;
    let invitation = invite(&ada, "administrator", "").await;
    next();
    come(&app, &invitation, "Eve").await;
    let staff = omar.open(&format!("{cohort}/staff")).await;
    shown_link(&omar.press(&staff, "Make the link", &[("role", "educator")]).await);
    next();
    let staff = omar.open(&format!("{cohort}/staff")).await;
    let back = staff.all("button").into_iter().find(|button| button.starts_with("Take it back"));
    omar.press(&staff, &back.expect("a button"), &[]).await;
    next();
    omar.press(&omar.open(&staff.path).await, "End this role : Maria, manager", &[]).await;
    next();
    let list = ada.open("/administration/cohorts").await;
    ada.press(&list, "Become educator of Spring", &[]).await;
    next();
    let people = ada.open("/administration").await;
    let person = ada.follow(&people, "Maria").await;
    for button in
        ["Make administrator", "No longer administrator", "Let make cohorts", "No longer make cohorts"]
    {
        ada.press(&ada.open(&person.path).await, button, &[]).await;
        next();
    }
    assert_eq!(maria.get("/account").await.status, 401);
    assert_eq!(sign_in(&app, "maria@ward.example", "not the password").await.1.status, 422);
    next();
    let (elsewhere, _) = sign_in(&app, "maria@ward.example", PASSWORD).await;
    next();
    let (maria, _) = sign_in(&app, "maria@ward.example", PASSWORD).await;
    next();
    maria.press(&maria.open("/account").await, "Sign out everywhere else", &[]).await;
    assert_eq!(elsewhere.get("/account").await.status, 401);
    next();
    let fields = [("present", PASSWORD), ("password", "a much longer one now")];
    maria.press(&maria.open("/account").await, "Change the password", &fields).await;
    next();
    let reset = ada.press(&ada.open(&person.path).await, "Make a link for a new password", &[]).await;
    next();
    let stranger = app.browser();
    let page = stranger.open(&shown_link(&reset)).await;
    stranger.press(&page, "Set the new password", &[("password", "third time lucky, yes")]).await;
    next();
    for button in ["Disable the account", "Enable the account"] {
        ada.press(&ada.open(&person.path).await, button, &[]).await;
        next();
    }
    assert_eq!(told(&app).await, TOLD);
}

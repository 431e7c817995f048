//! Coming to have an account: the first administrator, invitations, a new password; and what becomes of links.

use warmly::accounts::admit::{self, Admitted, Newcomer};
use warmly::accounts::credentials::Email;
use warmly::accounts::link::LinkKind;
use warmly::accounts::nurse::Visitor;

use crate::app::{Browser, TestApp};
use crate::page::Page;

pub(crate) const PASSWORD: &str = "violet harbor sings";

/// The first administrator, set up with the printed link.
pub(crate) async fn set_up(app: &TestApp) -> Browser<'_> {
    let token = warmly::accounts::first::set_up_link(&app.app).await.expect("asked").expect("a token");
    let browser = app.browser();
    let form = browser.open(&format!("/set-up/{token}")).await;
    let fields = [("name", "Ada King"), ("email", " Ada@Ward.example"), ("password", PASSWORD)];
    let begun = browser.post(&form.form("Set up and sign in").action, &fields).await;
    assert_eq!(begun.location().as_deref(), Some("/cohorts"), "{}", begun.words());
    browser
}

/// The link that a page shows once, without its origin.
pub(crate) fn shown_link(page: &Page) -> String {
    let link = page.attributes("#link", "value").concat();
    let (_, path) = link.split_once("warmly.test").unwrap_or_else(|| panic!("a link: {}", page.words()));
    path.to_owned()
}

/// An invitation by an administrator.
pub(crate) async fn invite(admin: &Browser<'_>, role: &str, cohort: &str) -> String {
    let page = admin.open("/administration/invitations").await;
    let fields = [("role", role), ("cohort", cohort), ("note", "Omar from 4 West")];
    shown_link(&admin.press(&page, "Make the link", &fields).await)
}

/// Accepts an invitation with a new account.
pub(crate) async fn accept<'a>(app: &'a TestApp, link: &str, email: &str) -> (Browser<'a>, Page) {
    let browser = app.browser();
    let page = browser.open(link).await;
    let form = page.form("Accept and sign in");
    let fields = [("name", "Omar Haddad"), ("email", email), ("password", PASSWORD)];
    let accepted = browser.post(&form.action, &fields).await;
    (browser, accepted)
}

/// Signs in; what came of it.
pub(crate) async fn sign_in<'a>(app: &'a TestApp, email: &str, password: &str) -> (Browser<'a>, Page) {
    let browser = app.browser();
    let page = browser.open("/sign-in").await;
    let form = page.form("Sign in").filled(&[("email", email), ("password", password)]);
    let fields: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = browser.post("/sign-in", &fields).await;
    (browser, answer)
}

#[tokio::test]
async fn the_whole_way_from_the_first_start_to_a_closed_account() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let link = invite(&ada, "educator", "").await;
    assert!(ada.open("/administration/invitations").await.words().contains("for Omar from 4 West"));
    let (omar, accepted) = accept(&app, &link, "omar@ward.example").await;
    assert_eq!(accepted.location().as_deref(), Some("/cohorts"));
    assert!(!ada.open("/administration/invitations").await.words().contains("4 West"), "used up");
    assert_eq!(omar.get("/administration").await.status, 404, "an educator runs nothing");

    let (other, signed_in) = sign_in(&app, "OMAR@ward.example ", PASSWORD).await;
    assert_eq!(signed_in.location().as_deref(), Some("/cohorts"));
    let account = other.open("/account").await;
    assert_eq!(account.all(".line p strong").len(), 2, "{}", account.words());
    let session = account.form("Sign out there : A browser, since March 2, 2026, 12:00 PM");
    assert_eq!(session.action, "/account/sessions");
    let renamed = other.press(&account, "Change the name", &[("name", "Omar  K.\u{7} Haddad")]).await;
    assert!(renamed.words().contains("Your name is changed"));
    assert_eq!(renamed.all(".me"), ["Omar K. Haddad"]);

    let fields = [("present", "not this one"), ("password", "a much longer one now")];
    let refused = other.press(&account, "Change the password", &fields).await;
    assert_eq!(
        (refused.status.as_u16(), refused.all(".err").concat()),
        (422, "This is not your present password".into())
    );
    let before = other.cookies.borrow().clone();
    let fields = [("present", PASSWORD), ("password", "a much longer one now")];
    let changed = other.press(&account, "Change the password", &fields).await;
    assert!(changed.words().contains("Your password is changed"), "{}", changed.words());
    assert_ne!(before, *other.cookies.borrow(), "a new session begins");
    assert_eq!(omar.get("/account").await.status, 401, "the other session has ended");
    assert_eq!(sign_in(&app, "omar@ward.example", PASSWORD).await.1.status, 422);

    let people = ada.open("/administration").await;
    let person = ada.follow(&people, "Omar K. Haddad").await;
    let reset = shown_link(&ada.press(&person, "Make a link for a new password", &[]).await);
    let stranger = app.browser();
    let page = stranger.open(&reset).await;
    assert_eq!(page.attributes("#username", "value"), ["omar@ward.example"]);
    let page = stranger.press(&page, "Set the new password", &[("password", "third time lucky, yes")]).await;
    assert!(page.words().contains("Your new password is set"), "{}", page.words());
    assert_eq!(other.get("/account").await.status, 401);
    let (third, signed_in) = sign_in(&app, "omar@ward.example", "third time lucky, yes").await;
    assert_eq!(signed_in.status, 303);

    let person = ada.open(&person.path).await;
    let disabled = ada.press(&person, "Disable the account", &[]).await;
    assert!(disabled.words().contains("can’t come in"));
    assert_eq!(third.get("/account").await.status, 401);
    assert_eq!(sign_in(&app, "omar@ward.example", "third time lucky, yes").await.1.status, 422);
    ada.press(&disabled, "Enable the account", &[]).await;
    assert_eq!(third.get("/account").await.status, 401, "a session that ended stays ended");
    assert_eq!(sign_in(&app, "omar@ward.example", "third time lucky, yes").await.1.status, 303);

    let log = ada.open("/administration/audit").await.words();
    for told in [
        "Ada King set up this installation as its first administrator",
        "Ada King made an invitation",
        "Omar K. Haddad accepted an invitation",
        "Omar K. Haddad may now make cohorts",
        "Omar K. Haddad signed in",
        "Omar K. Haddad changed their password",
        "A sign-in as Omar K. Haddad was refused",
        "Ada King made a link for a new password for Omar K. Haddad",
        "Omar K. Haddad set a new password with a link",
        "Ada King disabled the account of Omar K. Haddad",
        "Ada King enabled the account of Omar K. Haddad",
    ] {
        assert!(log.contains(told), "{told}: {log}");
    }
    for secret in [PASSWORD, "a much longer one now", "third time lucky", &link[13..], &reset[7..]] {
        assert!(!app.files_hold(secret), "{secret} is stored as it is");
    }
    assert!(!app.files_hold(other.cookies.borrow().values().next().expect("a cookie")));
}

#[tokio::test]
async fn every_start_prints_the_same_set_up_link_until_somebody_is_in_charge_or_it_is_too_old() {
    let app = TestApp::new().await;
    let print = async || warmly::accounts::first::set_up_link(&app.app).await.expect("asked");
    let first = print().await.expect("a token");
    let stranger = app.browser();
    assert_eq!(stranger.get(&format!("/set-up/{first}")).await.status, 200);
    assert_eq!(print().await.as_ref(), Some(&first), "what was printed goes on opening");
    assert_eq!(app.number("SELECT COUNT(*) FROM links").await, 1);
    app.clock.advance(7 * 24 * 60 * 60 * 1000);
    assert_eq!(stranger.get(&format!("/set-up/{first}")).await.status, 404, "too old");
    let second = print().await.expect("another token");
    assert_ne!(second, first);
    let taken_back = "SELECT COUNT(*) FROM links WHERE withdrawn_at IS NOT NULL";
    assert_eq!(app.number(taken_back).await, 0);
    app.administrator("Ada").await;
    assert!(print().await.is_none(), "somebody is in charge");
    assert_eq!(app.number(taken_back).await, 2, "no link is left that opens");
    assert_eq!(stranger.get(&format!("/set-up/{second}")).await.status, 404, "used");
    assert!(print().await.is_none());
}

#[tokio::test]
async fn a_link_opens_once_and_says_the_same_whatever_became_of_it() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (used, old) = (invite(&ada, "educator", "").await, invite(&ada, "administrator", "").await);
    let (_, first) = accept(&app, &used, "omar@ward.example").await;
    assert_eq!(first.status, 303);
    let withdrawn = invite(&ada, "educator", "").await;
    let list = ada.open("/administration/invitations").await;
    ada.press(&list, "Take it back : Educator, for Omar from 4 West", &[]).await;
    app.clock.advance(7 * 24 * 60 * 60 * 1000);
    let unknown = format!("/invitations/{}", app.clock.new_token());
    let mut answers = std::collections::BTreeSet::new();
    for link in [used.as_str(), old.as_str(), withdrawn.as_str(), unknown.as_str(), "/invitations/1"] {
        let stranger = app.browser();
        let page = stranger.get(link).await;
        assert_eq!(page.status, 404, "{link}");
        assert!(page.link("Sign in").starts_with("/sign-in"));
        let fields = [("name", "Eve"), ("email", "eve@ward.example"), ("password", PASSWORD)];
        let sent = stranger.post(link, &fields).await;
        assert_eq!(sent.status, 404);
        assert!(stranger.cookies.borrow().is_empty());
        answers.insert(page.bytes);
        answers.insert(sent.bytes);
    }
    assert_eq!(answers.len(), 1, "nobody learns what became of a link");
    for (link, way_on) in [
        (unknown.as_str(), "ask whoever sent it to you for a new one"),
        ("/reset/1", "ask an administrator for a new link"),
        ("/set-up/1", "start the program again: it prints a new link"),
    ] {
        let words = app.browser().get(link).await.words();
        assert!(words.contains(way_on), "{link}: {words}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM staff").await, 2);
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_wins() {
    let app = TestApp::new().await;
    let token = warmly::accounts::first::set_up_link(&app.app).await.expect("asked").expect("a token");
    let (one, two) = (app.browser(), app.browser());
    let address = format!("/set-up/{token}");
    let send = async |browser: &Browser<'_>, email: &str| {
        browser.post(&address, &[("name", "Ada"), ("email", email), ("password", PASSWORD)]).await
    };
    let (first, second) = tokio::join!(send(&one, "a@ward.example"), send(&two, "b@ward.example"));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    assert_eq!(app.number("SELECT COUNT(*) FROM staff").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn what_was_typed_is_kept_but_never_a_password() {
    let app = TestApp::new().await;
    let token = warmly::accounts::first::set_up_link(&app.app).await.expect("asked").expect("a token");
    let browser = app.browser();
    let page = browser.open(&format!("/set-up/{token}")).await;
    for (email, password, problem) in [
        ("ada", "short-zebra", "Type an e-mail address"),
        ("ada@ward.example", "short-zebra", "at least 12 characters"),
        ("ada@ward.example", "p@ssw0rd!!1234", "tried first"),
        ("ada@ward.example", "qazwsxedc123", "tried first"),
        ("ada@ward.example", "FrodoBaggins", "tried first"),
        ("ada@ward.example", "abcabcabcabc", "tried first"),
        ("ada@ward.example", "234567890123", "tried first"),
        ("ada@ward.example", "Hospital 2026!", "tried first"),
        ("ada@ward.example", "all about ADA here", "Leave your e-mail name"),
        ("ada@ward.example", "we say warmly no", "Leave your e-mail name"),
    ] {
        let fields = [("name", "Ada <King>"), ("email", email), ("password", password)];
        let refused = browser.press(&page, "Set up and sign in", &fields).await;
        assert_eq!(refused.status, 422, "{password}");
        assert!(refused.title().starts_with("Problem: "));
        assert!(refused.all(".summary").concat().contains(problem), "{password}: {}", refused.words());
        assert_eq!(refused.attributes("#name", "value"), ["Ada <King>"]);
        assert_eq!(refused.attributes("#email", "value"), [email]);
        assert!(!refused.text().contains(password), "{password} stands in the page");
    }
}

#[tokio::test]
async fn an_invitation_can_be_accepted_with_the_account_one_has() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let link = invite(&ada.browser, "manager", cohort.as_str()).await;
    let stranger = app.browser();
    let page = stranger.open(&link).await;
    assert!(page.words().contains("Ada invites you to be manager of Spring"), "{}", page.words());
    let fields = [("name", "R"), ("email", "RUTH@ward.example"), ("password", PASSWORD)];
    let refused = stranger.press(&page, "Accept and sign in", &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("There is an account with this address"));
    assert_eq!(refused.link("Sign in and come back here"), format!("/sign-in?to={link}"));

    let own = ada.browser.open(&link).await;
    assert!(own.words().contains("You made this link yourself"));
    assert_eq!(ada.browser.post(&format!("{link}/accept"), &[]).await.location(), Some(link.clone()));

    let maria = app.educator("Maria").await;
    let before = maria.browser.cookies.borrow().clone();
    let page = maria.browser.open(&link).await;
    let form = page.form("Accept as Maria");
    let accepted = maria.browser.post(&form.action, &[]).await;
    assert_eq!(accepted.location(), Some(format!("/cohorts/{}", cohort.as_str())));
    assert_ne!(before, *maria.browser.cookies.borrow(), "a new session at a change of roles");
    let roles = app
        .column("SELECT name || ' ' || role FROM memberships JOIN staff ON id = staff_id ORDER BY 1")
        .await;
    assert_eq!(roles, ["Maria manager", "Ruth educator"]);
    assert_eq!(app.number("SELECT COUNT(*) FROM staff").await, 3);
    let again = maria.browser.post(&form.action, &[]).await;
    assert_eq!(again.status, 404);
}

#[tokio::test]
async fn an_invitation_says_what_the_invited_will_see_and_leads_there() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let page = ada.browser.open("/administration/invitations").await;
    assert_eq!(page.attributes("#cohort option", "value"), ["", cohort.as_str()]);
    assert_eq!(page.all("#cohort option"), ["None", "Spring"]);
    for (role, of, sees, leads) in [
        (
            "administrator",
            "",
            "Administrators look after people, invitations and settings.",
            "/administration",
        ),
        ("educator", "", "Educators run cohorts: they assign conversations", "/cohorts"),
        ("educator", cohort.as_str(), "Educators run cohorts: they assign conversations", "/cohorts"),
        ("manager", cohort.as_str(), "Managers see who has completed what, and when.", "/cohorts"),
    ] {
        let link = invite(&ada.browser, role, of).await;
        let invited = app.browser().open(&link).await;
        assert!(invited.words().contains(sees), "{role}: {}", invited.words());
        let email = format!("{role}{}@ward.example", of.len());
        let (_, accepted) = accept(&app, &link, &email).await;
        assert!(
            accepted.location().is_some_and(|way| way.starts_with(leads)),
            "{role} {:?}",
            accepted.location()
        );
    }
    let wrong = [
        (
            vec![("role", "administrator"), ("cohort", cohort.as_str())],
            "An administrator belongs to no cohort",
        ),
        (vec![("role", "manager")], "Choose the cohort to manage"),
        (vec![("role", "educator"), ("cohort", "gone")], "Choose one of these cohorts"),
        (vec![("cohort", "")], "Choose what you invite to"),
    ];
    let long = "a".repeat(121);
    for (fields, why) in
        wrong.into_iter().chain([(vec![("role", "educator"), ("note", &long)], "Shorten this to 120")])
    {
        let refused = ada.browser.press(&page, "Make the link", &fields).await;
        assert_eq!(refused.status, 422, "{why}");
        assert!(refused.words().contains(why), "{why}: {}", refused.words());
    }
    let fits = [("role", "educator"), ("note", &long[..120])];
    let made = ada.browser.press(&page, "Make the link", &fits).await;
    let another = ada.browser.press(&made, "Make the link", &fits).await;
    assert_ne!(shown_link(&made), shown_link(&another), "from the page that shows the first");
}

#[tokio::test]
async fn an_invitation_opens_for_a_week_whatever_is_swept_meanwhile() {
    let app = TestApp::new().await;
    let ada = app.administrator("Ada").await;
    let link = invite(&ada.browser, "educator", "").await;
    app.clock.advance(6 * 24 * 60 * 60 * 1000);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.browser().get(&link).await.status, 200);
    app.clock.advance(24 * 60 * 60 * 1000);
    assert_eq!(app.browser().get(&link).await.status, 404);
}

#[tokio::test]
async fn an_invitation_takes_away_nothing_that_one_may_do_already() {
    let app = TestApp::new().await;
    let (ada, bob, ruth) =
        (app.administrator("Ada").await, app.administrator("Bob").await, app.educator("Ruth").await);
    for (who, name, role) in [(&bob, "Bob", "educator"), (&ruth, "Ruth", "administrator")] {
        let link = invite(&ada.browser, role, "").await;
        let page = who.browser.open(&link).await;
        who.browser.press(&page, &format!("Accept as {name}"), &[]).await;
        assert_eq!(who.browser.get("/administration").await.status, 200, "{name} runs the installation");
        let cohorts = who.browser.open("/cohorts").await;
        who.browser.press(&cohorts, "Make a cohort", &[("name", name)]).await;
    }
    assert_eq!(app.column("SELECT name FROM cohorts ORDER BY name").await, ["Bob", "Ruth"]);
}

#[tokio::test]
async fn whoever_becomes_manager_keeps_no_way_into_a_nurses_place() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let seat = crate::joining::link(&ruth, &cohort, "Ana Okafor").await;
    for (role, of, status) in [("educator", "", 200), ("manager", cohort.as_str(), 404)] {
        let link = invite(&ada.browser, role, of).await;
        let page = ruth.browser.open(&link).await;
        ruth.browser.press(&page, "Accept as Ruth", &[]).await;
        assert_eq!(app.browser().get(&seat).await.status, status, "{role}");
    }
}

#[tokio::test]
async fn a_set_up_link_opens_nothing_once_somebody_runs_the_installation() {
    let app = TestApp::new().await;
    let token = warmly::accounts::first::set_up_link(&app.app).await.expect("asked").expect("a token");
    let address = format!("/set-up/{token}");
    let eve = app.browser();
    let page = eve.open(&address).await;
    app.administrator("Ada").await;
    let fields = [("name", "Eve"), ("email", "eve@ward.example"), ("password", PASSWORD)];
    assert_eq!(eve.press(&page, "Set up and sign in", &fields).await.status, 404);
    // Nor where somebody came to be in charge between the look and the change.
    let newcomer = Newcomer {
        name: "Eve".to_owned(),
        email: Email::read("eve@ward.example").expect("an address"),
        password_hash: String::new(),
        browser: String::new(),
    };
    let late = admit::newcomer(&app.app, &Visitor::default(), LinkKind::SetUp, &token, newcomer).await;
    assert!(matches!(late, Ok(Admitted::Closed)));
    assert_eq!(app.number("SELECT COUNT(*) FROM staff").await, 1);
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_link_and_shows_it_again() {
    let app = TestApp::new().await;
    let ada = app.administrator("Ada").await;
    let page = ada.browser.open("/administration/invitations").await;
    let fields = page.form("Make the link").filled(&[("role", "educator")]);
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let address = "/administration/invitations";
    let (one, two) = tokio::join!(ada.browser.post(address, &fields), ada.browser.post(address, &fields));
    assert_eq!(shown_link(&one), shown_link(&two));
    assert_eq!(app.number("SELECT COUNT(*) FROM links").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'invited'").await, 1);
    let wrong = ada.browser.press(&page, "Make the link", &[("role", "manager"), ("note", "For Li")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.words().contains("Choose the cohort to manage"));
    assert_eq!(wrong.attributes("#note", "value"), ["For Li"]);
}

#[tokio::test]
async fn whoever_may_invite_no_longer_has_invited_nobody() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let maria = app.educator("Maria").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    app.give_role(&cohort, &maria, warmly::accounts::Role::Educator).await;
    let staff = format!("/cohorts/{}/staff", cohort.as_str());
    let page = maria.browser.open(&staff).await;
    let link = shown_link(&maria.browser.press(&page, "Make the link", &[("role", "educator")]).await);
    assert_eq!(app.browser().get(&link).await.status, 200);
    let other = app.educator("Olga").await;
    let autumn = app.cohort(&other, "Autumn").await;
    let page = ruth.browser.open(&staff).await;
    let foreign =
        page.form("Take it back : Educator of Spring").action.replace(cohort.as_str(), autumn.as_str());
    assert_eq!(other.browser.post(&foreign, &[]).await.status, 404, "an invitation to another cohort");
    ruth.browser.press(&page, "End this role : Maria, educator", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 404, "her invitations went with her role");

    let page = ruth.browser.open(&staff).await;
    let link = shown_link(&ruth.browser.press(&page, "Make the link", &[("role", "manager")]).await);
    let person = ada.browser.open(&format!("/administration/people/{}", ruth.id.as_str())).await;
    let reset = shown_link(&ada.browser.press(&person, "Make a link for a new password", &[]).await);
    ada.browser.press(&person, "Disable the account", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 404);
    assert_eq!(app.browser().get(&reset).await.status, 404);
    let person = ada.browser.open(&person.path).await;
    ada.browser.press(&person, "Enable the account", &[]).await;
    assert_eq!(app.browser().get(&reset).await.status, 404, "what was taken back stays taken back");
}

#[tokio::test]
async fn what_a_nurse_kept_in_her_own_practice_is_not_in_the_log_of_the_administrators() {
    use warmly::accounts::audit::{Actor, Event};
    use warmly::accounts::store::{AuditEntry, note};
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana Okafor").await;
    let clock = app.clock.clone();
    let (nurse, cohort) = (ana.nurse_id.clone(), cohort.as_str().to_owned());
    let noting = app.app.db.write(move |conn| {
        let (clock, nurse, cohort) = (clock.clone(), nurse.clone(), cohort.clone());
        let work: warmly::db::Work<'_, (), sqlx::Error> = Box::pin(async move {
            for cohort_id in [None, Some(cohort.as_str())] {
                let (id, now) = (clock.new_id(), clock.now());
                let entry = AuditEntry::of(id, now, Event::SentAnyway, Actor::Nurse(&nurse));
                note(conn, &AuditEntry { nurse_id: Some(&nurse), cohort_id, ..entry }).await?;
            }
            Ok(())
        });
        work
    });
    noting.await.expect("noted");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'sent-anyway'").await, 2);
    for address in ["/administration/audit", "/administration/audit?event=sent-anyway"] {
        let lines = ada.browser.open(address).await.all(".log li");
        let kept: Vec<&String> = lines.iter().filter(|line| line.contains("whether words hold")).collect();
        assert_eq!(kept.len(), 1, "{address}: {lines:?}");
        assert!(kept[0].contains("A nurse of “Spring”"), "in assigned work: {lines:?}");
    }
}

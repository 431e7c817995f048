//! Who may do what: administrators change it, educators look after their cohort's staff, and the audit log tells.

use warmly::accounts::Role;

use crate::app::TestApp;
use crate::cast::StaffMember;
use crate::page::Page;

async fn person(admin: &StaffMember<'_>, of: &StaffMember<'_>) -> Page {
    admin.browser.open(&format!("/administration/people/{}", of.id.as_str())).await
}

#[tokio::test]
async fn an_administrator_makes_and_unmakes_another() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let page = person(&ada, &ruth).await;
    let made = ada.browser.press(&page, "Make administrator", &[]).await;
    assert!(made.words().contains("Saved"));
    assert_eq!(ruth.browser.get("/account").await.status, 401, "a change of roles ends her sessions");
    app.clock.advance(1);
    let made = ada.browser.press(&made, "No longer make cohorts", &[]).await;
    app.clock.advance(1);
    let people = ada.browser.open("/administration").await;
    assert!(people.words().contains("Ruth ruth@ward.example Administrator"), "{}", people.words());
    ada.browser.press(&made, "No longer administrator", &[]).await;
    let noted = app.column("SELECT what FROM audit ORDER BY id").await;
    assert_eq!(noted, ["administrator-changed", "educator-changed", "administrator-changed"]);
    let again = ada.browser.post(&format!("{}/rights", page.path), &[("change", "no-administrator")]).await;
    assert_eq!(again.status, 303, "sent twice it is so already");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 3);
}

#[tokio::test]
async fn what_is_so_already_is_no_change_and_ends_no_session() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let address = format!("/administration/people/{}/rights", ruth.id.as_str());
    for change in ["educator", "no-administrator", "enable"] {
        assert_eq!(ada.browser.post(&address, &[("change", change)]).await.status, 303, "{change}");
        assert_eq!(ruth.browser.get("/account").await.status, 200, "{change}");
    }
    for _ in 0..2 {
        assert_eq!(ada.browser.post(&address, &[("change", "disable")]).await.status, 303);
    }
    assert_eq!(app.column("SELECT what FROM audit").await, ["staff-disabled"]);
}

#[tokio::test]
async fn invitations_of_an_administrator_close_when_she_is_one_no_longer() {
    let app = TestApp::new().await;
    let (ada, eve) = (app.administrator("Ada").await, app.administrator("Eve").await);
    let link = crate::people::invite(&eve.browser, "educator", "").await;
    let page = person(&ada, &eve).await;
    assert_eq!(app.browser().get(&link).await.status, 200);
    let open = async || ada.browser.open("/administration/invitations").await.all("#open + ul li").len();
    assert_eq!(open().await, 1);
    let page = ada.browser.press(&page, "No longer administrator", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 404);
    assert_eq!(open().await, 0, "nobody is told that it is open");
    ada.browser.press(&page, "Make administrator", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 404, "what was closed stays closed");

    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Spring").await;
    let staff = ruth.browser.open(&format!("/cohorts/{}/staff", cohort.as_str())).await;
    let made = ruth.browser.press(&staff, "Make the link", &[("role", "manager")]).await;
    let link = crate::people::shown_link(&made);
    ada.browser.press(&person(&ada, &ruth).await, "Make administrator", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 200, "a right that is given closes nothing");
    ada.browser.press(&person(&ada, &ruth).await, "No longer administrator", &[]).await;
    assert_eq!(app.browser().get(&link).await.status, 200, "what she may make as an educator stays open");
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let app = TestApp::new().await;
    let ada = app.administrator("Ada").await;
    let page = person(&ada, &ada).await;
    for button in ["No longer administrator", "Disable the account"] {
        let refused = ada.browser.press(&page, button, &[]).await;
        assert_eq!(refused.status, 422, "{button}");
        assert!(refused.words().contains("Somebody has to run the installation"));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0);
    let eve = app.administrator("Eve").await;
    let (of_ada, of_eve) = (person(&ada, &eve).await, person(&eve, &ada).await);
    let (one, two) = tokio::join!(
        ada.browser.press(&of_ada, "Disable the account", &[]),
        eve.browser.press(&of_eve, "No longer administrator", &[])
    );
    let left = "SELECT COUNT(*) FROM staff WHERE administrator AND disabled_at IS NULL";
    assert_eq!(app.number(left).await, 1, "{} {}", one.status, two.status);
}

#[tokio::test]
async fn the_list_of_people_says_where_each_belongs() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let omar = app.educator("Omar").await;
    let spring = app.cohort(&ruth, "Spring").await;
    app.cohort(&omar, "Fall").await;
    app.give_role(&spring, &omar, Role::Manager).await;
    let people = ada.browser.open("/administration").await.words();
    let ruths = people.split("ruth@ward.example").nth(1).unwrap_or_default();
    assert!(ruths.contains("Spring (educator)"), "{people}");
    let omars = people.split("omar@ward.example").nth(1).unwrap_or_default();
    assert!(omars.contains("Fall (educator)") && omars.contains("Spring (manager)"), "{people}");
    let page = person(&ada, &omar).await;
    assert!(page.words().contains("Spring (manager)"), "{}", page.words());
    ada.browser.press(&page, "Make a link for a new password", &[]).await;
    let form = page.form("Make a link for a new password");
    assert_eq!(ada.browser.post(&form.action, &[("token", "no token")]).await.status, 400);
    ada.browser.press(&page, "Disable the account", &[]).await;
    let token = app.clock.new_token();
    let late = ada.browser.post(&form.action, &[("token", &token)]).await;
    assert_eq!(late.status, 400, "nobody who can’t come in is given a new password");
    assert_eq!(app.number("SELECT COUNT(*) FROM links WHERE withdrawn_at IS NULL").await, 0);
}

#[tokio::test]
async fn whoever_disables_herself_is_out_and_led_to_the_start() {
    let app = TestApp::new().await;
    let (ada, _eve) = (app.administrator("Ada").await, app.administrator("Eve").await);
    let page = person(&ada, &ada).await;
    let form = page.form("Disable the account");
    let out = ada.browser.post(&form.action, &[("change", "disable")]).await;
    assert_eq!((out.status.as_u16(), out.location().as_deref()), (303, Some("/")));
    assert!(!ada.browser.cookies.borrow().contains_key("warmly"), "the browser has forgotten it");
    assert_eq!(ada.browser.get("/account").await.status, 401);
}

#[tokio::test]
async fn whoever_steps_back_herself_goes_on_in_a_new_session() {
    let app = TestApp::new().await;
    let (ada, _eve) = (app.administrator("Ada").await, app.administrator("Eve").await);
    let before = ada.browser.cookies.borrow().clone();
    let page = person(&ada, &ada).await;
    let on = ada.browser.press(&page, "No longer administrator", &[]).await;
    assert_eq!((on.path.as_str(), on.status.as_u16()), ("/account", 200));
    assert_ne!(before, *ada.browser.cookies.borrow());
    let old = app.browser();
    old.cookies.replace(before);
    assert_eq!(old.get("/account").await.status, 401, "the old token opens nothing");
    assert_eq!(ada.browser.get("/administration").await.status, 404);
}

#[tokio::test]
async fn an_administrator_who_appoints_herself_is_noted_in_the_cohort() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let staff = format!("/cohorts/{}/staff", cohort.as_str());
    assert_eq!(ada.browser.get(&staff).await.status, 404, "running the installation opens no cohort");
    let list = ada.browser.open("/administration/cohorts").await;
    assert!(list.words().contains("Spring Educators: Ruth"), "{}", list.words());
    let form = list.form("Become educator of Spring");
    for _ in 0..2 {
        assert_eq!(ada.browser.post(&form.action, &[]).await.status, 303);
    }
    assert_eq!(ada.browser.get(&staff).await.status, 200);
    let all = ada.browser.open("/administration/cohorts").await;
    assert_eq!(
        all.all(".line .small").last().map(String::as_str),
        Some("You are its educator"),
        "{}",
        all.words()
    );
    assert!(all.all(".line button").is_empty(), "she can’t become it again");
    let noted = app.column("SELECT what || ' ' || cohort_id FROM audit").await;
    assert_eq!(noted, [format!("appointed-oneself {}", cohort.as_str())], "once, with the cohort");
}

#[tokio::test]
async fn educators_look_after_the_staff_of_their_cohort() {
    let app = TestApp::new().await;
    let (ruth, maria) = (app.educator("Ruth").await, app.educator("Maria").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let staff = format!("/cohorts/{}/staff", cohort.as_str());
    let page = ruth.browser.open(&staff).await;
    let refused = ruth.browser.press(&page, "End this role : Ruth, educator", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("You are the only educator of this cohort"));
    let asked = ruth.browser.press(&refused, "Make the link", &[("role", "manager")]).await;
    assert!(asked.words().contains("The invitation is made"), "{}", asked.words());
    let another = ruth.browser.press(&asked, "Make the link", &[("role", "manager")]).await;
    assert!(another.words().contains("The invitation is made"), "{}", another.words());
    app.give_role(&cohort, &maria, Role::Manager).await;
    assert_eq!(maria.browser.get(&staff).await.status, 404, "managers look after nobody");
    app.give_role(&cohort, &maria, Role::Educator).await;
    assert_eq!(maria.browser.get(&staff).await.status, 404, "with both roles the manager’s view is the one");
    let page = ruth.browser.open(&staff).await;
    let both = "Has both roles: the manager’s view is the one";
    let said = |line: String| (line.starts_with("Maria"), line.contains("(you)"), line.contains(both));
    let mut lines: Vec<(bool, bool, bool)> =
        page.all("[aria-labelledby=members] .line").into_iter().map(said).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [(false, true, false), (true, false, true), (true, false, true)],
        "Ruth, then Maria twice"
    );
    let refused = ruth.browser.press(&page, "End this role : Ruth, educator", &[]).await;
    assert_eq!(refused.status, 422, "an educator who is also manager teaches nobody");
    let page = ruth.browser.press(&page, "End this role : Maria, manager", &[]).await;
    assert!(page.words().contains("Saved"), "{}", page.words());
    let out =
        ruth.browser.post(&page.form("End this role : Ruth, educator").action, &[("role", "educator")]).await;
    assert_eq!(out.location().as_deref(), Some("/cohorts"));
    assert_eq!(ruth.browser.get(&staff).await.status, 404, "rights end with the role");
    assert_eq!(maria.browser.get(&staff).await.status, 200);
}

#[tokio::test]
async fn the_audit_log_tells_in_sentences_and_names_no_nurse() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let cohort = app.cohort(&ruth, "Spring").await;
    let ana = app.member(&cohort, "Ana Okafor").await;
    let clock = app.clock.clone();
    let (nurse, cohort_id) = (ana.nurse_id.clone(), cohort.as_str().to_owned());
    let put = async |count: usize| {
        let (clock, nurse, cohort_id) = (clock.clone(), nurse.clone(), cohort_id.clone());
        let putting = app.app.db.write(move |conn| {
            let (clock, nurse, cohort) = (clock.clone(), nurse.clone(), cohort_id.clone());
            let work: warmly::db::Work<'_, (), sqlx::Error> = Box::pin(async move {
                use warmly::accounts::audit::{Actor, Event};
                use warmly::accounts::store::{AuditEntry, note};
                for event in Event::ALL.into_iter().cycle().take(count) {
                    let entry = AuditEntry::of(clock.new_id(), clock.now(), event, Actor::Nurse(&nurse));
                    clock.advance(1);
                    let entry = AuditEntry { nurse_id: Some(&nurse), cohort_id: Some(&cohort), ..entry };
                    note(conn, &entry).await?;
                }
                Ok(())
            });
            work
        });
        putting.await.expect("rows");
    };
    put(100).await;
    let log = ada.browser.open("/administration/audit").await;
    assert_eq!((log.all(".log li").len(), log.text().contains(">Older<")), (100, false), "all that there is");
    put(50).await;
    let page = person(&ada, &ruth).await;
    ada.browser.press(&page, "Make administrator", &[]).await;
    let log = ada.browser.open("/administration/audit").await;
    let lines = log.all(".log li");
    assert_eq!(lines.len(), 100);
    assert_eq!(lines[0], "March 2, 2026, 12:00 PM Ada let Ruth run the installation");
    assert!(lines.iter().any(|line| line.ends_with(" A nurse took a place in “Spring”")), "{lines:?}");
    assert!(!log.text().contains("Ana"), "a nurse is not named");
    let older = ada.browser.follow(&log, "Older").await;
    assert_eq!(older.all(".log li").len(), 51);
    let only = ada.browser.press(&log, "Show these", &[("event", "administrator-changed")]).await;
    assert!(only.all(".log li").iter().all(|line| line.contains("run the installation")));
    assert_eq!(only.all("option[selected]"), ["who runs the installation changed"]);
    assert_eq!(ruth.browser.get("/administration/audit").await.status, 401);
}

#[tokio::test]
async fn links_are_forgotten_a_month_after_they_closed() {
    let app = TestApp::new().await;
    warmly::accounts::first::set_up_link(&app.app).await.expect("asked");
    app.clock.advance(36 * 24 * 60 * 60 * 1000);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM links").await, 1);
    app.clock.advance(2 * 24 * 60 * 60 * 1000);
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM links").await, 0);
}

//! Every address, for everyone who may ask, with everything that may be asked for: the router is made of one table,
//! and so is this test. A route without a row in `ROWS` fails it.

use std::collections::BTreeMap;

use axum::http::Method;
use warmly::accounts::Role;
use warmly::app::routes;
use warmly::web::route::Who;

use crate::app::{Browser, TestApp};
use crate::cast::{Member, StaffMember};
use crate::page::Page;

/// Who may use which address. A route that is not here is one that nobody has thought about.
const ROWS: [(Who, &[&str]); 6] = [
    (
        Who::Anyone,
        &[
            "GET /",
            "GET /about",
            "GET /accessibility",
            "GET /assets/{file}",
            "GET /come-back",
            "POST /come-back",
            "GET /deleted",
            "GET /favicon.ico",
            "GET /getting-help",
            "GET /healthz",
            "GET /how-it-works",
            "GET /invitations/{token}",
            "POST /invitations/{token}",
            "GET /join",
            "POST /join",
            "GET /join/{code}",
            "POST /join/{code}",
            "GET /practice",
            "GET /readyz",
            "GET /reset/{token}",
            "POST /reset/{token}",
            "GET /scenarios/{slug}",
            "POST /scenarios/{slug}/attempts",
            "GET /seats/{token}",
            "POST /seats/{token}",
            "GET /set-up/{token}",
            "POST /set-up/{token}",
            "GET /sign-in",
            "POST /sign-in",
            "GET /sign-in/code",
            "POST /sign-in/code",
            "GET /sign-out",
            "POST /sign-out",
            "GET /the-line",
            "GET /who-can-see-my-answers",
        ],
    ),
    (
        Who::Nurse,
        &[
            "GET /assignments/{assignment}",
            "POST /assignments/{assignment}/attempts",
            "GET /attempts/{id}",
            "GET /attempts/{id}/explore/{trail}",
            "GET /attempts/{id}/explore/{trail}/replies",
            "GET /attempts/{id}/looking-back",
            "POST /attempts/{id}/looking-back",
            "GET /attempts/{id}/transcript",
            "GET /attempts/{id}/{number}",
            "POST /attempts/{id}/{number}",
            "GET /attempts/{id}/{number}/answer",
            "POST /attempts/{id}/{number}/answer",
            "GET /attempts/{id}/{number}/replies",
            "POST /attempts/{id}/{number}/replies",
            "GET /me",
            "GET /me/card",
            "POST /me/comments/{comment}",
            "POST /me/comments/{comment}/read",
            "GET /me/delete",
            "POST /me/delete",
            "POST /me/device",
            "GET /me/groups/{seat}",
            "POST /me/groups/{seat}",
            "GET /me/groups/{seat}/joined",
            "GET /me/practice.csv",
            "GET /me/practice.json",
            "GET /me/record",
            "GET /me/return-code",
            "POST /me/return-code",
        ],
    ),
    (
        Who::Staff,
        &[
            "GET /account",
            "POST /account/name",
            "POST /account/password",
            "GET /account/second-step",
            "POST /account/second-step",
            "GET /account/second-step/new",
            "POST /account/second-step/new",
            "POST /account/sessions",
            "POST /account/sessions/all",
            "GET /cohorts",
            "POST /cohorts",
            "POST /invitations/{token}/accept",
            "GET /scenarios/{slug}/preview/{trail}",
            "GET /scenarios/{slug}/preview/{trail}/replies",
        ],
    ),
    (
        Who::CohortStaff,
        &[
            "GET /cohorts/{cohort}",
            "GET /cohorts/{cohort}/completion",
            "GET /cohorts/{cohort}/completion.csv",
            "GET /cohorts/{cohort}/completion.json",
        ],
    ),
    (
        Who::Educator,
        &[
            "GET /cohorts/{cohort}/answers.csv",
            "GET /cohorts/{cohort}/answers.json",
            "GET /cohorts/{cohort}/assignments",
            "POST /cohorts/{cohort}/assignments",
            "GET /cohorts/{cohort}/assignments/new",
            "GET /cohorts/{cohort}/assignments/{assignment}",
            "POST /cohorts/{cohort}/assignments/{assignment}",
            "POST /cohorts/{cohort}/assignments/{assignment}/withdraw",
            "POST /cohorts/{cohort}/comments/{comment}",
            "POST /cohorts/{cohort}/comments/{comment}/answers",
            "GET /cohorts/{cohort}/debrief",
            "GET /cohorts/{cohort}/debrief/screen",
            "GET /cohorts/{cohort}/join",
            "POST /cohorts/{cohort}/join",
            "GET /cohorts/{cohort}/matrix",
            "GET /cohorts/{cohort}/matrix.csv",
            "GET /cohorts/{cohort}/matrix.json",
            "GET /cohorts/{cohort}/overview.csv",
            "GET /cohorts/{cohort}/overview.json",
            "GET /cohorts/{cohort}/people",
            "POST /cohorts/{cohort}/people",
            "POST /cohorts/{cohort}/people/confirm",
            "GET /cohorts/{cohort}/people/import",
            "POST /cohorts/{cohort}/people/import",
            "POST /cohorts/{cohort}/people/import/add",
            "POST /cohorts/{cohort}/people/links",
            "GET /cohorts/{cohort}/people/{seat}",
            "GET /cohorts/{cohort}/people/{seat}/edit",
            "POST /cohorts/{cohort}/people/{seat}/edit",
            "POST /cohorts/{cohort}/people/{seat}/merge",
            "GET /cohorts/{cohort}/people/{seat}/remove",
            "POST /cohorts/{cohort}/people/{seat}/remove",
            "GET /cohorts/{cohort}/people/{seat}/{attempt}",
            "GET /cohorts/{cohort}/people/{seat}/{attempt}/compare",
            "POST /cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments",
            "POST /cohorts/{cohort}/people/{seat}/{attempt}/{number}/marking",
            "GET /cohorts/{cohort}/scenarios/{slug}",
            "GET /cohorts/{cohort}/scenarios/{slug}/numbers.csv",
            "GET /cohorts/{cohort}/scenarios/{slug}/numbers.json",
            "GET /cohorts/{cohort}/scenarios/{slug}/{turn}",
            "GET /cohorts/{cohort}/scenarios/{slug}/{turn}/answers.csv",
            "GET /cohorts/{cohort}/scenarios/{slug}/{turn}/answers.json",
            "POST /cohorts/{cohort}/scenarios/{slug}/{turn}/samples",
            "GET /cohorts/{cohort}/settings",
            "POST /cohorts/{cohort}/settings",
            "POST /cohorts/{cohort}/settings/archive",
            "POST /cohorts/{cohort}/settings/reopen",
            "GET /cohorts/{cohort}/staff",
            "POST /cohorts/{cohort}/staff/invitations",
            "POST /cohorts/{cohort}/staff/invitations/{link}/withdraw",
            "POST /cohorts/{cohort}/staff/{staff}/end",
        ],
    ),
    (
        Who::Administrator,
        &[
            "GET /administration",
            "GET /administration/audit",
            "GET /administration/cohorts",
            "POST /administration/cohorts/{cohort}/educator",
            "GET /administration/invitations",
            "POST /administration/invitations",
            "POST /administration/invitations/{link}/withdraw",
            "GET /administration/people/{staff}",
            "POST /administration/people/{staff}/reset",
            "POST /administration/people/{staff}/rights",
            "POST /administration/people/{staff}/second-step",
            "GET /administration/policy",
            "POST /administration/policy",
            "GET /administration/retention",
            "POST /administration/retention",
            "POST /administration/second-step",
        ],
    ),
];

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Actor {
    Stranger,
    /// The nurse whose attempts, seat and comments are asked for.
    Owner,
    /// A nurse of the same cohort.
    Colleague,
    /// A nurse of another cohort.
    Elsewhere,
    /// A nurse who was removed from the cohort.
    Removed,
    /// An educator of the cohort whose account was disabled while she was signed in.
    Disabled,
    Educator,
    OtherEducator,
    Manager,
    /// Educator and manager of the cohort at once.
    Both,
    Administrator,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Expected {
    Allowed,
    /// 401
    SignIn,
    /// 403
    ForNurses,
    /// 404, like something that does not exist
    Missing,
}

use Actor::{
    Administrator, Both, Colleague, Disabled, Educator, Elsewhere, Manager, OtherEducator, Owner, Removed,
    Stranger,
};

const ACTORS: [Actor; 11] = [
    Stranger,
    Owner,
    Colleague,
    Elsewhere,
    Removed,
    Disabled,
    Educator,
    OtherEducator,
    Manager,
    Both,
    Administrator,
];

impl Actor {
    const fn is_nurse(self) -> bool {
        matches!(self, Owner | Colleague | Elsewhere | Removed)
    }

    const fn is_staff(self) -> bool {
        matches!(self, Educator | OtherEducator | Manager | Both | Administrator)
    }
}

/// What this person must get at an address with the owner's things in it.
fn expected(who: Who, actor: Actor, path: &str) -> Expected {
    let among =
        |actors: &[Actor]| if actors.contains(&actor) { Expected::Allowed } else { Expected::Missing };
    match who {
        Who::Nurse if actor.is_staff() => Expected::ForNurses,
        Who::Nurse if !actor.is_nurse() => Expected::SignIn,
        Who::Nurse if path.contains("{assignment}") => among(&[Owner, Colleague]),
        Who::Nurse if path.contains('{') => among(&[Owner]),
        Who::Anyone | Who::Nurse => Expected::Allowed,
        _ if !actor.is_staff() => Expected::SignIn,
        Who::Staff => Expected::Allowed,
        Who::CohortStaff => among(&[Educator, Manager, Both]),
        Who::Educator => among(&[Educator]),
        Who::Administrator => among(&[Administrator]),
    }
}

/// A cohort with everything in it that an address can name.
struct Things {
    by_name: BTreeMap<&'static str, String>,
}

impl Things {
    /// The address with these things in it.
    fn address(&self, path: &str) -> String {
        let mut filled = path.to_owned();
        for (name, value) in &self.by_name {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        assert!(!filled.contains('{'), "this test doesn't know how to fill in {path}");
        filled
    }

    /// The same with one of them replaced.
    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut by_name = self.by_name.clone();
        by_name.insert(name, value.to_owned());
        Self { by_name }
    }
}

/// Names of things that belong to somebody.
const OWNED: [&str; 7] = ["cohort", "seat", "attempt", "assignment", "comment", "id", "staff"];

const NOTHING: &str = "01234567-89ab-7def-8123-456789abcdef";

const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What is sent where a form is read before what it is about is looked for; elsewhere nothing.
fn form<'a>(path: &str, things: &'a Things) -> Vec<(&'static str, &'a str)> {
    match path {
        "/assignments/{assignment}/attempts" => vec![("token", TOKEN)],
        "/me/comments/{comment}" => vec![("token", TOKEN), ("text", "Thank you.")],
        "/cohorts/{cohort}/scenarios/{slug}/{turn}/samples" => {
            vec![("take", things.by_name["answer"].as_str())]
        }
        _ => Vec::new(),
    }
}

/// Everybody, each with a browser of her own, and the things of the owner's cohort.
struct World<'a> {
    browsers: BTreeMap<Actor, Browser<'a>>,
    things: Things,
    /// The same kinds of things in another cohort.
    others: Things,
}

impl World<'_> {
    async fn ask(&self, actor: Actor, method: &Method, (path, address): (&str, &str)) -> Page {
        let browser = &self.browsers[&actor];
        let before = browser.cookies.borrow().clone();
        let page = match *method {
            Method::GET => browser.get(address).await,
            _ => browser.post(address, &form(path, &self.things)).await,
        };
        browser.cookies.replace(before);
        page
    }
}

/// A cohort with its educator, a nurse of it who finished what was assigned, and what was said about that.
async fn cohort_with_work<'a>(app: &'a TestApp, name: &str) -> (StaffMember<'a>, Member<'a>, Things) {
    let educator = app.educator(&format!("Educator of {name}")).await;
    let cohort = app.cohort(&educator, name).await;
    let nurse = app.member(&cohort, &format!("Nurse of {name}")).await;
    let assignment = app.assign(&cohort, &educator, "garden-gate").await;
    let turns = [("Um.", "replytext one"), ("", "replytext four"), ("Call.", "replytext eight")];
    let attempt = app.worked(&nurse, &assignment, "garden-gate", &turns).await;
    let address = format!("/cohorts/{}/people/{}/{attempt}", cohort.as_str(), nurse.seat.as_str());
    let transcript = educator.browser.open(&address).await;
    let release = transcript.all("button").into_iter().find(|words| words.starts_with("Release to"));
    educator.browser.press(&transcript, &release.expect("a button"), &[("text", "I noticed.")]).await;
    let invite = educator.browser.open(&format!("/cohorts/{}/staff", cohort.as_str())).await;
    educator.browser.press(&invite, "Make the link", &[("role", "educator"), ("note", "a colleague")]).await;
    let comment = app.column("SELECT id FROM comments ORDER BY id DESC").await.remove(0);
    let link = app.column("SELECT id FROM links ORDER BY id DESC").await.remove(0);
    let answer = format!("{attempt}.1");
    let by_name = [
        ("cohort", cohort.as_str()),
        ("seat", nurse.seat.as_str()),
        ("attempt", &attempt),
        ("answer", &answer),
        ("id", &attempt),
        ("assignment", assignment.as_str()),
        ("comment", &comment),
        ("link", &link),
        ("staff", educator.id.as_str()),
        ("slug", "garden-gate"),
        ("turn", "lift"),
        ("number", "1"),
        ("trail", "1"),
        ("token", &"0".repeat(64)),
        ("code", "K7M2QD"),
        ("file", warmly::web::assets::url("app.css").trim_start_matches("/assets/")),
    ];
    let by_name = by_name.map(|(name, value)| (name, value.to_owned())).into();
    (educator, nurse, Things { by_name })
}

async fn world(app: &TestApp) -> World<'_> {
    let (educator, owner, things) = cohort_with_work(app, "Spring").await;
    let (other_educator, elsewhere, others) = cohort_with_work(app, "Autumn").await;
    let cohort = warmly::cohorts::CohortId::read(&things.by_name["cohort"]).expect("an id");
    let (colleague, removed) = (app.member(&cohort, "Bea").await, app.member(&cohort, "Dora").await);
    let remove = format!("/cohorts/{}/people/{}/remove", cohort.as_str(), removed.seat.as_str());
    let asked = educator.browser.open(&remove).await;
    educator.browser.press(&asked, "Remove", &[]).await;
    let (manager, both) = (app.staff("Mary", false, false).await, app.staff("Bo", false, true).await);
    app.give_role(&cohort, &manager, Role::Manager).await;
    app.give_role(&cohort, &both, Role::Educator).await;
    app.give_role(&cohort, &both, Role::Manager).await;
    let (disabled, administrator) = (app.educator("Dan").await, app.administrator("Ada").await);
    app.give_role(&cohort, &disabled, Role::Educator).await;
    let person =
        administrator.browser.open(&format!("/administration/people/{}", disabled.id.as_str())).await;
    administrator.browser.press(&person, "Disable the account", &[]).await;
    let browsers = [
        (Stranger, app.browser()),
        (Owner, owner.browser),
        (Colleague, colleague.browser),
        (Elsewhere, elsewhere.browser),
        (Removed, removed.browser),
        (Disabled, disabled.browser),
        (Educator, educator.browser),
        (OtherEducator, other_educator.browser),
        (Manager, manager.browser),
        (Both, both.browser),
        (Administrator, administrator.browser),
    ];
    World { browsers: browsers.into(), things, others }
}

/// What an answer shows of whether the thing exists: everything but the request's own id, and the address that was
/// asked for, which a page that asks to sign in leads back to.
fn shape(page: &Page, asked: &str) -> (u16, Vec<String>, String) {
    let names = page.headers().keys().map(ToString::to_string).collect();
    (page.status.as_u16(), names, page.text().replace(asked, "…"))
}

fn check(expected: Expected, page: &Page, what: &str) {
    let status = page.status.as_u16();
    match expected {
        Expected::Allowed => {
            let refused = matches!(status, 401 | 403 | 404 | 405) || status >= 500;
            assert!(!refused, "{what} gets {status}");
        }
        Expected::SignIn => assert_eq!(status, 401, "{what}"),
        Expected::ForNurses => assert_eq!(status, 403, "{what}"),
        Expected::Missing => assert_eq!(status, 404, "{what}"),
    }
}

/// Addresses whose form takes effect even when it is empty.
const TAKE_EFFECT: [&str; 18] = [
    "/sign-out",
    "/me/delete",
    "/me/device",
    "/me/groups/{seat}",
    "/me/comments/{comment}/read",
    "/account/sessions/all",
    "/administration/people/{staff}/rights",
    "/administration/people/{staff}/second-step",
    "/administration/cohorts/{cohort}/educator",
    "/administration/invitations/{link}/withdraw",
    "/cohorts/{cohort}/join",
    "/cohorts/{cohort}/people/confirm",
    "/cohorts/{cohort}/people/{seat}/remove",
    "/cohorts/{cohort}/assignments/{assignment}/withdraw",
    "/cohorts/{cohort}/settings/archive",
    "/cohorts/{cohort}/settings/reopen",
    "/cohorts/{cohort}/staff/invitations/{link}/withdraw",
    "/cohorts/{cohort}/staff/{staff}/end",
];

/// How many rows there are that somebody who is kept out must not add to or take from. A look that is refused leaves
/// no trace in the audit log either.
async fn rows(app: &TestApp) -> i64 {
    app.number(
        "SELECT (SELECT COUNT(*) FROM audit) * 1000003 + (SELECT COUNT(*) FROM attempts) * 10007
            + (SELECT COUNT(*) FROM responses) * 5003 + (SELECT COUNT(*) FROM comments) * 2003
            + (SELECT COUNT(*) FROM comment_answers) * 1009 + (SELECT COUNT(*) FROM seats) * 503
            + (SELECT COUNT(*) FROM assignments) * 251 + (SELECT COUNT(*) FROM cohorts) * 127
            + (SELECT COUNT(*) FROM memberships) * 61 + (SELECT COUNT(*) FROM samples) * 31
            + (SELECT COUNT(*) FROM links) * 17 + (SELECT COUNT(*) FROM sessions) * 7 + (SELECT COUNT(*) FROM staff)",
    )
    .await
}

#[test]
fn every_route_is_in_the_matrix_and_states_who_may_use_it() {
    let mut known: BTreeMap<&str, Who> = BTreeMap::new();
    for (who, addresses) in ROWS {
        for address in addresses {
            assert!(known.insert(address, who).is_none(), "{address} stands twice");
        }
    }
    let mut there = 0;
    for route in routes() {
        let name = format!("{} {}", route.method, route.path);
        let who = known.get(name.as_str()).unwrap_or_else(|| panic!("{name} has no row in this test"));
        assert_eq!(*who, route.who, "{name}");
        there += 1;
    }
    assert_eq!(there, known.len(), "a row of this test has no route");
}

#[tokio::test]
async fn whoever_may_not_is_kept_out_and_cannot_tell_what_is_there() {
    let app = TestApp::new().await;
    let world = world(&app).await;
    let before = rows(&app).await;
    let (mut cells, mut kept_out) = (0, 0);
    for route in routes() {
        for actor in ACTORS {
            let expected = expected(route.who, actor, route.path);
            if expected == Expected::Allowed {
                continue;
            }
            let what = format!("{actor:?} at {} {}", route.method, route.path);
            let there = world.things.address(route.path);
            let page = world.ask(actor, &route.method, (route.path, &there)).await;
            check(expected, &page, &what);
            cells += 1;
            kept_out += 1;
            let owned = OWNED.into_iter().filter(|name| route.path.contains(&format!("{{{name}}}")));
            for name in owned {
                let nothing = world.things.with(name, NOTHING).address(route.path);
                let none = world.ask(actor, &route.method, (route.path, &nothing)).await;
                let (is_there, is_not) = (shape(&page, &there), shape(&none, &nothing));
                assert_eq!(is_there, is_not, "{what}: something that is there and something that is not");
                cells += 1;
            }
        }
    }
    assert_eq!(rows(&app).await, before, "nobody who was kept out has changed or left anything");
    assert!(kept_out > 900 && cells > 1800, "{kept_out} kept out, {cells} cells in all");
}

#[tokio::test]
async fn a_child_of_another_cohort_is_not_there() {
    let app = TestApp::new().await;
    let world = world(&app).await;
    let before = rows(&app).await;
    let mut cells = 0;
    for route in routes() {
        if !route.path.starts_with("/cohorts/{cohort}/") {
            continue;
        }
        for child in ["seat", "attempt", "assignment", "comment", "link"] {
            if !route.path.contains(&format!("{{{child}}}")) {
                continue;
            }
            let foreign = world.things.with(child, &world.others.by_name[child]).address(route.path);
            let nothing = world.things.with(child, NOTHING).address(route.path);
            let what = format!("{} {} with another cohort's {child}", route.method, route.path);
            let page = world.ask(Educator, &route.method, (route.path, &foreign)).await;
            let none = world.ask(Educator, &route.method, (route.path, &nothing)).await;
            assert_eq!(shape(&page, &foreign), shape(&none, &nothing), "{what}");
            let refused = matches!(page.status.as_u16(), 400 | 404 | 422);
            assert!(refused, "{what} gets {}", page.status);
            cells += 1;
        }
    }
    assert_eq!(rows(&app).await, before, "nothing of another cohort was touched");
    assert!(cells >= 15, "{cells} cells");
}

#[tokio::test]
async fn whoever_may_is_let_in() {
    let app = TestApp::new().await;
    let world = world(&app).await;
    let mut cells = 0;
    let harmless = |method: &Method, path: &str| *method == Method::GET || !TAKE_EFFECT.contains(&path);
    for route in routes().into_iter().filter(|route| harmless(&route.method, route.path)) {
        for actor in ACTORS {
            if expected(route.who, actor, route.path) != Expected::Allowed {
                continue;
            }
            let page = world.ask(actor, &route.method, (route.path, &world.things.address(route.path))).await;
            let what = format!("{actor:?} at {} {}", route.method, route.path);
            // What opens with a secret that nobody has tells nobody whether it exists.
            if route.who == Who::Anyone || route.path.contains("{token}") {
                assert!(!page.status.is_server_error() && page.status != 401, "{what} gets {}", page.status);
            } else {
                check(Expected::Allowed, &page, &what);
            }
            cells += 1;
        }
    }
    assert!(cells > 400, "{cells} cells");
}

#[tokio::test]
async fn what_takes_effect_does_so_for_whoever_may() {
    for path in TAKE_EFFECT {
        let app = TestApp::new().await;
        let world = world(&app).await;
        let route = routes().into_iter().find(|route| route.method == Method::POST && route.path == path);
        let route = route.unwrap_or_else(|| panic!("{path} is not an address of ours"));
        let may = ACTORS
            .into_iter()
            .find(|actor| *actor != Stranger && expected(route.who, *actor, path) == Expected::Allowed);
        let actor = may.unwrap_or_else(|| panic!("nobody may use {path}"));
        let page = world.ask(actor, &route.method, (path, &world.things.address(path))).await;
        check(Expected::Allowed, &page, &format!("{actor:?} at {path}"));
    }
}

//! Every address, for everyone who may ask, with everything that may be asked for: the router is made of one table,
//! and so is this test. A route without a row in `ROWS` fails it. Prints how many cells it looked at.

use std::collections::BTreeMap;

use axum::http::Method;
use warmly::accounts::Role;
use warmly::app::routes;
use warmly::cohorts::{AssignmentId, CohortId};
use warmly::web::route::{Route, Who};

use crate::app::{Browser, TestApp};
use crate::cast::{Member, StaffMember};
use crate::page::Page;
use crate::people::shown_link;

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
            "GET /scenarios/{slug}/attempts",
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
            "GET /me/comments/{comment}",
            "POST /me/comments/{comment}",
            "GET /me/comments/{comment}/read",
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
            "GET /cohorts/{cohort}/comments/{comment}",
            "POST /cohorts/{cohort}/comments/{comment}",
            "GET /cohorts/{cohort}/comments/{comment}/answers",
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
            "GET /cohorts/{cohort}/people/{seat}/{attempt}/blackout",
            "POST /cohorts/{cohort}/people/{seat}/{attempt}/blackout",
            "GET /cohorts/{cohort}/people/{seat}/{attempt}/compare",
            "GET /cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments",
            "POST /cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments",
            "GET /cohorts/{cohort}/people/{seat}/{attempt}/{number}/marking",
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
    /// A nurse who came by code and was not confirmed yet: she works as the others do, and sees what they see.
    Unconfirmed,
    /// A nurse who was removed from the cohort.
    Removed,
    /// An educator of the cohort whose account was disabled while she was signed in.
    Disabled,
    Educator,
    OtherEducator,
    Manager,
    /// Educator and manager of the cohort at once.
    Both,
    /// An educator who was invited to the cohort and has not accepted.
    Invited,
    Administrator,
}

/// Whose things an address names.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Object {
    /// The owner's, in her cohort.
    Hers,
    /// A colleague's, in the same cohort.
    Colleagues,
    /// Those of another cohort.
    Foreign,
    /// Nobody's: nothing of it was ever there.
    Nothing,
}

const OBJECTS: [Object; 4] = [Object::Hers, Object::Colleagues, Object::Foreign, Object::Nothing];

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
    Administrator, Both, Colleague, Disabled, Educator, Elsewhere, Invited, Manager, OtherEducator, Owner,
    Removed, Stranger, Unconfirmed,
};

const ACTORS: [Actor; 13] = [
    Stranger,
    Owner,
    Colleague,
    Elsewhere,
    Unconfirmed,
    Removed,
    Disabled,
    Educator,
    OtherEducator,
    Manager,
    Both,
    Invited,
    Administrator,
];

impl Actor {
    const fn is_nurse(self) -> bool {
        matches!(self, Owner | Colleague | Elsewhere | Unconfirmed | Removed)
    }

    const fn is_staff(self) -> bool {
        matches!(self, Educator | OtherEducator | Manager | Both | Invited | Administrator)
    }

    /// Whether these are the things of this very nurse.
    const fn owns(self, object: Object) -> bool {
        matches!(
            (self, object),
            (Owner, Object::Hers) | (Colleague, Object::Colleagues) | (Elsewhere, Object::Foreign)
        )
    }

    /// Whether this nurse is in the cohort of these things.
    const fn is_in(self, object: Object) -> bool {
        match object {
            Object::Hers | Object::Colleagues => matches!(self, Owner | Colleague | Unconfirmed),
            Object::Foreign => matches!(self, Elsewhere),
            Object::Nothing => false,
        }
    }

    /// Whether this person teaches the cohort of these things, and is not its manager too.
    const fn teaches(self, object: Object) -> bool {
        match object {
            Object::Hers | Object::Colleagues => matches!(self, Educator),
            Object::Foreign => matches!(self, OtherEducator),
            Object::Nothing => false,
        }
    }

    /// Whether this person has any role in the cohort of these things.
    const fn has_a_role(self, object: Object) -> bool {
        self.teaches(object)
            || (matches!(object, Object::Hers | Object::Colleagues) && matches!(self, Manager | Both))
    }
}

/// What this person must get at an address with these things in it.
fn expected(who: Who, actor: Actor, path: &str, object: Object) -> Expected {
    let there = |may: bool| if may { Expected::Allowed } else { Expected::Missing };
    match who {
        Who::Nurse if actor.is_staff() => Expected::ForNurses,
        Who::Nurse if !actor.is_nurse() => Expected::SignIn,
        Who::Nurse if path.contains("{assignment}") => there(actor.is_in(object)),
        Who::Nurse if path.contains('{') => there(actor.owns(object)),
        Who::Anyone | Who::Nurse => Expected::Allowed,
        _ if !actor.is_staff() => Expected::SignIn,
        Who::Staff => Expected::Allowed,
        Who::CohortStaff => there(actor.has_a_role(object)),
        Who::Educator => there(actor.teaches(object)),
        Who::Administrator => {
            there(actor == Administrator && (object != Object::Nothing || !names_something(path)))
        }
    }
}

/// Whether an address names something that belongs to somebody.
fn names_something(path: &str) -> bool {
    OWNED.iter().any(|name| path.contains(&format!("{{{name}}}")))
}

/// The things to ask for at an address: all kinds where it names any.
fn objects(path: &str) -> &'static [Object] {
    if names_something(path) { &OBJECTS } else { &OBJECTS[..1] }
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
const OWNED: [&str; 8] = ["cohort", "seat", "attempt", "assignment", "comment", "id", "staff", "link"];

const NOTHING: &str = "01234567-89ab-7def-8123-456789abcdef";

const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What is sent where a form is read before what it is about is looked for; elsewhere nothing.
fn form<'a>(path: &str, things: &'a Things) -> Vec<(&'static str, &'a str)> {
    match path {
        "/administration/people/{staff}/rights" => vec![("change", "educator")],
        "/assignments/{assignment}/attempts" | "/administration/people/{staff}/reset" => {
            vec![("token", TOKEN)]
        }
        "/me/comments/{comment}" => vec![("token", TOKEN), ("text", "Thank you.")],
        "/cohorts/{cohort}/scenarios/{slug}/{turn}/samples" => {
            vec![("take", things.by_name["answer"].as_str())]
        }
        "/cohorts/{cohort}/people/{seat}/{attempt}/blackout" => {
            vec![("token", TOKEN), ("text", "Nobody said this.")]
        }
        _ => Vec::new(),
    }
}

/// Everybody, each with a browser of her own, and everybody's things.
struct World<'a> {
    browsers: BTreeMap<Actor, Browser<'a>>,
    /// The things of the owner, in her cohort.
    things: Things,
    /// A colleague's.
    colleagues: Things,
    /// The same kinds of things in another cohort.
    others: Things,
    /// The same names of nothing at all.
    nothing: Things,
}

impl World<'_> {
    const fn of(&self, object: Object) -> &Things {
        match object {
            Object::Hers => &self.things,
            Object::Colleagues => &self.colleagues,
            Object::Foreign => &self.others,
            Object::Nothing => &self.nothing,
        }
    }

    /// Asks for an address with these things in it, with what of them its form names.
    async fn ask_for(&self, actor: Actor, route: &Route, object: Object) -> Page {
        let things = self.of(object);
        self.send(actor, &route.method, &things.address(route.path), &form(route.path, things)).await
    }

    async fn ask(&self, actor: Actor, method: &Method, (path, address): (&str, &str)) -> Page {
        self.send(actor, method, address, &form(path, &self.things)).await
    }

    async fn send(&self, actor: Actor, method: &Method, address: &str, fields: &[(&str, &str)]) -> Page {
        let browser = &self.browsers[&actor];
        let before = browser.cookies.borrow().clone();
        let page = match *method {
            Method::GET => browser.get(address).await,
            _ => browser.post(address, fields).await,
        };
        browser.cookies.replace(before);
        page
    }
}

/// Work that a nurse of a cohort finished, and what her educator said about it: attempt and comment.
async fn work(
    app: &TestApp,
    educator: &StaffMember<'_>,
    nurse: &Member<'_>,
    (cohort, assignment): (&CohortId, &AssignmentId),
) -> (String, String) {
    let turns = [("Um.", "replytext one"), ("", "replytext four"), ("Call.", "replytext eight")];
    let attempt = app.worked(nurse, assignment, "garden-gate", &turns).await;
    let address = format!("/cohorts/{}/people/{}/{attempt}", cohort.as_str(), nurse.seat.as_str());
    let transcript = educator.browser.open(&address).await;
    let release = transcript.all("button").into_iter().find(|words| words.starts_with("Release to"));
    educator.browser.press(&transcript, &release.expect("a button"), &[("text", "I noticed.")]).await;
    (attempt, app.column("SELECT id FROM comments ORDER BY id DESC").await.remove(0))
}

/// A cohort with its educator, a nurse of it who finished what was assigned, and what was said about that.
async fn cohort_with_work<'a>(app: &'a TestApp, name: &str) -> (StaffMember<'a>, Member<'a>, Things) {
    let educator = app.educator(&format!("Educator of {name}")).await;
    let cohort = app.cohort(&educator, name).await;
    let nurse = app.member(&cohort, &format!("Nurse of {name}")).await;
    let assignment = app.assign(&cohort, &educator, "garden-gate").await;
    let (attempt, comment) = work(app, &educator, &nurse, (&cohort, &assignment)).await;
    let invite = educator.browser.open(&format!("/cohorts/{}/staff", cohort.as_str())).await;
    educator.browser.press(&invite, "Make the link", &[("role", "educator"), ("note", "a colleague")]).await;
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
    let cohort = CohortId::read(&things.by_name["cohort"]).expect("an id");
    let assignment = AssignmentId::read(&things.by_name["assignment"]).expect("an id");
    let (colleague, removed) = (app.member(&cohort, "Bea").await, app.member(&cohort, "Dora").await);
    let (attempt, comment) = work(app, &educator, &colleague, (&cohort, &assignment)).await;
    let colleagues = things.with("seat", colleague.seat.as_str()).with("comment", &comment);
    let colleagues = colleagues.with("attempt", &attempt).with("id", &attempt);
    let unconfirmed = app.member(&cohort, "Uma").await;
    app.alter("UPDATE seats SET came_by = 'code', confirmed_at = NULL WHERE name = 'Uma'").await;
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
    let invited = app.educator("Ines").await;
    let staff = educator.browser.open(&format!("/cohorts/{}/staff", cohort.as_str())).await;
    let fields = [("role", "educator"), ("note", "Ines")];
    let link = shown_link(&educator.browser.press(&staff, "Make the link", &fields).await);
    assert_eq!(invited.browser.open(&link).await.status, 200, "she has looked at her invitation");
    let browsers = [
        (Stranger, app.browser()),
        (Owner, owner.browser),
        (Colleague, colleague.browser),
        (Elsewhere, elsewhere.browser),
        (Unconfirmed, unconfirmed.browser),
        (Removed, removed.browser),
        (Disabled, disabled.browser),
        (Educator, educator.browser),
        (OtherEducator, other_educator.browser),
        (Manager, manager.browser),
        (Both, both.browser),
        (Invited, invited.browser),
        (Administrator, administrator.browser),
    ];
    let nothing = OWNED.iter().fold(things.with("turn", "lift"), |all, name| all.with(name, NOTHING));
    World { browsers: browsers.into(), things, colleagues, others, nothing }
}

/// What an answer shows of whether the thing exists: everything but the request's own id, and the address that was
/// asked for, which a page that asks to sign in leads back to.
fn shape(page: &Page, asked: &str) -> (u16, Vec<String>, String) {
    let told = page.headers().iter().filter(|(name, _)| !["x-request-id", "date"].contains(&name.as_str()));
    let told = told.map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())));
    (page.status.as_u16(), told.collect(), page.text().replace(asked, "…"))
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
            let mut refused: Option<(u16, Vec<String>, String)> = None;
            // What was never there comes last: everything refused before must look like it.
            for object in objects(route.path).iter().copied() {
                let expected = expected(route.who, actor, route.path, object);
                if expected == Expected::Allowed {
                    continue;
                }
                let what = format!("{actor:?} at {} {} ({object:?})", route.method, route.path);
                let there = world.of(object).address(route.path);
                let page = world.ask_for(actor, &route, object).await;
                check(expected, &page, &what);
                let shape = shape(&page, &there);
                let same = refused.get_or_insert_with(|| shape.clone());
                assert_eq!(*same, shape, "{what}: something that is there and something that is not");
                (cells, kept_out) = (cells + 1, kept_out + 1);
            }
            if expected(route.who, actor, route.path, Object::Hers) == Expected::Allowed {
                continue;
            }
            let there = world.things.address(route.path);
            let owned = OWNED.into_iter().filter(|name| route.path.contains(&format!("{{{name}}}")));
            for name in owned.filter(|_| route.path.matches('{').count() > 1) {
                let nothing = world.things.with(name, NOTHING).address(route.path);
                let none = world.ask(actor, &route.method, (route.path, &nothing)).await;
                let what = format!("{actor:?} at {} {} without {name}", route.method, route.path);
                assert_eq!(refused, Some(shape(&none, &nothing)), "{what}; asked for {there} before");
                cells += 1;
            }
        }
    }
    assert_eq!(rows(&app).await, before, "nobody who was kept out has changed or left anything");
    println!("authorisation matrix: {kept_out} kept out, {cells} cells refused");
    assert!(kept_out > 4_000 && cells > 4_500, "{kept_out} kept out, {cells} cells in all");
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
        let pairs =
            ACTORS.into_iter().flat_map(|actor| objects(route.path).iter().map(move |it| (actor, *it)));
        for (actor, object) in pairs {
            if expected(route.who, actor, route.path, object) != Expected::Allowed {
                continue;
            }
            let page = world.ask_for(actor, &route, object).await;
            let what = format!("{actor:?} at {} {} ({object:?})", route.method, route.path);
            // What opens with a secret that nobody has tells nobody whether it exists.
            if route.who == Who::Anyone || route.path.contains("{token}") {
                assert!(!page.status.is_server_error() && page.status != 401, "{what} gets {}", page.status);
            } else {
                check(Expected::Allowed, &page, &what);
            }
            cells += 1;
        }
    }
    println!("authorisation matrix: {cells} cells let in");
    assert!(cells > 500, "{cells} cells");
}

#[tokio::test]
async fn what_takes_effect_does_so_for_whoever_may() {
    for path in TAKE_EFFECT {
        let app = TestApp::new().await;
        let world = world(&app).await;
        let route = routes().into_iter().find(|route| route.method == Method::POST && route.path == path);
        let route = route.unwrap_or_else(|| panic!("{path} is not an address of ours"));
        let may = ACTORS.into_iter().find(|actor| {
            *actor != Stranger && expected(route.who, *actor, path, Object::Hers) == Expected::Allowed
        });
        let actor = may.unwrap_or_else(|| panic!("nobody may use {path}"));
        let page = world.ask(actor, &route.method, (path, &world.things.address(path))).await;
        check(Expected::Allowed, &page, &format!("{actor:?} at {path}"));
    }
}

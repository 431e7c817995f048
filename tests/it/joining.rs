//! Joining a group by code or by a personal link, being in it, and leaving it.

use warmly::cohorts::CohortId;

use crate::app::{Browser, TestApp, begin, server, until};
use crate::cast::{StaffMember, answer};
use crate::page::Page;
use crate::practice::finished;
use crate::writing::hold;

/// A cohort made in the browser, and its code.
async fn cohort(ruth: &StaffMember<'_>, name: &str) -> (CohortId, String) {
    let form = ruth.browser.open("/cohorts").await;
    let page = ruth.browser.press(&form, "Make a cohort", &[("name", name)]).await;
    let id = page.path.split('/').nth(2).and_then(CohortId::read).expect("an id");
    (id, page.all(".joincode").concat())
}

async fn join(nurse: &Browser<'_>, code: &str, name: &str) -> Page {
    let ask = nurse.open("/join").await;
    let group = nurse.press(&ask, "Go on", &[("code", code)]).await;
    nurse.press(&group, "Join", &[("name", name)]).await
}

#[tokio::test]
async fn a_stranger_joins_reads_first_who_sees_what_and_is_in() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let (id, code) = cohort(&ruth, "Spring residency").await;
    let nurse = app.browser();
    let ask = nurse.open("/join").await;
    let typed = format!(" {} ", code.to_lowercase().replace(' ', " - "));
    let group = nurse.press(&ask, "Go on", &[("code", &typed)]).await;
    assert_eq!(group.heading(), "Join Spring residency");
    for told in ["Ruth Reyes leads", "They will see", "They will not see", "A manager sees only", "12 months"]
    {
        assert!(group.words().contains(told), "{told}");
    }
    let page = nurse.press(&group, "Join", &[("name", " Ana\u{202E} \u{7}Okafor ")]).await;
    assert_eq!(page.heading(), "You are in");
    assert!(page.words().contains("as Ana Okafor"), "{}", page.words());
    assert!(page.link("Get a return code") == "/me/return-code");
    let roster = ruth.browser.open(&format!("/cohorts/{}/people", id.as_str())).await;
    assert!(roster.words().contains("To confirm: 1"));
    assert!(roster.words().contains("Ana Okafor"));
    let seats =
        app.number("SELECT COUNT(*) FROM seats WHERE came_by = 'code' AND confirmed_at IS NULL").await;
    assert_eq!(seats, 1);
    let again = nurse.open(&format!("/join/{}", code.replace(' ', ""))).await;
    assert_eq!(again.heading(), "You are in already");
}

#[tokio::test]
async fn the_same_form_sent_twice_joins_once() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let nurse = app.browser();
    let group = nurse.open(&format!("/join/{}", code.replace(' ', ""))).await;
    let token = group.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str()), ("name", "Ana")];
    let (one, two) = tokio::join!(nurse.post(&group.path, &fields), nurse.post(&group.path, &fields));
    assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    assert_eq!(one.location(), two.location());
    assert_eq!(one.cookies(), two.cookies(), "both answers carry her session");
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 1);
    let known = nurse.submit(&group.path, &fields).await;
    assert_eq!(known.heading(), "You are in", "the double click of somebody who is known by now");
    app.clock.advance(11_000);
    let other = app.browser();
    let late = other.post(&group.path, &fields).await;
    assert!(late.cookies().is_empty(), "an old form gives nobody her session");
    assert_eq!(late.location().as_deref(), Some(group.path.as_str()));
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 1);
}

#[tokio::test]
async fn names_may_have_80_characters_of_any_script_and_what_is_too_long_is_kept() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let address = format!("/join/{}", code.replace(' ', ""));
    for refused in ["", "   ", "\u{200B}", "…", &"ą".repeat(81)] {
        let nurse = app.browser();
        let group = nurse.open(&address).await;
        let page = nurse.press(&group, "Join", &[("name", refused), ("own_device", "1")]).await;
        assert_eq!(page.status, 422, "{refused:?}");
        assert_eq!(page.attributes("#name", "value").concat().trim(), refused.trim());
        assert_eq!(page.attributes("#own_device", "checked").len(), 1, "the box stays ticked");
        assert!(nurse.cookies.borrow().is_empty());
        let page = nurse.press(&page, "Join", &[("name", "Bea")]).await;
        assert_eq!(page.heading(), "You are in", "the page goes on from there");
    }
    for name in ["Οδυσσέας", "نرگس رضایی", "山田 花子", "ष्णा", "O’Neill-Þórsdóttir", &"ą".repeat(80)]
    {
        let nurse = app.browser();
        let group = nurse.open(&address).await;
        let page = nurse.press(&group, "Join", &[("name", name)]).await;
        assert!(page.words().contains(&format!("as {name}")), "{}", page.words());
    }
}

#[tokio::test]
async fn a_name_typed_for_a_code_that_closed_meanwhile_goes_along_to_the_next_one() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, code) = cohort(&ruth, "Spring").await;
    let nurse = app.browser();
    let group = nurse.open(&format!("/join/{}", code.replace(' ', ""))).await;
    let sheet = ruth.browser.open(&format!("/cohorts/{}/join", id.as_str())).await;
    let sheet = ruth.browser.press(&sheet, "Make a new code", &[]).await;
    let next = sheet.all(".joincode").concat();
    let closed = nurse.press(&group, "Join", &[("name", "Ana “A” Okafor"), ("own_device", "1")]).await;
    assert_eq!(closed.status, 422);
    assert!(
        closed.words().contains("Your name, Ana “A” Okafor, is kept for the next code."),
        "{}",
        closed.words()
    );
    let wrong = nurse.press(&closed, "Go on", &[("code", "O")]).await;
    assert!(wrong.words().contains("is kept for the next code."), "also after a wrong one");
    let group = nurse.press(&wrong, "Go on", &[("code", &next)]).await;
    assert_eq!((group.status.as_u16(), group.heading().as_str()), (200, "Join Spring"));
    assert_eq!(group.attributes("#name", "value"), ["Ana “A” Okafor"]);
    assert_eq!(group.attributes("#own_device", "checked").len(), 1);
    let page = nurse.press(&group, "Join", &[]).await;
    assert_eq!(page.heading(), "You are in");
    let (odd, other) = (app.browser(), app.browser());
    let typed = [("code", next.as_str()), ("name", "\u{202E}"), ("own_device", "1")];
    let group = odd.post("/join", &typed).await;
    assert_eq!(group.attributes("#name", "value").concat(), "", "that is nobody's name");
    assert_eq!(group.attributes("#own_device", "checked").len(), 1, "the tick goes along alone");
    let plain = other.post("/join", &typed[..1]).await;
    assert_eq!(plain.status, 303, "with nothing typed there is nothing to keep");
    let again = nurse.press(&wrong, "Go on", &[("code", &next)]).await;
    assert_eq!(again.heading(), "You are in already", "the page before, sent again");
}

#[tokio::test]
async fn codes_that_open_nothing_all_sound_the_same() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, expired) = cohort(&ruth, "Old").await;
    app.clock.advance(30 * 24 * 60 * 60 * 1000 + 1);
    let ruth = app.educator("Ruth Two").await;
    let (id, archived) = cohort(&ruth, "Over").await;
    let settings = ruth.browser.open(&format!("/cohorts/{}/settings", id.as_str())).await;
    ruth.browser.press(&settings, "Archive Over", &[]).await;
    let nurse = app.browser();
    let ask = nurse.open("/join").await;
    for typed in [expired.as_str(), &archived, "K7M 2QD", "K7M/2Q"] {
        let page = nurse.press(&ask, "Go on", &[("code", typed)]).await;
        assert_eq!(page.status, 422, "{typed}");
        assert_eq!(page.attributes("#code", "value").concat(), typed, "what was typed is kept");
        let said = page.all(".err").concat();
        assert_eq!(
            said,
            format!("{typed} isn’t open right now. Check it against the screen, or ask for a new one")
        );
        if typed.len() == 7 {
            let address = format!("/join/{}", typed.replace(' ', ""));
            let page = nurse.get(&address).await;
            assert_eq!((page.status.as_u16(), page.heading().as_str()), (404, "Join your group"));
            let fields = [("token", "c".repeat(64)), ("name", "Ana".to_owned())];
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(nurse.post(&address, &fields).await.status, 422);
        }
    }
    for typed in ["K7M2", "nonsense that is long"] {
        let page = nurse.press(&ask, "Go on", &[("code", typed)]).await;
        assert_eq!(page.attributes("#code", "value").concat(), typed, "what was typed is kept");
        assert!(page.all(".err").concat().contains("A code has six letters and numbers"));
    }
    let alike = nurse.press(&ask, "Go on", &[("code", "K7M 2O0")]).await;
    assert!(alike.all(".err").concat().contains("no letter O or I"));
    assert!(nurse.press(&ask, "Go on", &[("code", "")]).await.all(".err").concat().contains("Type the code"));
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 0);
}

#[tokio::test]
async fn too_many_codes_are_slowed_also_where_the_address_is_typed_and_then_forgotten() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let nurse = app.browser();
    for _ in 0..40 {
        assert_eq!(
            nurse.get(&format!("/join/{}", code.replace(' ', ""))).await.status,
            200,
            "right ones don’t count"
        );
    }
    for _ in 0..30 {
        assert_eq!(nurse.post("/join", &[("code", "222222")]).await.status, 422);
        assert_eq!(nurse.get("/join/222222").await.status, 404);
    }
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    let slowed = nurse.post("/join", &[("code", &code)]).await;
    assert_eq!(slowed.status, 429, "also for the right code: nothing is told");
    assert!(slowed.words().contains("Wait a quarter of an hour"));
    assert_eq!(nurse.get(&format!("/join/{}", code.replace(' ', ""))).await.status, 429);
    app.clock.advance(15 * 60 * 1000 + 1);
    assert_eq!(nurse.post("/join", &[("code", &code)]).await.status, 303);
}

#[tokio::test]
async fn whoever_tried_too_many_codes_stands_in_nobodys_line() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    for _ in 0..60 {
        assert_eq!(nurse.get("/join/222222").await.status, 404);
    }
    let line = app.column("SELECT bucket FROM tries").await.concat();
    let _held = app.app.lines.wait(&line).await.expect("nobody stands there");
    assert_eq!(nurse.get("/join/222222").await.status, 429);
}

#[tokio::test]
async fn of_many_codes_tried_at_once_no_right_one_slips_in_between() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let nurse = app.browser();
    let right = format!("/join/{}", code.replace(' ', ""));
    let addresses = std::iter::repeat_n("/join/222222", 70).chain(std::iter::repeat_n(right.as_str(), 5));
    let tried = futures_util::future::join_all(addresses.map(|address| nurse.get(address))).await;
    let of = |status: u16| tried.iter().filter(|page| page.status == status).count();
    assert_eq!((of(404), of(429), of(200)), (60, 15, 0));
}

#[tokio::test]
async fn whoever_waits_behind_a_wrong_code_that_cannot_be_counted_is_told_to_come_again() {
    if server().is_some() {
        return; // Nobody waits there for somebody else's write.
    }
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let right = format!("/join/{}", code.replace(' ', ""));
    let (door, held) = hold(&app).await;
    let nurse = app.browser();
    let wrong = nurse.get("/join/222222");
    let told = async {
        until(|| app.app.db.counts().waiting() >= 2).await;
        let told = app.browser().get(&right).await;
        door.add_permits(1);
        told
    };
    let (wrong, told) = tokio::join!(wrong, told);
    assert_eq!((told.status.as_u16(), wrong.status.as_u16()), (503, 404));
    assert!(told.words().contains("Wait half a minute"), "{}", told.words());
    held.await.expect("ended").expect("written");
    assert_eq!(nurse.get(&right).await.status, 200);
}

#[tokio::test]
async fn the_page_of_a_right_code_is_shown_also_where_nothing_can_be_stored() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let address = format!("/join/{}", code.replace(' ', ""));
    app.alter(match crate::app::server() {
        None => "CREATE TRIGGER shut BEFORE INSERT ON tries BEGIN SELECT RAISE(ABORT, 'no room'); END",
        Some(_) => "ALTER TABLE tries ADD CONSTRAINT shut CHECK (count < 0)",
    })
    .await;
    let nurse = app.browser();
    let page = nurse.get(&address).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (200, "Join Spring"), "{}", page.words());
    assert_eq!(nurse.post("/join", &[("code", &code)]).await.location(), Some(address));
    let wrong = nurse.get("/join/222222").await;
    assert!(wrong.status.is_server_error(), "a guess that can’t be counted is told nothing");
}

#[tokio::test]
async fn practice_stays_private_when_she_joins() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, code) = cohort(&ruth, "Spring").await;
    let (nurse, _) = finished(&app).await;
    let page = nurse.open(&format!("/join/{}", code.replace(' ', ""))).await;
    assert!(page.words().contains("What you have practiced in this browser stays yours"));
    assert!(page.words().contains("Sign out first"), "somebody else may sit here now");
    assert!(page.attributes("#own_device", "id").is_empty());
    nurse.press(&page, "Join", &[("name", "Ana")]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 1, "she is the nurse she was");
    let kept = "SELECT COUNT(*) FROM attempts WHERE purpose = 'practice' AND seat_id IS NULL AND assignment_id IS NULL";
    assert_eq!(app.number(kept).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 0);
    let assignments = ruth.browser.open(&format!("/cohorts/{}/assignments", id.as_str())).await;
    assert!(assignments.words().contains("Nothing is set"));
}

#[tokio::test]
async fn a_nurse_is_in_two_cohorts_leaves_one_and_comes_back_to_her_seat() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (spring, code) = cohort(&ruth, "Spring").await;
    let (_, other) = cohort(&ruth, "Fall").await;
    let nurse = app.browser();
    let joined = join(&nurse, &code, "Ana").await;
    join(&nurse, &other, "Anna O.").await;
    assert_eq!(app.number("SELECT COUNT(DISTINCT nurse_id) FROM seats").await, 1);
    let group = joined.path.trim_end_matches("/joined").to_owned();
    let page = nurse.open(&group).await;
    assert!(page.words().contains("stays with Ruth"), "{}", page.words());
    let left = nurse.press(&page, "Leave this group", &[]).await;
    assert_eq!(left.heading(), "You left Spring");
    let noted = "SELECT COUNT(*) FROM audit WHERE what = 'seat-left'";
    assert_eq!(app.number(noted).await, 1, "by the first of two");
    nurse.press(&page, "Leave this group", &[]).await;
    assert_eq!(app.number(noted).await, 1);
    let roster = ruth.browser.open(&format!("/cohorts/{}/people", spring.as_str())).await;
    assert!(roster.words().contains("1 not in anymore"));
    let back = join(&nurse, &code, "Ana Maria").await;
    assert_eq!(back.path, joined.path, "the same seat");
    assert!(back.words().contains("as Ana Maria"));
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 2);
    let stranger = begin(&app, "garden-gate").await.0;
    assert_eq!(stranger.get(&group).await.status, 404, "another nurse’s group");
    assert_eq!(stranger.post(&group, &[]).await.status, 404);
    assert_eq!(stranger.get(&joined.path).await.status, 404);
}

#[tokio::test]
async fn a_page_never_tells_who_else_is_in_the_group() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    join(&app.browser(), &code, "Priya Nair").await;
    let second = app.browser();
    let group = second.open(&format!("/join/{}", code.replace(' ', ""))).await;
    assert!(!group.words().contains("Priya"));
    let page = second.press(&group, "Join", &[("name", "Priya Nair")]).await;
    assert_eq!(page.heading(), "You are in");
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 2);
}

#[tokio::test]
async fn staff_are_told_that_joining_is_for_nurses() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (_, code) = cohort(&ruth, "Spring").await;
    let address = format!("/join/{}", code.replace(' ', ""));
    let page = ruth.browser.get(&address).await;
    assert_eq!((page.status.as_u16(), page.heading().as_str()), (403, "Joining is for nurses"));
    let token = "d".repeat(64);
    assert_eq!(ruth.browser.post(&address, &[("token", &token), ("name", "Ruth")]).await.status, 403);
    assert_eq!(ruth.browser.get("/seats/0123").await.status, 403);
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 0);
}

/// A roster with one waiting nurse, and the path of her personal link.
pub(crate) async fn link(ruth: &StaffMember<'_>, cohort: &CohortId, seat_name: &str) -> String {
    let people = ruth.browser.open(&format!("/cohorts/{}/people", cohort.as_str())).await;
    let page = if people.text().contains(seat_name) {
        people
    } else {
        ruth.browser.press(&people, "Add this nurse", &[("name", seat_name)]).await
    };
    let edit = page.link(&format!("Change : {seat_name}"));
    let edit = ruth.browser.open(&edit).await;
    let links = ruth.browser.press(&edit, "Make a link", &[]).await;
    let link = links.all(".return-code").concat();
    assert!(links.words().contains("until April 1, 2026"), "{}", links.words());
    link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link")
}

#[tokio::test]
async fn a_personal_link_opens_her_place_once() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, _) = cohort(&ruth, "Spring").await;
    let old = link(&ruth, &id, "Ana Okafor").await;
    let link = link(&ruth, &id, "Ana Okafor").await;
    let nurse = app.browser();
    assert_eq!(nurse.get(&old).await.status, 404, "a new link closes the one before");
    let page = nurse.open(&link).await;
    assert!(page.words().contains("This link is for Ana Okafor"));
    let token = page.attributes("input[name=token]", "value").concat();
    let fields = [("token", token.as_str())];
    let (one, two) = tokio::join!(nurse.post(&link, &fields), nurse.post(&link, &fields));
    assert_eq!(one.location(), two.location(), "a double click");
    let joined = nurse.open(&one.location().expect("in")).await;
    assert_eq!(joined.heading(), "You are in");
    let stranger = app.browser();
    let closed = stranger.get(&link).await;
    assert_eq!((closed.status.as_u16(), closed.heading().as_str()), (404, "This link is closed"));
    let other = "e".repeat(64);
    assert_eq!(stranger.post(&link, &[("token", &other)]).await.status, 404);
    let confirmed = app.number("SELECT COUNT(*) FROM seats WHERE confirmed_at IS NOT NULL").await;
    assert_eq!(confirmed, 1, "who comes by her link needs no confirming");
    let stored = app.column("SELECT link_hash FROM seats").await.concat();
    assert!(!link.contains(&stored));
}

#[tokio::test]
async fn a_form_for_links_that_is_sent_again_opens_no_link_anew() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, _) = cohort(&ruth, "Spring").await;
    let people = format!("/cohorts/{}/people", id.as_str());
    for name in ["Ana", "Bea", "Cleo"] {
        let page = ruth.browser.open(&people).await;
        ruth.browser.press(&page, "Add this nurse", &[("name", name)]).await;
    }
    let shown = |page: &Page| page.all(".return-code");
    let path = |page: &Page| {
        let link = shown(page).concat();
        link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link")
    };
    let edit = ruth.browser.open(&people).await.link("Change : Ana");
    let (older, newer) = (ruth.browser.open(&edit).await, ruth.browser.open(&edit).await);
    let first = ruth.browser.press(&older, "Make a link", &[]).await;
    app.clock.advance(24 * 60 * 60 * 1000);
    app.alter(
        "UPDATE sessions SET created_at = created_at + 86400000, last_seen_at = last_seen_at + 86400000",
    )
    .await;
    let twice = ruth.browser.press(&older, "Make a link", &[]).await;
    assert_eq!(shown(&first), shown(&twice), "the same form shows the same link");
    assert!(
        twice.words().contains("until April 1, 2026"),
        "and until when it really opens: {}",
        twice.words()
    );
    let second = ruth.browser.press(&newer, "Make a link", &[]).await;
    let back = ruth.browser.press(&older, "Make a link", &[]).await;
    assert_eq!((back.status.as_u16(), back.heading().as_str()), (409, "This link is closed"));
    assert!(shown(&back).is_empty() && back.words().contains("a newer one was made"), "{}", back.words());
    let (nurse, stranger) = (app.browser(), app.browser());
    assert_eq!(nurse.get(&path(&first)).await.status, 404);
    let page = nurse.open(&path(&second)).await;
    nurse.press(&page, "That’s me: take my place", &[]).await;
    let used = ruth.browser.press(&newer, "Make a link", &[]).await;
    assert_eq!((used.status.as_u16(), shown(&used).len()), (409, 0), "it was used since");
    assert_eq!(stranger.get(&path(&second)).await.status, 404);
    let page = ruth.browser.open(&people).await;
    let all = ruth.browser.press(&page, "Make links for all 2", &[]).await;
    let edit = ruth.browser.open(&all.link("I have them")).await.link("Change : Cleo");
    let edit = ruth.browser.open(&edit).await;
    let newest = ruth.browser.press(&edit, "Make a link", &[]).await;
    let again = ruth.browser.press(&page, "Make links for all 2", &[]).await;
    assert_eq!((again.status.as_u16(), shown(&again)), (200, shown(&all)[..1].to_vec()), "Bea’s alone");
    assert!(again.words().contains("or a newer one was made: Cleo"), "{}", again.words());
    assert_eq!(stranger.get(&path(&newest)).await.status, 200, "the newest one is open");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'seat-link-made'").await, 5);
}

#[tokio::test]
async fn a_personal_link_closes_after_30_days_and_with_the_cohort() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, _) = cohort(&ruth, "Spring").await;
    let first = link(&ruth, &id, "Ana").await;
    let second = link(&ruth, &id, "Bea").await;
    let nurse = app.browser();
    assert_eq!(nurse.get(&second).await.status, 200);
    let settings = ruth.browser.open(&format!("/cohorts/{}/settings", id.as_str())).await;
    ruth.browser.press(&settings, "Archive Spring", &[]).await;
    ruth.browser.press(&ruth.browser.open(&settings.path).await, "Open it again", &[]).await;
    assert_eq!(nurse.get(&second).await.status, 404);
    let third = link(&ruth, &id, "Bea").await;
    assert_eq!(nurse.get(&third).await.status, 200);
    app.clock.advance(30 * 24 * 60 * 60 * 1000 + 1);
    for link in [first, second, third] {
        assert_eq!(nurse.get(&link).await.status, 404);
    }
}

#[tokio::test]
async fn a_code_and_a_personal_link_open_as_long_as_they_did_whatever_is_swept() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, _) = cohort(&ruth, "Spring").await;
    link(&ruth, &id, "Ana").await;
    let ends = "SELECT c.code_expires_at || ' ' || s.link_expires_at FROM cohorts c JOIN seats s ON s.cohort_id = c.id";
    let before = app.column(ends).await;
    assert!(before.len() == 1 && before[0].len() == 27, "{before:?}");
    for later in [60_000, 60 * 60_000, 20 * 24 * 60 * 60_000] {
        app.clock.advance(later);
        warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
        assert_eq!(app.column(ends).await, before);
    }
}

#[tokio::test]
async fn a_taken_seat_moves_with_its_assigned_work_and_nothing_else() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, _) = cohort(&ruth, "Spring").await;
    let ana = app.member(&id, "Ana").await;
    let gate = app.assign(&id, &ruth, "garden-gate").await;
    let turns = [("Not today.", "replytext three"), ("", "replytext six"), ("No.", "replytext eight")];
    let attempt = app.worked(&ana, &gate, "garden-gate", &turns).await;
    let looking = ana.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let written = [("feeling", "secretfeeling"), ("if_asked", "asked"), ("then_say", "secretsentence")];
    ana.browser.press(&looking, "Save", &written).await;
    let first = ana.browser.open(&format!("/attempts/{attempt}/1/answer")).await;
    ana.browser.press(&first, "Go on", &[("place", "blurs")]).await;
    let placed = "SELECT COUNT(*) FROM placements";
    assert_eq!(app.number(placed).await, 1);
    let prebrief = ana.browser.open("/scenarios/garden-gate").await;
    let practice = ana.browser.press(&prebrief, "Begin", &[]).await;
    assert!(practice.path.contains("/attempts/"), "{}", practice.path);
    let link = link(&ruth, &id, "Ana").await;
    let phone = app.browser();
    let page = phone.open(&link).await;
    assert!(page.words().contains("Somebody has used this place before"));
    phone.press(&page, "That’s me: take my place", &[]).await;
    assert_eq!(
        phone.get(&format!("/attempts/{attempt}/looking-back")).await.status,
        200,
        "the work is hers now"
    );
    let hers = phone.open(&format!("/attempts/{attempt}/looking-back")).await.text();
    assert!(!hers.contains("secretfeeling") && !hers.contains("secretsentence"));
    assert_eq!(app.number(placed).await, 0, "where she put her own words was hers alone");
    assert!(!phone.open("/me/card").await.text().contains("secretsentence"));
    assert_eq!(phone.get(&practice.path).await.status, 404, "practice stays where it was");
    assert_eq!(ana.browser.get(&format!("/attempts/{attempt}/looking-back")).await.status, 404);
    assert_eq!(ana.browser.get(&practice.path).await.status, 200);
    each_keeps_her_own_words(&app, &ana.browser, &phone, &attempt).await;
    let claimed =
        app.column("SELECT nurse_id FROM audit WHERE what = 'seat-claimed' ORDER BY nurse_id").await;
    assert_eq!(claimed.len(), 2, "noted for the new nurse and for the former one");
    assert!(claimed.contains(&ana.nurse_id));
}

/// Whoever took the place over looks back herself; what the one before her wrote is still hers, to read, to take along
/// and to delete.
async fn each_keeps_her_own_words(app: &TestApp, before: &Browser<'_>, now: &Browser<'_>, attempt: &str) {
    let looking = now.open(&format!("/attempts/{attempt}/looking-back")).await;
    now.press(&looking, "Save", &[("feeling", "newfeeling"), ("then_say", "newsentence")]).await;
    let theirs = async |browser: &Browser<'_>, words: [&str; 2]| {
        for address in ["/me", "/me/card"] {
            assert!(browser.open(address).await.text().contains(words[1]), "{address}: {words:?}");
        }
        let along = browser.get("/me/practice.json").await.text();
        assert!(words.iter().all(|word| along.contains(word)), "{words:?}: {along}");
    };
    theirs(before, ["secretfeeling", "secretsentence"]).await;
    theirs(now, ["newfeeling", "newsentence"]).await;
    assert!(!now.get("/me/practice.json").await.text().contains("secret"));
    let changed = now.open(&format!("/attempts/{attempt}/looking-back")).await;
    now.press(&changed, "Save", &[("feeling", "otherfeeling")]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM reflections").await, 2, "her own is changed");
    now.post("/me/delete", &[]).await;
    theirs(before, ["secretfeeling", "secretsentence"]).await;
    assert_eq!(app.column("SELECT feeling FROM reflections").await, ["secretfeeling"]);
}

#[tokio::test]
async fn who_came_by_code_and_then_opens_her_link_has_one_place_with_all_her_work() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let (id, code) = cohort(&ruth, "Spring").await;
    let link = link(&ruth, &id, "Ana Okafor").await;
    let nurse = app.browser();
    let joined = join(&nurse, &code, "ana").await;
    let code_seat = joined.path.split('/').nth(3).expect("a seat").to_owned();
    let gate = app.assign(&id, &ruth, "garden-gate").await;
    let nurse_id = app.column("SELECT nurse_id FROM seats WHERE nurse_id IS NOT NULL").await.concat();
    let member = crate::cast::Member {
        nurse_id,
        seat: warmly::cohorts::SeatId::read(&code_seat).expect("an id"),
        browser: nurse,
    };
    let attempt = app.started(&member, &gate, "garden-gate").await;
    answer(&member.browser, &attempt, "Hm.", "replytext three").await;
    let page = member.browser.open(&link).await;
    member.browser.press(&page, "That’s me: take my place", &[]).await;
    assert_eq!(app.column("SELECT name FROM seats").await, ["Ana Okafor"]);
    let seat = "SELECT s.name FROM attempts a JOIN seats s ON s.id = a.seat_id AND s.nurse_id = a.nurse_id";
    assert_eq!(app.column(seat).await, ["Ana Okafor"]);
    assert_eq!(
        member.browser.open(&format!("/attempts/{attempt}")).await.status,
        200,
        "she goes on where she was"
    );
}

#[tokio::test]
async fn only_so_many_are_counted_in_any_quarter_of_an_hour() {
    const QUARTER: i64 = 15 * 60 * 1000;
    let app = TestApp::new().await;
    let count = async |now: i64| {
        let counting = app.app.db.write(move |conn| {
            Box::pin(async move { warmly::accounts::tries::count_one(conn, "here", 2, now).await })
        });
        counting.await.expect("counted")
    };
    let noon = app.clock.now();
    for begun in [noon, noon + QUARTER + 1, noon + 9 * QUARTER] {
        assert_eq!((count(begun).await, count(begun + 1).await), (None, None));
        assert_eq!(count(begun + 2).await, Some(begun + QUARTER), "until the first of them counts no longer");
        assert_eq!(count(begun + QUARTER - 1).await, Some(begun + QUARTER));
    }
}

//! What attackers try: a stranger with a copied link, somebody whose right has ended, two requests in one moment.

use axum::body::Body;
use axum::extract::FromRequestParts as _;
use axum::http::{Request, header};
use futures_util::future::join_all;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use warmly::accounts::Role;
use warmly::accounts::admit::accept;
use warmly::accounts::changes::{Change, LinkWanted, appoint_oneself, change, make_link, withdraw};
use warmly::accounts::link::{Gives, LinkKind};
use warmly::accounts::oversee;
use warmly::accounts::own::{end_other_sessions, end_session, rename};
use warmly::accounts::staff::Staff;
use warmly::web::Error;

use crate::app::{Browser, TestApp};
use crate::cast::{StaffMember, answer};
use crate::map::{Ward, ward};
use crate::page::Page;
use crate::people::{PASSWORD, set_up, shown_link};

const A_WEEK: i64 = 7 * 24 * 60 * 60 * 1000 + 1;

/// Makes a personal link to a seat; its path.
pub(crate) async fn seat_link(educator: &StaffMember<'_>, ward: &Ward<'_>, nurse: usize) -> String {
    let seat = ward.nurses[nurse].0.seat.as_str();
    let edit = educator.browser.open(&ward.at(&format!("/people/{seat}/edit"))).await;
    let links = educator.browser.press(&edit, "Make a link", &[]).await;
    let link = links.all(".return-code").concat();
    link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link")
}

/// Another educator of a ward.
pub(crate) async fn colleague<'a>(app: &'a TestApp, ward: &Ward<'_>, name: &str) -> StaffMember<'a> {
    let staff = app.educator(name).await;
    app.give_role(&ward.cohort, &staff, Role::Educator).await;
    staff
}

async fn end_role(ward: &Ward<'_>, by: &StaffMember<'_>, of: &StaffMember<'_>) {
    let address = ward.at(&format!("/staff/{}/end", of.id.as_str()));
    assert_eq!(by.browser.post(&address, &[("role", "educator")]).await.status, 303);
}

#[tokio::test]
async fn a_removed_educator_takes_no_nurses_place_with_a_link_she_kept() {
    let app = TestApp::new().await;
    let ward = ward(&app, 3).await;
    let gina = colleague(&app, &ward, "Gina Marsh").await;
    let kept = seat_link(&gina, &ward, 0).await;
    let replaced = seat_link(&gina, &ward, 1).await;
    app.clock.advance(1);
    let of_ruth = seat_link(&ward.ruth, &ward, 1).await;
    assert_eq!(app.browser().get(&kept).await.status, 200);
    end_role(&ward, &ward.ruth, &gina).await;
    assert_eq!(app.browser().get(&kept).await.status, 404);
    assert_eq!(app.browser().get(&replaced).await.status, 404);
    assert_eq!(app.browser().get(&of_ruth).await.status, 200, "links of others stay");
    let taken = app.browser().post(&kept, &[("token", &app.clock.new_token())]).await;
    assert_eq!(taken.status, 404);
}

#[tokio::test]
async fn somebody_disabled_takes_no_nurses_place_with_a_link_she_kept() {
    let app = TestApp::new().await;
    let (ada, ward) = (app.administrator("Ada").await, ward(&app, 1).await);
    let kept = seat_link(&ward.ruth, &ward, 0).await;
    let person = ada.browser.open(&format!("/administration/people/{}", ward.ruth.id.as_str())).await;
    ada.browser.press(&person, "Disable the account", &[]).await;
    assert_eq!(app.browser().get(&kept).await.status, 404);
}

#[tokio::test]
async fn of_two_who_use_a_personal_link_at_once_one_gets_the_place() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    for _ in 0..5 {
        app.clock.advance(1);
        let link = seat_link(&ward.ruth, &ward, 0).await;
        let before =
            app.number("SELECT COUNT(DISTINCT actor_id) FROM audit WHERE what = 'seat-claimed'").await;
        let (one, two) = (app.browser(), app.browser());
        let take = async |browser: &Browser<'_>| {
            browser.post(&link, &[("token", &app.clock.new_token())]).await.status.as_u16()
        };
        let (first, second) = tokio::join!(take(&one), take(&two));
        let mut statuses = [first, second];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 404]);
        let after =
            app.number("SELECT COUNT(DISTINCT actor_id) FROM audit WHERE what = 'seat-claimed'").await;
        assert_eq!(after, before + 1);
    }
}

#[tokio::test]
async fn a_place_that_is_taken_by_link_is_not_merged_away_in_the_same_moment() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let made = ruth.browser.open("/cohorts").await;
    let code_page = ruth.browser.press(&made, "Make a cohort", &[("name", "Spring")]).await;
    let code = code_page.all(".joincode").concat().replace(' ', "");
    let people = code_page.path.replace("/join", "/people");
    for number in 0..4 {
        let kept = format!("Kept {number}");
        let page = ruth.browser.open(&people).await;
        let page = ruth.browser.press(&page, "Add this nurse", &[("name", &kept)]).await;
        let edit = ruth.browser.open(&page.link(&format!("Change : {kept}"))).await;
        let into = edit.path.split('/').nth(4).expect("a seat").to_owned();
        let links = ruth.browser.press(&edit, "Make a link", &[]).await;
        let link = links.all(".return-code").concat();
        let link = link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link");
        let came = app.browser();
        let name = format!("Came {number}");
        let fields = [("token", app.clock.new_token()), ("name", name)];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let joined = came.post(&format!("/join/{code}"), &fields).await;
        let seat = joined.location().expect("in").split('/').nth(3).expect("a seat").to_owned();
        let phone = app.browser();
        let token = app.clock.new_token();
        let merge = format!("{people}/{seat}/merge");
        let (merge_fields, take_fields) = ([("into", into.as_str())], [("token", token.as_str())]);
        let (merged, claimed) =
            tokio::join!(ruth.browser.post(&merge, &merge_fields), phone.post(&link, &take_fields));
        let won = [merged.status.as_u16(), claimed.status.as_u16()];
        assert!(won == [303, 404] || won == [422, 303], "one of the two: {won:?}");
    }
}

#[tokio::test]
async fn what_is_said_in_the_moment_of_deleting_does_not_stay_on_the_nameless_answers() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    for (number, (nurse, _)) in ward.nurses.iter().enumerate() {
        let (address, token) = (ward.transcript(number), app.clock.new_token());
        let comments = format!("{address}/1/comments");
        let comment = [("token", token.as_str()), ("text", "I noticed."), ("do", "release")];
        let (marking, mark) = (format!("{address}/1/marking"), [("warm", "keeps"), ("do", "release")]);
        tokio::join!(
            ward.ruth.browser.post(&comments, &comment),
            ward.ruth.browser.post(&marking, &mark),
            nurse.browser.post("/me/delete", &[]),
        );
        let later = app.clock.new_token();
        let again = [("token", later.as_str()), ("text", "Said afterwards."), ("do", "release")];
        let afterwards = ward.ruth.browser.post(&comments, &again).await;
        assert_eq!(afterwards.status, 404, "nobody is there to be told");
        assert!(afterwards.text().contains("Said afterwards."), "what was typed is given back");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM markings").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await, 0);
}

#[tokio::test]
async fn many_guesses_of_a_join_code_at_once_are_all_counted() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let made = ruth.browser.open("/cohorts").await;
    let page = ruth.browser.press(&made, "Make a cohort", &[("name", "Spring")]).await;
    let stranger = app.browser();
    let right = page.all(".joincode").concat();
    // The right one is the last of them.
    let guesses = (2..102_u32).map(guess).chain([right.clone()]);
    let statuses = join_all(guesses.map(async |code| {
        let fields = [("code", code.as_str())];
        stranger.post("/join", &fields).await.status.as_u16()
    }))
    .await;
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 60);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 41, "the right one comes too late");
    let looked = stranger.get(&format!("/join/{}", right.replace(' ', ""))).await;
    assert_eq!(looked.status, 429);
}

fn guess(number: u32) -> String {
    let signs = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let sign = |shift: u32| char::from(signs[usize::try_from(number >> shift & 31).expect("small")]);
    format!("2222{}{}", sign(5), sign(0))
}

#[tokio::test]
async fn a_class_that_comes_in_at_once_is_no_attack() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let made = ruth.browser.open("/cohorts").await;
    let page = ruth.browser.press(&made, "Make a cohort", &[("name", "Spring")]).await;
    let code = page.all(".joincode").concat();
    let browsers: Vec<Browser<'_>> = (0..100).map(|_| app.browser()).collect();
    let fields = [("code", code.as_str())];
    let statuses = join_all(browsers.iter().map(|nurse| nurse.post("/join", &fields))).await;
    assert!(statuses.iter().all(|page| page.status == 303));
}

#[tokio::test]
async fn a_link_id_with_a_nul_in_it_is_a_link_that_is_not_there() {
    let app = TestApp::new().await;
    let (ada, ward) = (app.administrator("Ada").await, ward(&app, 0).await);
    for id in ["%00", "a%00b", "%ff", "01234567-89ab-7def-8123-456789abcdef"] {
        let address = format!("/administration/invitations/{id}/withdraw");
        assert_eq!(ada.browser.post(&address, &[]).await.status, 404, "{id}");
        let address = ward.at(&format!("/staff/invitations/{id}/withdraw"));
        assert_eq!(ward.ruth.browser.post(&address, &[]).await.status, 404, "{id}");
    }
}

#[tokio::test]
async fn a_comment_is_never_said_to_stand_where_it_does_not() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = colleague(&app, &ward, "Gina Marsh").await;
    let address = format!("{}/1/comments", ward.transcript(0));
    let token = app.clock.new_token();
    let send = async |who: &StaffMember<'_>, token: &str, text: &str| -> Page {
        who.browser.post(&address, &[("token", token), ("text", text), ("do", "release")]).await
    };
    assert_eq!(send(&gina, "", "No token.").await.status, 400);
    assert_eq!(send(&gina, &token, "The first.").await.status, 303);
    assert_eq!(send(&gina, &token, "The first.").await.status, 303, "the same again is the same");
    let another = send(&gina, &token, "The second.").await;
    assert_eq!(another.status, 422, "{}", another.words());
    assert!(another.text().contains("The second."), "what was typed is kept");
    let stolen = send(&ward.ruth, &token, "With a form of Gina’s.").await;
    assert_eq!(stolen.status, 404);
    assert!(stolen.text().contains("With a form of Gina’s."));
    assert_eq!(app.column("SELECT text FROM comments").await, ["The first."]);
    let comment = app.column("SELECT id FROM comments").await.concat();
    let under = ward.at(&format!("/comments/{comment}/answers"));
    let token = app.clock.new_token();
    let fields = |text: &'static str| [("token", token.clone()), ("text", text.to_owned())];
    for (text, status) in [("One.", 303), ("One.", 303), ("Two.", 422)] {
        let fields = fields(text);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(key, value)| (*key, value.as_str())).collect();
        assert_eq!(gina.browser.post(&under, &fields).await.status, status, "{text}");
    }
    assert_eq!(app.column("SELECT text FROM comment_answers").await, ["One."]);
}

#[tokio::test]
async fn an_educator_who_takes_a_seat_herself_learns_nothing_that_was_the_nurses_own() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, attempt) = &ward.nurses[0];
    app.alter("UPDATE responses SET sureness = 'guessing'").await;
    let prebrief = ana.browser.open("/scenarios/garden-gate").await;
    let practice = ana.browser.press(&prebrief, "Begin", &[]).await;
    let hers = practice.path.split('/').nth(2).expect("an id").to_owned();
    answer(&ana.browser, &hers, "secretpractice", "replytext three").await;
    let link = seat_link(&ward.ruth, &ward, 0).await;
    let phone = app.browser();
    let page = phone.open(&link).await;
    phone.press(&page, "That’s me: take my place", &[]).await;
    let json = phone.get("/me/practice.json").await.text();
    assert!(json.contains(attempt), "the assigned work came along");
    assert!(!json.contains("guessing") && !json.contains("secretpractice"), "{json}");
    assert_eq!(phone.get(&practice.path).await.status, 404);
    let record = ana.browser.open("/me/record").await.words();
    assert!(record.contains("Ruth Reyes made a personal link for your place"), "she can read it: {record}");
}

#[tokio::test]
async fn an_administrator_who_invites_a_second_self_is_seen_by_the_nurses() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ada = set_up(&app).await;
    let page = ada.open("/administration/invitations").await;
    let fields = [("role", "educator"), ("cohort", ward.cohort.as_str()), ("note", "me")];
    let link = shown_link(&ada.press(&page, "Make the link", &fields).await);
    let puppet = app.browser();
    let fields = [("name", "Quiet Reader"), ("email", "q@ward.example"), ("password", PASSWORD)];
    assert_eq!(puppet.post(&link, &fields).await.status, 303);
    let record = ward.nurses[0].0.browser.open("/me/record").await.words();
    assert!(record.contains("Quiet Reader became an educator of Spring residency"), "{record}");
}

#[tokio::test]
async fn two_counts_of_practice_never_tell_what_one_nurse_did() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    app.alter("UPDATE sessions SET own_device = TRUE").await;
    let counted = "SELECT nurses * 1000 + times FROM practice_counts";
    let practice = async |nurse: usize| {
        let browser = &ward.nurses[nurse].0.browser;
        app.clock.advance(1);
        browser.post("/scenarios/garden-gate/attempts", &[("token", &app.clock.new_token())]).await;
    };
    let count = async || {
        app.clock.advance(A_WEEK);
        warmly::review::sweep::sweep(&app.app).await.expect("a count");
        app.number(counted).await
    };
    for nurse in 0..5 {
        practice(nurse).await;
    }
    assert_eq!(count().await, 5_005);
    practice(5).await;
    practice(5).await;
    assert_eq!(count().await, 5_005, "the difference would be hers");
    app.clock.advance(1);
    let left = format!("/me/groups/{}", ward.nurses[0].0.seat.as_str());
    ward.nurses[0].0.browser.post(&left, &[]).await;
    assert_eq!(count().await, 5_005, "nor of whoever leaves");
    for nurse in 1..4 {
        practice(nurse).await;
    }
    assert_eq!(count().await, 5_009, "five of them changed");
}

#[tokio::test]
async fn a_download_ends_where_the_right_to_it_ends() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = colleague(&app, &ward, "Gina Marsh").await;
    let cookie: Vec<String> =
        gina.browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get(ward.at("/answers.csv")).header(header::COOKIE, cookie.concat());
    let router = warmly::app::router(&app.app).expect("a router");
    let response = router.oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let mut body = response.into_body();
    let head = body.frame().await.expect("a frame").expect("the head").into_data().expect("bytes");
    assert!(head.starts_with("\u{FEFF}\"cohort\"".as_bytes()));
    end_role(&ward, &ward.ruth, &gina).await;
    assert!(body.frame().await.expect("a frame").is_err(), "nothing more of it leaves");
}

#[tokio::test]
async fn a_request_that_waited_does_not_outlive_the_right_of_whoever_sent_it() {
    let app = TestApp::new().await;
    let (ada, bea) = (app.administrator("Ada").await, app.administrator("Bea").await);
    let ward = ward(&app, 0).await;
    let cookie: Vec<String> =
        bea.browser.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::get("/").header(header::COOKIE, cookie.concat()).body(()).expect("a request");
    let (mut parts, ()) = request.into_parts();
    let proof = Staff::from_request_parts(&mut parts, &app.app).await.expect("Bea");
    let person = ada.browser.open(&format!("/administration/people/{}", bea.id.as_str())).await;
    ada.browser.press(&person, "Disable the account", &[]).await;
    let before = app.number("SELECT COUNT(*) FROM audit").await;
    let (on, ruth) = (&app.app, &ward.ruth.id);
    let invitation = LinkWanted {
        kind: LinkKind::Invitation,
        gives: Gives { administrator: true, educator: false, membership: None },
        staff: None,
        note: String::new(),
        form_token: app.clock.new_token(),
    };
    let sessions = app.column("SELECT token_hash FROM sessions ORDER BY created_at").await;
    let done: [(&str, anyhow::Result<()>); 10] = [
        ("a right", change(on, &proof, ruth, Change::Administrator(true)).await.map(drop)),
        ("a role of one's own", appoint_oneself(on, &proof, ward.cohort.clone()).await),
        ("a link", make_link(on, &proof, invitation).await.map(drop)),
        ("a link taken back", withdraw(on, &proof, app.clock.new_id(), None).await.map(drop)),
        ("an invitation", accept(on, &proof, &app.clock.new_token()).await.map(drop)),
        ("a name", rename(on, &proof, "Bo".to_owned()).await),
        ("a session", end_session(on, &proof, sessions.concat()).await),
        ("every session", end_other_sessions(on, &proof).await),
        ("a second step", oversee::remove(on, &proof, ruth).await.map(drop)),
        ("everybody’s second step", oversee::ask_everybody(on, &proof, false).await.map(drop)),
    ];
    for (what, done) in done {
        let Err(cause) = done else { panic!("{what} was changed") };
        assert!(matches!(Error::from(cause), Error::SignIn { staff: true, .. }), "{what}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM staff WHERE administrator").await, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, before, "nothing was done");
    assert_eq!(app.column("SELECT token_hash FROM sessions ORDER BY created_at").await, sessions);
}

/// On a server the two run side by side.
#[tokio::test]
async fn an_invitation_that_is_taken_back_while_somebody_accepts_it_gives_everything_or_nothing() {
    let app = TestApp::new().await;
    let ada = app.administrator("Ada").await;
    for nth in 0..12 {
        let link = crate::people::invite(&ada.browser, "educator", "").await;
        let page = ada.browser.open("/administration/invitations").await;
        let (stranger, email) = (app.browser(), format!("omar{nth}@ward.example"));
        let fields =
            [("name", "Omar"), ("email", email.as_str()), ("password", "warbler-jigsaw-linen-cherish")];
        let (accepted, _) = tokio::join!(
            stranger.post(&link, &fields),
            ada.browser.press(&page, "Take it back : Educator, for Omar from 4 West", &[]),
        );
        let came = app.number("SELECT COUNT(*) FROM staff WHERE educator").await;
        let used = app.number("SELECT COUNT(*) FROM links WHERE used_at IS NOT NULL").await;
        assert_eq!(came, used, "{nth}: {}", accepted.status);
    }
}

#[tokio::test]
async fn a_name_holds_nothing_that_cannot_be_seen_or_turns_the_writing() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let saved = ruth.browser.post("/account/name", &[("name", "Ada\u{202E} \u{200B}King\u{2066}")]).await;
    assert_eq!(saved.status, 303);
    assert_eq!(app.column("SELECT name FROM staff").await, ["Ada King"]);
    let nothing = ruth.browser.post("/account/name", &[("name", "\u{200B}\u{202E}\u{FEFF}")]).await;
    assert_eq!(nothing.status, 422);
}

#[test]
fn no_cell_of_a_table_runs_as_a_formula_however_the_spreadsheet_splits_lines() {
    use warmly::web::table::harmless;
    for (cell, shown) in [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t'=1"),
        ("＝1", "'＝1"),
        ("no;=cmd|'/C calc'!A0;", "no;'=cmd|'/C calc'!A0;"),
        ("no\n@SUM(1)", "no\n'@SUM(1)"),
        ("no; never", "no; never"),
        ("\"=1+1\"", "\"=1+1\""),
        ("", ""),
    ] {
        assert_eq!(harmless(cell), shown, "{cell:?}");
    }
}

#[tokio::test]
async fn a_try_that_was_forgotten_meanwhile_gives_nobody_another_one() {
    let app = TestApp::new().await;
    let write = app.app.db.write(move |conn| {
        Box::pin(async move {
            warmly::accounts::store::count_try(conn, "b", 1, 0).await?;
            warmly::accounts::store::forget_try(conn, "b").await?;
            warmly::accounts::store::forget_try(conn, "b").await
        })
    });
    let done: sqlx::Result<()> = write.await;
    done.expect("counted");
    assert_eq!(app.number("SELECT COUNT(*) FROM tries").await, 0, "and nothing of it is kept");
}

#[tokio::test]
async fn a_list_that_is_sent_twice_at_once_is_added_once() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let add = ward.at("/people/import/add");
    let parts: [(&str, &[u8]); 1] = [("list", b"Ana Okafor\nBen Boyd\nCam Reyes")];
    let (one, two) = tokio::join!(
        crate::roster::upload(&ward.ruth.browser, &add, &parts),
        crate::roster::upload(&ward.ruth.browser, &add, &parts)
    );
    let added = |page: &crate::page::Page| page.location().unwrap_or_default().ends_with("n=3");
    // Where the second is looked at after the first is over, nobody in it is new.
    assert!(
        one.status == 303 && two.status == 303 && (added(&one) || added(&two)),
        "{} {}",
        one.status,
        two.status
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 3);
    app.alter("UPDATE seats SET left_at = 1, joined_at = 1, name = 'Bo Boyd' WHERE name = 'Ben Boyd'").await;
    let again = crate::roster::upload(&ward.ruth.browser, &add, &parts).await;
    assert_eq!(again.status, 303, "later it is laid beside what there is then");
    assert_eq!(app.number("SELECT COUNT(*) FROM seats").await, 4);
}

#[tokio::test]
async fn of_two_who_use_a_link_for_a_new_password_at_once_one_sets_it() {
    let app = TestApp::new().await;
    let (ada, ruth) = (app.administrator("Ada").await, app.educator("Ruth").await);
    let person = ada.browser.open(&format!("/administration/people/{}", ruth.id.as_str())).await;
    let link = shown_link(&ada.browser.press(&person, "Make a link for a new password", &[]).await);
    let (one, two) = (app.browser(), app.browser());
    let set = async |browser: &Browser<'_>, password: &str| {
        browser.post(&link, &[("password", password)]).await.status.as_u16()
    };
    let (first, second) = tokio::join!(set(&one, PASSWORD), set(&two, "quiet river stones"));
    let mut statuses = [first, second];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404]);
    assert_eq!(ruth.browser.get("/account").await.status, 401, "old sessions have ended");
    assert_eq!(app.browser().get(&link).await.status, 404);
}

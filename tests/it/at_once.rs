//! Two things in one moment, the second while the first is in the middle of its work: whoever looks before it may
//! sees what is no longer so. On a file one write comes after the other anyway; on PostgreSQL both are held up at a
//! row that they have to change, until each waits for the other or for that row.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use crate::app::{Browser, TestApp, begin, server};
use crate::holes::{colleague, seat_link};
use crate::map::ward;
use crate::page::Page;
use crate::people::{PASSWORD, set_up, sign_in};
use crate::second_factor::second_step;

/// Somebody who holds rows of the test's database, and looks who waits.
struct Holder(Option<(PgConnection, PgConnection)>);

impl Holder {
    /// Holds the rows that this statement touches; nothing where the database is a file.
    async fn of(app: &TestApp, held: &'static str) -> Self {
        if server().is_none() {
            return Self(None);
        }
        let mut holds = PgConnection::connect(app.url()).await.expect("the server");
        let looks = PgConnection::connect(app.url()).await.expect("the server");
        sqlx::raw_sql("BEGIN").execute(&mut holds).await.expect("begun");
        sqlx::raw_sql(held).execute(&mut holds).await.expect("held");
        Self(Some((holds, looks)))
    }

    /// Waits until so many wait, or `over`.
    async fn until(&mut self, count: i64, over: &Cell<bool>) {
        const WAITING: &str = "SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let Some((_, looks)) = &mut self.0 else { return };
        for _ in 0..300 {
            let waiting: i64 = sqlx::query_scalar(WAITING).fetch_one(&mut *looks).await.expect("asked");
            if waiting >= count || over.get() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn let_go(self) {
        if let Some((holds, looks)) = self.0 {
            holds.close().await.expect("let go");
            looks.close().await.expect("closed");
        }
    }
}

/// Does the second thing while the first is held up at these rows; gives what came of both.
async fn at_once<A, B>(
    app: &TestApp,
    held: &'static str,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let mut holder = Holder::of(app, held).await;
    let (one_over, two_over) = (Cell::new(false), Cell::new(false));
    let (lets, turn) = tokio::sync::oneshot::channel::<()>();
    let one = async {
        let done = first.await;
        one_over.set(true);
        done
    };
    let two = async {
        turn.await.expect("its turn");
        let done = second.await;
        two_over.set(true);
        done
    };
    let lead = async {
        holder.until(1, &one_over).await;
        lets.send(()).expect("somebody who waits");
        holder.until(2, &two_over).await;
        holder.let_go().await;
    };
    let (one, two, ()) = tokio::join!(one, two, lead);
    (one, two)
}

#[tokio::test]
async fn a_place_is_given_once_where_two_open_its_link() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let link = seat_link(&ward.ruth, &ward, 0).await;
    let (one, two) = (app.browser(), app.browser());
    let take = async |browser: &Browser<'_>| {
        browser.post(&link, &[("token", &app.clock.new_token())]).await.status.as_u16()
    };
    let held = "SELECT 1 FROM seats FOR UPDATE";
    assert_eq!(at_once(&app, held, take(&one), take(&two)).await, (303, 404));
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 2, "she who had it and one who has it now");
}

#[tokio::test]
async fn nobody_is_merged_into_a_place_that_is_being_taken() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let made = ruth.browser.open("/cohorts").await;
    let code_page = ruth.browser.press(&made, "Make a cohort", &[("name", "Spring")]).await;
    let code = code_page.all(".joincode").concat().replace(' ', "");
    let people = code_page.path.replace("/join", "/people");
    let page = ruth.browser.open(&people).await;
    let page = ruth.browser.press(&page, "Add this nurse", &[("name", "Kept")]).await;
    let edit = ruth.browser.open(&page.link("Change : Kept")).await;
    let into = edit.path.split('/').nth(4).expect("a seat").to_owned();
    let links = ruth.browser.press(&edit, "Make a link", &[]).await;
    let link = links.all(".return-code").concat();
    let link = link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link");
    let token = app.clock.new_token();
    let came = app.browser();
    let joined = came.post(&format!("/join/{code}"), &[("token", &token), ("name", "Came")]).await;
    let seat = joined.location().expect("in").split('/').nth(3).expect("a seat").to_owned();
    let (phone, token) = (app.browser(), app.clock.new_token());
    let (merge, fields) = (format!("{people}/{seat}/merge"), [("into", into.as_str())]);
    let take = [("token", token.as_str())];
    let held = "SELECT 1 FROM seats WHERE came_by = 'code' FOR NO KEY UPDATE";
    let (merging, claim) =
        at_once(&app, held, ruth.browser.post(&merge, &fields), phone.post(&link, &take)).await;
    let won = (claim.status.as_u16(), merging.status.as_u16());
    assert!(won == (303, 422) || won == (404, 303), "one of the two: {won:?}");
    let twice = "SELECT COUNT(*) FROM seats WHERE nurse_id IS NOT NULL";
    assert_eq!(app.number(twice).await, if won.0 == 303 { 2 } else { 1 });
}

#[tokio::test]
async fn what_is_begun_while_a_place_changes_hands_goes_with_the_place() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let link = seat_link(&ward.ruth, &ward, 0).await;
    let (ana, _) = &ward.nurses[0];
    let start = ana.browser.open(&format!("/assignments/{}", ward.gate.as_str())).await;
    let form = start.form("Begin the assigned work again");
    let fields = form.filled(&[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let (phone, token) = (app.browser(), app.clock.new_token());
    let take = [("token", token.as_str())];
    let held = "SELECT 1 FROM policies FOR UPDATE";
    let (started, claim) =
        at_once(&app, held, ana.browser.post(&form.action, &fields), phone.post(&link, &take)).await;
    assert!(!started.status.is_server_error(), "{}", started.status);
    assert_eq!(claim.status, 303);
    let elsewhere =
        "SELECT COUNT(*) FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.nurse_id <> s.nurse_id";
    assert_eq!(app.number(elsewhere).await, 0);
}

#[tokio::test]
async fn a_code_that_is_sent_twice_is_looked_at_once() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, _) = second_step(&app, &ada).await;
    let (browser, _) = sign_in(&app, "ada@ward.example", PASSWORD).await;
    let code = phone.code(&app);
    let fields = [("code", code.as_str())];
    let send = async || browser.post("/sign-in/code", &fields).await.status.as_u16();
    let held = "SELECT 1 FROM half_sessions FOR UPDATE";
    let answers = at_once(&app, held, send(), send()).await;
    assert_eq!(answers, (303, 303), "one is in, the other is led to sign in");
    assert_eq!(app.number("SELECT COUNT(*) FROM tries WHERE count > 0").await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'second-step-failed'").await, 0);
}

#[tokio::test]
async fn of_two_educators_who_leave_at_once_one_stays() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = colleague(&app, &ward, "Gina Marsh").await;
    let leave = async |of: &crate::cast::StaffMember<'_>| {
        let address = ward.at(&format!("/staff/{}/end", of.id.as_str()));
        of.browser.post(&address, &[("role", "educator")]).await.status.as_u16()
    };
    let held = "SELECT 1 FROM memberships FOR UPDATE";
    let left = at_once(&app, held, leave(&ward.ruth), leave(&gina)).await;
    assert_ne!(left.0 == 303, left.1 == 303, "somebody has to teach it: {left:?}");
    assert_eq!(app.number("SELECT COUNT(*) FROM memberships").await, 1);
}

#[tokio::test]
async fn a_comment_that_is_being_written_goes_with_what_a_nurse_deletes() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    let (comments, token) = (format!("{}/1/comments", ward.transcript(0)), app.clock.new_token());
    let comment = [("token", token.as_str()), ("text", "I noticed."), ("do", "release")];
    let held = "SELECT 1 FROM responses FOR UPDATE";
    let (said, deleted) =
        at_once(&app, held, ward.ruth.browser.post(&comments, &comment), ana.browser.post("/me/delete", &[]))
            .await;
    assert!(said.status == 303 || said.status == 404, "said before or after: {}", said.status);
    assert_eq!(deleted.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
}

#[tokio::test]
async fn words_that_are_being_sent_go_with_what_a_nurse_deletes() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    let open = app.started(ana, &ward.gate, "garden-gate").await;
    crate::cast::answer(&ana.browser, &open, "No.", "replytext three").await;
    let page = ana.browser.open(&format!("/attempts/{open}")).await;
    let (address, replies) = (page.path.clone(), ana.browser.press(&page, "Skip to the replies", &[]).await);
    assert_ne!(address, replies.path);
    let form = replies.form("Say this");
    let position = replies.position("replytext six");
    let fields = [("reply", position.as_str()), ("sure", "sure")];
    let held = "SELECT 1 FROM tallies FOR UPDATE";
    let (answered, deleted) =
        at_once(&app, held, ana.browser.post(&form.action, &fields), ana.browser.post("/me/delete", &[]))
            .await;
    assert!(!answered.status.is_server_error(), "{}", answered.status);
    assert_eq!(deleted.status, 303);
    let left = "SELECT COUNT(*) FROM responses r JOIN attempts a ON a.id = r.attempt_id
        JOIN seats s ON s.id = a.seat_id WHERE s.name <> '' OR r.sureness IS NOT NULL";
    assert_eq!(app.number(left).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await, 0);
}

#[tokio::test]
async fn an_answer_sent_twice_stands_once_and_both_are_told_so() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.open(&ward.transcript(0)).await;
    ruth.press(&page, "Release to Ana Okafor", &[("text", "What was hard?")]).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    let form = hers.form("Send answer");
    let fields = form.filled(&[("text", "Saying it first.")]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let send = async || ana.browser.post(&form.action, &fields).await.status.as_u16();
    let held = "SELECT 1 FROM comments FOR UPDATE";
    assert_eq!(at_once(&app, held, send(), send()).await, (303, 303));
    assert_eq!(app.column("SELECT text FROM comment_answers").await, ["Saying it first."]);
}

#[tokio::test]
async fn an_answer_sent_while_words_are_blacked_out_is_looked_at_once_more() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.open(&ward.transcript(0)).await;
    let page = ruth.press(&page, "Release to Ana Okafor", &[("text", "Who is GNUWORD?")]).await;
    let sure = ruth.press(&page, "Black out these words", &[("text", "GNUWORD")]).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    let held = "SELECT 1 FROM comments FOR UPDATE";
    let (done, sent) = at_once(
        &app,
        held,
        ruth.press(&sure, "Black out for good", &[]),
        ana.browser.press(&hers, "Send answer", &[("text", "My GNUWORD.")]),
    )
    .await;
    // On a file hers may also come first; then who blacks out is asked again, as the words stand in one more place.
    let answers = app.column("SELECT text FROM comment_answers").await;
    if sent.status == 422 {
        assert!(done.words().contains("Who is ███ ?") && answers.is_empty(), "{}", done.words());
    } else {
        assert!(server().is_none(), "held up, hers comes second");
        let asked = done.words().contains("Black out these words?");
        assert!(asked || answers == ["My ███."], "{answers:?}: {}", done.words());
    }
}

/// What a button of a page sends, and where to.
fn sent(page: &Page, button: &str, changed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
    let form = page.form(button);
    (form.action.clone(), form.filled(changed))
}

async fn post(browser: &Browser<'_>, (action, fields): &(String, Vec<(String, String)>)) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    browser.post(action, &fields).await
}

#[tokio::test]
async fn a_link_that_an_educator_makes_while_her_role_ends_opens_nothing() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = colleague(&app, &ward, "Gina Marsh").await;
    let seat = ward.nurses[0].0.seat.as_str();
    let edit = gina.browser.open(&ward.at(&format!("/people/{seat}/edit"))).await;
    let form = sent(&edit, "Make a link", &[]);
    let end = ward.at(&format!("/staff/{}/end", gina.id.as_str()));
    let held = "SELECT 1 FROM seats FOR UPDATE";
    let (made, ended) = at_once(
        &app,
        held,
        post(&gina.browser, &form),
        ward.ruth.browser.post(&end, &[("role", "educator")]),
    )
    .await;
    assert_eq!(ended.status, 303);
    let shown = made.all(".return-code").concat();
    if let Some((_, token)) = shown.split_once("/seats/") {
        assert_eq!(app.browser().get(&format!("/seats/{token}")).await.status, 404);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM seats WHERE link_expires_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_link_that_is_made_while_the_cohort_is_archived_opens_nothing() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let seat = ward.nurses[0].0.seat.as_str();
    let form = sent(&ruth.open(&ward.at(&format!("/people/{seat}/edit"))).await, "Make a link", &[]);
    let archive = sent(&ruth.open(&ward.at("/settings")).await, "Archive Spring residency", &[]);
    // The link is held up where it looks whether she may still make it; by then the page took the cohort for open.
    let held = "SELECT 1 FROM settings FOR UPDATE";
    let (made, archived) = at_once(&app, held, post(ruth, &form), post(ruth, &archive)).await;
    assert_eq!(archived.status, 303);
    assert!(made.status != 200 || server().is_none(), "the cohort is archived by then");
    assert_eq!(app.number("SELECT COUNT(*) FROM seats WHERE link_expires_at IS NOT NULL").await, 0);
}

#[tokio::test]
async fn a_name_that_is_given_while_she_deletes_everything_stands_nowhere() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, _), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.press(&ruth.open(&ward.at("/join")).await, "Make a new code", &[]).await;
    let code = page.all(".joincode").concat().replace(' ', "");
    let group = ana.browser.open(&format!("/me/groups/{}", ana.seat.as_str())).await;
    ana.browser.press(&group, "Leave this group", &[]).await;
    let (join, token) = (format!("/join/{code}"), app.clock.new_token());
    let again = [("token", token.as_str()), ("name", "Anagiven")];
    let held = "SELECT 1 FROM seats FOR UPDATE";
    let (deleted, joined) =
        at_once(&app, held, ana.browser.post("/me/delete", &[]), ana.browser.post(&join, &again)).await;
    assert_eq!(deleted.status, 303);
    assert!(!joined.status.is_server_error(), "{}", joined.status);
    let under_it =
        "SELECT COUNT(*) FROM seats s JOIN attempts a ON a.seat_id = s.id WHERE s.name = 'Anagiven'";
    assert_eq!(app.number(under_it).await, 0, "nameless answers stay nameless");
    let left = "SELECT COUNT(*) FROM seats WHERE name = 'Anagiven' AND nurse_id IS NULL";
    assert_eq!(app.number(left).await, 0);
}

#[tokio::test]
async fn a_place_she_takes_while_she_deletes_everything_keeps_nothing_of_her() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.press(&ruth.open(&ward.at("/join")).await, "Make a new code", &[]).await;
    let code = page.all(".joincode").concat().replace(' ', "");
    let (bea, _) = begin(&app, "garden-gate").await;
    let (join, token) = (format!("/join/{code}"), app.clock.new_token());
    let fields = [("token", token.as_str()), ("name", "Beagiven")];
    let held = "SELECT 1 FROM nurses FOR UPDATE";
    let (joined, deleted) = at_once(&app, held, bea.post(&join, &fields), bea.post("/me/delete", &[])).await;
    assert_eq!(deleted.status, 303);
    assert!(!joined.status.is_server_error(), "{}", joined.status);
    let left = "SELECT COUNT(*) FROM seats WHERE name = 'Beagiven' AND nurse_id IS NULL";
    assert_eq!(app.number(left).await, 0);
}

#[tokio::test]
async fn how_sure_she_was_is_not_handed_over_with_an_answer_that_was_on_its_way() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ana, _) = &ward.nurses[0];
    let link = seat_link(&ward.ruth, &ward, 0).await;
    let open = app.started(ana, &ward.gate, "garden-gate").await;
    crate::cast::answer(&ana.browser, &open, "No.", "replytext three").await;
    let page = ana.browser.open(&format!("/attempts/{open}")).await;
    let replies = ana.browser.press(&page, "Skip to the replies", &[]).await;
    let position = replies.position("replytext six");
    let answer = sent(&replies, "Say this", &[("reply", &position), ("sure", "sure")]);
    let (phone, token) = (app.browser(), app.clock.new_token());
    let take = [("token", token.as_str())];
    let held = "SELECT 1 FROM tallies FOR UPDATE";
    let (answered, claim) = at_once(&app, held, post(&ana.browser, &answer), phone.post(&link, &take)).await;
    assert!(!answered.status.is_server_error(), "{}", answered.status);
    assert_eq!(claim.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM responses WHERE sureness IS NOT NULL").await, 0);
}

#[tokio::test]
async fn words_of_a_cohort_that_is_opened_again_meanwhile_stay() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    begin(&app, "garden-gate").await;
    app.alter("UPDATE nurses SET last_seen_at = 1 WHERE id NOT IN (SELECT nurse_id FROM attempts WHERE seat_id IS NOT NULL)")
        .await;
    app.alter("UPDATE cohorts SET archived_at = 1").await;
    let ruth = &ward.ruth.browser;
    let reopen = sent(&ruth.open(&ward.at("/settings")).await, "Open it again", &[]);
    // What comes before the words is held up; the cohorts are known by then.
    let held = "SELECT 1 FROM attempts WHERE purpose = 'practice' FOR UPDATE";
    let words = app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await;
    let (swept, opened) =
        at_once(&app, held, Box::pin(warmly::operate::keeping::sweep(&app.app)), post(ruth, &reopen)).await;
    let swept = swept.expect("swept");
    assert_eq!((opened.status.as_u16(), swept.attempts), (303, 1));
    let left = app.number("SELECT COUNT(*) FROM openings WHERE own_words IS NOT NULL").await;
    assert!(words > 0 && (left == words || server().is_none()), "{left} of {words}");
}

#[tokio::test]
async fn a_merge_that_is_sent_twice_says_twice_that_the_two_are_one() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.press(&ruth.open(&ward.at("/join")).await, "Make a new code", &[]).await;
    let code = page.all(".joincode").concat().replace(' ', "");
    let page = ruth.press(&ruth.open(&ward.at("/people")).await, "Add this nurse", &[("name", "Kept")]).await;
    let into = ruth.open(&page.link("Change : Kept")).await;
    let into = into.path.split('/').nth(4).expect("a seat").to_owned();
    let (came, token) = (app.browser(), app.clock.new_token());
    let joined = came.post(&format!("/join/{code}"), &[("token", &token), ("name", "Came")]).await;
    let seat = joined.location().expect("in").split('/').nth(3).expect("a seat").to_owned();
    let merge = ward.at(&format!("/people/{seat}/merge"));
    let send = async || ruth.post(&merge, &[("into", into.as_str())]).await.status.as_u16();
    let held = "SELECT 1 FROM seats FOR UPDATE";
    let (one, two) = at_once(&app, held, send(), send()).await;
    // On a file the second may be looked at when the first is over: what was to be merged is not there any more.
    assert!(one == 303 && (two == 303 || (server().is_none() && two == 404)), "{one} {two}");
}

#[tokio::test]
async fn a_transcript_that_is_opened_twice_at_once_was_looked_at_once() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let look = async || ward.ruth.browser.get(&ward.transcript(0)).await.status.as_u16();
    let held = "LOCK TABLE audit IN SHARE MODE";
    assert_eq!(at_once(&app, held, look(), look()).await, (200, 200));
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'transcript-viewed'").await, 1);
}

#[tokio::test]
async fn a_list_that_begins_as_another_one_is_not_said_to_be_added_with_it() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let add = ward.at("/people/import/add");
    let send = async |list: &'static [u8]| {
        let parts: [(&str, &[u8]); 1] = [("list", list)];
        crate::roster::upload(&ward.ruth.browser, &add, &parts).await
    };
    let held = "SELECT 1 FROM cohorts FOR UPDATE";
    let (one, two) = at_once(&app, held, send(b"Ana Okafor\nBen Boyd"), send(b"Ana Okafor\nCleo Lind")).await;
    for (sent, name) in [(one, "Ben Boyd"), (two, "Cleo Lind")] {
        let there = app.column("SELECT name FROM seats").await.iter().any(|there| there == name);
        assert_eq!(sent.status, if there { 303 } else { 422 }, "{name}: {}", sent.words());
    }
}

//! A small named cast: an educator with a cohort, nurses with seats in it, assigned work, put straight into the
//! database so that a test can begin where it has something to say.

use std::cell::RefCell;

use axum::http::StatusCode;
use warmly::accounts::store::{
    NewStaff, insert_membership, insert_nurse, insert_session, insert_staff, insert_staff_session,
};
use warmly::accounts::{Role, StaffId};
use warmly::cohorts::store::{NewCohort, insert_assignment, insert_cohort, insert_seat};
use warmly::cohorts::{Assignment, AssignmentId, CameBy, CohortId, Seat, SeatId};
use warmly::db::Work;
use warmly::practice::store::{AttemptRow, insert_attempt};
use warmly::web::session::SessionToken;

use crate::app::{Browser, TestApp};
use crate::page::Page;

/// Somebody of the staff, signed in.
pub(crate) struct StaffMember<'a> {
    pub(crate) id: StaffId,
    pub(crate) browser: Browser<'a>,
}

/// A nurse with a place in a cohort.
pub(crate) struct Member<'a> {
    pub(crate) nurse_id: String,
    pub(crate) seat: SeatId,
    pub(crate) browser: Browser<'a>,
}

impl TestApp {
    async fn put<F>(&self, work: F)
    where
        F: for<'c> Fn(&'c mut warmly::db::Conn) -> Work<'c, (), sqlx::Error> + Send + Sync + 'static,
    {
        self.app.db.write(work).await.expect("the cast");
    }

    fn with_session(&self, token: &str) -> Browser<'_> {
        let cookies = RefCell::new([("warmly".to_owned(), token.to_owned())].into());
        Browser { app: self, cookies }
    }

    /// Somebody of the staff with a session; `email` is the name in lower case at ward.example.
    pub(crate) async fn staff(&self, name: &str, administrator: bool, educator: bool) -> StaffMember<'_> {
        let id = StaffId::read(&self.clock.new_id()).expect("an id");
        let staff = NewStaff {
            id: id.clone(),
            email: format!("{}@ward.example", name.to_lowercase().replace(' ', ".")),
            name: name.to_owned(),
            password_hash: String::new(),
            administrator,
            educator,
        };
        let (token, now) = (self.clock.new_token(), self.clock.now());
        let hash = SessionToken::new(token.clone()).hash();
        self.put(move |conn| {
            let (staff, hash) = (staff.clone(), hash.clone());
            Box::pin(async move {
                insert_staff(conn, &staff, now).await?;
                insert_staff_session(conn, &hash, staff.id.as_str(), "", now).await
            })
        })
        .await;
        StaffMember { id, browser: self.with_session(&token) }
    }

    /// An educator who may make cohorts.
    pub(crate) async fn educator(&self, name: &str) -> StaffMember<'_> {
        self.staff(name, false, true).await
    }

    /// Somebody who runs the installation, and nothing else.
    pub(crate) async fn administrator(&self, name: &str) -> StaffMember<'_> {
        self.staff(name, true, false).await
    }

    /// A cohort whose educator is this person.
    pub(crate) async fn cohort(&self, educator: &StaffMember<'_>, name: &str) -> CohortId {
        let id = CohortId::read(&self.clock.new_id()).expect("an id");
        let cohort = NewCohort {
            id: id.clone(),
            name: name.to_owned(),
            code: None,
            token_hash: self.clock.new_token(),
            created_by: educator.id.clone(),
        };
        let now = self.clock.now();
        self.put(move |conn| {
            let cohort = cohort.clone();
            Box::pin(async move { insert_cohort(conn, &cohort, now).await })
        })
        .await;
        self.give_role(&id, educator, Role::Educator).await;
        id
    }

    /// Gives somebody a role in a cohort.
    pub(crate) async fn give_role(&self, cohort: &CohortId, staff: &StaffMember<'_>, role: Role) {
        let (cohort, staff, now) = (cohort.clone(), staff.id.clone(), self.clock.now());
        self.put(move |conn| {
            let (cohort, staff) = (cohort.clone(), staff.clone());
            Box::pin(async move { insert_membership(conn, &cohort, &staff, role, now).await })
        })
        .await;
    }

    /// A nurse with a confirmed seat in a cohort, and a browser that knows her.
    pub(crate) async fn member(&self, cohort: &CohortId, name: &str) -> Member<'_> {
        let (nurse_id, token, now) = (self.clock.new_id(), self.clock.new_token(), self.clock.now());
        let id = SeatId::read(&self.clock.new_id()).expect("an id");
        let seat = Seat {
            id: id.clone(),
            cohort_id: cohort.clone(),
            nurse_id: Some(nurse_id.clone()),
            name: name.to_owned(),
            external_id: None,
            came_by: CameBy::Roster,
            joined_at: Some(now),
            confirmed_at: Some(now),
            left_at: None,
        };
        let hash = SessionToken::new(token.clone()).hash();
        let nurse = nurse_id.clone();
        self.put(move |conn| {
            let (seat, nurse, hash) = (seat.clone(), nurse.clone(), hash.clone());
            Box::pin(async move {
                insert_nurse(conn, &nurse, now).await?;
                insert_session(conn, &hash, &nurse, false, now).await?;
                insert_seat(conn, &seat, now).await
            })
        })
        .await;
        Member { nurse_id, seat: id, browser: self.with_session(&token) }
    }

    /// Gives a scenario to a cohort.
    pub(crate) async fn assign(
        &self,
        cohort: &CohortId,
        educator: &StaffMember<'_>,
        slug: &str,
    ) -> AssignmentId {
        let id = AssignmentId::read(&self.clock.new_id()).expect("an id");
        let assignment = Assignment {
            id: id.clone(),
            cohort_id: cohort.clone(),
            slug: slug.to_owned(),
            note: String::new(),
            due_on: None,
            made_at: self.clock.now(),
            withdrawn_at: None,
        };
        let (educator, token) = (educator.id.clone(), self.clock.new_token());
        self.put(move |conn| {
            let (assignment, educator, token) = (assignment.clone(), educator.clone(), token.clone());
            Box::pin(async move { insert_assignment(conn, &assignment, &educator, &token).await })
        })
        .await;
        id
    }

    /// An attempt at assigned work that has just been started; gives its id.
    pub(crate) async fn started(&self, member: &Member<'_>, assignment: &AssignmentId, slug: &str) -> String {
        let revision = self.app.library.by_slug(slug).expect("a scenario");
        let attempt = AttemptRow {
            id: self.clock.new_id(),
            nurse_id: member.nurse_id.clone(),
            revision_id: revision.id.clone(),
            policy_version: self.app.library.policy_in_force().0,
            purpose: "assigned".to_owned(),
            assignment_id: Some(assignment.as_str().to_owned()),
            seat_id: Some(member.seat.as_str().to_owned()),
            started_at: self.clock.now(),
        };
        let (id, token) = (attempt.id.clone(), self.clock.new_token());
        let its_app = self.app.clone();
        self.put(move |conn| {
            let (attempt, token, app) = (attempt.clone(), token.clone(), its_app.clone());
            Box::pin(async move { insert_attempt(conn, &app.library, &attempt, &token).await })
        })
        .await;
        id
    }

    /// Assigned work gone through: own words (none where empty) and a piece of the reply chosen, turn by turn.
    /// Gives the attempt's id.
    pub(crate) async fn worked(
        &self,
        member: &Member<'_>,
        assignment: &AssignmentId,
        slug: &str,
        turns: &[(&str, &str)],
    ) -> String {
        let id = self.started(member, assignment, slug).await;
        for (own, reply) in turns {
            self.clock.advance(20_000);
            answer(&member.browser, &id, own, reply).await;
        }
        id
    }
}

/// Answers the turn that is next: own words first where they are asked for.
pub(crate) async fn answer(browser: &Browser<'_>, attempt: &str, own: &str, reply: &str) -> Page {
    let mut page = browser.open(&format!("/attempts/{attempt}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.path);
    if !page.path.ends_with("/replies") {
        page = match own {
            "" => browser.press(&page, "Skip to the replies", &[]).await,
            own => browser.press(&page, "Continue", &[("own", own)]).await,
        };
    }
    let position = page.position(reply);
    browser.press(&page, "Say this", &[("reply", &position)]).await
}

#[tokio::test]
async fn the_cast_can_work() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let ana = app.member(&cohort, "Ana Okafor").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let turns =
        [("Um, not today.", "replytext three"), ("", "replytext six"), ("Sit down here.", "replytext eight")];
    let attempt = app.worked(&ana, &gate, "garden-gate", &turns).await;
    let debrief = ana.browser.open(&format!("/attempts/{attempt}")).await;
    assert!(debrief.path.ends_with("/looking-back"), "{}", debrief.path);
    assert_eq!(app.number("SELECT COUNT(*) FROM completions").await, 1, "that it was done is noted once");
    assert_eq!(ruth.browser.get("/me").await.status, 403, "a nurse's own page is not the staff's");
    let other = app.educator("Olga").await;
    assert_eq!(other.browser.open("/practice").await.status, 200);
}

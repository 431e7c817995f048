//! Where a cohort went: exact numbers of a small cohort, on the map, turn by turn, and as files.

use warmly::accounts::Role;
use warmly::cohorts::{AssignmentId, CohortId};

use crate::app::{TestApp, fixtures};
use crate::cast::{Member, StaffMember};

/// How six nurses went through the garden gate; the last one stopped half-way.
pub(crate) const SIX: [(&str, &[(&str, &str)]); 6] = [
    (
        "Ana Okafor",
        &[("Um, not today.", "replytext three"), ("", "replytext six"), ("Sit down!", "replytext eight")],
    ),
    ("Bea Lind", &[("No.", "replytext one"), ("", "replytext four"), ("", "replytext eight")]),
    (
        "Cleo Marsh",
        &[
            ("Sorry, no.", "replytext one"),
            ("", "replytext five"),
            ("", "replytext six"),
            ("", "replytext eight"),
        ],
    ),
    ("Dot Vance", &[("Sure, why not", "replytext three"), ("Hop in!", "replytext seven")]),
    (
        "Eve Ruiz",
        &[
            ("", "replytext two"),
            ("", "replytext four"),
            ("Water?", "replytext nine"),
            ("Help!", "replytext ten"),
        ],
    ),
    ("Fay Boone", &[("Maybe.", "replytext three"), ("", "replytext six")]),
];

/// A cohort with its educator, its nurses and the garden gate.
pub(crate) struct Ward<'a> {
    pub(crate) ruth: StaffMember<'a>,
    pub(crate) cohort: CohortId,
    pub(crate) gate: AssignmentId,
    pub(crate) nurses: Vec<(Member<'a>, String)>,
}

impl Ward<'_> {
    /// An address of this cohort.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("/cohorts/{}{rest}", self.cohort.as_str())
    }

    /// The address of a nurse's attempt.
    pub(crate) fn transcript(&self, nurse: usize) -> String {
        let (member, attempt) = &self.nurses[nurse];
        self.at(&format!("/people/{}/{attempt}", member.seat.as_str()))
    }
}

/// The first so many of the six, each with her attempt.
pub(crate) async fn ward(app: &TestApp, count: usize) -> Ward<'_> {
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let mut nurses = Vec::new();
    for (name, turns) in SIX.into_iter().take(count) {
        let member = app.member(&cohort, name).await;
        let attempt = app.worked(&member, &gate, "garden-gate", turns).await;
        nurses.push((member, attempt));
    }
    Ward { ruth, cohort, gate, nurses }
}

#[tokio::test]
async fn an_educator_sees_where_her_nurses_went() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("/scenarios/garden-gate")).await;
    assert_eq!(page.heading(), "Where they went: The garden gate");
    let words = page.words();
    for sentence in [
        "One of 6 left a danger unanswered.",
        "Five of 6 left the line somewhere in their first attempt; four of those 5 put it right in the same conversation.",
        "Most often it ended with “Help comes up the lane”: 4 of the 5 who came to an end.",
    ] {
        assert!(words.contains(sentence), "{sentence}: {words}");
    }
    let rows = page.all(".answers > li");
    assert_eq!(
        rows,
        [
            "He asks for a lift turn 1, 6 nurses 3 kept, 3 blurred",
            "He asks once more turn 2, 3 nurses 1 turned away, 2 kept",
            "He waits with his coat on turn 2, 4 nurses 3 kept, 1 crossed",
            "He is dizzy turn 3, 5 nurses 3 kept, 1 crossed; 1 stopped here",
            "He slides down turn 4, 1 nurse 1 kept",
        ]
    );
    assert_eq!(page.all("svg.flow a").first().expect("a box"), "Turn 1, 6 nurses He asks for a lift");
    assert_eq!(page.all("svg.flow .end").len(), 2, "two endings");
    assert_eq!(page.all("svg.flow g > .t2"), ["Ending, 4", "Ending, 1"], "endings are no links");
    let mut bands = page.all("svg.flow g[aria-hidden] text");
    bands.sort();
    assert_eq!(bands, ["1", "1", "1", "1", "2", "3", "3", "3", "3"], "every band has its number");
    assert!(words.contains("Nobody came here") || !words.contains("ending-alone"));
    let answers = ward.ruth.browser.follow(&page, "He waits with his coat on").await;
    assert_eq!(answers.heading(), "He waits with his coat on");
}

#[tokio::test]
async fn latest_attempts_and_the_filter_change_the_numbers_and_the_files_agree() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (dot, _) = &ward.nurses[3];
    let again: &[(&str, &str)] = &[("No.", "replytext one"), ("", "replytext four"), ("", "replytext eight")];
    app.worked(dot, &ward.gate, "garden-gate", again).await;
    let browser = &ward.ruth.browser;
    let first = browser.open(&ward.at("/scenarios/garden-gate")).await;
    assert!(first.words().contains("6 nurses 3 kept, 3 blurred"));
    let latest = browser.follow(&first, "Show latest attempts").await;
    assert!(latest.words().contains("6 nurses 4 kept, 2 blurred"), "{}", latest.words());
    let csv = browser.open(&latest.link("CSV")).await;
    let text = csv.text();
    assert!(text.contains("\"garden-gate\",\"latest\",\"lift\",\"He asks for a lift\",\"1\",\"keeps\",\"again\",\"He asks once more\",\"no\",\"4\",\"6\""), "{text}");
    let json = browser.open(&first.link("JSON")).await.text();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["turns"][0]["came"], 6);
    assert_eq!(json["endings"][0]["came"], 4);
    assert_eq!(
        app.number("SELECT COUNT(*) FROM audit WHERE what = 'exported'").await,
        2,
        "each file is noted"
    );
    let none = browser.open(&ward.at("/scenarios/garden-gate?since=2030-01-01")).await;
    assert!(none.words().contains("Nobody has answered anything here yet."));
}

#[tokio::test]
async fn with_fewer_than_five_nothing_is_drawn() {
    let app = TestApp::new().await;
    let ward = ward(&app, 4).await;
    let page = ward.ruth.browser.open(&ward.at("/scenarios/garden-gate")).await;
    assert!(page.words().contains("With fewer than five nurses nothing is drawn"));
    assert!(page.all("svg.flow").is_empty() && page.all(".bar").is_empty());
    assert_eq!(page.all(".answers > li").len(), 4, "the list is there");
    assert!(page.words().contains("Nobody came here He slides down"), "{}", page.words());
}

#[tokio::test]
async fn what_changed_between_revisions_is_shown_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the scenario");
    std::fs::write(folder.path().join("garden-gate.toml"), &text).expect("written");
    let mut app = TestApp::with(folder.path()).await;
    let ids = {
        let ward = ward(&app, 3).await;
        let cookies = ward.ruth.browser.cookies.borrow().clone();
        (ward.cohort.clone(), ward.gate.clone(), cookies)
    };
    let changed = text.replace("Not even to the corner, turntext two?", "Not even to the church?");
    std::fs::write(folder.path().join("garden-gate.toml"), changed).expect("written");
    app.restart(folder.path()).await;
    let (cohort, gate, cookies) = ids;
    for (name, turns) in &SIX[..3] {
        let member = app.member(&cohort, name).await;
        app.worked(&member, &gate, "garden-gate", turns).await;
    }
    let ruth = app.browser();
    ruth.cookies.replace(cookies);
    let page = ruth.open(&format!("/cohorts/{}/scenarios/garden-gate", cohort.as_str())).await;
    let words = page.words();
    assert!(
        words.contains("These answers come from revisions 1 and 2. Turns that changed are shown apart."),
        "{words}"
    );
    let rows = page.all(".answers > li");
    assert_eq!(
        rows[0], "He asks for a lift turn 1, 6 nurses 4 kept, 2 blurred",
        "what did not change is one"
    );
    assert!(
        rows.contains(
            &"He asks once more turn 2, as in revision 1, 2 nurses 1 turned away, 1 kept".to_owned()
        ),
        "{rows:?}"
    );
    assert!(
        rows.contains(
            &"He asks once more turn 2, as in revision 2, 2 nurses 1 turned away, 1 kept".to_owned()
        ),
        "{rows:?}"
    );
    assert!(words.contains("Revision 1 He asks once more"), "also on the map: {words}");
    let answers = ruth.follow(&page, "He asks once more").await;
    let headings = answers.all("h2");
    assert!(headings.iter().any(|heading| heading == "This turn, as in revision 2"), "{headings:?}");
}

#[tokio::test]
async fn nobody_else_sees_the_map() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let address = ward.at("/scenarios/garden-gate");
    let missing = ward.ruth.browser.get(&ward.at("/scenarios/no-such-scenario")).await;
    assert_eq!(missing.status, 404);
    assert_eq!(
        ward.ruth.browser.get(&ward.at("/scenarios/hugs")).await.status,
        404,
        "it was never assigned here"
    );
    let foreign = app.educator("Olga").await;
    let manager = app.staff("Mona", false, false).await;
    app.give_role(&ward.cohort, &manager, Role::Manager).await;
    let both = app.educator("Bo").await;
    app.give_role(&ward.cohort, &both, Role::Educator).await;
    app.give_role(&ward.cohort, &both, Role::Manager).await;
    for who in [&foreign, &manager, &both] {
        for rest in ["", "/numbers.csv", "/numbers.json", "/lift", "/lift/answers.csv", "/lift/answers.json"]
        {
            let page = who.browser.get(&format!("{address}{rest}")).await;
            assert_eq!((page.status.as_u16(), &page.bytes), (404, &missing.bytes), "{rest}");
        }
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'exported'").await, 0);
}

impl TestApp {
    /// Changes the database behind the app's back.
    pub(crate) async fn alter(&self, statement: &'static str) {
        let write = self
            .app
            .db
            .write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, statement).map(drop) }));
        write.await.expect(statement);
    }
}

//! An educator sees where her cohort slips, who needs help, and each nurse's path.

use warmly::cohorts::CohortId;

use crate::app::TestApp;
use crate::cast::{Member, answer};
use crate::review::{edited, ward};

#[tokio::test]
async fn the_overview_counts_first_answers_and_says_red_flags_first() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.heading(), "Spring residency");
    let words = page.words();
    assert!(
        words.contains(
            "8 slipped, and 2 of these were put right in the same conversation. Begin with “He is dizzy”: "
        ),
        "{words}"
    );
    let moments = page.all(".starters h3");
    assert_eq!(
        moments,
        ["He is dizzy", "He slides down"],
        "missed dangers first; at most two of one scenario"
    );
    let counts = page.all(".starters .nums");
    assert_eq!(counts, ["Of 4 first answers: 2 kept, 2 crossed", "Of 2 first answers: 1 kept, 1 crossed"]);
    assert!(words.contains("2 of 4 left a danger unanswered"));
    assert!(words.contains("“What here could not wait, and what would you do first?”"));
    let cohort = ward.cohort.as_str();
    assert_eq!(page.link("at: He is dizzy"), format!("/cohorts/{cohort}/scenarios/garden-gate/dizzy"));
    assert!(page.all(".starters .bar").is_empty(), "four answers are not drawn");
    let needs = page.all(".needs li");
    assert_eq!(needs.len(), 3, "{needs:?}");
    assert!(needs[0].starts_with("Fay"), "{needs:?}");
    assert!(needs[0].ends_with("A danger was left unanswered at “He is dizzy”."), "{needs:?}");
    for (place, name) in [(1, "Cy"), (2, "Eve")] {
        assert!(needs[place].starts_with(name), "{needs:?}");
        let reason = "The answer at “He waits with his coat on” says yes, and nothing later puts that right.";
        assert!(needs[place].ends_with(reason), "{needs:?}");
    }
    let fay = format!("/cohorts/{cohort}/people/{}/{}", ward.members[5].seat.as_str(), ward.attempts[5]);
    let (nurse, _) = fay.rsplit_once('/').expect("a nurse's page");
    assert_eq!(page.link("Fay"), nurse);
    assert_eq!(page.link("Fay’s transcript"), fay);
    assert_eq!(page.all("tbody th"), ["Ana", "Bo", "Cy", "Dee", "Eve", "Fay", "Gus"]);
    let paths = page.attributes("tbody .spark", "aria-label");
    assert_eq!(paths[2], "keeps, turns away, crosses");
    assert!(words.contains("The garden gate: 1 of 7 has not begun Gus"), "{words}");
    assert!(!words.contains("First attempt against latest"), "nobody has gone twice");
    assert!(!words.contains('%'), "counts, no percentages");
}

#[tokio::test]
async fn from_five_answers_up_they_are_drawn_with_the_counts_in_words() {
    for (nurses, parts, words) in [
        (5, &["blurs p100"][..], "Of 5 first answers: 5 blurred"),
        (24, &["keeps p33", "blurs p67"], "Of 24 first answers: 8 kept, 16 blurred"),
    ] {
        let app = TestApp::new().await;
        let ward = ward(&app, 0).await;
        for number in 0..nurses {
            let member = app.member(&ward.cohort, &format!("Nurse {number}")).await;
            let reply = if number >= 16 { "replytext one" } else { "replytext three" };
            app.worked(&member, &ward.gate, "garden-gate", &[("", reply)]).await;
        }
        let page = ward.ruth.browser.open(&ward.at("")).await;
        assert_eq!(page.all(".starters h3"), ["He asks for a lift"]);
        assert_eq!(page.attributes(".starters .bar i", "class"), parts);
        assert_eq!(page.all(".starters .nums"), [words]);
    }
}

#[tokio::test]
async fn with_fewer_than_five_there_are_names_and_transcripts_only() {
    let app = TestApp::new().await;
    for workers in [1, 4] {
        let ward = ward_named(&app, workers).await;
        let page = ward.ruth.browser.open(&ward.at("")).await;
        let words = page.words();
        assert!(
            words.contains("With fewer than five nurses nothing is drawn or ranked"),
            "{workers}: {words}"
        );
        assert!(page.all(".bar").is_empty() && page.all(".starters").is_empty(), "{workers}");
        assert!(page.all("tbody th").contains(&"Ana".to_owned()), "{workers}");
        assert_eq!(page.attributes("tbody .spark", "aria-label").len(), workers);
        let csv = ward.ruth.browser.get(&ward.at("/overview.csv")).await.text();
        assert!(!csv.contains("\"moment\""), "the file shows no more than the screen");
    }
}

async fn ward_named(app: &TestApp, workers: usize) -> crate::review::Ward<'_> {
    app.clock.advance(1);
    let olga = app.educator(&format!("Olga {workers}")).await;
    let cohort = app.cohort(&olga, "Night shift").await;
    let gate = app.assign(&cohort, &olga, "garden-gate").await;
    let mut members = Vec::new();
    for name in ["Ana", "Bo", "Cy", "Dee"].into_iter().take(workers) {
        let member = app.member(&cohort, name).await;
        app.worked(&member, &gate, "garden-gate", &[("", "replytext three")]).await;
        members.push(member);
    }
    crate::review::Ward { ruth: olga, cohort, gate, members, attempts: Vec::new() }
}

#[tokio::test]
async fn an_empty_cohort_says_what_to_do_first() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "Fall residency").await;
    let address = format!("/cohorts/{}", cohort.as_str());
    let page = ruth.browser.open(&address).await;
    assert!(page.words().contains("Nobody has joined yet."));
    assert_eq!(page.link("Show the join code"), format!("{address}/join"));
    assert_eq!(page.link("choose what they meet first"), format!("{address}/assignments/new"));
    app.member(&cohort, "Ana").await;
    let page = ruth.browser.open(&address).await;
    assert!(page.words().contains("Nothing is set yet"), "{}", page.words());
    assert!(page.words().contains("Nobody has answered yet."));
}

#[tokio::test]
async fn a_second_attempt_changes_the_latest_and_never_the_first() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let eve = &ward.members[4];
    let better = [("No.", "replytext one"), ("", "replytext four"), ("", "replytext eight")];
    app.worked(eve, &ward.gate, "garden-gate", &better).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let words = page.words();
    // One more came to the dizzy man for the first time; her first answer at the gate stays the first.
    assert!(words.contains("Of 5 first answers: 3 kept, 2 crossed"), "{words}");
    assert!(!page.all(".needs li").iter().any(|needs| needs.starts_with("Eve")), "her latest attempt kept");
    assert!(
        words.contains("1 nurse has gone through it twice or more; from five up it is drawn."),
        "{words}"
    );
    assert!(words.contains("Of 2 answers: 1 blurred, 1 crossed"), "{words}");
    assert!(words.contains("Of 3 answers: 3 kept"), "{words}");
    let paths = page.attributes("tbody .spark", "aria-label");
    assert_eq!(paths[4], "blurs, crosses", "the table shows first attempts");
}

#[tokio::test]
async fn twice_without_improvement_asks_for_help() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let bo = &ward.members[1];
    // A walk-off that nothing mends on warmth, then the same again; no danger and nothing that crosses.
    let cold =
        [("", "replytext one"), ("", "replytext five"), ("", "replytext six"), ("", "replytext eight")];
    app.worked(bo, &ward.gate, "garden-gate", &cold).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.all(".needs li").len(), 0, "what was put right is no slip that stays: {}", page.words());
    let folder = tempfile::tempdir().expect("a folder");
    // Where the later replies are not scored on warmth, the walk-off stays open.
    edited(
        folder.path(),
        &[(
            "gate.toml",
            &[
                ("{ warm = \"keeps\", clear = \"keeps\", honest = \"keeps\" }", "{ clear = \"keeps\" }"),
                ("{ safe = \"keeps\", warm = \"keeps\" }", "{ safe = \"keeps\" }"),
            ],
        )],
    );
    let app = TestApp::with(folder.path()).await;
    let ward = crate::review::ward(&app, 0).await;
    let ida = app.member(&ward.cohort, "Ida").await;
    app.worked(&ida, &ward.gate, "garden-gate", &cold).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.all(".needs li").len(), 0, "once is no pattern");
    app.worked(&ida, &ward.gate, "garden-gate", &cold[..2]).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.all(".needs li").len(), 0, "an attempt that is still under way is not judged");
    app.worked(&ida, &ward.gate, "garden-gate", &cold).await;
    let needs = ward.ruth.browser.open(&ward.at("")).await.all(".needs li");
    let reason = "The finished attempt before left one slip open, the latest left one slip.";
    assert!(needs.len() == 1 && needs[0].starts_with("Ida") && needs[0].ends_with(reason), "{needs:?}");
}

#[tokio::test]
async fn what_local_policy_decides_never_counts() {
    let folder = tempfile::tempdir().expect("a folder");
    let maybe = "why = \"He waits, whytext three.\"";
    let drive = "why = \"A yes, whytext seven.\"";
    let (maybe_too, drive_too) =
        (format!("{maybe}\npolicy_dependent = true"), format!("{drive}\npolicy_dependent = true"));
    edited(folder.path(), &[("gate.toml", &[(maybe, maybe_too.as_str()), (drive, drive_too.as_str())])]);
    let app = TestApp::with(folder.path()).await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let needs = page.all(".needs li");
    assert!(needs.len() == 1 && needs[0].starts_with("Fay"), "{needs:?}");
    assert!(page.words().contains("slipped, and 1 of these was put right"), "{}", page.words());
    let matrix = ward.ruth.browser.open(&ward.at("/matrix")).await;
    assert!(matrix.words().contains("He asks for a lift 4 answers"), "{}", matrix.words());
    let csv = ward.ruth.browser.get(&ward.at("/answers.csv")).await.text();
    let marked = csv
        .lines()
        .filter(|line| line.contains("replytext three") && line.contains("\"blurs\",\"no\",\"yes\""));
    assert_eq!(marked.count(), 2, "the place is told, and that policy decides: {csv}");
}

#[tokio::test]
async fn at_most_two_moments_come_from_one_scenario() {
    let folder = tempfile::tempdir().expect("a folder");
    let second = [("slug = \"garden-gate\"", "slug = \"back-gate\""), ("The garden gate", "The back gate")];
    edited(folder.path(), &[("gate.toml", &[]), ("second.toml", &second)]);
    let app = TestApp::with(folder.path()).await;
    let ward = ward(&app, 0).await;
    let back = app.assign(&ward.cohort, &ward.ruth, "back-gate").await;
    for name in ["A", "B", "C", "D", "E"] {
        let member = app.member(&ward.cohort, name).await;
        let turns = [("", "replytext one"), ("", "replytext five"), ("", "replytext seven")];
        app.worked(&member, &ward.gate, "garden-gate", &turns).await;
        app.worked(&member, &ward.gate, "garden-gate", &[("", "replytext three"), ("", "replytext six")])
            .await;
        if name == "A" {
            app.worked(&member, &back, "back-gate", &[("", "replytext three")]).await;
        }
    }
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let moments = page.all(".starters li");
    assert_eq!(moments.len(), 3, "{moments:?}");
    assert!(moments[0].starts_with("The garden gate, turn 2 He asks once more"), "{moments:?}");
    assert!(moments[1].starts_with("The garden gate, turn 3 He waits with his coat on"), "{moments:?}");
    assert!(moments[2].starts_with("The back gate, turn 1 He asks for a lift"), "{moments:?}");
    assert!(moments[2].contains("Of 1 first answer: 1 blurred"), "{moments:?}");
}

#[tokio::test]
async fn a_third_missed_danger_of_one_scenario_is_said_besides() {
    let folder = tempfile::tempdir().expect("a folder");
    let waiting = "does = \"He has his coat on.\"";
    let edits = [
        (waiting, "red_flag = true\ndoes = \"He has his coat on.\""),
        ("honest = \"keeps\" }", "honest = \"keeps\", safe = \"keeps\" }"),
        ("clear = \"crosses\" }", "clear = \"crosses\", safe = \"crosses\" }"),
    ];
    edited(folder.path(), &[("gate.toml", &edits)]);
    let app = TestApp::with(folder.path()).await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.all(".starters h3"), ["He waits with his coat on", "He is dizzy"]);
    let words = page.words();
    assert!(words.contains("A danger was also left unanswered at He slides down (1 of 2)."), "{words}");
    let csv = ward.ruth.browser.get(&ward.at("/overview.csv")).await.text();
    assert!(csv.contains("\"danger unanswered\",\"garden-gate\",\"He slides down\""), "{csv}");
}

#[tokio::test]
async fn practice_is_counted_and_nothing_else_of_it_is_known() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let before = ward.ruth.browser.open(&ward.at("")).await.words();
    assert!(
        before.contains("Fewer than five nurses have practiced on their own, or it was not counted yet.")
    );
    let mut members: Vec<Member<'_>> = Vec::new();
    for name in ["Hal", "Ida", "Jo"] {
        members.push(app.member(&ward.cohort, name).await);
    }
    let four: Vec<&Member<'_>> = ward.members[..1].iter().chain(&members).collect();
    for member in &four {
        practice(member).await;
        practice(member).await;
    }
    sweep(&app).await;
    let counted = "SELECT nurses * 1000 + times FROM practice_counts";
    assert_eq!(app.number(counted).await, 4_008);
    let page = ward.ruth.browser.open(&ward.at("")).await.words();
    assert!(page.contains("Fewer than five nurses have practiced"), "four are not told");
    assert!(!ward.ruth.browser.get(&ward.at("/overview.json")).await.text().contains("\"times\""));
    practice(&ward.members[1]).await;
    sweep(&app).await;
    assert_eq!(app.number(counted).await, 4_008, "it is not counted again within the week");
    app.clock.advance(7 * 24 * 60 * 60 * 1000 + 1);
    sweep(&app).await;
    assert_eq!(app.number(counted).await, 5_009);
    let ruth = app.staff("Rita", false, true).await;
    app.give_role(&ward.cohort, &ruth, warmly::accounts::Role::Educator).await;
    let page = ruth.browser.open(&ward.at("?since=2026-03-09")).await.words();
    assert!(page.contains("5 nurses practiced, 9 times."), "no filter changes it: {page}");
    assert!(page.contains("Nobody has answered yet."), "{page}");
}

async fn sweep(app: &TestApp) {
    warmly::review::sweep::sweep(&app.app).await.expect("a count");
}

/// Begins the garden gate for herself and slips at once.
async fn practice(member: &Member<'_>) {
    let prebrief = member.browser.open("/scenarios/garden-gate").await;
    let again = prebrief.words().contains("Begin again");
    let begin = if again { "Begin again from the start" } else { "Begin" };
    let page = member.browser.press(&prebrief, begin, &[]).await;
    let id = page.path.split('/').nth(2).expect("an id").to_owned();
    answer(&member.browser, &id, "", "replytext three").await;
}

#[tokio::test]
async fn practice_never_moves_a_figure() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let before = ward.ruth.browser.open(&ward.at("")).await.text();
    for member in &ward.members {
        practice(member).await;
    }
    assert_eq!(ward.ruth.browser.open(&ward.at("")).await.text(), before);
}

#[tokio::test]
async fn a_filter_shows_one_assignment_or_one_period() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    app.clock.advance(60_000);
    let again = app.assign(&ward.cohort, &ward.ruth, "garden-gate").await;
    let gus = &ward.members[1];
    app.worked(gus, &again, "garden-gate", &[("", "replytext one")]).await;
    let at = |query: String| ward.at(&query);
    let page = ward.ruth.browser.open(&at(format!("?assignment={}&since=&until=", again.as_str()))).await;
    assert!(page.words().contains("1 of 2 nurses has answered. Every first answer kept the line."));
    assert_eq!(page.attributes("tbody .spark", "aria-label"), ["keeps"]);
    assert!(page.words().contains("The garden gate: 1 of 2 has not begun Ana"), "{}", page.words());
    assert!(page.link("Every answer (CSV)").ends_with(&format!("answers.csv?assignment={}", again.as_str())));
    let csv = ward.ruth.browser.get(&page.link("Every answer (CSV)")).await.text();
    assert_eq!(csv.lines().count(), 2, "{csv}");
    for (query, answered) in [
        ("?since=2026-03-02", "All 2 nurses"),
        ("?until=2026-03-02", "All 2 nurses"),
        ("?since=2026-03-03", "Nobody"),
        ("?until=2026-03-01", "Nobody"),
        ("?since=2026-03-02&until=2026-03-02", "All 2 nurses"),
    ] {
        let words = ward.ruth.browser.open(&at(query.to_owned())).await.words();
        assert!(words.contains(&format!("{answered} ha")), "{query}: {words}");
    }
    for query in ["?since=tomorrow", "?until=2026-13-40", "?since=2026-03-03&until=2026-03-02"] {
        let page = ward.ruth.browser.get(&at(query.to_owned())).await;
        assert_eq!(page.status, 422, "{query}");
        assert!(page.title().starts_with("Problem: "), "{query}");
        assert_eq!(page.all(".summary li").len(), 1, "{query}");
    }
    let other = app.cohort(&ward.ruth, "Other").await;
    let foreign = app.assign(&other, &ward.ruth, "garden-gate").await;
    for assignment in [foreign.as_str(), "nonsense"] {
        for page in ["", "/matrix", "/debrief", "/answers.csv", "/overview.csv", "/matrix.json"] {
            let page = at(format!("{page}?assignment={assignment}"));
            assert_eq!(ward.ruth.browser.get(&page).await.status, 404, "{page}");
        }
    }
    assert_eq!(ward.ruth.browser.get(&at("?colour=red".to_owned())).await.status, 400);
}

#[tokio::test]
async fn those_who_asked_to_talk_come_first_and_only_they_show_how_ready_they_feel() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    for (place, wants) in [(1, "0"), (3, "1")] {
        let attempt = &ward.attempts[place];
        let page = ward.members[place].browser.open(&format!("/attempts/{attempt}/looking-back")).await;
        let fields = [("feeling", "secretfeeling"), ("readiness", "could-help")];
        ward.members[place].browser.press(&page, "Save", &fields).await;
        let done = set_talk(&app, attempt, wants == "1").await;
        assert_eq!(done, 1);
    }
    let page = ward.ruth.browser.open(&ward.at("")).await;
    assert_eq!(page.all("tbody th"), ["Dee", "Ana", "Bo", "Cy", "Eve", "Fay", "Gus"]);
    let cells = page.all("tbody tr td:nth-last-child(2)");
    assert_eq!(cells, ["I could help someone else", "", "", "", "", "", ""]);
    assert!(page.all("tbody tr:first-child td:last-child")[0].contains("Asked to talk"));
    for file in ["", "/overview.csv", "/overview.json", "/answers.csv", "/answers.json"] {
        let text = ward.ruth.browser.get(&ward.at(file)).await.text();
        assert!(!text.contains("secretfeeling"), "{file}: what she wrote stands on her own page only");
        assert!(!text.contains("guessing") && !text.contains("sure\""), "{file}");
    }
}

async fn set_talk(app: &TestApp, attempt: &str, wants: bool) -> u64 {
    let attempt = attempt.to_owned();
    let write = app.app.db.write(move |conn| {
        let attempt = attempt.clone();
        Box::pin(async move {
            let text = "UPDATE reflections SET wants_talk = $1 WHERE attempt_id = $2";
            warmly::sql!(conn, execute, text, wants, attempt.as_str())
        })
    });
    write.await.map_err(|error: sqlx::Error| error).expect("a row")
}

#[tokio::test]
async fn those_who_left_still_count_and_are_no_longer_helped() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    app.app
        .db
        .write(|conn| {
            Box::pin(async move {
                warmly::sql!(conn, execute, "UPDATE seats SET left_at = 1 WHERE name = 'Fay'")?;
                warmly::sql!(
                    conn,
                    execute,
                    "UPDATE seats SET name = '', nurse_id = NULL, left_at = 1 WHERE name = 'Cy'"
                )
            })
        })
        .await
        .map_err(|error: sqlx::Error| error)
        .expect("rows");
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let words = page.words();
    assert!(words.contains("5 nurses"), "{words}");
    assert!(
        words.contains("6 of 7 nurses have answered. 2 of them have left since; their answers still count."),
        "{words}"
    );
    assert!(words.contains("Of 4 first answers: 2 kept, 2 crossed"), "{words}");
    assert!(page.all("tbody th").contains(&"Fay has left".to_owned()), "{:?}", page.all("tbody th"));
    assert!(
        page.all("tbody th").iter().any(|name| name.starts_with("Deleted")),
        "{:?}",
        page.all("tbody th")
    );
    let needs = page.all(".needs li");
    assert!(needs.len() == 1 && needs[0].starts_with("Eve"), "{needs:?}");
}

#[tokio::test]
async fn a_long_table_shows_a_few_rows_and_all_when_asked() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort: CohortId = app.cohort(&ruth, "All of nursing").await;
    app.assign(&cohort, &ruth, "garden-gate").await;
    for number in 0..500 {
        app.member(&cohort, &format!("Nurse {number:03}")).await;
    }
    let address = format!("/cohorts/{}", cohort.as_str());
    let page = ruth.browser.open(&address).await;
    assert_eq!(page.all("tbody tr").len(), 12);
    assert!(page.bytes.len() < 20 * 1024, "{} bytes", page.bytes.len());
    assert!(page.words().contains("and 440 more"));
    let all = ruth.browser.follow(&page, "Show all 500 nurses").await;
    assert_eq!(all.all("tbody tr").len(), 500);
    let page = ruth.browser.open(&format!("{address}/completion")).await;
    assert_eq!(page.all("tbody tr").len(), 60);
    let all = ruth.browser.follow(&page, "Show all 500 nurses").await;
    assert_eq!(all.all("tbody tr").len(), 500);
    assert!(all.words().contains("0 of 500"), "{}", all.words());
}

#[tokio::test]
async fn another_cohort_is_not_there() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let olga = app.educator("Olga").await;
    let missing = "/cohorts/01234567-89ab-7def-8123-456789abcdef";
    let rest = ["", "/matrix", "/completion", "/debrief", "/debrief/screen"];
    let files = ["answers", "overview", "matrix", "completion"]
        .map(|file| [format!("/{file}.csv"), format!("/{file}.json")]);
    for rest in rest.into_iter().map(str::to_owned).chain(files.into_iter().flatten()) {
        let foreign = olga.browser.get(&ward.at(&rest)).await;
        let nothing = olga.browser.get(&format!("{missing}{rest}")).await;
        assert_eq!(foreign.status, 404, "{rest}");
        assert_eq!(foreign.bytes, nothing.bytes, "{rest}");
        let nurse = ward.members[0].browser.get(&ward.at(&rest)).await;
        assert_eq!(nurse.status, 401, "a nurse at {rest}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0, "what was refused is no export");
}

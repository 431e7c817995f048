//! Taking along: every answer, with names or numbers, safe to open, noted in the audit log.

use crate::app::TestApp;
use crate::review::ward;

fn parsed(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[tokio::test]
async fn every_answer_is_a_row_with_everything_an_educator_may_see() {
    let app = TestApp::new().await;
    let ward = ward(&app, 3).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let file = ward.ruth.browser.get(&page.link("Every answer (CSV)")).await;
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let name = "attachment; filename=\"spring-residency-answers.csv\"";
    assert_eq!(file.header("content-disposition"), Some(name));
    assert!(file.text().contains("\r\n"));
    let rows = parsed(&file.bytes);
    assert_eq!(rows.len(), 1 + 9);
    let column = |name: &str| rows[0].iter().position(|column| column == name).expect(name);
    let ana = &rows[1];
    for (name, value) in [
        ("cohort", "Spring residency"),
        ("nurse", "Ana"),
        ("scenario", "garden-gate"),
        ("revision", "1"),
        ("assignment", ward.gate.as_str()),
        ("attempt", ward.attempts[0].as_str()),
        ("turn_number", "1"),
        ("turn", "lift"),
        ("own_words", "Um, maybe?"),
        ("place", "blurs"),
        ("missed_red_flag", "no"),
        ("policy_decides", "no"),
        ("repaired", "yes"),
        ("started_at", "2026-03-02T12:00:00.000Z"),
        ("answered_at", "2026-03-02T12:00:20.000Z"),
    ] {
        assert_eq!(ana[column(name)], value, "{name}");
    }
    assert!(ana[column("reply")].contains("replytext three"));
    let mut order: Vec<&str> = ana[column("order_shown")].split(' ').collect();
    order.sort_unstable();
    assert_eq!(order, ["id-kind-no", "id-maybe", "id-plain-no"]);
    assert_eq!(rows[2][column("repaired")], "", "there was nothing to repair");
    assert_eq!(rows[9][column("repaired")], "no");
    for secret in ["sure", "readiness", "placed"] {
        assert!(!rows[0].iter().any(|column| column.contains(secret)), "{secret}");
    }
    let json = ward.ruth.browser.get(&page.link("Every answer (JSON)")).await;
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).expect("JSON");
    assert_eq!(json["answers"].as_array().map(Vec::len), Some(9));
    assert_eq!(json["answers"][0]["own_words"], "Um, maybe?");
}

#[tokio::test]
async fn names_can_be_left_out() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let page = ward.ruth.browser.open(&ward.at("")).await;
    let file = ward.ruth.browser.get(&page.link("Every answer without names (CSV)")).await;
    let rows = parsed(&file.bytes);
    for row in &rows[1..] {
        assert!(row[1].starts_with("Nurse "), "{row:?}");
        for member in &ward.members {
            assert!(!row.contains(&member.seat.as_str().to_owned()));
        }
    }
    let text = file.text();
    for name in ["\"Ana\"", "\"Bo\"", "\"Fay\""] {
        assert!(!text.contains(name), "{name}");
    }
}

#[tokio::test]
async fn a_cell_never_begins_a_formula_and_a_file_name_is_plain() {
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth").await;
    let cohort = app.cohort(&ruth, "=Ærø \"spring\"; 2026/Ж").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let ana = app.member(&cohort, "@Ana").await;
    let words = ["=1+1", "+1", "-1", "@a", "＝1", "=cmd|' /C calc'!A0"];
    for own in words {
        app.worked(&ana, &gate, "garden-gate", &[(own, "replytext one")]).await;
    }
    let base = format!("/cohorts/{}", cohort.as_str());
    for (file, name) in [
        ("answers", "answers"),
        ("overview", "overview"),
        ("matrix", "elements"),
        ("completion", "completion"),
    ] {
        let page = ruth.browser.get(&format!("{base}/{file}.csv")).await;
        let expected = format!("attachment; filename=\"r-spring-2026-{name}.csv\"");
        assert_eq!(page.header("content-disposition"), Some(expected.as_str()));
        for cell in parsed(&page.bytes).iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '\t']), "{file}: {cell}");
        }
    }
    let rows = parsed(&ruth.browser.get(&format!("{base}/answers.csv")).await.bytes);
    assert_eq!(rows[1][1], "'@Ana");
    assert_eq!(rows[6][11], "'=cmd|' /C calc'!A0");
}

#[tokio::test]
async fn a_long_file_comes_in_pieces_and_misses_nothing() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let ana = app.member(&ward.cohort, "Ana").await;
    for _ in 0..205 {
        app.clock.advance(1);
        app.started(&ana, &ward.gate, "garden-gate").await;
    }
    app.app
        .db
        .write(|conn| {
            Box::pin(async move {
                let openings = "INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
                    SELECT id, 1, 'lift', 'No.', 'id-maybe id-plain-no id-kind-no', started_at FROM attempts";
                warmly::sql!(conn, execute, openings)?;
                let responses = "INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, answered_at)
                    SELECT id, 1, 'lift', 'id-maybe', started_at + 1500 FROM attempts";
                warmly::sql!(conn, execute, responses)
            })
        })
        .await
        .map_err(|error: sqlx::Error| error)
        .expect("rows");
    let rows = parsed(&ward.ruth.browser.get(&ward.at("/answers.csv")).await.bytes);
    assert_eq!(rows.len(), 206);
    let different: std::collections::BTreeSet<&String> = rows[1..].iter().map(|row| &row[7]).collect();
    assert_eq!(different.len(), 205);
    assert_eq!(rows[1][18], "id-maybe id-plain-no id-kind-no");
    assert_eq!(rows[1][19], "1", "whole seconds");
    let json = ward.ruth.browser.get(&ward.at("/answers.json")).await;
    let json: serde_json::Value = serde_json::from_slice(&json.bytes).expect("JSON");
    assert_eq!(json["answers"].as_array().map(Vec::len), Some(205));
    let none = ward.ruth.browser.get(&ward.at("/answers.json?since=2027-01-01")).await;
    let none: serde_json::Value = serde_json::from_slice(&none.bytes).expect("JSON");
    assert_eq!(none["answers"].as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn every_export_is_noted_and_the_file_says_what_the_screen_says() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let mut files = 0;
    for file in ["answers", "overview", "matrix", "completion"] {
        for ending in ["csv", "json"] {
            let page = ward.ruth.browser.get(&ward.at(&format!("/{file}.{ending}"))).await;
            assert_eq!(page.status, 200, "{file}.{ending}");
            files += 1;
            let noted = "SELECT COUNT(*) FROM audit WHERE what = 'exported' AND actor_kind = 'staff'";
            assert_eq!(app.number(noted).await, files, "{file}.{ending}");
        }
    }
    let noted = app.column("SELECT actor_id || ' ' || cohort_id FROM audit").await;
    assert!(noted.iter().all(|row| *row == format!("{} {}", ward.ruth.id.as_str(), ward.cohort.as_str())));
    let json = ward.ruth.browser.get(&ward.at("/overview.json")).await.text();
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["answered"], 6);
    assert_eq!(json["moments"][0]["first"]["missed_red_flags"], 2);
    assert_eq!(json["need_help"][0]["name"], "Fay");
    assert_eq!(json["not_begun"][0]["nurses"][0], "Gus");
    assert!(json["practice"].is_null());
    let rows = parsed(&ward.ruth.browser.get(&ward.at("/overview.csv")).await.bytes);
    assert!(rows.iter().any(|row| row[0] == "needs help" && row[3] == "Fay"), "{rows:?}");
    assert!(
        rows.iter()
            .any(|row| row[0] == "moment" && row[2] == "He is dizzy" && row[4] == "4" && row[8] == "2")
    );
}

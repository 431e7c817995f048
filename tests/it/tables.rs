//! Tables that are taken along: whatever somebody typed, no cell begins a formula. `WARMLY_TABLES=FOLDER` keeps them,
//! to be opened in a spreadsheet (`tests/trust/csv.sh`).

use std::path::PathBuf;

use axum::http::Method;
use warmly::app::routes;
use warmly::web::route::Who;

use crate::app::{TestApp, fixtures};
use crate::map::SIX;

/// What a spreadsheet may take for the beginning of a formula, or for the beginning of a cell.
const BEGINNINGS: [&str; 8] = ["=", "+", "-", "@", "\t", "\r", "\n", "＝"];

#[expect(clippy::disallowed_methods, reason = "the tests’ own setting, not the app’s")]
fn folder() -> Option<PathBuf> {
    std::env::var("WARMLY_TABLES").ok().filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Where the table comes from: the small conversation, its texts beginning so where a file may say so.
fn scenario(begin: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the scenario");
    if !begin.trim().is_empty() {
        for author in
            ["title = \"", "does = \"", "says = \"", "why = \"", "better = \"", "kept = \"", "text = \""]
        {
            text = text.replace(author, &format!("{author}{begin}"));
        }
    }
    std::fs::write(folder.path().join("garden-gate.toml"), text).expect("written");
    folder
}

/// Whether a spreadsheet would run this cell, wherever it splits the line.
fn runs(cell: &str) -> bool {
    let starts = |text: &str| text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    cell.starts_with(['\t', '\r', '\n'])
        || starts(cell)
        || cell.split([';', '\t', '\r', '\n']).any(|piece| starts(piece.trim_start()))
}

#[test]
fn a_cell_that_would_run_is_found() {
    for begin in BEGINNINGS {
        assert!(runs(&format!("{begin}1+1")), "{begin:?}");
    }
    assert!(runs("well;=1+1") && runs("  =1") && !runs("'=1+1") && !runs("Um, not today."));
}

#[tokio::test]
async fn no_cell_of_any_file_begins_a_formula() {
    let (mut files, mut cells) = (0, 0);
    for (number, begin) in BEGINNINGS.into_iter().enumerate() {
        let scenarios = scenario(begin);
        let app = TestApp::with(scenarios.path()).await;
        assert_eq!(app.app.problems, Vec::<String>::new());
        let with = |text: &str| format!("{begin}{text}");
        let ruth = app.educator(&with("Ruth")).await;
        let cohort = app.cohort(&ruth, &with("cmd|' /C calc'!A0")).await;
        let gate = app.assign(&cohort, &ruth, "garden-gate").await;
        let mut nurses = Vec::new();
        for (name, turns) in SIX {
            let member = app.member(&cohort, &with(name)).await;
            let turns: Vec<(String, &str)> =
                turns.iter().map(|(own, reply)| (with(&format!("1+1;{begin}{own}")), *reply)).collect();
            let turns: Vec<(&str, &str)> = turns.iter().map(|(own, reply)| (own.as_str(), *reply)).collect();
            app.worked(&member, &gate, "garden-gate", &turns).await;
            nurses.push(member);
        }
        app.member(&cohort, &with("Nobody yet")).await;
        app.alter("UPDATE seats SET external_id = name").await;
        let transcript = app.column("SELECT id FROM attempts ORDER BY id").await;
        let token = app.clock.new_token();
        let comment = with("I noticed");
        let fields = [("token", token.as_str()), ("text", comment.as_str()), ("do", "release")];
        let seat = nurses[0].seat.as_str();
        let comments = format!("/cohorts/{}/people/{seat}/{}/1/comments", cohort.as_str(), transcript[0]);
        assert_eq!(ruth.browser.post(&comments, &fields).await.status, 303);
        for route in routes()
            .iter()
            .filter(|it| it.method == Method::GET && it.path.split('.').next_back() == Some("csv"))
        {
            let path = route.path.replace("{cohort}", cohort.as_str()).replace("{slug}", "garden-gate");
            let path = path.replace("{turn}", "lift");
            let browser = if route.who == Who::Nurse { &nurses[0].browser } else { &ruth.browser };
            let file = browser.get(&path).await;
            assert_eq!(file.status, 200, "{path}");
            if let Some(folder) = folder() {
                let name = route.path.replace(['/', '{', '}'], "-");
                std::fs::write(folder.join(format!("{number}{name}")), &file.bytes).expect("kept");
            }
            let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
            let rows = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes).into_records();
            let mut planted = 0;
            for cell in rows.flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
            {
                assert!(!runs(&cell), "{}: {cell:?}", route.path);
                planted += usize::from(cell.starts_with('\''));
                cells += 1;
            }
            // A space at the beginning of a name is not kept; what is said in own words is.
            let spoken = route.path.contains("answers") || route.path.contains("practice");
            assert!(planted > 0 || (begin.trim().is_empty() && !spoken), "{path} holds nothing of {begin:?}");
            files += 1;
        }
    }
    assert!(files >= 8 * 7 && cells > 2_000, "{files} files, {cells} cells");
}

//! The rules of the house: who may import whom, how long a file may be, which words stay out.

use std::path::{Path, PathBuf};

const SLICES: [&str; 7] = ["scenario", "practice", "accounts", "help", "cohorts", "review", "operate"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = std::fs::read_to_string(&path).expect("text");
                found.push((path.strip_prefix(root()).expect("inside").to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "{folder} holds no {extension}");
    found
}

/// The lines of code of a file, without comments.
pub(crate) fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

/// Files of a slice that are neither pages, nor questions to the database, nor pure rules; and why.
const BETWEEN: &[(&str, &str)] = &[
    ("src/accounts/admit.rs", "one transaction: from the check of a link to the new session"),
    ("src/accounts/enter.rs", "a slow hash between counting a try and the new session"),
    ("src/accounts/device.rs", "which browser a request came from is an extractor"),
    ("src/accounts/second.rs", "one transaction: a code, or a change of the second step, with its audit row"),
    ("src/accounts/oversee.rs", "one transaction: a decision about second steps with its audit row"),
    ("src/accounts/tries.rs", "one transaction: a try is counted before it is looked at"),
    ("src/accounts/changes.rs", "one transaction: a change of roles or links with its audit row"),
    ("src/accounts/first.rs", "makes the set-up link at the first start"),
    ("src/accounts/own.rs", "one transaction: a change of one's own account with its audit row"),
    ("src/accounts/erasure.rs", "one transaction over every slice's store"),
    ("src/accounts/nurse.rs", "the proof of who is here is an extractor"),
    ("src/accounts/secrets.rs", "slow hashes run beside the requests"),
    ("src/accounts/staff.rs", "the proof of who is here is an extractor"),
    ("src/accounts/sweep.rs", "forgets on a timer"),
    ("src/operate/rounds.rs", "lets go of things on a timer"),
    ("src/operate/keep.rs", "a command: says what is due, and lets it go"),
    ("src/operate/keeping.rs", "lets go what is due, in small transactions"),
    ("src/cohorts/enter.rs", "one transaction: who comes, her seat, the audit row"),
    ("src/cohorts/entry.rs", "one transaction: compare, change, note"),
    ("src/cohorts/readers.rs", "asks two stores who can read a piece of work"),
    ("src/practice/begin.rs", "one transaction: a start, and whoever starts"),
    ("src/operate/backup.rs", "a command: copies the file and looks at the copy"),
    ("src/operate/check.rs", "a command: looks at the file and asks the stores"),
    ("src/operate/restore.rs", "a command: replaces the file"),
    ("src/operate/timed.rs", "makes backups on a timer"),
    ("src/operate/upgrade.rs", "a copy before the tables change"),
    ("src/operate/bulk.rs", "writes large data, one transaction after another"),
    ("src/operate/demo/fill.rs", "puts the cohorts of the demo together and writes them"),
    ("src/operate/demo/mod.rs", "a command: fills a throw-away database and serves it"),
    ("src/operate/demo/review.rs", "one transaction: what the educator of the demo said"),
    ("src/operate/second_step.rs", "a command: removes a second step"),
    ("src/operate/tallies.rs", "counts every seat again, many at a time"),
    ("src/operate/write.rs", "one transaction: everything that was simulated"),
    ("src/practice/load.rs", "puts attempts together from the store"),
    ("src/practice/record.rs", "replays what was read, then one transaction: insert"),
    ("src/review/load.rs", "puts a cohort's work together from the stores"),
    ("src/review/sweep.rs", "counts on a timer"),
    ("src/review/viewed.rs", "one transaction: look, note"),
    ("src/scenario/publish.rs", "publishes at start-up"),
    ("src/scenario/refresh.rs", "looks on a timer for what other processes published"),
    ("src/scenario/local_words.rs", "one transaction: compare, keep, adopt"),
    ("src/scenario/drawing/mod.rs", "a drawing is a small template"),
    ("src/scenario/drawing/portrait.rs", "a drawing is a small template"),
    ("src/scenario/drawing/spark.rs", "a drawing is a small template"),
    ("src/scenario/cmd.rs", "the command that checks files"),
];

/// Which kind of file this is: rules of the domain, the database's questions, pages, or the ground.
fn layer(path: &Path) -> &'static str {
    let text = path.to_string_lossy();
    let of_a_slice = SLICES.iter().any(|slice| text.starts_with(&format!("src/{slice}/")));
    match () {
        () if BETWEEN.iter().any(|(file, _)| *file == text) => "between",
        () if of_a_slice && (text.contains("/web/") || text.ends_with("/web.rs")) => "pages",
        () if of_a_slice && (text.contains("/store/") || text.ends_with("/store.rs")) => "store",
        () if of_a_slice => "domain",
        () if text.starts_with("src/web/") => "web",
        () if text.starts_with("src/db/") => "database",
        () => "ground",
    }
}

#[test]
fn layers_use_only_what_they_may() {
    let of_slices: Vec<String> = SLICES.iter().map(|slice| format!("crate::{slice}")).collect();
    let of_slices: Vec<&str> = of_slices.iter().map(String::as_str).collect();
    let banned: [(&str, &[&str]); 9] = [
        ("domain", &["axum", "sqlx", "askama", "crate::db", "async fn"]),
        ("store", &["axum", "askama", "crate::web"]),
        ("between", &["sql!(", "SELECT ", "axum::routing"]),
        ("ground", &["sql!(conn", "SELECT COUNT"]),
        ("database", &["sql!(conn"]),
        ("pages", &["sql!(", "SELECT ", "INSERT INTO"]),
        ("web", &["sql!("]),
        ("web", &of_slices),
        ("database", &of_slices),
    ];
    let mut seen = std::collections::BTreeSet::new();
    for (path, text) in files("src", "rs") {
        let layer = layer(&path);
        seen.insert(layer);
        for (_, words) in banned.iter().filter(|(name, _)| *name == layer) {
            for line in code(&text) {
                for word in *words {
                    assert!(!line.contains(word), "{}: {layer} may not use {word}: {line}", path.display());
                }
                let asks_the_time = line.contains("crate::clock") && line.contains("Clock");
                assert!(layer != "domain" || !asks_the_time, "{}: {line}", path.display());
            }
        }
    }
    assert!(
        ["domain", "store", "pages", "web", "between", "database"].iter().all(|layer| seen.contains(layer))
    );
}

#[test]
fn only_one_file_knows_that_there_are_two_databases() {
    for (path, text) in files("src", "rs") {
        // One of the holes for scanners is just this.
        if path.ends_with("planted.rs") {
            continue;
        }
        assert!(!text.contains("AssertSqlSafe"), "{}: no statement is put together", path.display());
        if path.starts_with("src/db") || path.ends_with("db.rs") {
            continue;
        }
        for line in code(&text) {
            for word in
                ["SqlitePool", "PgPool", "sqlx::Sqlite", "sqlx::Postgres", "Db::Sqlite", "Db::Postgres"]
            {
                assert!(!line.contains(word), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn a_store_asks_only_its_own_tables() {
    let owned = [
        (
            "accounts",
            &[
                "nurses",
                "sessions",
                "tries",
                "settings",
                "staff",
                "memberships",
                "links",
                "audit",
                "second_steps",
                "recovery_codes",
                "half_sessions",
                "known_devices",
            ][..],
        ),
        ("cohorts", &["cohorts", "seats", "assignments"]),
        (
            "review",
            &["comments", "comment_answers", "markings", "marked_elements", "samples", "practice_counts"],
        ),
        ("scenario", &["publishing", "catalogue", "policies", "revisions", "revision_turns", "policy_slots"]),
        (
            "practice",
            &[
                "attempts",
                "openings",
                "responses",
                "placements",
                "reflections",
                "completions",
                "tallies",
                "blacked_out",
            ],
        ),
    ];
    // Who set a piece of work and who can read it are people of the staff. Reports merge revisions by a turn’s content;
    // assigned work belongs to a cohort through its seat; what is said
    // about an answer belongs to its attempt, and what is taken to class are the own words of an opening. Practice goes
    // when its nurse was not here for long, and she goes when nothing is left of hers.
    let shared = [
        ("practice", "revision_turns"),
        ("practice", "nurses"),
        ("practice", "seats"),
        ("practice", "assignments"),
        ("accounts", "attempts"),
        ("accounts", "seats"),
        ("cohorts", "staff"),
        ("cohorts", "memberships"),
        ("review", "attempts"),
        ("review", "seats"),
        ("review", "openings"),
    ];
    for (path, text) in files("src", "rs").into_iter().filter(|(path, _)| layer(path) == "store") {
        let slice = path.components().nth(1).expect("a slice").as_os_str().to_string_lossy().into_owned();
        for (owner, tables) in owned.iter().filter(|(owner, _)| *owner != slice) {
            for table in *tables {
                let used = ["FROM ", "JOIN ", "INTO ", "UPDATE "].iter().any(|verb| {
                    code(&text).any(|line| {
                        line.split(verb).skip(1).any(|rest| {
                            rest.split(|char: char| !char.is_alphanumeric() && char != '_').next()
                                == Some(table)
                        })
                    })
                });
                let allowed = shared.contains(&(slice.as_str(), table));
                assert!(!used || allowed, "{} asks {table}, which belongs to {owner}", path.display());
            }
        }
    }
}

#[test]
fn files_stay_short() {
    for (folder, extension, most) in
        [("src", "rs", 300), ("templates", "html", 100), ("static/js", "js", 100)]
    {
        for (path, text) in files(folder, extension) {
            let lines = text.lines().count();
            assert!(lines <= most, "{} has {lines} lines; split it by resource", path.display());
        }
    }
}

#[test]
fn templates_escape_everything_and_hold_no_style_or_script() {
    for (path, text) in files("templates", "html") {
        for refused in ["|safe", "| safe", "style=\"", "onclick", "<script>", "<style"] {
            assert!(!text.contains(refused), "{}: {refused}", path.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is_in_its_first_line() {
    for (path, text) in files("src", "rs") {
        assert!(text.starts_with("//! "), "{} begins without a sentence", path.display());
    }
}

/// The program with holes in it is made for scanners, by those who ask for it, and never as a release.
#[test]
fn holes_for_scanners_are_only_where_they_were_asked_for() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("text");
    let manifest: toml::Table = manifest.parse().expect("a table");
    let features = manifest["features"].as_table().expect("features");
    assert_eq!(features.keys().collect::<Vec<_>>(), ["planted"], "a default would be in every build");
    assert!(manifest["dependencies"].get("warmly").is_none());
    let mut hooks = 0;
    for (path, text) in files("src", "rs") {
        if path.ends_with("planted.rs") {
            let refused = "#[cfg(not(debug_assertions))]\ncompile_error!(";
            assert!(text.contains(refused), "a release could be built with holes");
            continue;
        }
        let mut before = "";
        for line in code(&text) {
            if line.contains("planted") && !line.starts_with("#[cfg") {
                assert_eq!(before, "#[cfg(feature = \"planted\")]", "{}: {line}", path.display());
                hooks += 1;
            }
            before = line;
        }
    }
    assert_eq!(hooks, 2, "the module, and where its layer is put");
}

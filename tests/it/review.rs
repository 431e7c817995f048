//! A small cohort made by hand, whose figures can be counted on one's fingers; used by everything about review.

use std::path::Path;

use warmly::cohorts::{AssignmentId, CohortId};

use crate::app::{TestApp, fixtures};
use crate::cast::{Member, StaffMember};

/// Seven nurses; six of them have gone through the garden gate, Gus has not begun.
pub(crate) struct Ward<'a> {
    pub(crate) ruth: StaffMember<'a>,
    pub(crate) cohort: CohortId,
    pub(crate) gate: AssignmentId,
    pub(crate) members: Vec<Member<'a>>,
    pub(crate) attempts: Vec<String>,
}

impl Ward<'_> {
    /// An address of the cohort.
    pub(crate) fn at(&self, rest: &str) -> String {
        format!("/cohorts/{}{rest}", self.cohort.as_str())
    }
}

/// What each of the six says and chooses.
const WORK: [(&str, &[(&str, &str)]); 6] = [
    (
        "Ana",
        &[("Um, maybe?", "replytext three"), ("I said it badly.", "replytext six"), ("", "replytext eight")],
    ),
    ("Bo", &[("No, sorry.", "replytext one"), ("", "replytext four"), ("", "replytext eight")]),
    ("Cy", &[("No.", "replytext one"), ("", "replytext five"), ("Fine.", "replytext seven")]),
    ("Dee", &[("", "replytext two"), ("", "replytext four"), ("", "replytext nine"), ("", "replytext ten")]),
    ("Eve", &[("Later.", "replytext three"), ("Get in.", "replytext seven")]),
    (
        "Fay",
        &[("", "replytext one"), ("", "replytext four"), ("", "replytext nine"), ("", "replytext eleven")],
    ),
];

/// The ward, with as many of the six as are wanted, and Gus.
pub(crate) async fn ward(app: &TestApp, workers: usize) -> Ward<'_> {
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let (mut members, mut attempts) = (Vec::new(), Vec::new());
    for (name, turns) in WORK.into_iter().take(workers) {
        let member = app.member(&cohort, name).await;
        attempts.push(app.worked(&member, &gate, "garden-gate", turns).await);
        members.push(member);
    }
    members.push(app.member(&cohort, "Gus").await);
    Ward { ruth, cohort, gate, members, attempts }
}

/// A folder with the garden gate as these edits make it: (file name, what is replaced, by what).
pub(crate) fn edited(folder: &Path, edits: &[(&str, &[(&str, &str)])]) {
    let original = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the fixture");
    for (name, replaced) in edits {
        let mut text = original.clone();
        for (old, new) in *replaced {
            assert!(text.contains(old), "{old}");
            text = text.replacen(old, new, 1);
        }
        std::fs::write(folder.join(name), text).expect("a file");
    }
}

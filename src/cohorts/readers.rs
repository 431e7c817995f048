//! Who besides the nurse can read a piece of assigned work: named on every page of it, and in full before it begins.

use super::name::names_in_words;
use super::{AssignmentId, store};
use crate::db::Conn;

/// Who can read a piece of assigned work besides the nurse.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Readers {
    /// Who set it, by name; empty where that person has no account any more.
    pub set_by: String,
    /// The names of the group's educators; whoever set it first.
    pub educators: Vec<String>,
    /// The group's name.
    pub group: String,
}

impl Readers {
    /// Whoever can read the work of this assignment today.
    pub async fn of(conn: &mut Conn, assignment: &AssignmentId) -> sqlx::Result<Option<Self>> {
        let found = store::readers(conn, assignment).await?;
        Ok(found.map(|(group, set_by, mut educators)| {
            educators.sort_by_key(|name| *name != set_by);
            Self { set_by, educators, group }
        }))
    }

    /// In a few words, for the strip over a page: "Ruth Reyes and the other educators of Spring residency".
    #[must_use]
    pub fn in_short(&self) -> String {
        match self.educators.as_slice() {
            [] => format!("the educators of {}", self.group),
            [one] => format!("{one}, who leads {},", self.group),
            [first, ..] => format!("{first} and the other educators of {}", self.group),
        }
    }

    /// With every name: "Ruth Reyes and Dana Li, educators of Spring residency,".
    #[must_use]
    pub fn in_full(&self) -> String {
        match self.educators.as_slice() {
            [] => format!("The educators of {}", self.group),
            [one] => format!("{one}, educator of {},", self.group),
            several => {
                let names = names_in_words(several).unwrap_or_default();
                format!("{names}, educators of {},", self.group)
            }
        }
    }

    /// Readers as they look on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            set_by: "Ruth Reyes".to_owned(),
            educators: vec!["Ruth Reyes".to_owned(), "Dana Li".to_owned()],
            group: "Spring residency".to_owned(),
        }
    }
}

//! The debrief's form: what it sends, what stands in the way of keeping it, and keeping it.

use serde::Deserialize;

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::db::Work;
use crate::practice::Attempt;
use crate::practice::guard::{Anyway, Ask, check, shown};
use crate::practice::store::{self, Reflection, SentAnyway};
use crate::web::form::{LONGEST_TEXT, Problem, Problems, Text};

/// What the debrief's form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReflectionForm {
    #[serde(default)]
    pub(super) feeling: Text,
    #[serde(default)]
    pub(super) aim: Text,
    pub(super) readiness: Option<String>,
    #[serde(default)]
    pub(super) if_asked: Text,
    #[serde(default)]
    pub(super) then_say: Text,
    /// "I'd like to talk about this one". Only assigned work asks, and only there it means something.
    pub(super) wants_talk: Option<String>,
    /// "Send anyway": about which details it was asked.
    anyway: Option<String>,
}

/// What a field is called in a sentence.
fn called(field: &str) -> &'static str {
    match field {
        "if_asked" => "What follows “If”",
        "then_say" => "What follows “I will say”",
        "feeling" => "What was going on in you",
        _ => "What you were trying to do",
    }
}

impl ReflectionForm {
    /// The fields with their names in the page.
    fn fields(&self) -> [(&'static str, &Text); 4] {
        [
            ("if_asked", &self.if_asked),
            ("then_say", &self.then_say),
            ("feeling", &self.feeling),
            ("aim", &self.aim),
        ]
    }

    /// What stands in the way of keeping it.
    pub(super) fn problems(&self) -> Problems {
        let too_long = self.fields().into_iter().filter(|(_, text)| text.excess() > 0);
        let problem = |(field, text): (&'static str, &Text)| Problem {
            field,
            text: format!(
                "{} is too long to keep, by {} (the most is {LONGEST_TEXT} characters)",
                called(field),
                text.excess()
            ),
        };
        Problems(too_long.map(problem).collect())
    }

    /// Looks through it before it is kept. What she kept before was asked about then.
    pub(super) fn checked(
        &self,
        attempt: &Attempt,
        before: Option<&Reflection>,
    ) -> Result<Option<String>, Ask> {
        let shown = || {
            let kept = before.map(|it| [&it.feeling, &it.aim, &it.if_asked, &it.then_say].map(Clone::clone));
            let mut shown = shown(&attempt.revision.scenario, &attempt.policy);
            shown.extend(kept.into_iter().flatten());
            shown
        };
        let fields = self.fields().map(|(field, text)| (field, text.as_str()));
        check(&fields, &Anyway::read(self.anyway.as_deref()), shown).kinds()
    }

    /// Everything that was typed, for showing it back.
    pub(super) fn typed(&self) -> String {
        let typed = self.fields().into_iter().map(|(_, text)| text.as_str());
        typed.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
    }
}

/// Keeps what she wrote. False where the attempt is hers no longer.
pub(super) async fn keep(
    app: &App,
    nurse: Nurse,
    attempt: &Attempt,
    reflection: Reflection,
    anyway: Option<SentAnyway>,
) -> sqlx::Result<bool> {
    let (attempt, now) = (attempt.clone(), app.clock.now());
    let keeping = app.db.write(move |conn| {
        let (nurse, attempt, reflection) = (nurse.clone(), attempt.clone(), reflection.clone());
        let anyway = anyway.clone();
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            if !store::hold(conn, &nurse, &attempt).await? {
                return Ok(false);
            }
            let before = store::reflection(conn, &nurse, &attempt).await?;
            if let Some(anyway) = anyway.filter(|_| before.as_ref() != Some(&reflection)) {
                let seat = attempt.assigned.as_ref().map(|assigned| &assigned.seat);
                anyway.by_nurse(conn, nurse.id(), &attempt.id, seat).await?;
            }
            store::put_reflection(conn, &nurse, &attempt, &reflection, now).await?;
            Ok(true)
        });
        work
    });
    keeping.await
}

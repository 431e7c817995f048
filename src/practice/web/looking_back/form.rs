//! The debrief's form: what it sends, what stands in the way of keeping it, and keeping it.

use serde::Deserialize;

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::db::Work;
use crate::practice::blacking::Spot;
use crate::practice::guard::{Anyway, Ask, check, shown};
use crate::practice::store::{self, Blacked, Reflection, SentAnyway};
use crate::practice::{Attempt, Purpose, Readiness};
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
    /// "Keep it as it is": about which details it was asked.
    anyway: Option<String>,
    /// About which details its page had asked.
    asked: Option<String>,
    /// How many words of the two answers were blacked out when this form was made.
    feeling_blacked: Option<String>,
    aim_blacked: Option<String>,
}

/// How many words of her two answers were blacked out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct BlackedWords {
    pub(super) feeling: i64,
    pub(super) aim: i64,
}

impl BlackedWords {
    pub(super) fn of(blacked: &[Blacked]) -> Self {
        let at = |spot: Spot| {
            let place = spot.stored();
            blacked.iter().filter(|it| it.place == place).map(|it| it.words).sum::<i64>()
        };
        Self { feeling: at(Spot::Feeling), aim: at(Spot::Aim) }
    }
}

/// Why what she wrote is not kept as it was sent.
pub(super) enum Refused {
    /// Something is to be put right.
    Problems(Problems),
    /// Something in it is to be asked about first.
    Ask(Ask),
    /// An educator blacked out words of these answers since the page was opened: kept as they are, they would come back.
    Blacked { feeling: bool, aim: bool },
}

/// What became of what she wrote.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kept {
    /// It is kept.
    Now,
    /// Words of it were blacked out since the page was opened; what is stored stays. How many there are by now.
    Blacked(BlackedWords),
    /// The attempt is hers no longer.
    Gone,
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
    fn problems(&self) -> Problems {
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

    /// Looks through it before it is kept: the kinds of what is kept anyway. What she kept before was asked about then.
    pub(super) fn checked(
        &self,
        attempt: &Attempt,
        before: Option<&Reflection>,
    ) -> Result<Option<String>, Refused> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(Refused::Problems(problems));
        }
        let shown = || {
            let kept = before.map(|it| [&it.feeling, &it.aim, &it.if_asked, &it.then_say].map(Clone::clone));
            let mut shown = shown(&attempt.revision, &attempt.policy);
            shown.extend(kept.into_iter().flatten());
            shown
        };
        let fields = self.fields().map(|(field, text)| (field, text.as_str()));
        let answer = Anyway::read(self.anyway.as_deref()).after(self.asked.as_deref());
        check(&fields, &answer, shown).kinds().map_err(Refused::Ask)
    }

    /// How many words of her two answers were blacked out when this form was made.
    pub(super) fn blacked(&self) -> BlackedWords {
        let count = |sent: &Option<String>| -> i64 {
            sent.as_deref().and_then(|words| words.parse().ok()).unwrap_or_default()
        };
        BlackedWords { feeling: count(&self.feeling_blacked), aim: count(&self.aim_blacked) }
    }

    /// What it says, for an attempt of this purpose.
    pub(super) fn into_reflection(self, purpose: Purpose) -> Reflection {
        Reflection {
            feeling: self.feeling.into_string(),
            aim: self.aim.into_string(),
            readiness: self.readiness.filter(|value| Readiness::read(value).is_some()),
            if_asked: self.if_asked.into_string(),
            then_say: self.then_say.into_string(),
            wants_talk: self.wants_talk.is_some() && purpose == Purpose::Assigned,
        }
    }
}

/// Keeps what she wrote, where no more of it was blacked out than the words the form knew of.
pub(super) async fn keep(
    app: &App,
    nurse: &Nurse,
    attempt: &Attempt,
    (reflection, blacked): (&Reflection, BlackedWords),
    anyway: Option<SentAnyway>,
) -> sqlx::Result<Kept> {
    let (nurse, attempt, reflection) = (nurse.clone(), attempt.clone(), reflection.clone());
    let now = app.clock.now();
    let keeping = app.db.write(move |conn| {
        let (nurse, attempt, reflection) = (nurse.clone(), attempt.clone(), reflection.clone());
        let anyway = anyway.clone();
        let work: Work<'_, Kept, sqlx::Error> = Box::pin(async move {
            if !store::hold_any(conn, &nurse, &attempt).await? {
                return Ok(Kept::Gone);
            }
            let by_now = BlackedWords::of(&store::blacked(conn, &attempt.id).await?);
            if by_now != blacked {
                return Ok(Kept::Blacked(by_now));
            }
            let before = store::reflection(conn, &nurse, &attempt).await?;
            if let Some(anyway) = anyway.filter(|_| before.as_ref() != Some(&reflection)) {
                let seat = attempt.assigned.as_ref().map(|assigned| &assigned.seat);
                anyway.by_nurse(conn, nurse.id(), &attempt.id, seat).await?;
            }
            store::put_reflection(conn, &nurse, &attempt, &reflection, now).await?;
            Ok(Kept::Now)
        });
        work
    });
    keeping.await
}

//! What the forms of a comment send, looked through before it is kept.

use serde::Deserialize;

use super::place::blacked;
use super::transcript::Trouble;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::db::Conn;
use crate::practice::guard::{Anyway, Ask, Checked, check, shown};
use crate::practice::store::{SentAnyway, mark};
use crate::practice::{Attempt, AttemptId};
use crate::web::form::{LONGEST_TEXT, Text};

/// What the forms of a comment send.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentForm {
    #[serde(default)]
    pub(super) text: Text,
    #[serde(default)]
    pub(super) token: String,
    #[serde(default, rename = "do")]
    what: String,
    /// What was blacked out in the attempt when the form was made, as [`mark`] gives it.
    #[serde(default)]
    blacked: String,
    /// Which text of a draft its form was made of.
    #[serde(default)]
    pub(super) of: String,
    /// What was typed over a draft in which words were blacked out meanwhile: shown until the draft is kept.
    pub(super) beside: Option<Text>,
    /// "Keep it as it is": about which details it was asked, and which button had been pressed.
    anyway: Option<String>,
    /// About which details its page had asked.
    asked: Option<String>,
}

impl CommentForm {
    /// Which button was pressed, also where it was asked about details since.
    pub(super) fn what(&self) -> String {
        if self.what.is_empty() {
            Anyway::read(self.anyway.as_deref()).what().to_owned()
        } else {
            self.what.clone()
        }
    }

    /// Whether words were blacked out anywhere in this attempt since the form was made: whoever typed into it may have
    /// quoted them.
    pub(super) async fn is_overtaken(
        &self,
        conn: &mut Conn,
        educator: &Educator,
        attempt: &AttemptId,
    ) -> sqlx::Result<bool> {
        Ok(mark(&blacked(conn, educator, attempt).await?) != self.blacked)
    }

    /// Looks at what was typed into the field with this id: what is to be noted where it is sent anyway, or what stands
    /// in the way of keeping it.
    pub(super) fn looked_through(
        &self,
        app: &App,
        field: &str,
        attempt: &Attempt,
    ) -> Result<Option<SentAnyway>, Box<Trouble>> {
        let trouble = |text: String, ask: Option<Ask>| {
            let (field, typed, blacked) =
                (field.to_owned(), self.text.as_str().to_owned(), Some(self.blacked.clone()));
            let (of, beside) = (Some(self.of.clone()), self.beside.clone().map(Text::into_string));
            Box::new(Trouble { field, text, typed, ask, blacked, of, beside })
        };
        if self.text.is_empty() {
            return Err(trouble("Write something first".to_owned(), None));
        }
        if self.text.excess() > 0 {
            let excess = self.text.excess();
            let text = format!("This is too long by {excess} characters (the most is {LONGEST_TEXT})");
            return Err(trouble(text, None));
        }
        let shown = || shown(&attempt.revision, &attempt.policy);
        let answer = Anyway::read(self.anyway.as_deref()).after(self.asked.as_deref());
        match check(&[(field, self.text.as_str())], &answer, shown) {
            Checked::Fine => Ok(None),
            Checked::Anyway(kinds) => Ok(Some(SentAnyway::new(&app.clock, kinds))),
            Checked::Ask(ask) => Err(trouble(String::new(), Some(ask.sent_by(&self.what())))),
        }
    }
}

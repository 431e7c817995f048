//! The records of many attempts at once, for the simulation.

use super::AttemptRow;
use crate::clock::Millis;
use crate::db::{Conn, Many, Value};
use crate::practice::{Attempt, AttemptId, Opening, Placement, Response, Sureness};

/// Attempts with everything recorded of them, ready to be written.
#[derive(Clone, Debug)]
pub struct ManyRecords {
    attempts: Many,
    openings: Many,
    responses: Many,
    placements: Many,
    completions: Many,
}

impl Default for ManyRecords {
    fn default() -> Self {
        Self {
            attempts: Many::new(
                "INSERT INTO attempts (id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id,
                    start_token_hash, started_at)",
                9,
            ),
            openings: Many::new(
                "INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)",
                6,
            ),
            responses: Many::new(
                "INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, sureness, answered_at)",
                6,
            ),
            placements: Many::new("INSERT INTO placements (attempt_id, turn_number, place, placed_at)", 4),
            completions: Many::new(
                "INSERT INTO completions (attempt_id, seat_id, assignment_id, revision_id, completed_at)",
                5,
            ),
        }
    }
}

impl ManyRecords {
    /// The start of an attempt.
    pub fn attempt(&mut self, attempt: &AttemptRow, token_hash: &str) {
        self.attempts.push([
            text(&attempt.id),
            text(&attempt.nurse_id),
            text(&attempt.revision_id),
            Value::Number(attempt.policy_version),
            text(&attempt.purpose),
            Value::MaybeText(attempt.assignment_id.clone()),
            Value::MaybeText(attempt.seat_id.clone()),
            text(token_hash),
            Value::Number(attempt.started_at),
        ]);
    }

    /// What she typed at a turn, and in which order its replies stood.
    pub fn opening(&mut self, attempt: &AttemptId, number: u32, turn_id: &str, opening: &Opening) {
        self.openings.push([
            text(attempt.as_str()),
            Value::Number(number.into()),
            text(turn_id),
            Value::MaybeText(opening.own_words.clone()),
            Value::Text(opening.reply_order.join(" ")),
            Value::Number(opening.opened_at),
        ]);
    }

    /// What she chose at a turn.
    pub fn response(&mut self, attempt: &AttemptId, number: u32, response: &Response) {
        self.responses.push([
            text(attempt.as_str()),
            Value::Number(number.into()),
            text(&response.turn_id),
            text(&response.reply_id),
            Value::MaybeText(response.sureness.map(Sureness::stored).map(str::to_owned)),
            Value::Number(response.answered_at),
        ]);
    }

    /// Where she put her own words of a turn.
    pub fn placement(&mut self, attempt: &AttemptId, number: u32, placement: Placement, at: Millis) {
        self.placements.push([
            text(attempt.as_str()),
            Value::Number(number.into()),
            text(placement.stored()),
            Value::Number(at),
        ]);
    }

    /// That assigned work was done; nothing for practice.
    pub fn completion(&mut self, attempt: &Attempt, at: Millis) {
        let Some(assigned) = &attempt.assigned else { return };
        self.completions.push([
            text(attempt.id.as_str()),
            text(assigned.seat.as_str()),
            text(assigned.assignment.as_str()),
            text(&attempt.revision.id),
            Value::Number(at),
        ]);
    }

    /// How many rows of attempts, openings, responses and placements there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        [&self.attempts, &self.openings, &self.responses, &self.placements].into_iter().map(Many::rows).sum()
    }

    /// Writes them all. Any that is there already is a unique violation.
    pub async fn insert(&self, conn: &mut Conn) -> sqlx::Result<()> {
        // Each after what it points at.
        for many in [&self.attempts, &self.openings, &self.responses, &self.placements, &self.completions] {
            many.insert(conn).await?;
        }
        Ok(())
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

//! How the nine moods are drawn. The brow carries the feeling; lids and mouth only lean.

use crate::scenario::Mood;

/// The strokes that change with a mood. All are SVG path data; empty where there is nothing to draw.
#[derive(Debug)]
pub(super) struct Feeling {
    /// Both eyebrows.
    pub(super) brows: &'static str,
    /// Eyelids.
    pub(super) lids: &'static str,
    /// The white that shows when eyes are wide.
    pub(super) whites: &'static str,
    /// Two points, drawn with round ends.
    pub(super) pupils: &'static str,
    /// Lips' line.
    pub(super) mouth: &'static str,
    /// An open mouth.
    pub(super) open: &'static str,
    /// Fine lines that come and go with the mood.
    pub(super) creases: &'static str,
}

const AHEAD: &str = "M48.7 68h.01M71.3 68h.01";
const OPEN_LIDS: &str = "M44.4 67.6q4.1-3.2 8.2 0M67.4 67.6q4.1-3.2 8.2 0";

const GLAD: Feeling = Feeling {
    brows: "M42.8 60.4q4.8-4 10.4-2M66.8 58.4q5.6-2 10.4 2",
    lids: "M44.4 68.8q4.1-3.8 8.2 0M67.4 68.8q4.1-3.8 8.2 0",
    whites: "",
    pupils: "",
    mouth: "M51.6 85.4q8.4 5.6 16.8 0",
    open: "",
    creases: "M41.6 69.4q-1.4.6-2 1.8M78.4 69.4q1.4.6 2 1.8",
};

const WISTFUL: Feeling = Feeling {
    brows: "M43 62q4.4-3 10-4.2M67 57.8q5.6 1.2 10 4.2",
    lids: "M44.4 67.8q4.1-1.8 8.2 0M67.4 67.8q4.1-1.8 8.2 0",
    whites: "",
    pupils: "M48.3 69h.01M70.9 69h.01",
    mouth: "M53.6 86.6q6.4 2.4 12.8-.2",
    open: "",
    creases: "",
};

const HURT: Feeling = Feeling {
    brows: "M43.2 63q4.4-3.6 9.8-4.8M67 58.2q5.4 1.2 9.8 4.8",
    lids: "M44.4 68q4.1 2.8 8.2.3M67.4 68.3q4.1 2.5 8.2-.3",
    whites: "",
    pupils: "",
    mouth: "M54 88.3q6-2.8 12 0",
    open: "",
    creases: "M58.4 57.4v2.2M61.6 57.4v2.2",
};

const PUZZLED: Feeling = Feeling {
    brows: "M43 61.8q5-2 10.5-.4M66.5 58.2q5.3-3.6 10.5-.2",
    lids: OPEN_LIDS,
    whites: "",
    pupils: AHEAD,
    mouth: "M54.4 88q5-1.8 11-1",
    open: "",
    creases: "M58.2 59.2l.4 2",
};

const INSISTENT: Feeling = Feeling {
    brows: "M42.8 60.2q5-2.6 10.6-1.2M66.6 59q5.6-1.4 10.6 1.2",
    lids: "M44.2 67.4q4.3-4.2 8.6 0M67.2 67.4q4.3-4.2 8.6 0M45.8 70.8q2.7 1 5.4 0M68.8 70.8q2.7 1 5.4 0",
    whites: "",
    pupils: "M48.7 67.8h.01M71.3 67.8h.01",
    mouth: "",
    open: "M54.8 86.2q5.2-1.2 10.4 0-1.2 3.2-5.2 3.2t-5.2-3.2z",
    creases: "M58.6 58.2v2M61.4 58.2v2",
};

const ANGRY: Feeling = Feeling {
    brows: "M43 59.8q5.6.2 10.8 4.2M66.2 64q5.2-4 10.8-4.2",
    lids: "M44.4 67.2q4.1-.6 8.2 1M67.4 68.2q4.1-1.6 8.2-1M45.6 70.8q2.8.8 5.6 0M68.8 70.8q2.8.8 5.6 0",
    whites: "",
    pupils: "M48.9 69h.01M71.1 69h.01",
    mouth: "M53.4 88.4q6.6-2.6 13.2 0",
    open: "",
    creases: "M58 60.4v3.6M62 60.4v3.6",
};

const FRIGHTENED: Feeling = Feeling {
    brows: "M42.8 59.8q4.6-4.4 10.2-5M67 54.8q5.6.6 10.2 5",
    lids: "M43.8 67.6q4.7-6 9.4 0-4.7 4.4-9.4 0zM66.8 67.6q4.7-6 9.4 0-4.7 4.4-9.4 0z",
    whites: "M43.8 67.6q4.7-6 9.4 0-4.7 4.4-9.4 0zM66.8 67.6q4.7-6 9.4 0-4.7 4.4-9.4 0z",
    pupils: "M48.5 67.3h.01M71.5 67.3h.01",
    mouth: "",
    open: "M56 87q4-2 8 0 .6 4-4 4.2-4.6-.2-4-4.2z",
    creases: "M54.5 49.6q5.5-1.6 11 0",
};

const UNSAFE: Feeling = Feeling {
    brows: "M43 62.4q5.2-1 10.4-.2M66.6 62.2q5.2-.8 10.4.2",
    lids: "M44.2 68q4.3-.6 8.6 0M67.2 68q4.3-.6 8.6 0M45.4 72q3 1.4 6 0M68.6 72q3 1.4 6 0",
    whites: "",
    pupils: "M48.8 69.4h.01M71.2 69.4h.01",
    mouth: "M54.4 88q5.6.4 11.2.2",
    open: "",
    creases: "M60 60v2.8",
};

const RELIEVED: Feeling = Feeling {
    brows: "M42.8 60.8q4.6-2.6 10.2-2.8M67 58q5.6.2 10.2 2.8",
    lids: "M44.4 67.8q4.1 3.2 8.2 0M67.4 67.8q4.1 3.2 8.2 0",
    whites: "",
    pupils: "",
    mouth: "M52.4 86q7.6 4.2 15.2 0",
    open: "",
    creases: "",
};

/// How a mood is drawn.
pub(super) const fn feeling(mood: Mood) -> &'static Feeling {
    match mood {
        Mood::Glad => &GLAD,
        Mood::Wistful => &WISTFUL,
        Mood::Hurt => &HURT,
        Mood::Puzzled => &PUZZLED,
        Mood::Insistent => &INSISTENT,
        Mood::Angry => &ANGRY,
        Mood::Frightened => &FRIGHTENED,
        Mood::Unsafe => &UNSAFE,
        Mood::Relieved => &RELIEVED,
    }
}

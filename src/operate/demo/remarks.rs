//! What the educator of the demo said about answers: comments, markings, and own words ticked for class.

use crate::review::remark::Seen;

/// What became of a comment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Became {
    /// Only its author sees it.
    Draft,
    /// The nurse can read it, and has not yet.
    Released,
    /// She has read it.
    Read,
    /// She answered.
    Answered(&'static str),
    /// She answered, and it is settled.
    Resolved(&'static str),
}

/// A comment, on the first answer that fits and whose nurse has none yet.
#[derive(Clone, Copy, Debug)]
pub struct Remark {
    /// The scenario.
    pub slug: &'static str,
    /// The turn.
    pub turn: &'static str,
    /// Any of these replies.
    pub replies: &'static [&'static str],
    /// What it says.
    pub text: &'static str,
    /// What became of it.
    pub became: Became,
}

/// Every comment, in the order they look for an answer.
pub const REMARKS: [Remark; 8] = [
    Remark {
        slug: "goodbye-at-discharge",
        turn: "ask",
        replies: &["we-will-see"],
        text: "I noticed “we’ll see how you get on”. I worried because she may sit by the phone on Sunday. What were you \
               thinking in that second?",
        became: Became::Answered(
            "That she was crying and the ride was downstairs. I knew it was a no, I just couldn’t get it past her face.",
        ),
    },
    Remark {
        slug: "goodbye-at-discharge",
        turn: "ask",
        replies: &["not-allowed"],
        text: "I noticed that the rule came first and nothing else came after it. I worried because she asked for a person \
               and got a policy. What were you thinking?",
        became: Became::Resolved("fair. was in a hurry to get out of there before I said yes"),
    },
    Remark {
        slug: "just-call-the-hospital",
        turn: "who-then",
        replies: &["page-me", "doctors-office"],
        text: "I noticed how much you want her to be safe at night. I worried because at three in the morning this road may \
               not lead to anyone. Who would pick up?",
        became: Became::Released,
    },
    Remark {
        slug: "not-doing-well",
        turn: "breathless",
        replies: &["extra-water-pill", "in-the-morning"],
        text: "I noticed that your voice stayed calm. I worried because nobody was on the way to him yet. What were you \
               thinking? I am in on Tuesday, come by if talking is easier than typing.",
        became: Became::Read,
    },
    Remark {
        slug: "not-doing-well",
        turn: "hopeless",
        replies: &["dont-say-that", "back-to-breathing"],
        text: "I noticed that you stayed with him. I worried because “what’s the point” went by unasked. What made the \
               question hard to say?",
        became: Became::Released,
    },
    Remark {
        slug: "just-call-the-hospital",
        turn: "tell",
        replies: &["less-than-a-minute", "sbar"],
        text: "I noticed that you told Renee the part that was hard to tell. May I read it to the others on Thursday, \
               without your name?",
        became: Became::Answered("yes sure. without the name please"),
    },
    Remark {
        slug: "goodbye-at-discharge",
        turn: "quiet",
        replies: &["own-bed", "for-the-bad-nights"],
        text: "I noticed “the bad nights”. Not sure yet how to say this. Look at her file again first.",
        became: Became::Draft,
    },
    Remark {
        slug: "friends-now",
        turn: "friday",
        replies: &["sometime", "shouldnt-ask"],
        text: "I noticed that “no” never got said out loud. I worried because on this street you meet her again tomorrow. \
               What were you thinking?",
        became: Became::Released,
    },
];

/// What the educator saw in own words that somebody of the cohort typed.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    /// The own words, from their beginning.
    pub words: &'static str,
    /// What she saw of Warm, Clear and Honest.
    pub seen: [Seen; 3],
    /// Whether she showed the nurse.
    pub released: bool,
}

/// Markings; the first two whose own words were typed are written.
pub const MARKS: [Mark; 7] = [
    Mark { words: "I wish I could!!", seen: [Seen::Keeps, Seen::Blurs, Seen::Crosses], released: true },
    Mark {
        words: "Maybe. See how you feel",
        seen: [Seen::Blurs, Seen::Crosses, Seen::Blurs],
        released: false,
    },
    Mark {
        words: "If it were up to me, yes.",
        seen: [Seen::Keeps, Seen::Blurs, Seen::Crosses],
        released: true,
    },
    Mark {
        words: "No, I won't do that. But I have",
        seen: [Seen::Keeps, Seen::Keeps, Seen::NotThere],
        released: false,
    },
    Mark {
        words: "Um, I'm not really supposed to",
        seen: [Seen::Blurs, Seen::Blurs, Seen::Blurs],
        released: true,
    },
    Mark { words: "oh gosh ok. um.", seen: [Seen::Keeps, Seen::Keeps, Seen::NotThere], released: false },
    Mark {
        words: "you can always call the unit",
        seen: [Seen::Keeps, Seen::Crosses, Seen::NotThere],
        released: false,
    },
];

/// The turn whose own words were ticked for class, and how many.
pub const TICKED: (&str, &str, usize) = ("goodbye-at-discharge", "ask", 3);

/// Whether own words can be shown in class as they are: not too short, not too long, without a number.
#[must_use]
pub fn can_be_shown(words: &str) -> bool {
    let length = words.chars().count();
    (25..=180).contains(&length) && !words.chars().any(|char| char.is_ascii_digit())
}

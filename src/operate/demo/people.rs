//! Who is in the demo: made-up nurses with their habits, what their cohorts were given, what they want to talk about.

use crate::operate::habits::Habit;

/// A made-up nurse. The id is the one her employer knows her by; who has none came by the join code.
#[derive(Clone, Copy, Debug)]
pub struct Someone {
    /// The name her educators see.
    pub name: &'static str,
    /// How her employer knows her.
    pub external_id: Option<&'static str>,
    /// How she tends to answer.
    pub habit: Habit,
}

const fn on_the_list(name: &'static str, external_id: &'static str, habit: Habit) -> Someone {
    Someone { name, external_id: Some(external_id), habit }
}

const fn by_code(name: &'static str, habit: Habit) -> Someone {
    Someone { name, external_id: None, habit }
}

/// A cohort of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// What everyone calls it.
    pub name: &'static str,
    /// How many days ago it was made.
    pub made: i64,
    /// Its nurses.
    pub nurses: &'static [Someone],
    /// Names on the roster whose seats nobody has taken yet.
    pub free: &'static [(&'static str, &'static str)],
    /// What it was given.
    pub given: &'static [Given],
    /// How many of its nurses also practice on their own.
    pub practicing: usize,
}

/// An assignment of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    /// The scenario.
    pub slug: &'static str,
    /// What the educator wrote to the nurses.
    pub note: &'static str,
    /// How many days ago.
    pub days_ago: i64,
    /// In how many days it is due; negative: it was.
    pub due_in: i64,
    /// How many of a hundred nurses have begun it.
    pub begun: u32,
}

/// Both cohorts.
pub const GROUPS: [Group; 2] = [
    Group {
        name: "Spring residency",
        made: 24,
        nurses: &SPRING,
        free: &[("Bronwyn Hughes", "R-2651"), ("Abel Haile", "R-2652")],
        given: &[
            Given {
                slug: "goodbye-at-discharge",
                note: "Ten minutes before class is enough. Type what you would really say, not what you think I want to \
                       read. We look at it together on Thursday.",
                days_ago: 20,
                due_in: -7,
                begun: 96,
            },
            Given {
                slug: "just-call-the-hospital",
                note: "This one happened on our floor last fall. If you have said it yourself: so has almost everybody.",
                days_ago: 13,
                due_in: 0,
                begun: 86,
            },
            Given {
                slug: "not-doing-well",
                note: "Read the content note first. You can stop at any time, and I am in the office on Tuesdays.",
                days_ago: 6,
                due_in: 5,
                begun: 68,
            },
        ],
        practicing: 9,
    },
    Group {
        name: "4 West, night shift",
        made: 12,
        nurses: &WEST,
        free: &[("Moana Parata", "N-118")],
        given: &[
            Given {
                slug: "friends-now",
                note: "For those of us who shop where our patients shop.",
                days_ago: 11,
                due_in: -1,
                begun: 100,
            },
            Given { slug: "goodbye-at-discharge", note: "", days_ago: 5, due_in: 2, begun: 84 },
        ],
        practicing: 3,
    },
];

const SPRING: [Someone; 24] = [
    on_the_list("Marisol Vega", "R-2601", Habit::WarmAndLeaky),
    on_the_list("Tomasz Zieliński", "R-2602", Habit::Cold),
    on_the_list("Keisha Daniels", "R-2603", Habit::Steady),
    on_the_list("Owen Fitzgerald", "R-2604", Habit::OverHelper),
    on_the_list("Thandiwe Nkosi", "R-2605", Habit::SafetyFirst),
    on_the_list("Mai Nguyen", "R-2606", Habit::Learner),
    on_the_list("Sean O’Rourke", "R-2607", Habit::Rushed),
    on_the_list("Fatima El-Sayed", "R-2608", Habit::WarmAndLeaky),
    on_the_list("Hannah Weiss", "R-2609", Habit::Freezes),
    on_the_list("Marina de los Ángeles Fernández de Córdoba Ybarra", "R-2610", Habit::Learner),
    on_the_list("Jamal Whitfield", "R-2611", Habit::Steady),
    on_the_list("Wulandari", "R-2612", Habit::WarmAndLeaky),
    on_the_list("Grace Kim", "R-2613", Habit::OverHelper),
    on_the_list("Luca Bianchi", "R-2614", Habit::Freezes),
    on_the_list("王美玲", "R-2615", Habit::Steady),
    on_the_list("Aiyana Begay", "R-2616", Habit::Learner),
    on_the_list("Ingrid Solberg", "R-2617", Habit::WarmAndLeaky),
    on_the_list("Chidi Eze", "R-2618", Habit::Rushed),
    on_the_list("Leilani Kahale", "R-2619", Habit::SafetyFirst),
    on_the_list("Dmitri Volkov", "R-2620", Habit::Learner),
    on_the_list("Samira Haddad", "R-2621", Habit::Cold),
    on_the_list("Mateo Quispe Mamani", "R-2622", Habit::OverHelper),
    by_code("Rūta P.", Habit::Freezes),
    by_code("josh", Habit::Rushed),
];

const WEST: [Someone; 6] = [
    on_the_list("Delroy Campbell", "N-101", Habit::Steady),
    on_the_list("Yuki Arai", "N-104", Habit::WarmAndLeaky),
    on_the_list("Nadia Rahman", "N-107", Habit::Learner),
    on_the_list("Patrick Doyle", "N-110", Habit::Cold),
    on_the_list("Esperanza Cruz", "N-111", Habit::OverHelper),
    on_the_list("Ravi Chandran", "N-115", Habit::Rushed),
];

/// What somebody wrote when she looked back and asked to talk about it.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    /// About which scenario.
    pub slug: &'static str,
    /// Whether it was after a slip.
    pub slipped: bool,
    /// The reply she had chosen somewhere; empty where it doesn't matter.
    pub chose: &'static str,
    /// What was going on in her.
    pub feeling: &'static str,
    /// What she was trying to do.
    pub aim: &'static str,
    /// How ready she feels, as stored.
    pub readiness: Option<&'static str>,
    /// "… I will say …"
    pub then_say: &'static str,
}

/// The eight who asked to talk.
pub const TALKS: [Talk; 8] = [
    Talk {
        slug: "goodbye-at-discharge",
        slipped: true,
        chose: "we-will-see",
        feeling: "I knew it was a no the whole time. Then she cried and my mouth just said we’ll see.",
        aim: "Get out of the room without making it worse.",
        readiness: Some("nearly"),
        then_say: "I can’t give you my number, and I’m so glad I got to be your nurse.",
    },
    Talk {
        slug: "goodbye-at-discharge",
        slipped: false,
        chose: "",
        feeling: "Fine while I was typing. Felt mean afterwards, does that go away?",
        aim: "",
        readiness: Some("ready"),
        then_say: "",
    },
    Talk {
        slug: "goodbye-at-discharge",
        slipped: true,
        chose: "",
        feeling: "My grandmother went home alone like this last year. I was talking to her, I think, not to the patient.",
        aim: "That she isn’t lonely",
        readiness: Some("not-yet"),
        then_say: "",
    },
    Talk {
        slug: "just-call-the-hospital",
        slipped: true,
        chose: "",
        feeling: "I have said exactly this, in real life, in February. She did call. Nobody told me what to do with it.",
        aim: "not sound like a robot",
        readiness: Some("nearly"),
        then_say: "I said call me and that was my mistake. The number on the papers is the one that helps you.",
    },
    Talk {
        slug: "just-call-the-hospital",
        slipped: false,
        chose: "",
        feeling: "annoyed. why is it my job to apologize for being nice",
        aim: "",
        readiness: None,
        then_say: "",
    },
    Talk {
        slug: "not-doing-well",
        slipped: true,
        chose: "",
        feeling: "I froze. I could hear how bad it was and I still didn’t do the thing. I need to talk about that one with \
                  somebody.",
        aim: "Keep him calm so that I could think.",
        readiness: Some("not-yet"),
        then_say: "I’m sending help to you now and I’m staying on the line.",
    },
    Talk {
        slug: "not-doing-well",
        slipped: false,
        chose: "",
        feeling: "Heart going like mad even though it’s only a screen. We had a patient like this on my old unit.",
        aim: "Ask the question straight out",
        readiness: Some("ready"),
        then_say: "Are you thinking about killing yourself?",
    },
    Talk {
        slug: "friends-now",
        slipped: true,
        chose: "",
        feeling: "It’s a small town and I’m going to see these people at church until I die. No is harder here than the \
                  policy thinks.",
        aim: "stay a good neighbor",
        readiness: Some("nearly"),
        then_say: "I’ll always say hello. I don’t do cards with people I’ve nursed.",
    },
];

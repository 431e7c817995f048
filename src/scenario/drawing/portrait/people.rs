//! Who can be drawn. To add a person, write one more entry; their face is parts that are already there.

use super::parts::{self as p, Look};

const NEUTRAL: Look = Look {
    id: "neutral",
    ground: "#D3D5CF",
    skin: p::Skin { light: "#C4B3A3", shade: "#A9988A", line: "#4B423B", lips: "#8F7C6F" },
    face: p::OVAL,
    nose: p::SLIM_NOSE,
    age: p::YOUNG,
    hair: p::CROP,
    hair_colour: ["#6A625B", "#6A625B", "#6A625B"],
    beard: p::SHAVEN,
    glasses: false,
    earrings: false,
    body: p::MEDIUM,
    clothes: p::CREW,
    cloth: ["#6D7874", "#56605C", "#E4E1D8", "#56605C"],
};

const INES: Look = Look {
    id: "ines",
    ground: "#C9D3C6",
    skin: p::FAIR,
    age: p::OLD,
    nose: p::STRONG_NOSE,
    hair: p::SET,
    hair_colour: ["#A39F98", "#CBC8C1", "#A39F98"],
    earrings: true,
    clothes: p::V_COLLAR,
    cloth: ["#7A4F66", "#5E3A4E", "#EDE6DA", "#5E3A4E"],
    ..NEUTRAL
};

const RENEE: Look = Look {
    id: "renee",
    ground: "#D9CDB8",
    skin: p::DARK,
    age: p::MIDDLE,
    nose: p::BROAD_NOSE,
    face: p::ROUND,
    hair: p::PUFF,
    hair_colour: ["#1D1512", "#241B17", "#4A3A31"],
    earrings: true,
    clothes: p::SCRUBS,
    cloth: ["#2F5D6B", "#244853", "#E9E6DD", "#244853"],
    ..NEUTRAL
};

const DEV: Look = Look {
    id: "dev",
    ground: "#CBD0D8",
    skin: p::BROWN,
    age: p::MIDDLE,
    face: p::ROUND,
    nose: p::STRONG_NOSE,
    hair: p::SWEPT_BACK,
    hair_colour: ["#6E6863", "#3E3833", "#6E6863"],
    beard: p::MOUSTACHE,
    glasses: true,
    clothes: p::OPEN_SHIRT,
    cloth: ["#A0522F", "#7F4025", "#EFE5D2", "#7F4025"],
    ..NEUTRAL
};

const LORRAINE: Look = Look {
    id: "lorraine",
    ground: "#CED3DE",
    skin: p::PALE,
    age: p::OLD,
    face: p::ROUND,
    hair: p::SHORT,
    hair_colour: ["#6E2F1E", "#8A3F28", "#6E2F1E"],
    clothes: p::CREW,
    cloth: ["#3F6B5C", "#315447", "#D8E2D6", "#315447"],
    ..NEUTRAL
};

const MARCUS: Look = Look {
    id: "marcus",
    ground: "#C8D0CC",
    skin: p::DEEP,
    age: p::MIDDLE,
    face: p::ROUND,
    nose: p::BROAD_NOSE,
    hair: p::CLOSE_CROP,
    hair_colour: ["#221A17", "#2B2320", "#9A928B"],
    beard: p::GREYING_BEARD,
    body: p::HEAVY,
    clothes: p::CREW,
    cloth: ["#4A4E63", "#393C4D", "#2E3140", "#393C4D"],
    ..NEUTRAL
};

const SOFIA: Look = Look {
    id: "sofia",
    ground: "#DCCFC6",
    skin: p::TAN,
    hair: p::BUN,
    hair_colour: ["#2B1C17", "#38251E", "#2B1C17"],
    body: p::SLIM,
    clothes: p::SCRUBS,
    cloth: ["#6B4E86", "#543C6A", "#EAE6EE", "#543C6A"],
    ..NEUTRAL
};

const YUSUF: Look = Look {
    id: "yusuf",
    ground: "#D4D6C4",
    skin: p::OLIVE,
    face: p::SQUARE,
    nose: p::STRONG_NOSE,
    hair: p::WAVY,
    hair_colour: ["#3A2C25", "#241A16", "#3A2C25"],
    beard: p::FULL_BEARD,
    clothes: p::OPEN_SHIRT,
    cloth: ["#3D5570", "#2F4257", "#54708F", "#2F4257"],
    ..NEUTRAL
};

const PAT: Look = Look {
    id: "pat",
    ground: "#CFC9DB",
    skin: p::SAND,
    age: p::MIDDLE,
    hair: p::SWEPT,
    hair_colour: ["#3B322F", "#1F1A19", "#3B322F"],
    body: p::SLIM,
    clothes: p::OPEN_SHIRT,
    cloth: ["#6B6A52", "#53523F", "#8B8A6E", "#53523F"],
    ..NEUTRAL
};

const DR_LANG: Look = Look {
    id: "drlang",
    ground: "#C4CFD3",
    skin: p::PALE,
    age: p::MIDDLE,
    face: p::SQUARE,
    nose: p::STRONG_NOSE,
    hair: p::SIDE_PART,
    hair_colour: ["#6B5F55", "#8D8177", "#6B5F55"],
    glasses: true,
    clothes: p::COAT_AND_TIE,
    cloth: ["#EFEDE6", "#D6D3C9", "#A9BED3", "#5B2F3A"],
    ..NEUTRAL
};

const KEISHA: Look = Look {
    id: "keisha",
    ground: "#D8C9C1",
    skin: p::DEEP,
    nose: p::BROAD_NOSE,
    hair: p::BRAIDS,
    hair_colour: ["#1C1411", "#241A15", "#5E4A3F"],
    earrings: true,
    body: p::SLIM,
    clothes: p::SCRUBS,
    cloth: ["#1F6F66", "#17564F", "#E3EDE9", "#17564F"],
    ..NEUTRAL
};

const GRACE: Look = Look {
    id: "grace",
    ground: "#D6D2BE",
    skin: p::DARK,
    age: p::OLD,
    face: p::ROUND,
    nose: p::BROAD_NOSE,
    hair: p::HEADWRAP,
    hair_colour: ["#8A5A12", "#B9791C", "#8A5A12"],
    earrings: true,
    clothes: p::BEADS,
    cloth: ["#2E4A7A", "#233A60", "#E2B04E", "#233A60"],
    ..NEUTRAL
};

const EMEKA: Look = Look {
    id: "emeka",
    ground: "#C7D1DA",
    skin: p::DARK,
    nose: p::BROAD_NOSE,
    hair: p::HIGH_CROP,
    hair_colour: ["#15100E", "#1D1613", "#15100E"],
    beard: p::STUBBLE,
    clothes: p::CREW,
    cloth: ["#C9A227", "#A5841E", "#EFE8D2", "#A5841E"],
    ..NEUTRAL
};

const JOAN: Look = Look {
    id: "joan",
    ground: "#CFC9DB",
    skin: p::TAN,
    age: p::MIDDLE,
    face: p::SQUARE,
    hair: p::LONG,
    hair_colour: ["#57504D", "#7B7470", "#57504D"],
    clothes: p::BEADS,
    cloth: ["#7C3F3A", "#62312D", "#3F8C93", "#62312D"],
    ..NEUTRAL
};

const TOMASZ: Look = Look {
    id: "tomasz",
    ground: "#D2D6CC",
    skin: p::PALE,
    age: p::MIDDLE,
    face: p::SQUARE,
    hair: p::CLOSE_CROP,
    hair_colour: ["#8D8B88", "#9C9A96", "#8D8B88"],
    beard: p::STUBBLE,
    body: p::HEAVY,
    clothes: p::SCRUBS,
    cloth: ["#37507A", "#2A3E60", "#E8E7E1", "#2A3E60"],
    ..NEUTRAL
};

const ADEYEMI: Look = Look {
    id: "adeyemi",
    ground: "#D9CFC0",
    skin: p::DARK,
    age: p::MIDDLE,
    nose: p::BROAD_NOSE,
    hair: p::NATURAL,
    hair_colour: ["#1A1311", "#1A1311", "#1A1311"],
    glasses: true,
    earrings: true,
    clothes: p::BLAZER,
    cloth: ["#3A3F4C", "#2B2F39", "#EDE4D6", "#2B2F39"],
    ..NEUTRAL
};

const KAYLA: Look = Look {
    id: "kayla",
    ground: "#C8D6D2",
    skin: p::OLIVE,
    hair: p::PONYTAIL,
    hair_colour: ["#9A6B3B", "#B98A52", "#9A6B3B"],
    body: p::SLIM,
    clothes: p::V_COLLAR,
    cloth: ["#B5584A", "#934639", "#F1E7DC", "#934639"],
    ..NEUTRAL
};

const AMINA: Look = Look {
    id: "amina",
    ground: "#D8C9C1",
    skin: p::BROWN,
    hair: p::HIJAB,
    hair_colour: ["#356A63", "#3E7A72", "#356A63"],
    clothes: p::CREW,
    cloth: ["#2F5D57", "#234843", "#2F5D57", "#234843"],
    ..NEUTRAL
};

static CAST: [Look; 18] = [
    NEUTRAL, INES, RENEE, DEV, LORRAINE, MARCUS, SOFIA, YUSUF, PAT, DR_LANG, KEISHA, GRACE, EMEKA, JOAN,
    TOMASZ, ADEYEMI, KAYLA, AMINA,
];

static SOMEONE: Look = NEUTRAL;

/// Every id that has a drawing of its own, in the order they were drawn.
pub const NAMES: &[&str] = &[
    "neutral", "ines", "renee", "dev", "lorraine", "marcus", "sofia", "yusuf", "pat", "drlang", "keisha",
    "grace", "emeka", "joan", "tomasz", "adeyemi", "kayla", "amina",
];

/// The person drawn under this id, or the neutral bust.
pub(super) fn look(id: &str) -> &'static Look {
    CAST.iter().find(|look| look.id == id).unwrap_or(&SOMEONE)
}

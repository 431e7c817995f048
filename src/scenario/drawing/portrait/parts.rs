//! The parts every drawing is made of, as SVG path data on a bust whose face is 42 wide and 70 high.

/// A person, as a choice of parts and colours.
#[derive(Debug)]
pub(super) struct Look {
    /// The name scenario files use.
    pub(super) id: &'static str,
    /// Colour behind them.
    pub(super) ground: &'static str,
    pub(super) skin: Skin,
    pub(super) face: Face,
    pub(super) nose: &'static str,
    /// Lines of age.
    pub(super) age: &'static str,
    pub(super) hair: Hair,
    /// Hair behind the head, hair in front, and single strands.
    pub(super) hair_colour: [&'static str; 3],
    pub(super) beard: Beard,
    pub(super) glasses: bool,
    pub(super) earrings: bool,
    pub(super) body: Body,
    pub(super) clothes: Clothes,
    /// Clothes in light and in shade, what lies on top of them, and their trim.
    pub(super) cloth: [&'static str; 4],
}

/// Colours of a skin: in light, in shade, and the line that draws features.
#[derive(Debug)]
pub(super) struct Skin {
    pub(super) light: &'static str,
    pub(super) shade: &'static str,
    pub(super) line: &'static str,
    /// Lips inside a beard.
    pub(super) lips: &'static str,
}

pub(super) const PALE: Skin = Skin { light: "#F1D6C4", shade: "#DDB7A2", line: "#5A392E", lips: "#C98B79" };
pub(super) const FAIR: Skin = Skin { light: "#EBCBB0", shade: "#D3A586", line: "#553527", lips: "#C28469" };
pub(super) const OLIVE: Skin = Skin { light: "#DDB592", shade: "#C2926C", line: "#482C1E", lips: "#C07F66" };
pub(super) const SAND: Skin = Skin { light: "#E3BD97", shade: "#CB9C74", line: "#4A3020", lips: "#BE7F62" };
pub(super) const TAN: Skin = Skin { light: "#C98F66", shade: "#AD734C", line: "#43261A", lips: "#D9A58A" };
pub(super) const BROWN: Skin = Skin { light: "#AE7650", shade: "#905B3A", line: "#3A2015", lips: "#D9A58A" };
pub(super) const DEEP: Skin = Skin { light: "#94634A", shade: "#764B35", line: "#26140D", lips: "#C98F7A" };
pub(super) const DARK: Skin = Skin { light: "#7E5239", shade: "#623D29", line: "#1C0F09", lips: "#B97A66" };

/// Outline of a face, its side in shade, its ears, and how far hair is stretched to fit.
#[derive(Debug)]
pub(super) struct Face {
    pub(super) outline: &'static str,
    pub(super) shade: &'static str,
    pub(super) ears: &'static str,
    pub(super) fit: &'static str,
}

pub(super) const OVAL: Face = Face {
    outline: "M39 58c0-18 8-28 21-28s21 10 21 28c0 24-8 42-21 42S39 82 39 58z",
    shade: "M60 30c13 0 21 10 21 28 0 24-8 42-21 42 8.5-7 11-15 10-24-1-8 2-12 0-20-2-9-6-16-10-26z",
    ears: "M37.5 66c-3-1-4 3-2.5 7s4 5 5 3zM82.5 66c3-1 4 3 2.5 7s-4 5-5 3z",
    fit: "matrix(1 0 0 1 0 0)",
};
pub(super) const ROUND: Face = Face {
    outline: "M37 60c0-20 9-30 23-30s23 10 23 30c0 24-9 40-23 40S37 84 37 60z",
    shade: "M60 30c14 0 23 10 23 30 0 24-9 40-23 40 9-6 12.5-14 11.5-23-1-8 2-12 0-20-2-9-6-16-11.5-27z",
    ears: "M35.5 66c-3-1-4 3-2.5 7s4 5 5 3zM84.5 66c3-1 4 3 2.5 7s-4 5-5 3z",
    fit: "matrix(1.09 0 0 1 -5.4 0)",
};
pub(super) const SQUARE: Face = Face {
    outline: "M38 57c0-18 8.5-27 22-27s22 9 22 27c0 13-.8 21-3.5 28C75.5 93.5 69 100 60 100s-15.5-6.5-18.5-15C38.8 78 38 70 38 57z",
    shade: "M60 30c13.5 0 22 9 22 27 0 13-.8 21-3.5 28C75.5 93.5 69 100 60 100c8.5-6 12-14 11-23-1-8 2-12 0-20-2-9-6-16-11-27z",
    ears: "M36.5 66c-3-1-4 3-2.5 7s4 5 5 3zM83.5 66c3-1 4 3 2.5 7s-4 5-5 3z",
    fit: "matrix(1.045 0 0 1 -2.7 0)",
};

pub(super) const SLIM_NOSE: &str = "M60.5 68c.5 4-2.5 6.5-2 9 .2 1 1.5 1.2 3 1";
pub(super) const BROAD_NOSE: &str = "M60.3 69c.3 3-2.8 5.5-3.4 8-.3 1.5 1.2 2 2.4 1.5 1.2.8 3 .8 4.4-.2";
pub(super) const STRONG_NOSE: &str = "M61 66c1 4-3 7.5-3.2 10.8 0 1.7 2.4 2 4.6 1.3";

pub(super) const YOUNG: &str = "";
pub(super) const MIDDLE: &str = "M48.4 81q-1.3 2.2-1.4 4.4M71.6 81q1.3 2.2 1.4 4.4";
pub(super) const OLD: &str =
    "M48.5 80q-1.8 3-1.8 6M71.5 80q1.8 3 1.8 6M46 73.5q3 1.4 6 0M68 73.5q3 1.4 6 0M52 50.4q8-1.8 16 0";

/// Hair: behind the head, over the brow, and a few strands.
#[derive(Debug)]
pub(super) struct Hair {
    pub(super) back: &'static str,
    pub(super) front: &'static str,
    pub(super) strands: &'static str,
}

pub(super) const SET: Hair = Hair {
    back: "M35 71c-7-8-7-20-4-29 4-12 15-19 29-19s25 7 29 19c3 9 3 21-4 29 0 6-3 11-8 13H43c-5-2-8-7-8-13z",
    front: "M36.5 64c-5-21 6-37 24-37s28 16 23 37c-.5-8-2.5-12-5-16-7-.5-13-3-17-7-4 5-10 8-17 8.5-5 3-7 7-8 14.5z",
    strands: "M58.5 37c-4 6-9.5 9.5-15 11.5M63 36.5c4 4 8.5 6.5 13 7.5",
};
pub(super) const CROP: Hair = Hair {
    back: "",
    front: "M38.5 57c-2-19 8-30 21.5-30s23.5 11 21.5 30c-1.5-7-3-11-5-13-9-3-24-3-33 0-2 2-3.5 6-5 13z",
    strands: "",
};
pub(super) const CLOSE_CROP: Hair = Hair {
    back: "",
    front: "M38.5 54c-1-17 8-26 21.5-26s22.5 9 21.5 26c-1-5-2-8-4-11-2-5-8-8-17.5-8s-15.5 3-17.5 8c-2 3-3 6-4 11z",
    strands: "",
};
pub(super) const HIGH_CROP: Hair = Hair {
    back: "",
    front: "M38.5 59c-1-6-1-10 0-14-2-13 6-21.5 21.5-21.5S83.5 32 81.5 45c1 4 1 8 0 14-1-7-2-12-4-15-3-3-8-4-17.5-4s-14.5 1-17.5 4c-2 3-3 8-4 15z",
    strands: "",
};
pub(super) const SIDE_PART: Hair = Hair {
    back: "",
    front: "M38.5 60c-3-9-3-18 1-24 4-6 12-9.5 21-9.5 14 0 23 9.5 21 33.5-1-8-3-13-5-16-9 .5-21-2-27-7-5 5-9 11-11 23z",
    strands: "M50 35c7 4 15 6 24 6",
};
pub(super) const SWEPT_BACK: Hair = Hair {
    back: "",
    front: "M38.5 59c-3-21 6-34 21.5-34s24.5 13 21.5 34c-1-8-3-13-5-15-3-5-9-7-17-7-7 0-12 3-15 7-2 3-5 8-6 15z",
    strands: "M49 36q5-5 11-6M58 35q4-4 10-4M68 36q4-2 7-1",
};
pub(super) const WAVY: Hair = Hair {
    back: "",
    front: "M38.5 59c-4-9-4-20 2-26 5-7 13-10 21-9 10 0 18 6 20.5 14 2 7 1 14-.5 21-1-6-2.5-11-5.5-15-5 1-10 0-14-4-5 5-11 5-17 4.5-3.5 3.5-5 8-6.5 14.5z",
    strands: "M46 34q5-5 11-5M62 31q7-1 12 5",
};
pub(super) const SWEPT: Hair = Hair {
    back: "",
    front: "M39 58c-3-9-3-19 3-26 6-7 19-9 28-5 9 4 13.5 14 11.5 31-1-6-2-10-4-13-6-1-10-4-12-8-6 6-14 8.5-21 8.5-3 3-4.5 7-5.5 12.5z",
    strands: "M65 36q-7 6-18 7M67 33q4 6 11 9",
};
pub(super) const SHORT: Hair = Hair {
    back: "M36 72c-6-8-7-22-3-31 5-12 15-18 27-18s22 6 27 18c4 9 3 23-3 31-1 4-3 6-5 7H41c-2-1-4-3-5-7z",
    front: "M37 68c-5-22 5-41 23-41s28 17 23 41c-1-9-2-15-5-20-13 1-24-2-31-8-3 6-8 11-10 28z",
    strands: "M48 36c8 6 17 9 27 9M44 40q-4 5-5 12",
};
pub(super) const NATURAL: Hair = Hair {
    back: "",
    front: "M37.5 62c-8-24 2-41.5 22.5-41.5S90.5 38 82.5 62c-1-9-3-15-6-18.5-9-3.5-24-3.5-33 0-3 3.5-5 9.5-6 18.5z",
    strands: "",
};
pub(super) const PUFF: Hair = Hair {
    back: "M44 34c-5-11 3-17.5 16-17.5S81 23 76 34z",
    front: "M38.5 60c-3-21 6-33 21.5-33s24.5 12 21.5 33c-1.5-9-4-15-8-18.5-8-3-19-3-27 0-4 3.5-6.5 9.5-8 18.5z",
    strands: "M50 40q3-6 6-9M60 39v-9M70 40q-3-6-6-9",
};
pub(super) const LONG: Hair = Hair {
    back: "M34 64c-3-24 8-40 26-40s29 16 26 40c0 18 3 36 6 50l-14 4c-2-10-4-22-4-36l-1-30H47l-1 30c0 14-2 26-4 36l-14-4c3-14 6-32 6-50z",
    front: "M38.5 62c-2-21 8-32 21.5-32s23.5 11 21.5 32c-2-11-9-19-21-25-8 8-19 15-22 25z",
    strands: "M60 31c-5 6-14 12-18 22M62 32c7 5 14 11 17 21M36 76q-1 18-5 36M84 76q1 18 5 36",
};
pub(super) const BRAIDS: Hair = Hair {
    back: "M35.5 62c-5-24 6-40 24.5-40s29.5 16 24.5 40c1 20 3 38 5 54l-13 3c-3-14-5-30-5-46H48.5c0 16-2 32-5 46l-13-3c2-16 4-34 5-54z",
    front: "M38.5 60c-3-21 6-33.5 21.5-33.5S84.5 39 81.5 60c-1.5-9-4-15-8-18.5-8-3-19-3-27 0-4 3.5-6.5 9.5-8 18.5z",
    strands: "M50 40q2-7 5-11M56.5 39q1-6 2-11M63.5 39q-1-6-2-11M70 40q-2-7-5-11M36 80q-1 14-2.5 26M40 84q-.5 11-2 22M84 80q1 14 2.5 26M80 84q.5 11 2 22",
};
pub(super) const PONYTAIL: Hair = Hair {
    back: "M72 30c16-2 22 14 19 34-2 16 1 30-4 46-7-7-9-22-8-36 1-16 0-32-7-44z",
    front: "M38.5 61c-3-22 7-34.5 21.5-34.5S84.5 39 81.5 61c-1-9-4-16-9-20.5-6-3-9-3.5-14-2.5-9 3-17 10-20 23z",
    strands: "M44 46q6-9 16-12M52 41q8-8 18-8",
};
pub(super) const BUN: Hair = Hair {
    back: "M48 32c-5-8.5 2-16 12-16S77 23.5 72 32z",
    front: "M38.5 62c-3-23 7-35.5 21.5-35.5S84.5 39 81.5 62c-1.5-10-5-17-10-22-4 1-9 1-13-1-7 5-17 11-20 23z",
    strands: "M45 44q7-9 14-12M74 43q-5-8-11-11",
};
pub(super) const HEADWRAP: Hair = Hair {
    back: "M71 27c2-8 9-10 11.5-6.5 1.5 4-2 9-9.5 11z",
    front: "M37.5 57c-5.5-10-6.5-23 1-31 6-7 14-9.5 21.5-9.5s15.5 2.5 21.5 9.5c7.5 8 6.5 21 1 31-3-7-7-11-11-13-8-3-16-3-23 0-4 2-8.5 6-11.5 13z",
    strands: "M38 44c8-12 22-18 40-20M42 46c10-9 22-12 38-12M39 34c6-9 14-14 24-16",
};
/// The front is the scarf around the face; the strands are its folds.
pub(super) const HIJAB: Hair = Hair {
    back: "M28 78c-4-34 9-57 32-57s36 23 32 57c-1 16-5 27-10 36H38c-5-9-9-20-10-36z",
    front: "M31 62c0-25 11-38 29-38s29 13 29 38c0 22-7 40-15 50-3 7-25 7-28 0-8-10-15-28-15-50zM41 61c0 20 7 37 19 37s19-17 19-37c0-14-7-22-19-22s-19 8-19 22z",
    strands: "M38 100c9 11 26 14 42 4M34 84c5 12 14 19 26 21M83 44q5 14 2 30",
};

/// Beard, moustache or stubble, and how strongly it covers the skin.
#[derive(Debug)]
pub(super) struct Beard {
    pub(super) shape: &'static str,
    pub(super) opacity: &'static str,
    /// Flecks of another colour.
    pub(super) flecks: &'static str,
    pub(super) covers_lips: bool,
}

pub(super) const SHAVEN: Beard = Beard { shape: "", opacity: "1", flecks: "", covers_lips: false };
pub(super) const FULL_BEARD: Beard = Beard {
    shape: "M38.7 70c.8 19 9 31.5 21.3 31.5S80.5 89 81.3 70c-2 7-4.8 11-9.3 11.5-4-2.5-20-2.5-24 0-4.5-.5-7.3-4.5-9.3-11.5z",
    opacity: "1",
    flecks: "",
    covers_lips: true,
};
pub(super) const GREYING_BEARD: Beard = Beard {
    shape: "M38.6 73c1.2 17 9.6 27.8 21.4 27.8S80.2 90 81.4 73c-1.8 6.5-4.6 9.6-9.4 10-4-2.2-20-2.2-24 0-4.8-.4-7.6-3.5-9.4-10z",
    opacity: ".88",
    flecks: "M55.5 95l.4 2M59 96.5v2M62.2 95.5v2.4M65 97l-.3 1.2M57.5 92.8l.2 1.4M63.8 92.6l-.2 1.6M46.5 87.5l.6 1.4M43.8 84l.4 1.2M73.8 87.5l-.6 1.4M76.2 84l-.4 1.2M50.5 92l.6 1.4M69.6 92l-.6 1.4",
    covers_lips: true,
};
pub(super) const STUBBLE: Beard = Beard {
    shape: "M41 73c1.2 8.5 4 16 8.6 21.5 3 3.5 6.5 5 10.4 5s7.4-1.5 10.4-5c4.6-5.5 7.4-13 8.6-21.5-2 6.5-4.8 9-8.6 9.5-4-2-16.8-2-20.8 0-3.8-.5-6.6-3-8.6-9.5z",
    opacity: ".2",
    flecks: "",
    covers_lips: false,
};
pub(super) const MOUSTACHE: Beard = Beard {
    shape: "M48.8 85.3c1.4-4.3 6.4-6.6 11.2-4.5 4.8-2.1 9.8.2 11.2 4.5-3.6 1.1-7.8.5-11.2-1.3-3.4 1.8-7.6 2.4-11.2 1.3z",
    opacity: "1",
    flecks: "",
    covers_lips: false,
};

/// Shoulders, their side in shade, and the neck.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) shoulders: &'static str,
    pub(super) shade: &'static str,
    pub(super) neck: &'static str,
}

pub(super) const SLIM: Body = Body {
    shoulders: "M12 142c2-22 13-31 34-36h28c21 5 32 14 34 36z",
    shade: "M74 106c21 5 32 14 34 36H84c0-14-3-26-10-36z",
    neck: "M51 88h18v20c0 7-18 7-18 0z",
};
pub(super) const MEDIUM: Body = Body {
    shoulders: "M6 142c2-23 14-32 38-37h32c24 5 36 14 38 37z",
    shade: "M76 105c24 5 36 14 38 37H86c0-14-3-26-10-37z",
    neck: "M50 88h20v20c0 7-20 7-20 0z",
};
pub(super) const HEAVY: Body = Body {
    shoulders: "M-6 142c1-26 14-36 48-40h36c34 4 47 14 48 40z",
    shade: "M78 102c34 4 47 14 48 40H90c0-15-4-29-12-40z",
    neck: "M45.5 84h29v22c0 9-29 9-29 0z",
};

/// What lies on top of the shoulders: bare skin, then an accent, then trim.
#[derive(Debug)]
pub(super) struct Clothes {
    pub(super) skin: &'static str,
    pub(super) accent: &'static str,
    pub(super) trim: &'static str,
}

pub(super) const V_COLLAR: Clothes =
    Clothes { skin: "", accent: "M47 108l13 13 13-13 6 4-19 22-19-22z", trim: "" };
pub(super) const CREW: Clothes =
    Clothes { skin: "", accent: "M49 108c3 7 19 7 22 0l5 2c-4 13-28 13-32 0z", trim: "" };
pub(super) const BEADS: Clothes = Clothes {
    skin: "M46 106h28c-2 11-26 11-28 0z",
    accent: "M46 109l2-1c3 9 21 9 24 0l2 1c-3 12-25 12-28 0z",
    trim: "",
};
pub(super) const OPEN_SHIRT: Clothes = Clothes {
    skin: "M50 106h20l-10 18z",
    accent: "M49 104l11 20-8 8-9-22zM71 104l-11 20 8 8 9-22z",
    trim: "",
};
pub(super) const SCRUBS: Clothes = Clothes {
    skin: "M48.5 105h23l-11.5 17z",
    accent: "M80 121h11v13H80z",
    trim: "M44.5 105.5l15.5 23 15.5-23-4-1.5-11.5 18-11.5-18z",
};
pub(super) const BLAZER: Clothes = Clothes {
    skin: "M51 105h18l-9 14z",
    accent: "M49 104l11 15 11-15 3 4-14 32-14-32z",
    trim: "M46 105l-8 8 6 4-3 4 19 22-13-33zM74 105l8 8-6 4 3 4-19 22 13-33z",
};
pub(super) const COAT_AND_TIE: Clothes =
    Clothes { skin: "", accent: "M49 104l11 12 11-12 4 4-15 34-15-34z", trim: "M57 116h6l2 6-5 20-5-20z" };

//! What simulated nurses type before they see the replies: sentences written by hand, by turn and by where they sit.

use std::collections::{BTreeMap, HashMap};

use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::scenario::rubric::Place;

#[derive(RustEmbed)]
#[folder = "src/operate/words/"]
#[include = "*.toml"]
struct Files;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    turns: BTreeMap<String, Said>,
}

/// What was typed at one turn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Said {
    keeps: Vec<String>,
    blurs: Vec<String>,
    crosses: Vec<String>,
    turns_away: Vec<String>,
}

impl Said {
    /// The sentences that sit here on the line.
    #[must_use]
    pub fn at(&self, place: Place) -> &[String] {
        match place {
            Place::TurnsAway => &self.turns_away,
            Place::Keeps => &self.keeps,
            Place::Blurs => &self.blurs,
            Place::Crosses => &self.crosses,
        }
    }
}

/// Everything that was written for one scenario, by turn.
#[derive(Clone, Debug, Default)]
pub struct OwnWords(BTreeMap<String, Said>);

impl OwnWords {
    /// The turns that something was written for.
    pub fn turns(&self) -> impl Iterator<Item = (&str, &Said)> {
        self.0.iter().map(|(turn, said)| (turn.as_str(), said))
    }

    /// Every sentence.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let of_turn = |said| Place::ALL.into_iter().flat_map(move |place| Said::at(said, place));
        self.0.values().flat_map(of_turn).map(String::as_str)
    }
}

/// What was written for each scenario, by its slug.
pub fn built_in() -> anyhow::Result<BTreeMap<String, OwnWords>> {
    let mut words = BTreeMap::new();
    for name in Files::iter() {
        let (Some(file), Some(slug)) = (Files::get(&name), name.strip_suffix(".toml")) else { continue };
        let file: File = toml::from_str(&String::from_utf8_lossy(&file.data))?;
        words.insert(slug.to_owned(), OwnWords(file.turns));
    }
    Ok(words)
}

/// The sentences of one scenario, dealt like cards: none comes twice before all of its place have come.
#[derive(Debug, Default)]
pub struct Deck {
    words: OwnWords,
    left: HashMap<(String, Place), Vec<String>>,
}

impl Deck {
    /// A full deck.
    #[must_use]
    pub fn new(words: OwnWords) -> Self {
        Self { words, left: HashMap::new() }
    }

    /// A sentence typed at this turn that sits here on the line; none where nobody wrote one.
    pub fn deal(&mut self, chance: &mut StdRng, turn: &str, place: Place) -> Option<String> {
        let all = self.words.0.get(turn)?.at(place);
        let left = self.left.entry((turn.to_owned(), place)).or_default();
        if left.is_empty() {
            all.clone_into(left);
            left.shuffle(chance);
        }
        left.pop()
    }
}

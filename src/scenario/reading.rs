//! How many years of school a text asks of its reader, so that feedback stays easy to read on a break.

use std::collections::HashSet;

/// Words whose syllables the rules below would miscount, and that scenarios use often.
const EXCEPTIONS: [(&str, usize); 21] = [
    ("anyone", 3),
    ("area", 3),
    ("being", 2),
    ("business", 2),
    ("cement", 2),
    ("evening", 2),
    ("every", 2),
    ("friend", 1),
    ("friends", 1),
    ("goodbye", 2),
    ("idea", 3),
    ("ideas", 3),
    ("maybe", 2),
    ("maybe's", 2),
    ("moment", 2),
    ("people", 2),
    ("something", 2),
    ("sometimes", 2),
    ("someone", 2),
    ("somewhere", 2),
    ("somebody", 3),
];

/// Short forms that end in a point without ending a sentence.
const ABBREVIATIONS: [&str; 8] = ["mr.", "mrs.", "ms.", "dr.", "st.", "e.g.", "i.e.", "no."];

/// Sentences, words and syllables of some texts, counted together.
#[derive(Clone, Debug)]
pub struct Counts<'a> {
    names: &'a HashSet<String>,
    sentences: usize,
    words: usize,
    syllables: usize,
}

impl<'a> Counts<'a> {
    /// Nothing counted yet; `names`, in lower case, are words that will not count.
    #[must_use]
    pub const fn new(names: &'a HashSet<String>) -> Self {
        Self { names, sentences: 0, words: 0, syllables: 0 }
    }

    /// Counts one text. Its end is the end of a sentence. Local words in braces, names, and words with a
    /// capital inside (ECG, `McNeil`) do not count.
    pub fn add(&mut self, text: &str) {
        let text = without_slots(text);
        let mut tokens =
            text.split([' ', '\n', '\t', '—', '–', '/']).filter(|token| !token.is_empty()).peekable();
        let mut in_sentence = false;
        while let Some(token) = tokens.next() {
            let word = token.trim_matches(|char: char| !char.is_alphanumeric());
            if self.counts(word) {
                self.words += 1;
                self.syllables += syllables(word);
                in_sentence = true;
            }
            let goes_on = tokens.peek().is_some_and(|next| next.starts_with(char::is_lowercase));
            if in_sentence && !goes_on && ends_sentence(token) {
                self.sentences += 1;
                in_sentence = false;
            }
        }
        self.sentences += usize::from(in_sentence);
    }

    /// How many words were counted.
    #[must_use]
    pub const fn words(&self) -> usize {
        self.words
    }

    /// The grade: years of school in the United States. Nothing when no word was counted.
    ///
    /// Source: Kincaid, Fishburne, Rogers and Chissom 1975, "Derivation of new readability formulas",
    /// Naval Technical Training Command, Research Branch Report 8-75.
    #[must_use]
    pub fn grade(&self) -> Option<f64> {
        let (sentences, words, syllables) = (count(self.sentences), count(self.words), count(self.syllables));
        (self.words > 0).then(|| 0.39 * (words / sentences.max(1.0)) + 11.8 * (syllables / words) - 15.59)
    }

    fn counts(&self, word: &str) -> bool {
        let lower = word.to_lowercase();
        let owner = lower.strip_suffix("'s").or_else(|| lower.strip_suffix("’s")).unwrap_or(&lower);
        !word.is_empty() && !word.chars().skip(1).any(char::is_uppercase) && !self.names.contains(owner)
    }
}

fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn without_slots(text: &str) -> String {
    let mut pieces = text.split('{');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once('}').map_or(piece, |(_, after)| after));
    }
    plain
}

/// The sentences of a text, in order. Where the next word has a small letter, the sentence goes on.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    let mut from = 0;
    while let Some(space) = rest.get(from..).and_then(|later| later.find(char::is_whitespace)) {
        let (sentence, after) = rest.split_at(from + space);
        let next = after.trim_start();
        let token = sentence.split_whitespace().next_back().unwrap_or_default();
        if ends_sentence(token) && !next.starts_with(char::is_lowercase) {
            found.push(sentence);
            (rest, from) = (next, 0);
        } else {
            from = rest.len() - next.len();
        }
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

fn ends_sentence(token: &str) -> bool {
    let token = token.trim_end_matches(['"', '\'', '”', '’', ')']);
    token.ends_with(['.', '!', '?', '…']) && !ABBREVIATIONS.contains(&token.to_lowercase().as_str())
}

/// How many syllables an English word has, by rules of thumb; at least one. Digits count one each, to four.
#[must_use]
pub fn syllables(word: &str) -> usize {
    let lower = word.to_lowercase().replace('’', "'");
    lower.split('-').filter(|part| !part.is_empty()).map(simple).sum::<usize>().max(1)
}

fn simple(word: &str) -> usize {
    if let Some((_, known)) = EXCEPTIONS.iter().find(|(exception, _)| *exception == word) {
        return *known;
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    if digits > 0 {
        return digits.min(4);
    }
    match word.split_once('\'') {
        Some((base, ending)) => stem(base) + contraction(base, ending),
        None => stem(word),
    }
}

/// What a short ending adds: "did-n't", "nurse-'s", "that-'ll", but not "can't" or "she's".
fn contraction(base: &str, ending: &str) -> usize {
    let adds = match ending {
        "t" => ["dn", "sn", "tn"].iter().any(|end| base.ends_with(end)),
        "s" => ["s", "x", "z", "ch", "sh", "se", "ce", "ge", "ze"].iter().any(|end| base.ends_with(end)),
        "ve" => base.ends_with('d') || base.ends_with('t'),
        "ll" | "d" => base.ends_with(['t', 'd']),
        _ => false,
    };
    usize::from(adds)
}

fn stem(word: &str) -> usize {
    let chars: Vec<char> = word.chars().collect();
    let groups = vowel_groups(&chars) + apart(word);
    groups.saturating_sub(silent(word, groups)).max(1)
}

/// Runs of vowels; a y before a vowel is one only after a consonant ("carrying", but "beyond").
fn vowel_groups(chars: &[char]) -> usize {
    let vowel = |index: usize| chars.get(index).is_some_and(|char| "aeiouáéíóúâêôäöüàèï".contains(*char));
    let mut groups = 0;
    let mut within = false;
    for (index, char) in chars.iter().enumerate() {
        let after_consonant = index > 0 && !vowel(index - 1);
        let sounds = vowel(index) || (*char == 'y' && (!vowel(index + 1) || after_consonant));
        groups += usize::from(sounds && !within);
        within = sounds;
    }
    groups
}

/// Vowels that stand together and are spoken apart: "qui-et", "do-ing", "ac-tu-al", "me-di-a".
fn apart(word: &str) -> usize {
    let has = |pair: &str, not_after: &[char]| {
        word.match_indices(pair).any(|(at, _)| {
            let before = word.get(..at).and_then(|before| before.chars().next_back());
            before.is_some_and(|char| !not_after.contains(&char))
        })
    };
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let rules = [
        has("ia", &['c', 't', 's', 'g']),
        has("io", &['c', 't', 's', 'g', 'x']),
        has("ua", &['q', 'g']),
        has("iet", &[]) || has("cie", &[]) && word.starts_with("sc") || word.starts_with("clie"),
        has("ien", &['c', 't', 'f', 'r', 'l']) || ends(&["rience", "riences", "rienced"]),
        has("yi", &['a', 'e', 'o', 'u']),
        ends(&["oing", "eeing", "uing"]),
        word.starts_with("creat") || word.starts_with("react"),
    ];
    rules.into_iter().filter(|rule| *rule).count()
}

/// How many of a word's e are not heard: "hope", "hopes", "hoped", "hopeful", "safely", "someday".
fn silent(word: &str, groups: usize) -> usize {
    let at_end = at_end(word, groups);
    let inside = groups > 2
        && ["eful", "efully", "eless", "ely", "eness", "ement", "ements"].iter().any(|ending| {
            word.strip_suffix(ending)
                .is_some_and(|before| before.ends_with(is_consonant) && !before.ends_with("el"))
                && !(ending.starts_with("ement") && word.contains("lement"))
        });
    let some =
        word.strip_prefix("some").is_some_and(|rest| !rest.is_empty() && rest.starts_with(is_consonant));
    at_end + usize::from(inside) + usize::from(some && groups > 2)
}

fn at_end(word: &str, groups: usize) -> usize {
    if groups < 2 {
        return 0;
    }
    let after_consonant = |before: &str| before.ends_with(is_consonant);
    // "ta-ble", "ta-bles", "han-dled": here the e carries a syllable.
    let heard = |before: &str, letters: [char; 2]| {
        before
            .strip_suffix(letters)
            .is_some_and(|before| before.ends_with(is_consonant) && !before.ends_with('l'))
    };
    if let Some(before) = word.strip_suffix("es") {
        let hissing = ["s", "x", "z", "c", "g", "ch", "sh"].iter().any(|end| before.ends_with(end));
        usize::from(after_consonant(before) && !hissing && !heard(before, ['l', 'l']))
    } else if let Some(before) = word.strip_suffix("ed") {
        let spoken = before.ends_with(['t', 'd']) || heard(before, ['l', 'r']);
        usize::from(after_consonant(before) && !spoken)
    } else if let Some(before) = word.strip_suffix('e') {
        usize::from(after_consonant(before) && !heard(before, ['l', 'l']))
    } else {
        0
    }
}

fn is_consonant(char: char) -> bool {
    char.is_alphabetic() && !"aeiou".contains(char)
}

//! Words as they look, whatever characters they are made of: digits of any script are digits, wide letters are letters,
//! what has no width is not there.

use std::ops::Range;

/// A text folded to one ASCII byte for each character that can be seen, and where each of them stands.
pub(super) struct Folded {
    /// Lower-case ASCII; `x` for any other letter, `~` for any other sign.
    pub(super) text: String,
    places: Vec<Range<usize>>,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len()), places: Vec::new() };
        for (at, char) in text.char_indices() {
            if let Some(look) = look_of(char) {
                folded.text.push(look);
                folded.places.push(at..at + char.len_utf8());
            }
        }
        folded
    }

    /// Where in the text that was folded this range of folded bytes stands. Always whole characters.
    pub(super) fn place(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let first = self.places.get(range.start)?;
        let last = self.places.get(range.end.checked_sub(1)?)?;
        Some(first.start..last.end)
    }

    /// Makes these bytes unreadable for whoever looks later.
    pub(super) fn cover(&mut self, range: &Range<usize>) {
        self.text.replace_range(range.clone(), &"~".repeat(range.len()));
    }
}

/// What a character looks like, as one ASCII character; None where nothing is to be seen of it.
fn look_of(char: char) -> Option<char> {
    if char.is_ascii() {
        return Some(match char {
            '\t' | '\u{B}' | '\u{C}' | '\r' => ' ',
            _ => char.to_ascii_lowercase(),
        });
    }
    if let Some(digit) = digit(u32::from(char)) {
        return Some(digit);
    }
    Some(match char {
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}'
        | '\u{20E3}'
        | '\u{300}'..='\u{36F}'
        | '\u{E0000}'..='\u{E01EF}' => return None,
        '\u{FF01}'..='\u{FF5E}' => {
            let ascii = u32::from(char) - 0xFEE0;
            char::from_u32(ascii).unwrap_or('~').to_ascii_lowercase()
        }
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{2E3A}'
        | '\u{2E3B}'
        | '\u{FE58}'
        | '\u{FE63}' => '-',
        '·' | '•' | '․' | '∙' | '⋅' | '。' | '｡' | '・' => '.',
        '﹫' => '@',
        '⁄' | '∕' | '⧸' => '/',
        '﹙' | '⁽' | '₍' => '(',
        '﹚' | '⁾' | '₎' => ')',
        '‘' | '’' | 'ʼ' => '\'',
        // Some that count as letters or signs look like nothing but room.
        space if space.is_whitespace() || EMPTY.contains(&space) => ' ',
        letter if letter.is_alphabetic() => 'x',
        _ => '~',
    })
}

/// Fillers of Hangul and the Braille pattern without a dot: as wide as a letter, with nothing to be seen in them.
const EMPTY: [char; 5] = ['\u{115F}', '\u{1160}', '\u{2800}', '\u{3164}', '\u{FFA0}'];

/// The first of ten digits in a row, for the scripts that have digits of their own and for digits in other dress.
const ZEROS: [u32; 52] = [
    0x660, 0x6F0, 0x7C0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xDE6, 0xE50, 0xED0,
    0xF20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50,
    0x2080, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10, 0x104A0, 0x10D30, 0x11066,
    0x110F0, 0x11136, 0x111D0, 0x114D0, 0x11650, 0x116C0, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
    0x1FBF0,
];

/// The first of nine digits in a row, from 1 on: in circles, in brackets, with a dot.
const ONES: [u32; 6] = [0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A];

fn digit(code: u32) -> Option<char> {
    let value = match code {
        0xB9 => 1,
        0xB2 | 0xB3 => code - 0xB0,
        0x2070 | 0x2074..=0x2079 => code - 0x2070,
        0x24EA | 0x24FF => 0,
        _ => {
            let zero = ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code));
            let one = ONES.into_iter().find(|one| (*one..*one + 9).contains(&code));
            zero.map(|zero| code - zero).or(one.map(|one| code - one + 1))?
        }
    };
    char::from_digit(value, 10)
}

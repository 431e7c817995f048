//! What looks like a record number, a social security number or an e-mail address.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::Kind;
use super::around::{Around, around};

/// What addresses end with, where only words tell that something is one.
const ENDS: &str = "com|org|net|edu|gov|mil|co\\.uk|org\\.uk|nhs\\.uk|ca|de|us|io|me";

/// Where mail is kept, as people name it.
const HOUSES: &str = "gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|proton|protonmail|gmx";

/// What is told by its shape. A record number's last group is the number itself.
static SHAPES: LazyLock<Vec<(Kind, &[&str], Regex)>> = LazyLock::new(|| {
    let called = "(?:number|num\\.?|no\\.?|nr\\.?|id|#)";
    let words = format!(
        "m\\.?r\\.?n\\.?(?: ?{called})?|mr ?(?:#|no\\.?|num\\.?|number)|(?:medical )?record(?: ?{called})?|medical record|\
         med(?:ical)? rec\\.?(?: ?{called})?|(?:chart|patient(?:'s)?|pt\\.?|hospital|file) ?{called}|\
         (?:case|account|acct\\.?|policy|licen[cs]e|insurance|member(?:ship)?) ?{called}|\
         (?:encounter|csn|nhs|nhi|passport|health card|wristband)(?: ?{called})?|\
         (?:medicare|medicaid) ?{called}|id number"
    );
    let number = "[ \n.:#=-]{0,4}(?:(?:is|was|reads|ends|ends in|number|no\\.?|id)[ \n:]{1,2})?[ #]?([a-z]{0,4}-?[0-9](?:[ -]?[0-9])*)[a-z]?\\b";
    let social = "(?:ssn|s\\.s\\.n\\.?|social sec(?:urity|\\.)?|social)(?: ?(?:number|num\\.?|no\\.?|#))?";
    let name = "[a-z0-9._%+'-]+";
    let main = "(?:com|org|net|edu|gov)";
    let part = "[a-z0-9-]+";
    let house = format!("{name} ?@ ?(?:{HOUSES})\\b");
    let texts = [
        (Kind::Email, AT, format!("{name} ?@ ?{part}(?: ?\\. ?{part})*\\.[a-z]{{2,}}|{house}")),
        (
            Kind::Email,
            AT,
            format!(
                "{name}@{part}(?:\\.{part})*\\. {main}\\b|{name} ?@ ?{part}(?: \\. ?{part})* \\. ?{main}\\b"
            ),
        ),
        (
            Kind::Email,
            &["[", "(", "{", "<"],
            format!(
                "{NAME} ?[\\[({{<] ?at ?[\\])}}>] ?{part} ?(?:\\.|[\\[({{<] ?dot ?[\\])}}>]) ?[a-z]{{2,}}"
            ),
        ),
        (
            Kind::Email,
            &[" at "],
            format!(
                "\\b({NAME}(?: dot {NAME})*) at {part}(?:(?: dot |\\.){part})*(?: dot |\\.)(?:{ENDS})\\b"
            ),
        ),
        (
            Kind::Email,
            &[" at "],
            format!("\\b([a-z0-9._+-]*[0-9_][a-z0-9._+-]*|[a-z0-9_+-]+\\.{NAME}) at (?:{HOUSES})\\b"),
        ),
        (Kind::SocialSecurity, SOCIAL, format!("\\b{social}{number}")),
        (Kind::SocialSecurity, &[], "\\b[0-9]{3}[ .\n-]{1,3}[0-9]{2}[ .\n-]{1,3}[0-9]{4}\\b".to_owned()),
        (Kind::RecordNumber, RECORD, format!("\\b(?:{words}){number}")),
    ];
    let shape = |(kind, needs, text): &(Kind, &'static [&'static str], String)| {
        Some((*kind, *needs, Regex::new(text).ok()?))
    };
    texts.iter().filter_map(shape).collect()
});

/// Of what a text holds at least one where a shape is in it; nothing else is looked through for it.
const AT: &[&str] = &["@"];
const SOCIAL: &[&str] = &["social", "ssn", "s.s.n"];
const RECORD: &[&str] = &[
    "mr",
    "m.r",
    "rec",
    "chart",
    "patient",
    "pt",
    "hospital",
    "file",
    "case",
    "acc",
    "policy",
    "licen",
    "insurance",
    "member",
    "encounter",
    "csn",
    "nhs",
    "nhi",
    "passport",
    "card",
    "wristband",
    "medica",
    "id number",
];

/// What may stand before the sign of an address.
const NAME: &str = "[a-z0-9._+-]+";

/// Words before "at example.com" that are nobody's name.
const NOBODY: &str = " us up it me in on out online look looking find found site website page portal available listed posted \
    register log login sign here there work working works live more information details visit read see are is be was one \
    that this them you her him and or also email e-mail shop order book video videos chat apply result results record \
    records chart message messages question questions staff nurse nurses doctor team account appointment appointments \
    refill refills form forms resource resources support help group groups meeting meetings pay bill download learn start \
    starts text go free today now anytime directly ";

/// What is told by its shape in a folded text.
pub(super) fn shapes(text: &str) -> Vec<(Kind, Range<usize>)> {
    let mut found = Vec::new();
    for (kind, needs, shape) in SHAPES.iter() {
        if !needs.is_empty() && !needs.iter().any(|need| text.contains(need)) {
            continue;
        }
        for one in shape.captures_iter(text) {
            let Some(whole) = one.get(0) else { continue };
            let part = one.get(1).map(|part| part.as_str());
            // Pressures with a time behind them are written like one: BP 120 80 1905.
            let is_vital = *kind == Kind::SocialSecurity
                && part.is_none()
                && !whole.as_str().contains('-')
                && !matches!(around(text, &whole.range()), Around::Called | Around::Nothing);
            if !is_vital && is_enough(*kind, whole.as_str(), part) {
                found.push((*kind, whole.range()));
            }
        }
    }
    found
}

/// A record number has five digits or more; four where it is called one outright and is no year. An address has somebody
/// before it.
fn is_enough(kind: Kind, whole: &str, part: Option<&str>) -> bool {
    let Some(part) = part else { return true };
    if kind == Kind::Email {
        let is_done = part.len() > 5 && (part.ends_with("ed") || part.ends_with("ing"));
        return !is_done && !NOBODY.split(' ').any(|word| word == part);
    }
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    let outright = ["mrn", "m.r.n", "ssn", "s.s.n", "social sec"].iter().any(|word| whole.starts_with(word));
    let named = outright || ["record", "med", "social"].iter().any(|word| whole.starts_with(word));
    let is_year = digits == 4 && (part.starts_with("19") || part.starts_with("20"));
    digits >= if named { 4 } else { 5 } && (outright || !is_year)
}

//! What looks like a real person's details is asked about before it is stored, and nothing else is.

use warmly::practice::guard::look;

const PHONE: &str = "phone";
const BIRTH: &str = "birth-date";
const RECORD: &str = "record-number";
const SOCIAL: &str = "social-security-number";
const EMAIL: &str = "email";
const LONG: &str = "long-number";

/// A text, the words of it that look like somebody's details, and what they look like.
const FIRES: &[(&str, &str, &str)] = &[
    ("Call me at 555-0142.", "555-0142", PHONE),
    ("It is 555-0142-33, after six.", "555-0142-33", PHONE),
    ("My cell: (415) 555-0142", "(415) 555-0142", PHONE),
    ("My cell: (415)555-0142", "(415)555-0142", PHONE),
    ("Try 415-555-0142 tonight", "415-555-0142", PHONE),
    ("Try 415.555.0142 tonight", "415.555.0142", PHONE),
    ("Try 415 555 0142 tonight", "415 555 0142", PHONE),
    ("Try 4155550142 tonight", "4155550142", PHONE),
    ("Try 1-415-555-0142", "1-415-555-0142", PHONE),
    ("Try 1 415 555 0142", "1 415 555 0142", PHONE),
    ("Try +1 (415) 555-0142", "+1 (415) 555-0142", PHONE),
    ("Try +14155550142", "+14155550142", PHONE),
    ("Ruf +49 30 901820 an", "+49 30 901820", PHONE),
    ("London 020 7946 0018", "020 7946 0018", PHONE),
    ("Paris 06 12 34 56 78", "06 12 34 56 78", PHONE),
    ("Berlin 030/9018200", "030/9018200", PHONE),
    ("Oslo 2212 3456", "2212 3456", PHONE),
    ("Madrid 612 345 678", "612 345 678", PHONE),
    ("Just 555 01 42", "555 01 42", PHONE),
    ("Dial 415 – 555 – 0142", "415 – 555 – 0142", PHONE),
    ("Dial 415‑555‑0142", "415‑555‑0142", PHONE),
    ("Wide ４１５－５５５－０１４２ digits", "４１５－５５５－０１４２", PHONE),
    ("Arabic ٤١٥-٥٥٥-٠١٤٢ digits", "٤١٥-٥٥٥-٠١٤٢", PHONE),
    ("Devanagari ४१५ ५५५ ०१४२", "४१५ ५५५ ०१४२", PHONE),
    ("Bold 𝟒𝟏𝟓-𝟓𝟓𝟓-𝟎𝟏𝟒𝟐", "𝟒𝟏𝟓-𝟓𝟓𝟓-𝟎𝟏𝟒𝟐", PHONE),
    ("Hidden 4\u{200b}1\u{200b}5-555-0142", "4\u{200b}1\u{200b}5-555-0142", PHONE),
    ("Joined 415\u{2060}555\u{feff}0142", "415\u{2060}555\u{feff}0142", PHONE),
    ("Spelled 5 5 5 0 1 4 2", "5 5 5 0 1 4 2", PHONE),
    ("Dashed 5-5-5-0-1-4-2", "5-5-5-0-1-4-2", PHONE),
    ("five five five, zero one four two", "five five five, zero one four two", PHONE),
    ("five-five-five-oh-one-four-two", "five-five-five-oh-one-four-two", PHONE),
    ("phone:5550142x", "5550142", LONG),
    ("He was born 03/04/1952.", "born 03/04", BIRTH),
    ("She is from 3/4/52, you know", "3/4/52", BIRTH),
    ("On 04.03.1952 it was", "04.03.1952", BIRTH),
    ("1952-03-04 is what it says", "1952-03-04", BIRTH),
    ("1952/3/4", "1952/3/4", BIRTH),
    ("31-12-1948", "31-12-1948", BIRTH),
    ("12 31 1948", "12 31 1948", BIRTH),
    ("04 - 03 - 1952", "04 - 03 - 1952", BIRTH),
    ("March 4, 1952", "March 4, 1952", BIRTH),
    ("March 4th 1952", "March 4th 1952", BIRTH),
    ("the 4th of March 1952", "4th of March 1952", BIRTH),
    ("4 March 1952", "4 March 1952", BIRTH),
    ("4 Mar. 1952", "4 Mar. 1952", BIRTH),
    ("4-Mar-52", "4-Mar-52", BIRTH),
    ("4 March ’52", "4 March ’52", BIRTH),
    ("the fourth of March, 1952", "fourth of March, 1952", BIRTH),
    ("March the twenty-first, 1952", "March the twenty-first, 1952", BIRTH),
    ("March fourth, nineteen fifty-two", "March fourth, nineteen fifty-two", BIRTH),
    ("1952 March 4", "1952 March 4", BIRTH),
    ("Sept 9, 2001", "Sept 9, 2001", BIRTH),
    ("DOB: 3/4", "DOB: 3/4", BIRTH),
    ("dob 030452", "dob 030452", BIRTH),
    ("Her birthday is March 4", "birthday is March 4", BIRTH),
    ("born on the 4th of March", "born on the 4th of March", BIRTH),
    ("D.O.B. 4/3", "D.O.B. 4/3", BIRTH),
    ("０４/０３/１９５２", "０４/０３/１９５２", BIRTH),
    ("MRN 12345", "MRN 12345", RECORD),
    ("mrn: 004512", "mrn: 004512", RECORD),
    ("MRN#4512", "MRN#4512", RECORD),
    ("record number 12345", "record number 12345", RECORD),
    ("Her record number is 12345", "record number is 12345", RECORD),
    ("medical record no. A-12345", "medical record no. A-12345", RECORD),
    ("chart number 88812", "chart number 88812", RECORD),
    ("patient ID 100233", "patient ID 100233", RECORD),
    ("NHS number 943 476 5919", "NHS number 943 476 5919", RECORD),
    ("NHS 9434765919", "NHS 9434765919", RECORD),
    ("123-45-6789", "123-45-6789", SOCIAL),
    ("123 45 6789", "123 45 6789", SOCIAL),
    ("social security number 123456789", "social security number 123456789", SOCIAL),
    ("SSN is 6789", "SSN is 6789", SOCIAL),
    ("ana@ward.example", "ana@ward.example", EMAIL),
    ("write to ana.okafor+ward@mail.ward.example, then", "ana.okafor+ward@mail.ward.example", EMAIL),
    ("ANA@WARD.EXAMPLE", "ANA@WARD.EXAMPLE", EMAIL),
    ("ana＠ward．example", "ana＠ward．example", EMAIL),
    ("ana [at] ward [dot] example", "ana [at] ward [dot] example", EMAIL),
    ("ana at ward dot com", "ana at ward dot com", EMAIL),
    ("a\u{ad}na@ward.example", "a\u{ad}na@ward.example", EMAIL),
    ("josé@hôpital.example", "josé@hôpital.example", EMAIL),
    ("1234567", "1234567", LONG),
    ("bracelet 00123456789012", "00123456789012", LONG),
    ("19520304", "19520304", LONG),
];

/// What people say, with numbers in it that are nobody's.
const STAYS: &[&str] = &[
    "",
    "I can’t give you my number.",
    "on Tuesday",
    "in 2 weeks",
    "room 12",
    "Room 1204, bed 2",
    "at 10.30",
    "at 10:30",
    "between 10.30-11.30",
    "from 8:15 to 9:45",
    "10.30 - 11.30",
    "Call 911",
    "Call or text 988, day or night",
    "Dial 112 or 999",
    "988 911 112",
    "Samaritans: 116 123",
    "116123",
    "1-800-273-8255",
    "Text 741741",
    "unit 4 west, extension 5512",
    "120/80",
    "120/80 130/85",
    "It was 120/80, then 135/90, then 118/76",
    "take 250 mg 3 times a day",
    "500 mg, 2 tablets, 6 hours",
    "24/7",
    "in 2026",
    "2019-2024",
    "from 1998 to 2004",
    "In 2025 300 nurses said so",
    "March 2026",
    "in March",
    "on March 4",
    "the 4th of March",
    "may 3 of us come in?",
    "on the first of the month",
    "the second of two",
    "born in 1952",
    "born in March",
    "my birthday is soon",
    "I was born here",
    "1.000.000 people",
    "1,000,000 people",
    "12.500.000",
    "10, 15, 20, 25, 30",
    "10 15 20 25 30",
    "10-15-20-25",
    "1 2 3 4 5 6 7 8",
    "1-2-3-4-5-6-7",
    "one, two, three",
    "It is 3 or 4, maybe 5",
    "37.2",
    "98.6 degrees",
    "day 3 of 10",
    "version 1.2.3",
    "record number one",
    "a record of 12 days",
    "case no 3",
    "the NHS in 2024",
    "Medicare 2024 rules",
    "me @ the desk",
    "@ana",
    "look at ward dot two",
    "5 foot 11",
    "50/50",
    "step 1/2",
    "4 x 100",
    "grade 12, class 3b",
    "flight 370",
    "123456",
    "12 34 56",
    "ext. 123456",
];

#[test]
fn what_looks_like_somebodys_details_is_found_and_named() {
    assert!(FIRES.len() >= 80);
    let mut missed = Vec::new();
    for (text, words, kind) in FIRES {
        let finds = look(text);
        let found: Vec<(&str, &str)> =
            finds.iter().map(|find| (&text[find.range.clone()], find.kind.stored())).collect();
        if !matches!(found.as_slice(), [(found, named)] if found.contains(words) && named == kind) {
            missed.push(format!("{text}: {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_nobodys_is_let_through() {
    let found = STAYS.iter().filter(|text| !look(text).is_empty());
    let found: Vec<String> = found.map(|text| format!("{text}: {:?}", look(text))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

//! What looks like a real person's details is asked about before it is stored, and nothing else is.

use proptest::prelude::*;
use warmly::practice::guard::{Anyway, Checked, check, look, look_beside};

use crate::app::{TestApp, begin};
use crate::map::ward;
use crate::review::edited;

const PHONE: &str = "phone";
const BIRTH: &str = "birth-date";
const DATE: &str = "full-date";
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
    ("Lined 415_555_0142", "415_555_0142", PHONE),
    ("Lined +1_415_555_0142", "+1_415_555_0142", PHONE),
    ("Listed 415,555,0142", "415,555,0142", PHONE),
    ("Timed 415:555:0142", "415:555:0142", PHONE),
    ("Short 555_0142", "555_0142", PHONE),
    ("Broken 415\u{2028}555\u{2028}0142", "415\u{2028}555\u{2028}0142", PHONE),
    ("Filled 415\u{3164}555\u{3164}0142", "415\u{3164}555\u{3164}0142", PHONE),
    ("Dotless 415\u{2800}555\u{2800}0142", "415\u{2800}555\u{2800}0142", PHONE),
    ("phone:5550142x", "5550142", LONG),
    ("He was born 03/04/1952.", "born 03/04/1952", BIRTH),
    ("He was born 3/4/52.", "born 3/4/52", BIRTH),
    ("He was born 3/4, 1952.", "born 3/4, 1952", BIRTH),
    ("Born March 4 ’51, here", "Born March 4 ’51", BIRTH),
    ("born on the 4th of March, 1951", "born on the 4th of March, 1951", BIRTH),
    ("DOB 03-04-1951", "DOB 03-04-1951", BIRTH),
    ("She is from 3/4/52, you know", "3/4/52", DATE),
    ("On 04.03.1952 it was", "04.03.1952", DATE),
    ("1952-03-04 is what it says", "1952-03-04", DATE),
    ("1952/3/4", "1952/3/4", DATE),
    ("31-12-1948", "31-12-1948", DATE),
    ("12 31 1948", "12 31 1948", DATE),
    ("04 - 03 - 1952", "04 - 03 - 1952", DATE),
    ("March 4, 1952", "March 4, 1952", DATE),
    ("March 4th 1952", "March 4th 1952", DATE),
    ("the 4th of March 1952", "4th of March 1952", DATE),
    ("4 March 1952", "4 March 1952", DATE),
    ("4 Mar. 1952", "4 Mar. 1952", DATE),
    ("4-Mar-52", "4-Mar-52", DATE),
    ("4 March ’52", "4 March ’52", DATE),
    ("the fourth of March, 1952", "fourth of March, 1952", DATE),
    ("March the twenty-first, 1952", "March the twenty-first, 1952", DATE),
    ("March fourth, nineteen fifty-two", "March fourth, nineteen fifty-two", DATE),
    ("1952 March 4", "1952 March 4", DATE),
    ("Sept 9, 2001", "Sept 9, 2001", DATE),
    ("DOB: 3/4", "DOB: 3/4", BIRTH),
    ("dob 030452", "dob 030452", BIRTH),
    ("Her birthday is March 4", "birthday is March 4", BIRTH),
    ("born on the 4th of March", "born on the 4th of March", BIRTH),
    ("D.O.B. 4/3", "D.O.B. 4/3", BIRTH),
    ("０４/０３/１９５２", "０４/０３/１９５２", DATE),
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
    "100,000,000 people",
    "12,345,678,901",
    "from 07:00-19:30",
    "07:15, 08:30, 09:45",
    "500, 250, 1000 mg",
    "room_12_2026",
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
    let missed = crate::details::found_otherwise(FIRES);
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_is_nobodys_is_let_through() {
    let found = STAYS.iter().filter(|text| !look(text).is_empty());
    let found: Vec<String> = found.map(|text| format!("{text}: {:?}", look(text))).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_the_conversation_itself_shows_is_nobodys() {
    let shown = || vec!["The unit’s phone is (415) 555-0142, or unit4@ward.example.".to_owned()];
    for text in ["Call 415-555-0142", "call 555-0142", "+1 415 555 0142", "write to UNIT4@ward.example"] {
        assert_eq!(look_beside(text, shown), [], "{text}");
        assert_eq!(look(text).len(), 1, "{text}");
    }
    for text in ["Call 415-555-0143", "call 555-01422", "unit5@ward.example"] {
        assert_eq!(look_beside(text, shown).len(), 1, "{text}");
    }
}

#[test]
fn an_answer_covers_what_was_asked_and_nothing_else() {
    let asked = |text: &str, anyway: Option<&str>| check(&[("own", text)], &Anyway::read(anyway), Vec::new);
    let Checked::Ask(ask) = asked("Call 555-0142 or ana@ward.example", None) else { panic!("it asks") };
    let sent = Some(ask.anyway.as_str());
    let fine = |kinds: &str| Checked::Anyway(kinds.to_owned());
    assert_eq!(asked("Call 555-0142 or ana@ward.example", sent), fine("phone email"));
    assert_eq!(
        asked("So: 555 0142.", sent),
        fine("phone"),
        "also with one of them taken out, or spaced otherwise"
    );
    assert_eq!(asked("Nothing here", sent), Checked::Fine);
    assert!(matches!(asked("Call 555-0143", sent), Checked::Ask(_)), "another number is asked about again");
    assert!(matches!(asked("Call 555-0142", Some("1")), Checked::Ask(_)));
    assert!(!ask.anyway.contains("0142"), "the answer does not carry the words");
}

proptest! {
    #[test]
    fn nothing_is_too_odd_to_look_through(text in "(\\PC|[0-9٠-٩０-９ ()+./@:-]|\u{200b}|mrn |born |march |\n){0,60}") {
        let mut end = 0;
        for find in look(&text) {
            prop_assert!(text.get(find.range.clone()).is_some_and(|words| !words.is_empty()), "whole characters");
            prop_assert!(find.range.start >= end, "in order, nothing twice");
            end = find.range.end;
        }
        let Checked::Ask(ask) = check(&[("own", &text)], &Anyway::default(), Vec::new) else { return Ok(()) };
        let pieces: String = ask.passages[0].pieces.iter().map(|(words, _)| words.as_str()).collect();
        prop_assert_eq!(&pieces, &text, "nothing of it is lost");
        prop_assert!(!matches!(check(&[("own", &text)], &Anyway::read(Some(&ask.anyway)), Vec::new), Checked::Ask(_)));
    }
}

const ROWS: &str = "SELECT actor_kind || ' ' || object_id FROM audit WHERE what = 'sent-anyway'
    ORDER BY object_id";

#[tokio::test]
async fn own_words_with_a_number_are_asked_about_before_they_are_stored() {
    let app = TestApp::new().await;
    let (nurse, page) = begin(&app, "garden-gate").await;
    let id = page.path.split('/').nth(2).expect("an id").to_owned();
    let asked = nurse.press(&page, "Continue", &[("own", "Call me: 555-0142-33. Really.")]).await;
    assert_eq!(asked.status, 422);
    let words = asked.words();
    assert!(
        words.contains("This looks like a phone number: 555-0142-33 If it’s a real person’s, take it out."),
        "{words}"
    );
    assert_eq!(asked.all("textarea#own"), ["Call me: 555-0142-33. Really."], "the words are kept");
    assert_eq!(asked.all("mark"), ["555-0142-33"]);
    assert_eq!(asked.link("Change it"), "#own");
    let buttons = ["Continue with the change", "Skip to the replies", "Keep it as it is"];
    assert_eq!(asked.all("form button"), buttons);
    assert!(words.contains("Your own record notes that something was kept, never the words."), "{words}");
    assert_eq!(asked.all(".summary.ask").len(), 1, "a question, not a problem");
    assert_eq!(app.number("SELECT COUNT(*) FROM openings").await, 0, "nothing is stored");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0);
    let other = [("own", "Or write to ana@ward.example, 555-0142-33.")];
    let again = nurse.press(&asked, "Keep it as it is", &other).await;
    assert_eq!(again.status, 422, "another detail is asked about");
    assert_eq!(again.all("mark"), ["ana@ward.example", "555-0142-33"]);
    let words = again.words();
    assert!(words.contains("This looks like an e-mail address: ana@ward.example"), "{words}");
    assert!(words.contains("It still says 555-0142-33 . That looks like a phone number."), "{words}");
    let unchanged = nurse.press(&asked, "Continue with the change", &[]).await;
    assert_eq!(unchanged.status, 422);
    assert!(unchanged.words().contains("It still says 555-0142-33 ."), "{}", unchanged.words());
    let taken = nurse.press(&asked, "Keep it as it is", &[]).await;
    assert!(taken.path.ends_with("/1/replies"), "{}", taken.path);
    let twice = nurse.press(&asked, "Keep it as it is", &[]).await;
    assert!(twice.path.ends_with("/1/replies"), "a double click stores it once");
    let plain = nurse.press(&page, "Continue", &[("own", "Call me: 555-0142-33. Really.")]).await;
    assert!(plain.path.ends_with("/1/replies"), "back, and the same words once more");
    let changed = nurse.press(&page, "Continue", &[("own", "Call 555-0199.")]).await;
    assert_eq!(changed.status, 409, "the first answer stands");
    assert_eq!(app.column("SELECT own_words FROM openings").await, ["Call me: 555-0142-33. Really."]);
    assert_eq!(app.column(ROWS).await, [format!("nurse {id} phone")], "who and what kind, never the words");
    assert_eq!(
        app.number("SELECT COUNT(*) FROM audit WHERE nurse_id = actor_id").await,
        1,
        "also without a name"
    );
    let record = nurse.open("/me/record").await.words();
    assert!(record.contains("You kept words that looked like a real person’s details"), "{record}");
}

#[tokio::test]
async fn a_number_that_the_conversation_shows_is_never_asked_about() {
    let folder = tempfile::tempdir().expect("a folder");
    edited(folder.path(), &[("gate.toml", &[("whytext one", "whytext one: ring 555-0142-33")])]);
    let app = TestApp::with(folder.path()).await;
    for _ in 0..2 {
        let (nurse, page) = begin(&app, "garden-gate").await;
        let asked = nurse.press(&page, "Continue", &[("own", "Ring 555-0142-34")]).await;
        assert_eq!(asked.status, 422, "another one");
        let taken = nurse.press(&page, "Continue", &[("own", "Ring 555-0142-33")]).await;
        assert!(taken.path.ends_with("/1/replies"), "{}", taken.path);
    }
}

#[tokio::test]
async fn words_without_details_and_the_way_past_them_are_not_asked_about() {
    let app = TestApp::new().await;
    let (nurse, page) = begin(&app, "garden-gate").await;
    let skipped = nurse.press(&page, "Skip to the replies", &[("own", "555-0142")]).await;
    assert!(skipped.path.contains("/1/replies"));
    let dropped = "You went straight to the replies. What you had typed was not kept.";
    assert!(skipped.words().contains(dropped), "{}", skipped.words());
    let (nurse, page) = begin(&app, "garden-gate").await;
    let skipped = nurse.press(&page, "Skip to the replies", &[]).await;
    assert!(!skipped.words().contains("went straight"), "nothing was typed");
    let nurse = app.browser();
    let page = nurse.open("/").await;
    let skipped = nurse.press(&page, "Show me some replies", &[("own", "No.")]).await;
    assert!(skipped.words().contains(dropped), "{}", skipped.words());
    let (nurse, page) = begin(&app, "garden-gate").await;
    let fine = nurse.press(&page, "Continue", &[("own", "Room 12, on Tuesday at 10.30. Or call 911.")]).await;
    assert!(fine.path.ends_with("/1/replies"));
    assert_eq!(app.number("SELECT COUNT(*) FROM audit").await, 0);
}

#[tokio::test]
async fn the_first_page_asks_too() {
    let app = TestApp::new().await;
    let nurse = app.browser();
    let page = nurse.open("/").await;
    let asked = nurse.press(&page, "Say it", &[("own", "My mail is ana@ward.example")]).await;
    assert_eq!(asked.status, 422);
    assert!(asked.words().contains("This looks like an e-mail address: ana@ward.example"));
    assert_eq!(app.number("SELECT COUNT(*) FROM nurses").await, 0, "nothing is begun");
    let taken = nurse.press(&asked, "Keep it as it is", &[]).await;
    assert!(taken.path.ends_with("/1/replies"), "{}", taken.path);
    assert!(app.column(ROWS).await.concat().ends_with(" email"));
}

#[tokio::test]
async fn looking_back_asks_about_each_field_and_not_twice_about_the_same() {
    let app = TestApp::new().await;
    let (nurse, debrief) = crate::practice::finished(&app).await;
    let wrote = [("feeling", "Born 3/4/1952, MRN 12345."), ("then_say", "Call 555-0142.")];
    let asked = nurse.press(&debrief, "Save", &wrote).await;
    assert_eq!(asked.status, 422);
    let words = asked.words();
    for named in ["a date of birth: Born 3/4", "a record number: MRN 12345", "a phone number: 555-0142"] {
        assert!(words.contains(named) || words.contains(&named.replace("Born ", "")), "{named}: {words}");
    }
    assert_eq!(asked.all("textarea#feeling"), [wrote[0].1]);
    assert_eq!(asked.link("Go to it"), "#then_say");
    assert_eq!(app.number("SELECT COUNT(*) FROM reflections").await, 0);
    let (kept, twice) = tokio::join!(
        nurse.press(&asked, "Keep it as it is", &[]),
        nurse.press(&asked, "Keep it as it is", &[])
    );
    assert!(kept.words().contains("Saved") && twice.words().contains("Saved"), "{}", kept.words());
    nurse.press(&asked, "Keep it as it is", &[]).await;
    assert_eq!(app.column(ROWS).await.len(), 1, "the same again changes nothing");
    let kept = nurse.press(&kept, "Save", &[("aim", "To be kind.")]).await;
    assert!(kept.words().contains("Saved"), "what was kept was asked about before");
    assert_eq!(app.column("SELECT aim FROM reflections").await, ["To be kind."]);
}

#[tokio::test]
async fn comments_and_answers_under_them_ask_on_both_sides() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ((ana, id), ruth) = (&ward.nurses[0], &ward.ruth.browser);
    let page = ruth.open(&ward.transcript(0)).await;
    let text = [("text", "Patient ID 100233 was like that.")];
    let asked = ruth.press(&page, "Release to Ana Okafor", &text).await;
    assert_eq!(asked.status, 422);
    assert!(
        asked.words().contains("This looks like a record number: Patient ID 100233"),
        "{}",
        asked.words()
    );
    assert_eq!(asked.all("textarea#comment-1"), [text[0].1]);
    assert_eq!(app.number("SELECT COUNT(*) FROM comments").await, 0);
    let again = ruth.press(&asked, "Release with the change", &[]).await;
    assert!(again.words().contains("It still says Patient ID 100233"), "{}", again.words());
    ruth.press(&asked, "Release it as it is", &[]).await;
    ruth.press(&asked, "Release it as it is", &[]).await;
    assert_eq!(
        app.number("SELECT COUNT(*) FROM comments WHERE released_at IS NOT NULL").await,
        1,
        "the button that was pressed at first is meant"
    );
    let page = ruth.open(&ward.transcript(0)).await;
    let asked = ruth.press(&page, "Answer", &[("text", "See ana@ward.example")]).await;
    assert_eq!((asked.status.as_u16(), app.number("SELECT COUNT(*) FROM comment_answers").await), (422, 0));
    ruth.press(&asked, "Keep it as it is", &[]).await;
    ruth.press(&asked, "Keep it as it is", &[]).await;
    let hers = ana.browser.open(&format!("/attempts/{id}/transcript")).await;
    let asked = ana.browser.press(&hers, "Send answer", &[("text", "She has 555-0142")]).await;
    assert_eq!(asked.status, 422);
    assert!(asked.words().contains("This looks like a phone number: 555-0142"));
    assert_eq!(asked.all(".field textarea"), ["She has 555-0142"]);
    let sent = ana.browser.press(&asked, "Keep it as it is", &[]).await;
    assert!(sent.words().contains("Your answer is sent"), "{}", sent.words());
    ana.browser.press(&asked, "Keep it as it is", &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM comment_answers").await, 2);
    let kinds = ["staff {id} email", "nurse {id} phone", "staff {id} record-number"];
    assert_eq!(app.column(ROWS).await, kinds.map(|kinds| kinds.replace("{id}", id)), "each once");
    let about = app.column("SELECT DISTINCT nurse_id || ' ' || cohort_id FROM audit").await;
    assert_eq!(about, [format!("{} {}", ana.nurse_id, ward.cohort.as_str())], "and whose words, and where");
}

#[tokio::test]
async fn a_draft_with_details_is_asked_about_when_it_is_saved_and_when_it_is_released() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let asked = ruth.press(&page, "Save as draft", &[("text", "Ring 555-0142")]).await;
    assert_eq!(asked.status, 422);
    let page = ruth.press(&asked, "Keep the draft as it is", &[]).await;
    assert!(page.words().contains("Draft: only you see it"), "{}", page.words());
    let asked = ruth.press(&page, "Release to Ana Okafor", &[]).await;
    let released = "SELECT COUNT(*) FROM comments WHERE released_at IS NOT NULL";
    assert_eq!((asked.status.as_u16(), app.number(released).await), (422, 0));
    ruth.press(&asked, "Release it as it is", &[]).await;
    assert_eq!(app.number(released).await, 1);
}

#[test]
fn two_details_that_touch_are_two() {
    let found = look("Seen on 03/04/1952(415) 555-0142 tonight");
    let found: Vec<&str> = found.iter().map(|find| find.kind.stored()).collect();
    assert_eq!(found, [DATE, PHONE]);
}

#[test]
fn only_a_number_without_its_first_digits_is_the_one_that_everybody_reads() {
    let beside = |typed: &str, shown: &str| look_beside(typed, || vec![shown.to_owned()]).len();
    assert_eq!(beside("Ring 555-0142.", "Ring 617-555-0142."), 0);
    assert_eq!(beside("Ring 617-555-0142.", "Ring 555-0142."), 0);
    assert_eq!(beside("Write to annjo@example.org", "Write to jo@example.org"), 1);
    assert_eq!(beside("Write to jo@example.org", "Write to annjo@example.org"), 1);
}

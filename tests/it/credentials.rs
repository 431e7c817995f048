//! Which addresses and passwords the staff can sign in with.

use std::collections::BTreeSet;

use warmly::accounts::credentials::{Email, Password};
use warmly::accounts::second_step::RecoveryCode;
use warmly::accounts::secrets::Secrets;
use warmly::accounts::{ReturnCode, StaffId};

use crate::app::TestApp;

fn spelling(typed: &str) -> Option<String> {
    Email::read(typed).map(|email| email.as_str().to_owned())
}

#[test]
fn an_address_has_one_spelling_or_none() {
    let longest = format!("{}@ward.example", "r".repeat(241));
    for (typed, stored) in [
        ("ruth@ward.example", "ruth@ward.example"),
        (" Ruth.REYES@Ward.Example\n", "ruth.reyes@ward.example"),
        ("r@w", "r@w"),
        (longest.as_str(), longest.as_str()),
    ] {
        assert_eq!(spelling(typed).as_deref(), Some(stored), "{typed}");
    }
    let too_long = format!("r{longest}");
    for typed in [
        "",
        "@",
        "ruth",
        "@ward.example",
        "ruth@",
        "ruth@ward@example",
        "ru th@ward.example",
        "ruth@ward\u{a0}.example",
        "ru\u{7}th@ward.example",
        too_long.as_str(),
    ] {
        assert_eq!(spelling(typed), None, "{typed}");
    }
    let email = Email::read("Ruth.Reyes@ward.example").expect("an address");
    assert_eq!(email.name(), "ruth.reyes");
}

fn refusal(password: &str, email: &str) -> Option<&'static str> {
    let password: Password = serde_json::from_value(password.into()).expect("a password");
    password.refusal(Email::read(email).as_ref())
}

#[test]
fn a_password_is_long_and_none_that_is_tried_first() {
    let (longest, too_long) = ("violet harbor sings ".repeat(10), "violet harbor sings ".repeat(10) + "!");
    for fine in [
        "twelve chars",
        longest.as_str(),
        "abdceabdcabe",
        "abdcefghiabdcefghi",
        "hospitably so 26",
        "5tgb6yhn7ujn",
    ] {
        assert_eq!(refusal(fine, "ada@ward.example"), None, "{fine}");
    }
    assert_eq!(refusal("all about walls", "al@ward.example"), None, "two letters are in every text");
    for (password, why) in [
        ("eleven char", "Use at least 12"),
        (too_long.as_str(), "Use at most 200"),
        ("all about ADA here", "Leave your e-mail name"),
        ("we say Warmly no", "Leave your e-mail name"),
        ("qazwsxedc123", "tried first"),
        ("Hospital 2026!", "tried first"),
        ("h0spital 2026", "tried first"),
        ("adm1n 2026 2026", "tried first"),
        ("adm!n 2026 2026", "tried first"),
        ("wint3r 20262026", "tried first"),
        ("p4tient 20262026", "tried first"),
        ("p@tient 20262026", "tried first"),
        ("nur5e 2026 2026", "tried first"),
        ("nur$e 2026 2026", "tried first"),
        ("pa7ient 20262026", "tried first"),
        ("abdcabcdbacd", "tried first"),
        ("abdcefghabdcefgh", "tried first"),
        ("5tgb6yhn7ujm", "tried first"),
        ("mju7nhy6bgt5", "tried first"),
    ] {
        let said = refusal(password, "ada@ward.example");
        assert!(said.is_some_and(|said| said.contains(why)), "{password}: {said:?}");
    }
}

#[test]
fn what_is_kept_for_each_purpose_and_each_person_is_its_own() {
    let secrets = Secrets::new("an installation");
    let mut seen = BTreeSet::new();
    for letter in ["a", "b"] {
        let email = Email::read(&format!("{letter}@ward.example")).expect("an address");
        let staff = StaffId::read(&format!("01234567-89ab-7def-8123-456789abcde{letter}")).expect("an id");
        let code = RecoveryCode::of([letter.as_bytes()[0]; 10]);
        for kept in [
            secrets.bucket(letter),
            secrets.account_bucket(&email),
            secrets.sign_in_bucket(letter),
            secrets.confirming_bucket(&staff),
            secrets.second_step_bucket(&staff),
            secrets.device_bucket(letter, 1),
            secrets.device_bucket(letter, 2),
            secrets.seed_of_session(letter),
            secrets.recovery_code_hash(&code),
            secrets.link_of_form(letter, "c"),
            secrets.link_of_form("c", letter),
            secrets.set_up_link(letter),
        ] {
            assert!(kept.len() == 64 && kept.bytes().all(|byte| byte.is_ascii_hexdigit()), "{kept}");
            assert!(seen.insert(kept), "one purpose, one person, one text");
        }
        let name = secrets.session_name(letter);
        assert!(name.len() == 16 && seen.insert(name));
    }
    let other = Secrets::new("another installation");
    assert!(seen.insert(other.bucket("a")), "each installation has its own");
}

#[tokio::test]
async fn a_stored_password_opens_as_long_as_the_app_lives() {
    let secrets = Secrets::new("an installation");
    assert_eq!((secrets.hashes(), secrets.hashes_at_once()), (0, 0));
    let password: Password = serde_json::from_value("violet harbor sings".into()).expect("a password");
    let stored = secrets.hash_password(&password, &"5a".repeat(32)).await.expect("a place");
    assert_eq!((secrets.hashes(), secrets.hashes_at_once()), (1, 1));
    let made = "argon2id$19456$2$1$5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a$";
    assert_eq!(
        stored,
        format!("{made}d08df4a381411cbfeee664ea306747a5baafa24664bee6139e74c47876b4534e"),
        "what was stored once opens in every later version"
    );
    assert_eq!(secrets.is_password(&password, Some(&stored)).await, Ok(true));
    let other: Password = serde_json::from_value("violet harbor sinks".into()).expect("a password");
    assert_eq!(secrets.is_password(&other, Some(&stored)).await, Ok(false));
    assert_eq!(secrets.is_password(&password, None).await, Ok(false));
    assert_eq!(
        (secrets.hashes(), secrets.hashes_at_once()),
        (4, 1),
        "where nothing is stored it takes as long"
    );
}

#[test]
fn a_return_code_is_four_of_all_words_and_three_digits() {
    let mut keyed = [0; 32];
    for (place, byte) in (1..).zip(&mut keyed) {
        *byte = place;
    }
    let code = ReturnCode::of_form(&keyed);
    assert_eq!(code.shown(), "shape diagram osprey ebony 204");
    for typed in ["shape diagram osprey ebony 204", " Shape-DIAGRAM osprey_ebony204 "] {
        assert_eq!(
            ReturnCode::read(typed).map(|code| code.shown().to_owned()).as_deref(),
            Some(code.shown())
        );
    }
    for typed in [
        "",
        "204",
        "shape diagram osprey ebony",
        "shape diagram osprey ebony 20",
        "shape diagram osprey ebony 2044",
        "shape diagram osprey ebony abc",
        "shape diagram osprey 204",
        "shape diagram osprey ebony ebony 204",
        "shape diagram osprey zzzz 204",
    ] {
        assert!(ReturnCode::read(typed).is_none(), "{typed}");
    }
}

#[tokio::test]
async fn every_installation_has_a_text_of_its_own() {
    let one = TestApp::new().await;
    let text = one.column("SELECT value FROM settings WHERE name = 'installation'").await.concat();
    assert_eq!(text.len(), 64);
    assert_eq!(one.app.secrets.bucket("a"), Secrets::new(&text).bucket("a"));
    let again = one.beside(&crate::app::fixtures()).await;
    assert_eq!(one.app.secrets.bucket("a"), again.app.secrets.bucket("a"), "and keeps it");
}

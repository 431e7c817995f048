//! The second step of signing in: a code of six digits from an app on one's phone, or a recovery code.
//!
//! The codes are those of RFC 6238 as every app makes them: SHA-1, 30 seconds, six digits. The code before and the one
//! after count too, for clocks that differ a little; each opens once.
//!
//! How the secret is kept. The program has to make the same code as the phone, so it must be able to read the secret: a
//! hash will not do. The database holds a random seed for each person, and the secret follows from it and from the
//! installation's own text (`secrets.rs`). That text lies in the same database. So a copy of one table gives no codes,
//! but whoever has a copy of the whole database, or a backup, can make everybody's; the passwords, of which only slow
//! hashes are there, would still be missing. To encrypt the secret under a key from the same place would promise more
//! and give no more, and a key kept elsewhere could be lost, and with it every second step. Backups are to be kept like
//! keys.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::CLOCKS_DIFFER;
use super::secrets::same;
use crate::clock::Millis;

/// For how long one code is shown, in milliseconds.
const STEP: Millis = 30_000;

/// How long somebody has between the password and the code, in milliseconds: ten minutes.
pub const HALF_LIVES: Millis = 10 * 60 * 1000;

/// How many wrong codes one account may try within fifteen minutes. Whoever tries has the right password already, and a
/// million codes are few.
pub const CODE_TRIES_ALLOWED: i64 = 5;

/// How many recovery codes are made at a time.
pub const RECOVERY_CODES: usize = 10;

/// What the app on the phone is called by.
const ISSUER: &str = "Warmly, no";

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// No letter that looks like a digit, and no word comes of it.
const RECOVERY: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many characters a recovery code has: 80 bits.
const RECOVERY_LENGTH: usize = 16;

/// What the phone and the program share: 160 bits. Never logged.
#[derive(Clone, Eq, PartialEq)]
pub struct Secret([u8; 20]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Secret {
    /// The secret of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// The code of one half minute since 1970.
    fn code(&self, step: i64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        mac.update(&u64::try_from(step).ok()?.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let from = usize::from(hash.last()? & 0x0F);
        let four: [u8; 4] = hash.get(from..from + 4)?.try_into().ok()?;
        Some(format!("{:06}", (u32::from_be_bytes(four) & 0x7FFF_FFFF) % 1_000_000))
    }

    /// The code that a phone shows at this time.
    #[must_use]
    pub fn code_at(&self, now: Millis) -> String {
        self.code(now.div_euclid(STEP)).unwrap_or_default()
    }

    /// The half minute that a code belongs to: this one or one beside it, and later than the last that was used. None
    /// where it opens nothing.
    #[must_use]
    pub fn step_of(&self, typed: &str, now: Millis, used: i64) -> Option<i64> {
        let this = now.div_euclid(STEP);
        // What was used further ahead was used while the clock was wrong: no code would open until then.
        let used = if used > this + CLOCKS_DIFFER / STEP { 0 } else { used };
        let mut found = None;
        for step in [this - 1, this, this + 1] {
            let right = self.code(step).is_some_and(|code| same(code.as_bytes(), typed.as_bytes()));
            if right && step > used {
                found = Some(step);
            }
        }
        found
    }

    /// The secret to be typed by hand, in groups of four letters and digits.
    #[must_use]
    pub fn in_groups(&self) -> String {
        in_fours(&letters(&self.0, BASE32), ' ')
    }

    /// The address that an app on a phone understands; `email` names the account there.
    #[must_use]
    pub fn address(&self, email: &str) -> String {
        let (issuer, email) = (escaped(ISSUER), escaped(email));
        format!("otpauth://totp/{issuer}:{email}?secret={}&issuer={issuer}", letters(&self.0, BASE32))
    }
}

/// What opens in place of a code, once: sixteen letters and digits (80 bits).
#[derive(Clone, Eq, PartialEq)]
pub struct RecoveryCode(String);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    /// The code of these random bytes.
    #[must_use]
    pub fn of(bytes: [u8; 10]) -> Self {
        Self(letters(&bytes, RECOVERY))
    }

    /// What somebody typed, however cased or spaced. None where it can't be one.
    fn read(typed: &str) -> Option<Self> {
        let plain = typed.to_lowercase().replace('o', "0").replace(['i', 'l'], "1");
        let known = plain.bytes().all(|byte| RECOVERY.contains(&byte));
        (known && plain.len() == RECOVERY_LENGTH).then_some(Self(plain))
    }

    /// The code without hyphens, as it is hashed.
    #[must_use]
    pub fn joined(&self) -> &str {
        &self.0
    }

    /// The code to be shown once.
    #[must_use]
    pub fn shown(&self) -> String {
        in_fours(&self.0, '-')
    }
}

/// What somebody typed as the second step.
#[derive(Clone, Eq, PartialEq)]
pub enum Typed {
    /// Six digits.
    Code(String),
    /// A recovery code.
    Recovery(RecoveryCode),
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Typed(…)")
    }
}

impl Typed {
    /// What was typed, whatever the spaces and hyphens. None where it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bare: String =
            text.chars().filter(|char| !char.is_whitespace() && !matches!(char, '-' | '–' | '—')).collect();
        if bare.len() == 6 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Code(bare));
        }
        RecoveryCode::read(&bare).map(Self::Recovery)
    }
}

impl Typed {
    /// Whether it is a recovery code.
    #[must_use]
    pub const fn is_recovery(&self) -> bool {
        matches!(self, Self::Recovery(_))
    }
}

/// Five bits a letter; as many bytes as make whole letters.
fn letters(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in bytes {
        held = (held << 8) + u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let letter = alphabet.get(((held >> bits) & 31) as usize);
            text.extend(letter.map(|letter| char::from(*letter)));
        }
        held &= (1 << bits) - 1;
    }
    text
}

/// Four by four, with a sign between.
fn in_fours(text: &str, between: char) -> String {
    let mut shown = String::new();
    for (at, char) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            shown.push(between);
        }
        shown.push(char);
    }
    shown
}

/// A text as part of an address.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b'@' => {
                escaped.push(char::from(byte));
            }
            _ => {
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: Secret = Secret(*b"12345678901234567890");

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, SHA-1; of its eight digits the last six.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(SECRET.code_at(seconds * 1000), code, "at {seconds}");
        }
    }

    #[test]
    fn a_code_counts_half_a_minute_early_and_late_and_never_again() {
        let now = 1_000 * STEP + 12_345;
        for near in [999, 1_000, 1_001] {
            let code = SECRET.code(near).expect("a code");
            assert_eq!(SECRET.step_of(&code, now, 0), Some(near));
            assert_eq!(SECRET.step_of(&code, now, near), None, "used");
            assert_eq!(SECRET.step_of(&code, now, near + 1), None, "older than one that was used");
            assert_eq!(SECRET.step_of(&code, now, 1_010), None, "used by a clock that differs a little");
            assert_eq!(SECRET.step_of(&code, now, 1_011), Some(near), "used by a clock that was wrong");
        }
        for far in [998, 1_002] {
            assert_eq!(SECRET.step_of(&SECRET.code(far).expect("a code"), now, 0), None);
        }
        assert_eq!(SECRET.step_of("", now, 0), None);
        assert_eq!(SECRET.step_of(&SECRET.code_at(-1), -1, -9), None, "before 1970 there are no codes");
    }

    #[test]
    fn the_secret_is_written_as_apps_read_it() {
        // RFC 4648, section 10, without the padding.
        assert_eq!(letters(b"fooba", BASE32), "MZXW6YTB");
        assert_eq!(SECRET.in_groups(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            SECRET.address("ruth+x@ward.example"),
            "otpauth://totp/Warmly%2C%20no:ruth%2Bx@ward.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Warmly%2C%20no"
        );
        assert_eq!(format!("{SECRET:?}"), "Secret(…)");
    }

    #[test]
    fn what_is_typed_is_read_however_it_is_spaced() {
        assert_eq!(Typed::read(" 287 082\n"), Some(Typed::Code("287082".to_owned())));
        let code = RecoveryCode::of([0, 68, 50, 20, 199, 66, 84, 182, 53, 207]);
        assert_eq!(code.shown(), "0123-4567-89ab-cdef");
        for typed in ["0123-4567-89ab-cdef", " O12345 6789AB CDEF", "oI23-4567-89ab-cdef", "0l23456789abcdef"]
        {
            assert_eq!(Typed::read(typed), Some(Typed::Recovery(code.clone())), "{typed}");
        }
        for typed in ["", "28708", "2870821", "28708x", "٢٨٧٠٨٢", "0123-4567-89ab-cde", "0123-4567-89ab-cdeu"]
        {
            assert_eq!(Typed::read(typed), None, "{typed}");
        }
        let typed = Typed::Recovery(code);
        assert_eq!(format!("{typed:?}"), "Typed(…)");
    }
}

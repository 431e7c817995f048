//! People of the staff with a password, and the form they sign in with.

use std::fmt::Write as _;

use warmly::accounts::credentials::Password;
use warmly::accounts::secrets::Secrets;
use warmly::clock::Clock;
use warmly::db::{Db, Many, Value};

use crate::driver::Wire;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "calm rivers bend slowly";

/// As long as it, and nobody's.
pub(crate) const WRONG: &str = "calm rivers bend gladly";

/// The address of one of them.
pub(crate) fn known(nth: usize) -> String {
    format!("k{nth:04}@ward.example")
}

/// As long as that, and nobody's.
pub(crate) fn unknown(nth: usize) -> String {
    format!("n{nth:04}@ward.example")
}

/// Adds so many educators, all with the same password. No server may run meanwhile.
pub(crate) async fn add(url: &str, count: usize) -> anyhow::Result<()> {
    let password: Password = serde_json::from_value(serde_json::Value::from(PASSWORD))?;
    let secrets = Secrets::new("");
    let hashing = secrets.hash_password(&password, "0123456789abcdef0123456789abcdef");
    let hash = hashing.await.map_err(|busy| anyhow::anyhow!("{busy:?}"))?;
    let clock = Clock::real();
    let mut staff = Many::new(
        "INSERT INTO staff (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)",
        8,
    );
    for nth in 0..count {
        staff.push([
            Value::Text(clock.new_id()),
            Value::Text(known(nth)),
            Value::Text(format!("Ruth {nth}")),
            Value::Text(hash.clone()),
            Value::Truth(false),
            Value::Truth(true),
            Value::Number(clock.now()),
            Value::Number(clock.now()),
        ]);
    }
    let db = Db::open(url).await?;
    let added: sqlx::Result<()> = db
        .write(move |conn| {
            let staff = staff.clone();
            Box::pin(async move { staff.insert(conn).await })
        })
        .await;
    added?;
    db.close().await;
    Ok(())
}

/// Network addresses, one after the other, each of which counts for itself behind a proxy that is trusted.
#[derive(Default)]
pub(crate) struct Places(u32);

impl Places {
    pub(crate) fn next(&mut self) -> String {
        self.0 += 1;
        std::net::Ipv4Addr::from(0x0a00_0000 + self.0).to_string()
    }
}

/// The sign-in form as a browser at this network address sends it.
pub(crate) fn form(place: &str, email: &str, password: &str) -> Wire {
    let body = format!("email={}&password={}", encoded(email), encoded(password));
    format!(
        "POST /sign-in HTTP/1.1\r\nhost: warmly\r\norigin: http://warmly\r\nsec-fetch-site: same-origin\r\n\
         x-forwarded-for: {place}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
    .into()
}

fn encoded(text: &str) -> String {
    let mut form = String::new();
    for byte in text.bytes() {
        let _ = write!(form, "%{byte:02X}");
    }
    form
}

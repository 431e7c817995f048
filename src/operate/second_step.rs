//! The command that removes somebody's second step, for whoever runs the program: where the only administrator has lost
//! the phone and the recovery codes.

use std::io::Write;

use super::backup::say;
use crate::accounts::credentials::Email;
use crate::accounts::oversee::remove_by_command;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;

/// Removes the second step of whoever signs in with this address, and says to `out` what became of it. False where there
/// was nothing to remove.
///
/// # Errors
/// Where the database or `out` fails.
pub async fn run(config: &Config, email: &str, out: &mut impl Write) -> anyhow::Result<bool> {
    let Some(email) = Email::read(email) else { anyhow::bail!("{email} is no e-mail address") };
    let db = Db::open_existing(&config.database_url()).await?;
    let removed = remove_by_command(&db, &Clock::real(), &email).await?;
    db.close().await;
    let address = email.as_str();
    match removed {
        Some(true) => say(
            out,
            &format!(
                "The second step of {address} is removed, and that person is signed out everywhere. The password \
                 alone opens the account now. It is noted in the audit log.\n"
            ),
        ),
        Some(false) => writeln!(out, "{address} has no second step.")?,
        None => writeln!(out, "Nobody signs in with {address}.")?,
    }
    Ok(removed == Some(true))
}

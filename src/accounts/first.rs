//! The first start: while nobody runs the installation, a link is made with which somebody sets herself up.

use super::link::{Gives, LINK_LIVES, LinkKind};
use super::store::{self, NewLink};
use crate::app::App;
use crate::db::Work;
use crate::token::token_hash;

/// The token of the set-up link, to be printed; None where there is an administrator.
///
/// A link that still opens is printed again, so that of several processes that start, or start again, none closes
/// what another has printed. Its token follows from its id and the installation's secret; only its hash is kept.
pub async fn set_up_link(app: &App) -> sqlx::Result<Option<String>> {
    let (clock, secrets) = (app.clock.clone(), app.secrets.clone());
    let finding = app.db.write(move |conn| {
        let (clock, secrets) = (clock.clone(), secrets.clone());
        let work: Work<'_, Option<String>, sqlx::Error> = Box::pin(async move {
            let now = clock.now();
            store::one_change_of_roles_at_a_time(conn).await?;
            if store::administrators(conn).await? > 0 {
                store::withdraw_set_up_links(conn, now).await?;
                return Ok(None);
            }
            if let Some(id) = store::open_set_up_link(conn, now).await? {
                let token = secrets.set_up_link(&id);
                if store::open_link(conn, LinkKind::SetUp, &token_hash(&token), now).await?.is_some() {
                    return Ok(Some(token));
                }
                // Made by a version whose links nobody can print again.
                store::withdraw_set_up_links(conn, now).await?;
            }
            let id = clock.new_id();
            let token = secrets.set_up_link(&id);
            let link = NewLink {
                id,
                token_hash: token_hash(&token),
                kind: LinkKind::SetUp,
                gives: Gives { administrator: true, educator: true, membership: None },
                staff: None,
                note: String::new(),
                made_by: None,
                expires_at: now + LINK_LIVES,
            };
            Ok(store::insert_link(conn, &link, now).await?.then_some(token))
        });
        work
    });
    finding.await
}

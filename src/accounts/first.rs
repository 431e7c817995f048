//! The first start: while nobody runs the installation, a link is made with which somebody sets herself up.

use super::link::{Gives, LINK_LIVES, LinkKind};
use super::store::{self, NewLink};
use crate::app::App;
use crate::db::Work;
use crate::token::token_hash;

/// The token of a new set-up link, to be printed once; None where there is an administrator. Links printed at earlier
/// starts open no longer.
pub async fn set_up_link(app: &App) -> sqlx::Result<Option<String>> {
    let (clock, token) = (app.clock.clone(), app.clock.new_token());
    let hash = token_hash(&token);
    let making = app.db.write(move |conn| {
        let (clock, token_hash) = (clock.clone(), hash.clone());
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let now = clock.now();
            store::one_change_of_roles_at_a_time(conn).await?;
            store::withdraw_set_up_links(conn, now).await?;
            if store::administrators(conn).await? > 0 {
                return Ok(false);
            }
            let link = NewLink {
                id: clock.new_id(),
                token_hash,
                kind: LinkKind::SetUp,
                gives: Gives { administrator: true, educator: true, membership: None },
                staff: None,
                note: String::new(),
                made_by: None,
                expires_at: now + LINK_LIVES,
            };
            store::insert_link(conn, &link, now).await
        });
        work
    });
    Ok(making.await?.then_some(token))
}

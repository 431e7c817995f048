-- Every personal link that was ever made for a place, by its hash, one after the other: a form that is sent again opens
-- none of them anew, whether it was used since or a newer one took its place.
ALTER TABLE seats ADD COLUMN links_made TEXT NOT NULL DEFAULT '';
UPDATE seats SET links_made = link_hash WHERE link_hash IS NOT NULL;

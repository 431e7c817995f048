//! Every page and state of somebody who teaches: cohorts, their overview, map and transcripts, roster and assignments.

use anyhow::{Context as _, Result};
use fantoccini::Locator;
use warmly::operate::demo::fill::{Demo, Filled};
use warmly::operate::write::Simulated;

use crate::audit_of::{Audit, audit};
use crate::served::Served;

#[tokio::test]
async fn every_page_of_an_educator_in_every_look() -> Result<()> {
    let served = Served::start().await?;
    let demo = served.demo().await?;
    let session = served.staff_session("educator").await?;
    let pages =
        |path: &str| path.starts_with("/cohorts") && !path.contains("/people") && !path.contains("/join");
    audit(&served, pages, async |audit| {
        audit.browser.known_by(&served.address, Some(&session)).await?;
        figures(audit, &demo).await?;
        work(audit, &demo).await?;
        an_empty_cohort(audit).await
    })
    .await
}

#[tokio::test]
async fn every_page_about_nurses_in_every_look() -> Result<()> {
    let served = Served::start().await?;
    let demo = served.demo().await?;
    let session = served.staff_session("educator").await?;
    let pages = |path: &str| path.starts_with("/cohorts/{cohort}/people") || path == "/cohorts/{cohort}/join";
    audit(&served, pages, async |audit| {
        audit.browser.known_by(&served.address, Some(&session)).await?;
        transcripts(audit, &demo).await?;
        roster(audit, &demo).await?;
        lists(audit, &demo).await?;
        joining(audit, &demo).await
    })
    .await
}

fn spring(demo: &Demo) -> Result<(&Filled, String)> {
    let spring = demo.cohorts.first().context("a cohort")?;
    Ok((spring, format!("/cohorts/{}", spring.id.as_str())))
}

/// Where the cohort slips.
async fn figures(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (_, spring) = spring(demo)?;
    let west = demo.cohorts.get(1).context("the other cohort")?;
    let west = format!("/cohorts/{}", west.id.as_str());
    audit.at("/cohorts").await?;
    audit.browser.press("Make a cohort").await?;
    audit.here("cohorts, no name").await?;
    for cohort in [&spring, &west] {
        for page in ["", "/matrix", "/completion", "/debrief", "/debrief/screen"] {
            audit.at(&format!("{cohort}{page}")).await?;
        }
    }
    audit.open(&spring).await?;
    unfold_all(audit).await?;
    audit.here("overview, unfolded").await?;
    audit.browser.choose("assignment", &second_of(audit).await?).await?;
    audit.browser.press("Show").await?;
    audit.here("overview, one assignment").await?;
    for (page, what) in [
        ("?since=2026-13-40", "overview, no such day"),
        ("?since=2020-01-01&until=2020-01-02", "overview, nothing in these days"),
        ("/matrix?show=latest", "matrix, latest"),
        ("/matrix?since=2026-13-40", "matrix, no such day"),
        ("/completion?all=1", "completion, all"),
        ("/scenarios/goodbye-at-discharge?show=latest", "map, latest"),
        ("/scenarios/goodbye-at-discharge?since=2026-13-40", "map, no such day"),
        ("/scenarios/goodbye-at-discharge", "map of the goodbye"),
        ("/scenarios/just-call-the-hospital", "map of the call"),
        ("/scenarios/not-doing-well", "map of not doing well"),
        ("/scenarios/goodbye-at-discharge/ask", "what they said"),
        ("/scenarios/goodbye-at-discharge/ask?all=1", "all they said"),
        ("/scenarios/goodbye-at-discharge/ask?q=sorry", "found words"),
        ("/scenarios/goodbye-at-discharge/ask?q=xyzzy", "no words found"),
        ("/scenarios/not-doing-well/breathless", "what they said to a danger"),
    ] {
        audit.open(&format!("{spring}{page}")).await?;
        audit.here(what).await?;
    }
    for _ in 0..4 {
        audit.open(&format!("{spring}/scenarios/goodbye-at-discharge/ask")).await?;
        audit.browser.press("Bring to class").await?;
    }
    audit.here("six go to class already").await?;
    audit.at(&format!("{west}/scenarios/friends-now")).await
}

async fn unfold_all(audit: &Audit<'_>) -> Result<()> {
    for folded in audit.browser.find_all(Locator::Css("main details:not([open]) > summary")).await? {
        if folded.is_displayed().await? {
            folded.click().await?;
        }
    }
    Ok(())
}

/// The second entry of the list of assignments.
async fn second_of(audit: &Audit<'_>) -> Result<String> {
    let option = audit.browser.find(Locator::Css("#assignment option:nth-of-type(2)")).await?;
    option.attr("value").await?.context("an assignment")
}

/// What is set, the staff, the settings, what is closed to her, previews.
async fn work(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (_, spring) = spring(demo)?;
    audit.at(&format!("{spring}/assignments")).await?;
    audit.at(&format!("{spring}/assignments/new")).await?;
    audit.browser.fill("note", &"word ".repeat(400)).await?;
    audit.browser.press("Set it").await?;
    audit.here("assign, with problems").await?;
    audit.open(&format!("{spring}/assignments/new")).await?;
    audit.browser.choose("slug", "garden-gate").await?;
    audit.browser.press("Set it").await?;
    audit.here("assignments, one more").await?;
    audit.browser.follow("The garden gate").await?;
    audit.here("one assignment").await?;
    audit.browser.fill("note", &"word ".repeat(400)).await?;
    audit.browser.press("Save").await?;
    audit.here("one assignment, with a problem").await?;
    audit.browser.press("Withdraw this assignment").await?;
    audit.browser.unfold("withdrawn").await?;
    audit.here("assignments, one withdrawn").await?;
    audit.browser.follow("The garden gate").await?;
    audit.here("one assignment, withdrawn").await?;
    audit.at(&format!("{spring}/staff")).await?;
    audit.browser.press("Make the link").await?;
    audit.here("staff, no role").await?;
    audit.browser.click("label[for=role-manager]").await?;
    audit.browser.press("Make the link").await?;
    audit.here("staff, a link").await?;
    audit.at(&format!("{spring}/settings")).await?;
    audit.browser.fill("name", "").await?;
    audit.browser.press("Save the name").await?;
    audit.here("settings, no name").await?;
    audit.at("/practice").await?;
    audit.at("/scenarios/goodbye-at-discharge").await?;
    audit.browser.follow("Look through it").await?;
    audit.here("preview, replies").await?;
    audit.browser.click(".choices .choice:nth-of-type(2) label").await?;
    audit.browser.press("See where it leads").await?;
    audit.here("preview, reaction").await?;
    for (path, what) in [
        ("/me", "a nurse’s page"),
        ("/administration", "an administrator’s page"),
        ("/join", "joining, signed in"),
        ("/cohorts/0197f3b4-0000-7000-8000-000000000000", "a cohort that is not hers"),
    ] {
        audit.open(path).await?;
        audit.here(what).await?;
    }
    Ok(())
}

/// A cohort from its first page to its last.
async fn an_empty_cohort(audit: &Audit<'_>) -> Result<()> {
    audit.open("/cohorts").await?;
    audit.browser.fill("name", "Autumn residency").await?;
    audit.browser.press("Make a cohort").await?;
    let made = audit.browser.path().await?;
    let cohort = made.trim_end_matches("/join");
    for page in
        ["", "/join", "/people", "/assignments", "/matrix", "/debrief", "/debrief/screen", "/completion"]
    {
        audit.open(&format!("{cohort}{page}")).await?;
        audit.here(&format!("empty cohort {page}")).await?;
    }
    audit.open(&format!("{cohort}/assignments/new")).await?;
    audit.browser.choose("slug", "garden-gate").await?;
    audit.browser.press("Set it").await?;
    for page in ["", "/scenarios/garden-gate", "/scenarios/garden-gate/lift"] {
        audit.open(&format!("{cohort}{page}")).await?;
        audit.here(&format!("nobody yet {page}")).await?;
    }
    audit.open(&format!("{cohort}/settings")).await?;
    audit.browser.press("Archive Autumn residency").await?;
    for page in ["", "/settings", "/join", "/people", "/assignments"] {
        audit.open(&format!("{cohort}{page}")).await?;
        audit.here(&format!("archived {page}")).await?;
    }
    audit.at(&format!("{cohort}/assignments/new")).await?;
    audit.open(&format!("{cohort}/settings")).await?;
    audit.browser.press("Open it again").await?;
    audit.here("settings, open again").await
}

/// Words of the transcript that is open, unfolded: as nobody wrote them, where they stand, and gone.
async fn blacking_out(audit: &Audit<'_>) -> Result<()> {
    let transcript = audit.browser.path().await?;
    for (words, what) in [
        ("nowhere at all", "words that are nowhere"),
        ("YOU", "words as nobody wrote them"),
        ("you", "words"),
    ] {
        audit.open(&transcript).await?;
        audit.browser.unfold("Black out words").await?;
        audit.browser.fill("black", words).await?;
        audit.browser.press("Black out these words").await?;
        audit.here(&format!("before blacking out {what}")).await?;
    }
    audit.browser.press("Black out for good").await?;
    audit.here("blacked out just now").await
}

/// One nurse: her page, her transcripts with the margin, first beside latest.
async fn transcripts(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (filled, spring) = spring(demo)?;
    for seat in
        [filled.seats.first(), filled.seats.iter().find(|seat| !seat.is_taken())].into_iter().flatten()
    {
        audit.at(&format!("{spring}/people/{}", seat.id.as_str())).await?;
    }
    let assigned = |simulated: &&Simulated| simulated.attempt.assigned.is_some();
    let address = |simulated: &Simulated| {
        let seat = simulated.attempt.assigned.as_ref().map_or("", |assigned| assigned.seat.as_str());
        format!("{spring}/people/{seat}/{}", simulated.attempt.id.as_str())
    };
    let of = |wanted: &dyn Fn(&Simulated) -> bool| {
        filled.attempts.iter().filter(assigned).find(|simulated| wanted(simulated)).map(address)
    };
    let broken_off = of(&|simulated| simulated.ended_at.is_none());
    let missed = of(&|simulated| {
        simulated.attempt.replay().answered().any(|(_, answered)| answered.verdict.missed_red_flag)
    });
    let asked = of(&|simulated| simulated.reflection.as_ref().is_some_and(|said| said.wants_talk));
    for (address, what) in
        [(&broken_off, "broken off"), (&missed, "a danger missed"), (&asked, "asked to talk")]
    {
        audit.open(address.as_deref().context(what)?).await?;
        audit.here(&format!("transcript, {what}")).await?;
    }
    let mut seats = demo.cohorts.iter().flat_map(|cohort| &cohort.seats);
    let answered =
        seats.find(|seat| seat.nurse_id == demo.commented).context("somebody answered a comment")?;
    let (cohort, seat) = (answered.cohort_id.as_str(), answered.id.as_str());
    audit.open(&format!("/cohorts/{cohort}/people/{seat}")).await?;
    audit.here("a nurse with a comment").await?;
    let commented = "//li[contains(@class, 'attempt')][contains(., '1 comment')]//a";
    let commented = audit.browser.find(Locator::XPath(commented)).await?;
    audit.browser.leave_by(commented).await?;
    audit.here("transcript with a comment").await?;
    unfold_all(audit).await?;
    audit.here("transcript with a comment, unfolded").await?;
    blacking_out(audit).await?;
    let address = missed.context("somebody missed a danger")?;
    audit.at(&format!("{address}/compare")).await?;
    audit.open(&address).await?;
    audit.browser.unfold("Comment on turn 1").await?;
    audit.browser.press("Release").await?;
    audit.here("a comment without words").await?;
    audit.browser.fill("comment-1", "I noticed “sorry”. What were you thinking?").await?;
    audit.browser.press("draft").await?;
    audit.here("a draft").await
}

/// Who is in the cohort.
async fn roster(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (filled, spring) = spring(demo)?;
    audit.at(&format!("{spring}/people")).await?;
    audit.browser.press("Add this nurse").await?;
    audit.here("roster, no name").await?;
    audit.browser.fill("name", "Ana Okafor").await?;
    audit.browser.press("Add this nurse").await?;
    audit.here("roster, one more").await?;
    audit.browser.press("Make a link").await?;
    audit.here("a personal link to give").await?;
    audit.open(&format!("{spring}/people")).await?;
    audit.browser.press("Make links for all").await?;
    audit.here("personal links to give").await?;
    let by_code = filled.seats.iter().find(|seat| seat.is_taken() && seat.confirmed_at.is_none());
    let by_code = by_code.context("somebody came by code")?.id.as_str();
    audit.at(&format!("{spring}/people/{by_code}/edit")).await?;
    audit.browser.press("Merge").await?;
    audit.here("merge with none").await?;
    audit.browser.fill("name", "").await?;
    audit.browser.press("Save").await?;
    audit.here("a place without a name").await?;
    audit.at(&format!("{spring}/people/{by_code}/remove")).await?;
    let free = filled.seats.iter().find(|seat| !seat.is_taken()).context("a free place")?.id.as_str();
    audit.open(&format!("{spring}/people/{free}/edit")).await?;
    audit.here("a free place").await?;
    audit.open(&format!("{spring}/people/{by_code}/remove")).await?;
    audit.browser.press("Remove").await?;
    audit.browser.unfold("not in anymore").await?;
    audit.here("roster, one removed").await
}

/// A list that is brought in.
async fn lists(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (_, spring) = spring(demo)?;
    audit.at(&format!("{spring}/people/import")).await?;
    audit.browser.press("Look at the list").await?;
    audit.here("a list of nothing").await?;
    let long = "x".repeat(200);
    let list = format!(
        "Name,ID\nHana Sato,S-1\n{long},S-2\nHana Sato,S-1\n,S-3\nMarisol Vega,R-2601\nAda Obi,S-1\n"
    );
    audit.browser.fill("list", &list).await?;
    audit.browser.press("Look at the list").await?;
    audit.here("a list with problems").await?;
    audit.browser.unfold("On the roster already").await?;
    audit.here("a list, who is known").await?;
    audit.browser.press("Add 1 nurse").await?;
    audit.here("a list was added").await
}

/// The code for the projector.
async fn joining(audit: &Audit<'_>, demo: &Demo) -> Result<()> {
    let (_, spring) = spring(demo)?;
    audit.at(&format!("{spring}/join")).await?;
    audit.browser.unfold("What nurses read").await?;
    audit.here("join page, unfolded").await?;
    audit.browser.press("Make a new code").await?;
    audit.here("join page, a new code").await
}

//! The whole way of a cohort through its pages, as its people go it: from the printed link to the manager's table.

use anyhow::{Context as _, Result, ensure};
use fantoccini::Locator;
use warmly::accounts::first::set_up_link;

use crate::driver::{Browser, Look, journey};
use crate::served::Served;

const PASSWORD: &str = "river candle stone maple";

/// What Ana types: on her own, at assigned work, under a comment.
const ALONE: &str = "Only to myself: I would drive him.";
const SLIPS: &str = "Oh gosh, maybe later, I hate to say no.";
const SAYS: &str = "I was in a hurry to get away from the gate.";
/// What Bea types.
const KEEPS: &str = "No, I can't drive you. Who else could?";
/// What Ruth writes.
const ASKS: &str = "I noticed “maybe later”. What were you thinking?";

#[tokio::test]
async fn a_cohort_from_the_printed_link_to_what_its_manager_sees() -> Result<()> {
    let served = Served::start().await?;
    journey(Look::DESKTOP, async |ruth| {
        staff_comes(ruth, &served).await?;
        let cohort = makes_a_cohort(ruth, &served).await?;
        ruth.goto(&served.at(&format!("{cohort}/join"))).await?;
        let code = ruth.find(Locator::Css(".joincode")).await?.text().await?;
        let phone = Look::of(390, 844).without_script();
        journey(phone, async |ana| {
            practices_alone(ana, &served).await?;
            joins_and_answers(ana, &served, (&code, "Ana Okafor"), &WAYS[0]).await?;
            for (name, way) in [("Bea Lindqvist", &WAYS[1]), ("Cleo Marsh", &WAYS[2])] {
                journey(phone, async |nurse| joins_and_answers(nurse, &served, (&code, name), way).await)
                    .await?;
            }
            comments_and_marks(ruth, &served, &cohort).await?;
            reads_and_answers(ana, &served).await?;
            resolves(ruth, &served, &cohort).await?;
            prepares_the_debrief(ruth, &served, &cohort).await?;
            exports(ruth, &served, &cohort).await?;
            journey(Look::DESKTOP, async |mona| sees_completion_only(mona, &served, &cohort).await).await?;
            reads_who_looked(ana, &served).await
        })
        .await
    })
    .await
}

/// Own words and a piece of the reply, turn by turn: one slips and puts it right, one keeps, one skips to the replies.
const WAYS: [[(&str, &str); 3]; 3] = [
    [(SLIPS, "replytext three"), ("There won't be one.", "replytext six"), ("Sit down.", "replytext eight")],
    [(KEEPS, "replytext one"), ("", "replytext four"), ("I call for help.", "replytext eight")],
    [("", "replytext two"), ("", "replytext four"), ("", "replytext eight")],
];

async fn introduces_herself(browser: &Browser, name: &str, button: &str) -> Result<()> {
    let email = format!("{}@ward.example", name.to_lowercase().replace(' ', "."));
    browser.fill("name", name).await?;
    browser.fill("email", &email).await?;
    browser.fill("password", PASSWORD).await?;
    browser.press(button).await
}

/// The link that the page shows once.
async fn shown_link(browser: &Browser) -> Result<String> {
    browser.find(Locator::Id("link")).await?.attr("value").await?.context("a link")
}

/// Ruth sets up with the printed link and invites a second educator.
async fn staff_comes(ruth: &Browser, served: &Served) -> Result<()> {
    let token = set_up_link(&served.app).await?.context("nobody is here yet")?;
    let set_up = served.at(&format!("/set-up/{token}"));
    ruth.goto(&set_up).await?;
    introduces_herself(ruth, "Ruth Reyes", "Set up and sign in").await?;
    ruth.goto(&served.at("/administration")).await?;
    ruth.follow("Invite somebody").await?;
    ruth.click("label[for=role-educator]").await?;
    ruth.press("Make the link").await?;
    let link = shown_link(ruth).await?;
    journey(Look::DESKTOP, async |olga| {
        olga.goto(&set_up).await?;
        olga.shows("This link opens nothing").await?;
        olga.goto(&link).await?;
        olga.shows("Ruth Reyes invites you").await?;
        introduces_herself(olga, "Olga Ferrari", "Accept and sign in").await?;
        olga.goto(&served.at("/cohorts")).await?;
        olga.shows("You have no cohort yet").await?;
        olga.goto(&link).await?;
        olga.shows("This link opens nothing").await
    })
    .await
}

/// Ruth makes a cohort, invites its manager, sets a scenario; gives the cohort's address.
async fn makes_a_cohort(ruth: &Browser, served: &Served) -> Result<String> {
    ruth.goto(&served.at("/cohorts")).await?;
    ruth.fill("name", "Spring residency").await?;
    ruth.press("Make a cohort").await?;
    let cohort = ruth.path().await?.trim_end_matches("/join").to_owned();
    ruth.follow("Staff").await?;
    ruth.click("label[for=role-manager]").await?;
    ruth.press("Make the link").await?;
    let link = shown_link(ruth).await?;
    journey(Look::DESKTOP, async |mona| {
        mona.goto(&link).await?;
        introduces_herself(mona, "Mona Lund", "Accept and sign in").await?;
        ensure!(mona.path().await? == format!("{cohort}/completion"), "{}", mona.path().await?);
        mona.shows("Nothing is set yet").await
    })
    .await?;
    ruth.follow("Assignments").await?;
    ruth.follow("Set a scenario").await?;
    ruth.choose("slug", "garden-gate").await?;
    ruth.fill("note", "Ten minutes before class.").await?;
    ruth.press("Set it").await?;
    ruth.shows("0 of 0 nurses have completed it").await?;
    Ok(cohort)
}

/// Answers the turn that is open and goes on.
async fn answers(nurse: &Browser, own: &str, reply: &str) -> Result<()> {
    if !nurse.path().await?.ends_with("/replies") {
        nurse.no_sideways_scroll("own words").await?;
        if own.is_empty() {
            nurse.press("Skip to the replies").await?;
        } else {
            nurse.fill("own", own).await?;
            nurse.press("Continue").await?;
        }
    }
    nurse.no_sideways_scroll("replies").await?;
    let label = format!("//label[contains(., \"{reply}\")]");
    nurse.find(Locator::XPath(&label)).await.context(reply.to_owned())?.click().await?;
    nurse.press("Say this").await?;
    nurse.no_sideways_scroll("reaction").await?;
    nurse.leave("form .actions button, .actions a.btn").await
}

/// Before she joins, Ana has practiced: that stays hers.
async fn practices_alone(ana: &Browser, served: &Served) -> Result<()> {
    ana.goto(&served.at("/scenarios/garden-gate")).await?;
    ana.press("Begin").await?;
    ana.shows("Practice: recorded for you, and only you can read it").await?;
    answers(ana, ALONE, "replytext one").await
}

async fn joins_and_answers(
    nurse: &Browser,
    served: &Served,
    (code, name): (&str, &str),
    way: &[(&str, &str)],
) -> Result<()> {
    nurse.goto(&served.at("/practice")).await?;
    nurse.follow("Join your group with a code").await?;
    nurse.fill("code", &code.to_lowercase()).await?;
    nurse.press("Go on").await?;
    nurse.shows("They will not see what you practice on your own").await?;
    nurse.fill("name", name).await?;
    nurse.press("Join").await?;
    nurse.shows(&format!("You are in Spring residency as {name}.")).await?;
    nurse.follow("Go to practice").await?;
    nurse.no_sideways_scroll("practice").await?;
    nurse.leave("#set ~ ul h3 a").await?;
    nurse.shows("Who will see this").await?;
    nurse.press("Begin the assigned work").await?;
    for (own, reply) in way {
        nurse.shows("Assigned: ").await?;
        answers(nurse, own, reply).await?;
    }
    ensure!(nurse.path().await?.ends_with("/looking-back"), "{name} is at the end");
    Ok(())
}

/// Ruth opens Ana's transcript from the roster.
async fn opens_the_transcript(ruth: &Browser, served: &Served, cohort: &str) -> Result<()> {
    ruth.goto(&served.at(&format!("{cohort}/people"))).await?;
    ruth.follow("Ana Okafor").await?;
    let attempts = ruth.find_all(Locator::Css(".attempt a")).await?.len();
    ensure!(attempts == 1, "{attempts} attempts are shown: practice is not among them");
    ruth.leave(".attempt a").await
}

async fn comments_and_marks(ruth: &Browser, served: &Served, cohort: &str) -> Result<()> {
    opens_the_transcript(ruth, served, cohort).await?;
    ruth.shows(SLIPS).await?;
    ruth.unfold("Comment on turn 1").await?;
    ruth.fill("comment-1", ASKS).await?;
    ruth.press("Release to Ana Okafor").await?;
    ruth.shows(ASKS).await?;
    ruth.unfold("Mark the own words").await?;
    ruth.choose("m1-clear", "crosses").await?;
    ruth.press("Release the marking to Ana Okafor").await?;
    ruth.shows("sees in the own words").await
}

async fn reads_and_answers(ana: &Browser, served: &Served) -> Result<()> {
    ana.goto(&served.at("/me")).await?;
    ana.shows("What your educators say").await?;
    ana.leave("#said ~ ul h3 a").await?;
    ana.no_sideways_scroll("transcript").await?;
    ana.shows(ASKS).await?;
    ana.shows("Ruth Reyes on your own words").await?;
    ana.unfold("Answer").await?;
    ana.find(Locator::Css("textarea[name=text]")).await?.send_keys(SAYS).await?;
    ana.press("Send answer").await?;
    ana.shows("Your answer is sent").await
}

async fn resolves(ruth: &Browser, served: &Served, cohort: &str) -> Result<()> {
    ruth.goto(&served.at(cohort)).await?;
    ruth.shows("1 new answer").await?;
    opens_the_transcript(ruth, served, cohort).await?;
    ruth.shows(SAYS).await?;
    ruth.unfold("Answer or resolve").await?;
    ruth.press("Resolve").await?;
    ruth.shows("Resolved").await
}

/// Ruth ticks Ana's words at the turn and prints the pack.
async fn prepares_the_debrief(ruth: &Browser, served: &Served, cohort: &str) -> Result<()> {
    ruth.goto(&served.at(cohort)).await?;
    ruth.follow("The garden gate").await?;
    ruth.follow("He asks for a lift").await?;
    for own in ruth.find_all(Locator::Css(".own-line")).await? {
        if own.text().await?.contains(SLIPS) {
            ruth.leave_by(own.find(Locator::Css("button")).await?).await?;
            break;
        }
    }
    ruth.shows("Goes to class").await?;
    ruth.follow("the debrief pack").await?;
    ruth.shows(SLIPS).await?;
    let page = ruth.reads().await?;
    ensure!(
        !page.contains("Ana Okafor") && !page.contains(KEEPS),
        "unnamed, and only what was ticked:\n{page}"
    );
    let sheets = ruth.sheets().await?.len();
    ensure!(sheets == 1, "the pack takes {sheets} sheets");
    ruth.follow("For the projector").await?;
    ruth.shows(SLIPS).await
}

async fn exports(ruth: &Browser, served: &Served, cohort: &str) -> Result<()> {
    ruth.goto(&served.at(cohort)).await?;
    let link = ruth.find(Locator::LinkText("Every answer (CSV)")).await?;
    let csv = ruth.download(&link.attr("href").await?.context("an address")?).await?;
    for words in ["Ana Okafor", SLIPS, KEEPS, "Cleo Marsh"] {
        ensure!(csv.contains(words), "{words} is in:\n{csv}");
    }
    ensure!(!csv.contains(ALONE), "what was practiced is not:\n{csv}");
    let rows = csv.lines().count();
    ensure!(rows == 10, "{rows} lines: three answers of each of three nurses");
    Ok(())
}

async fn sees_completion_only(mona: &Browser, served: &Served, cohort: &str) -> Result<()> {
    mona.goto(&served.at("/sign-in")).await?;
    mona.fill("email", "mona.lund@ward.example").await?;
    mona.fill("password", PASSWORD).await?;
    mona.press("Sign in").await?;
    mona.follow("Spring residency").await?;
    mona.shows("3 of 3").await?;
    let table = mona.download(&format!("{cohort}/completion.csv")).await?;
    for page in [mona.source().await?, table] {
        for name in ["Ana Okafor", "Bea Lindqvist", "Cleo Marsh"] {
            ensure!(page.contains(name), "{name} has completed it:\n{page}");
        }
        for word in [SLIPS, KEEPS, ALONE, SAYS, "replytext", "crosses", "blurs", "Comment"] {
            ensure!(!page.contains(word), "a manager reads {word:?} in:\n{page}");
        }
    }
    for closed in ["/people", "/matrix", "/debrief", "/scenarios/garden-gate", "/scenarios/garden-gate/lift"]
    {
        let page = mona.download(&format!("{cohort}{closed}")).await?;
        for words in ["Ana Okafor", SLIPS, "replytext"] {
            ensure!(!page.contains(words), "{closed} is closed to a manager:\n{page}");
        }
    }
    Ok(())
}

async fn reads_who_looked(ana: &Browser, served: &Served) -> Result<()> {
    ana.goto(&served.at("/me")).await?;
    ana.follow("What happened to my record").await?;
    ana.no_sideways_scroll("record").await?;
    let record = ana.reads().await?;
    let entries = record.matches("Ruth Reyes").count();
    ensure!(entries >= 4, "opened, commented, marked, downloaded:\n{record}");
    ensure!(record.contains("Mona Lund downloaded who has finished what"), "{record}");
    ensure!(record.matches("Mona Lund").count() == 1, "a manager opened nothing of hers:\n{record}");
    Ok(())
}

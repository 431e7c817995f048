//! Markup in every text that is kept or shown back: no page takes it for its own.

use warmly::accounts::Role;

use crate::app::{Browser, TestApp};
use crate::map::ward;
use crate::page::Page;
use crate::people::shown_link;

/// What would become an element with an attribute, wherever a page forgets to escape it.
const MARKUP: &str = "\"'><xss onx=1>`{{7*7}}</title></svg></textarea></script><xss>";

/// The same for where only forty characters fit.
const SHORT: &str = "\"'><xss onx=1></svg></title><xss>";

/// Pages of a cohort that its educator has, besides the first.
const OF_EDUCATOR: &str = "/settings /join /people /staff /assignments /assignments/new /matrix /completion \
    /completion?all=1 /debrief /debrief/screen /scenarios/garden-gate \
    /scenarios/garden-gate/lift /scenarios/garden-gate/lift?q=xss&all=1 /people/import";

/// A form: who sends it, where to, with which fields.
type Case<'a> = (&'a Browser<'a>, &'a str, Vec<(&'a str, &'a str)>);

/// Whether the page shows the markup as it was typed, and took none of it for its own.
fn shows(page: &Page) -> bool {
    assert!(page.all("xss").is_empty(), "{}: {}", page.path, page.text());
    assert!(page.attributes("[onx]", "onx").is_empty(), "{}: {}", page.path, page.text());
    assert!(!page.text().contains("<xss"), "{}: {}", page.path, page.text());
    page.text().contains("&#60;xss onx=1&#62;")
}

/// Opens each of these; gives those that did not show the markup.
async fn silent(browser: &Browser<'_>, addresses: &[String]) -> Vec<String> {
    let mut silent = Vec::new();
    for address in addresses {
        let page = browser.open(address).await;
        assert_eq!(page.status, 200, "{address}");
        if !shows(&page) {
            silent.push(address.clone());
        }
    }
    silent
}

#[tokio::test]
async fn markup_in_any_kept_text_is_shown_as_it_was_typed() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (ada, omar) = (app.administrator("Ada").await, app.staff("Omar", false, false).await);
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    let ruth = &ward.ruth.browser;
    for staff in [&ward.ruth, &ada, &omar] {
        assert_eq!(staff.browser.post("/account/name", &[("name", MARKUP)]).await.status, 303);
    }
    assert_eq!(ruth.post(&ward.at("/settings"), &[("name", MARKUP)]).await.status, 303);
    for (number, (nurse, _)) in ward.nurses.iter().enumerate() {
        let id = format!("{number}{SHORT}");
        let edit = ward.at(&format!("/people/{}/edit", nurse.seat.as_str()));
        assert_eq!(ruth.post(&edit, &[("name", MARKUP), ("external_id", &id)]).await.status, 303);
    }
    let assignment = format!("/assignments/{}", ward.gate.as_str());
    let noted = ruth.post(&ward.at(&assignment), &[("note", MARKUP)]).await;
    assert_eq!(noted.status, 303);
    let (nurse, _) = &ward.nurses[0];
    let turns = [(MARKUP, "replytext three"), ("", "replytext six"), (MARKUP, "replytext eight")];
    let attempt = app.worked(nurse, &ward.gate, "garden-gate", &turns).await;
    let looking = nurse.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let written = [
        ("feeling", MARKUP),
        ("aim", MARKUP),
        ("if_asked", MARKUP),
        ("then_say", MARKUP),
        ("wants_talk", "1"),
    ];
    nurse.browser.press(&looking, "Save", &written).await;
    let transcript = ward.at(&format!("/people/{}/{attempt}", nurse.seat.as_str()));
    let page = ruth.open(&transcript).await;
    ruth.press(&page, "Save as draft", &[("text", MARKUP)]).await;
    let token = app.clock.new_token();
    let comment = [("token", token.as_str()), ("text", MARKUP), ("do", "release")];
    assert_eq!(ruth.post(&format!("{transcript}/1/comments"), &comment).await.status, 303);
    let id = app.column("SELECT id FROM comments WHERE released_at IS NOT NULL").await.concat();
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", MARKUP)];
    assert_eq!(nurse.browser.post(&format!("/me/comments/{id}"), &fields).await.status, 303);
    let samples = ward.at("/scenarios/garden-gate/lift/samples");
    assert_eq!(ruth.post(&samples, &[("take", &format!("{attempt}.1"))]).await.status, 303);
    let page = ruth.open(&ward.at("/staff")).await;
    let invitation =
        shown_link(&ruth.press(&page, "Make the link", &[("role", "manager"), ("note", MARKUP)]).await);
    let page = ada.browser.open("/administration/invitations").await;
    ada.browser.press(&page, "Make the link", &[("role", "educator"), ("note", MARKUP)]).await;
    let edit = ruth.open(&ward.at(&format!("/people/{}/edit", nurse.seat.as_str()))).await;
    let links = ruth.press(&edit, "Make a link", &[]).await;
    assert!(shows(&links));
    let link = links.all(".return-code").concat();
    let link = link.split_once("/seats/").map(|(_, token)| format!("/seats/{token}")).expect("a link");
    ruth.post(&ward.at("/join"), &[("number", "1")]).await;
    let code = ruth.open(&ward.at("/join")).await.all(".joincode").concat().replace(' ', "");

    let seat = nurse.seat.as_str();
    let mut pages: Vec<String> =
        [""].into_iter().chain(OF_EDUCATOR.split_whitespace()).map(|rest| ward.at(rest)).collect();
    pages.push(ward.at(&assignment));
    pages.push(transcript.clone());
    pages.push(format!("{transcript}/compare"));
    pages.extend(["", "/edit", "/remove"].map(|rest| ward.at(&format!("/people/{seat}{rest}"))));
    pages.extend(
        ["/cohorts", "/account", "/practice", "/scenarios/garden-gate", "/sign-out"].map(str::to_owned),
    );
    assert_eq!(silent(ruth, &pages).await, Vec::<String>::new(), "her own name stands on every page");
    let of_manager = [ward.at("/completion"), "/cohorts".to_owned(), "/account".to_owned()];
    assert_eq!(silent(&omar.browser, &of_manager).await, Vec::<String>::new());
    let person = format!("/administration/people/{}", ward.ruth.id.as_str());
    let of_administrator = [
        "/administration",
        &person,
        "/administration/invitations",
        "/administration/cohorts",
        "/administration/audit",
        "/administration/policy",
        "/administration/retention",
    ];
    let of_administrator = of_administrator.map(str::to_owned);
    assert_eq!(silent(&ada.browser, &of_administrator).await, Vec::<String>::new());
    let of_nurse = [
        "/practice".to_owned(),
        "/me".to_owned(),
        "/me/card".to_owned(),
        "/me/record".to_owned(),
        "/me/delete".to_owned(),
        assignment.clone(),
        format!("/me/groups/{seat}"),
        format!("/me/groups/{seat}/joined"),
        format!("/attempts/{attempt}/transcript"),
        format!("/attempts/{attempt}/looking-back"),
        format!("/attempts/{attempt}/1/answer"),
        format!("/attempts/{attempt}/1/replies"),
    ];
    assert_eq!(silent(&nurse.browser, &of_nurse).await, Vec::<String>::new());
    let of_strangers = [link, format!("/join/{code}"), invitation];
    assert_eq!(silent(&app.browser(), &of_strangers).await, Vec::<String>::new());
}

#[tokio::test]
async fn markup_in_whatever_is_refused_is_shown_back_as_it_was_typed() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ada, stranger) = (app.administrator("Ada").await, app.browser());
    let long = format!("{MARKUP}{}", "x".repeat(1_000));
    let token = app.clock.new_token();
    let people = ward.at("/people");
    let edit = ward.at(&format!("/people/{}/edit", ward.nurses[0].0.seat.as_str()));
    let (settings, assignments) = (ward.at("/settings"), ward.at("/assignments"));
    let comments = format!("{}/1/comments", ward.transcript(0));
    let cases: [Case<'_>; 11] = [
        (&stranger, "/sign-in", vec![("email", MARKUP), ("to", MARKUP)]),
        (&stranger, "/join", vec![("code", SHORT)]),
        (&stranger, "/come-back", vec![("code", MARKUP)]),
        (&ward.ruth.browser, &settings, vec![("name", &long)]),
        (&ward.ruth.browser, "/account/name", vec![("name", &long)]),
        (&ward.ruth.browser, "/cohorts", vec![("token", &token), ("name", &long)]),
        (&ward.ruth.browser, &people, vec![("token", &token), ("name", &long), ("external_id", MARKUP)]),
        (&ward.ruth.browser, &edit, vec![("name", &long), ("external_id", MARKUP)]),
        (&ward.ruth.browser, &assignments, vec![("token", &token), ("due", MARKUP), ("note", &long)]),
        (&ward.ruth.browser, &comments, vec![("token", &token), ("text", &long)]),
        (&ada.browser, "/administration/invitations", vec![("token", &token), ("note", &long)]),
    ];
    for (browser, address, fields) in cases {
        let page = browser.post(address, &fields).await;
        assert_eq!(page.status, 422, "{address}: {}", page.words());
        assert!(shows(&page), "{address}: {}", page.text());
    }
    let asked = ["since", "until"].map(|name| format!("{}?{name}=%22%3E%3Cxss%20onx%3D1%3E", ward.at("")));
    for address in asked {
        assert!(shows(&ward.ruth.browser.get(&address).await), "{address}");
    }
    for address in
        ["/%22%3E%3Cxss%20onx%3D1%3E", "/join/%3Cxss%20onx%3D1%3E", "/sign-in?to=%22%3E%3Cxss%20onx%3D1%3E"]
    {
        shows(&stranger.get(address).await);
    }
}

/// Sixty texts that would run as script, fetch from elsewhere or change the page, wherever one is not escaped. Each
/// has 38 characters at most, so that it fits everywhere.
const PAYLOADS: &str = include_str!("../payloads.txt");

/// What template languages would work out.
const SUMS: [&str; 7] =
    ["{{7*191}}", "{7*191}", "${7*191}", "#{7*191}", "<%= 7*191 %>", "[[7*191]]", "{% print 7*191 %}"];

fn payloads() -> Vec<String> {
    PAYLOADS.lines().map(|line| line.replace("\\t", "\t")).collect()
}

/// Elements that no page of ours has.
const FOREIGN: [&str; 16] = [
    "xss", "iframe", "object", "embed", "applet", "base", "style", "math", "audio", "video", "source",
    "animate", "noscript", "marquee", "frameset", "image",
];

/// What a page holds that no page of ours does: strange elements, handlers, styles, addresses elsewhere.
fn taken(html: &scraper::Html) -> Vec<String> {
    let mut taken = Vec::new();
    for element in html.tree.nodes().filter_map(|node| node.value().as_element()) {
        let name = element.name();
        let source = element.attr("src").unwrap_or_default();
        let odd = !name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if odd || FOREIGN.contains(&name) || (name == "script" && !source.starts_with("/assets/")) {
            taken.push(name.to_owned());
        }
        for (key, value) in element.attrs() {
            let led = matches!(key, "href" | "src" | "action" | "formaction" | "data" | "poster");
            let ours = ["/", "#", "?", "tel:", "data:image/svg+xml", "https://", "http://warmly.test"];
            let elsewhere = led
                && !value.is_empty()
                && (value.starts_with("//") || !ours.iter().any(|start| value.starts_with(start)));
            let strange = ["style", "srcdoc", "onx", "xss", "http-equiv", "xlink:href"];
            if key.starts_with("on") || (strange.contains(&key) && name != "svg") || elsewhere {
                taken.push(format!("{name} {key}={value}"));
            }
        }
    }
    taken
}

/// As many of these as fit, from this one on, with a space between; and how many.
fn packed(payloads: &[String], from: usize, most: usize) -> (String, usize) {
    let mut text = String::new();
    let mut count = 0;
    for payload in payloads.iter().cycle().skip(from).take(payloads.len()) {
        if count > 0 && text.chars().count() + 1 + payload.chars().count() > most {
            break;
        }
        text = if count == 0 { payload.clone() } else { format!("{text} {payload}") };
        count += 1;
    }
    (text, count)
}

/// Opens these and finds nothing taken; every page must show what was planted.
async fn harmless(browser: &Browser<'_>, addresses: &[String]) -> usize {
    for address in addresses {
        let page = browser.open(address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.words());
        assert_eq!(taken(&page.html()), Vec::<String>::new(), "{address}: {}", page.text());
        let shown = page.text().replace("&#61;", "=");
        let planted = ["hit=1", "e.test", "xss"].iter().any(|mark| shown.contains(mark));
        assert!(planted, "{address} shows none of it: {}", page.words());
    }
    addresses.len()
}

#[test]
fn every_payload_would_be_found_where_nothing_escapes_it() {
    let places = [
        "<p>@</p>",
        "<p title=\"@\">",
        "<p title='@'>",
        "<p title=@>",
        "<title>@</title>",
        "<textarea>@</textarea>",
        "<select><option>@</option></select>",
        "<svg><title>@</title></svg>",
        "<!-- @ -->",
        "<style>@</style>",
        "<script src=\"/assets/a\">@</script>",
    ];
    let payloads = payloads();
    assert_eq!(payloads.len(), 60);
    for payload in &payloads {
        assert!(payload.chars().count() <= 38, "{payload}");
        let found = places.iter().any(|place| {
            let with = |text: &str| taken(&scraper::Html::parse_document(&place.replace('@', text)));
            with(payload) != with("plain")
        });
        assert!(found, "nobody would notice {payload}");
    }
}

/// A folder with conversations that hold the payloads and the sums in every text their author writes.
pub(crate) fn spoiled_scenarios() -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let text =
        std::fs::read_to_string(crate::app::fixtures().join("garden-gate.toml")).expect("the scenario");
    let mut shown = payloads();
    shown.retain(|payload| !payload.contains('\t')); // a tab keeps a file from being published
    let mut slugs = Vec::new();
    for (number, some) in shown.chunks(12).enumerate() {
        let mut scenario: toml::Table = toml::from_str(&text).expect("a scenario");
        let slug = format!("gate-{number}");
        spoil(&mut scenario, &format!(" {} 7*191", some.join(" ")));
        scenario.insert("slug".to_owned(), slug.clone().into());
        let text = toml::to_string(&scenario).expect("a file");
        std::fs::write(folder.path().join(format!("{slug}.toml")), text).expect("written");
        slugs.push(slug);
    }
    std::fs::copy(crate::app::fixtures().join("garden-gate.toml"), folder.path().join("garden-gate.toml"))
        .expect("copied");
    (folder, slugs)
}

/// Adds a text to every text of a scenario that is read by people.
fn spoil(table: &mut toml::Table, with: &str) {
    const NAMES: [&str; 13] = [
        "slug", "channel", "start", "mood", "id", "next", "distance", "pronoun", "portrait", "scores",
        "speaker", "family", "voice",
    ];
    for (name, value) in table.iter_mut().filter(|(name, _)| !NAMES.contains(&name.as_str())) {
        spoil_value(name, value, with);
    }
}

fn spoil_value(name: &str, value: &mut toml::Value, with: &str) {
    match value {
        toml::Value::String(text) if !text.is_empty() && name != "called" => text.push_str(with),
        toml::Value::Table(table) => spoil(table, with),
        toml::Value::Array(values) => values.iter_mut().for_each(|value| spoil_value(name, value, with)),
        _ => {}
    }
}

#[tokio::test]
async fn an_authors_text_is_shown_and_never_evaluated() {
    let (folder, slugs) = spoiled_scenarios();
    let app = TestApp::with(folder.path()).await;
    assert_eq!(app.app.problems, Vec::<String>::new());
    let ward = ward(&app, 5).await;
    let mut looked = 0;
    for slug in &slugs {
        let work = app.assign(&ward.cohort, &ward.ruth, slug).await;
        let turns = [(SUMS.concat(), "replytext three"), (String::new(), "replytext six")];
        let turns: Vec<(&str, &str)> = turns.iter().map(|(own, reply)| (own.as_str(), *reply)).collect();
        let (nurse, _) = &ward.nurses[0];
        let attempt = app.worked(nurse, &work, slug, &turns).await;
        let at = |rest: &str| format!("/attempts/{attempt}{rest}");
        let mut pages = ["/practice".to_owned(), format!("/scenarios/{slug}")].to_vec();
        pages.extend(["", "/1/answer", "/1/replies", "/2/answer", "/transcript"].map(at));
        looked += harmless(&nurse.browser, &pages).await;
        crate::cast::answer(&nurse.browser, &attempt, "", "replytext eight").await;
        let pages = ["/looking-back", "/3/answer", "/explore/1", "/explore/1/replies"].map(at);
        looked += harmless(&nurse.browser, &pages).await;
        looked += harmless(&nurse.browser, &["/me".to_owned()]).await;
        for (nurse, _) in &ward.nurses[1..] {
            app.worked(nurse, &work, slug, &[("", "replytext one")]).await;
        }
        let seat = nurse.seat.as_str();
        let pages = [
            String::new(),
            "/assignments".to_owned(),
            format!("/assignments/{}", work.as_str()),
            "/assignments/new".to_owned(),
            format!("/scenarios/{slug}"),
            format!("/scenarios/{slug}/lift"),
            "/matrix".to_owned(),
            "/completion".to_owned(),
            "/debrief".to_owned(),
            "/debrief/screen".to_owned(),
            format!("/people/{seat}"),
            format!("/people/{seat}/{attempt}"),
            format!("/people/{seat}/{attempt}/compare"),
        ];
        looked += harmless(&ward.ruth.browser, &pages.map(|rest| ward.at(&rest))).await;
        let pages = [format!("/scenarios/{slug}"), format!("/scenarios/{slug}/preview/1")];
        looked += harmless(&ward.ruth.browser, &pages).await;
        let transcript = ward.ruth.browser.open(&ward.at(&format!("/people/{seat}/{attempt}"))).await;
        for sum in SUMS {
            assert!(transcript.words().contains(sum), "{sum} is shown as it was typed");
        }
        assert!(!transcript.text().contains("1337"), "and not worked out");
    }
    assert!(looked >= 100, "{looked} pages");
}

#[tokio::test]
async fn no_payload_in_any_kept_text_becomes_a_part_of_a_page() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let (ada, omar) = (app.administrator("Ada").await, app.staff("Omar", false, false).await);
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    let (ruth, (nurse, _)) = (&ward.ruth.browser, &ward.nurses[0]);
    let payloads = payloads();
    let mut attempts = Vec::new();
    let mut from = 0;
    while from < payloads.len() {
        let (long, count) = packed(&payloads, from, 900);
        from += count;
        attempts.push(said(&app, &ward, &long).await);
    }
    let seat = nurse.seat.as_str();
    let assignment = format!("/assignments/{}", ward.gate.as_str());
    let mut of_educator: Vec<String> = OF_EDUCATOR
        .split_whitespace()
        .filter(|rest| !rest.contains("q=xss"))
        .map(|rest| ward.at(rest))
        .collect();
    of_educator.extend([ward.at(""), ward.at(&assignment), "/cohorts".to_owned(), "/account".to_owned()]);
    of_educator.extend(["", "/edit", "/remove"].map(|rest| ward.at(&format!("/people/{seat}{rest}"))));
    for attempt in &attempts {
        let transcript = ward.at(&format!("/people/{seat}/{attempt}"));
        of_educator.extend([format!("{transcript}/compare"), transcript]);
    }
    let person = format!("/administration/people/{}", ward.ruth.id.as_str());
    let of_administrator = [
        "/administration",
        &person,
        "/administration/invitations",
        "/administration/cohorts",
        "/administration/audit",
        "/administration/policy",
    ]
    .map(str::to_owned);
    let mut of_nurse = ["/me", "/me/card", "/me/record", "/practice", &assignment, "/getting-help"]
        .map(str::to_owned)
        .to_vec();
    of_nurse.push(format!("/me/groups/{seat}"));
    for attempt in &attempts {
        of_nurse.extend(
            ["/transcript", "/looking-back", "/1/answer"].map(|rest| format!("/attempts/{attempt}{rest}")),
        );
    }
    with_addresses(&app, &ada.browser, &payloads).await;
    let (mut round, mut looked) = (0, 0);
    let mut reached = [0; 4];
    while reached.iter().any(|seen| *seen < payloads.len()) {
        renamed(&app, &ward, (&ada.browser, &omar.browser), &mut reached).await;
        looked += harmless(ruth, &of_educator).await;
        looked += harmless(&omar.browser, &[ward.at("/completion"), "/cohorts".to_owned()]).await;
        looked += harmless(&ada.browser, &of_administrator).await;
        looked += harmless(&nurse.browser, &of_nurse).await;
        round += 1;
    }
    assert!(round >= 20 && looked >= 1_000, "{round} rounds, {looked} pages");
}

/// Some accounts whose e-mail addresses hold payloads: those that fit into an address.
async fn with_addresses(app: &TestApp, ada: &Browser<'_>, payloads: &[String]) {
    let fit = |payload: &&String| !payload.contains(|sign: char| sign.is_whitespace() || sign == '@');
    let mut made = 0;
    for (number, payload) in payloads.iter().filter(fit).enumerate().step_by(3) {
        let page = ada.open("/administration/invitations").await;
        let made_link = ada.press(&page, "Make the link", &[("role", "educator"), ("note", "new")]).await;
        let email = format!("{number}{payload}@ward.example");
        let fields = [("name", "New"), ("email", email.as_str()), ("password", crate::people::PASSWORD)];
        let newcomer = app.browser();
        let come = newcomer.post(&shown_link(&made_link), &fields).await;
        assert_eq!(come.status, 303, "{email}: {}", come.words());
        harmless(&newcomer, &["/account".to_owned()]).await;
        made += 1;
    }
    assert!(made >= 5, "{made} addresses");
}

/// Work in which a nurse and her educator say this wherever they can say something long; the attempt.
async fn said(app: &TestApp, ward: &crate::map::Ward<'_>, long: &str) -> String {
    let (nurse, _) = &ward.nurses[0];
    let ruth = &ward.ruth.browser;
    let turns = [(long, "replytext three"), ("", "replytext six"), (long, "replytext eight")];
    let attempt = app.worked(nurse, &ward.gate, "garden-gate", &turns).await;
    let looking = nurse.browser.open(&format!("/attempts/{attempt}/looking-back")).await;
    let fields =
        [("feeling", long), ("aim", long), ("if_asked", long), ("then_say", long), ("wants_talk", "1")];
    nurse.browser.press(&looking, "Save", &fields).await;
    let transcript = ward.at(&format!("/people/{}/{attempt}", nurse.seat.as_str()));
    for what in ["save", "release"] {
        app.clock.advance(1);
        let token = app.clock.new_token();
        let fields = [("token", token.as_str()), ("text", long), ("do", what)];
        assert_eq!(ruth.post(&format!("{transcript}/1/comments"), &fields).await.status, 303);
    }
    let id =
        app.column("SELECT id FROM comments WHERE released_at IS NOT NULL ORDER BY released_at DESC").await;
    let token = app.clock.new_token();
    let fields = [("token", token.as_str()), ("text", long)];
    assert_eq!(nurse.browser.post(&format!("/me/comments/{}", id[0]), &fields).await.status, 303);
    let samples = ward.at("/scenarios/garden-gate/lift/samples");
    assert_eq!(ruth.post(&samples, &[("take", &format!("{attempt}.1"))]).await.status, 303);
    attempt
}

/// Gives everybody and everything with a short text the next payloads that fit.
async fn renamed(
    app: &TestApp,
    ward: &crate::map::Ward<'_>,
    (ada, omar): (&Browser<'_>, &Browser<'_>),
    reached: &mut [usize; 4],
) {
    let payloads = payloads();
    let ruth = &ward.ruth.browser;
    let [names, ids, notes, locals] = reached;
    let (name, count) = packed(&payloads, *names, 80);
    for staff in [ruth, ada, omar] {
        assert_eq!(staff.post("/account/name", &[("name", &name)]).await.status, 303);
    }
    assert_eq!(ruth.post(&ward.at("/settings"), &[("name", &name)]).await.status, 303);
    for (number, (nurse, _)) in ward.nurses.iter().enumerate() {
        let edit = ward.at(&format!("/people/{}/edit", nurse.seat.as_str()));
        let id = format!("{number}{}", payloads[(*ids + number) % payloads.len()]);
        let (name, _) = packed(&payloads, *names + number, 80);
        assert_eq!(ruth.post(&edit, &[("name", &name), ("external_id", &id)]).await.status, 303, "{id}");
    }
    let (note, in_note) = packed(&payloads, *notes, 120);
    let gate = ward.at(&format!("/assignments/{}", ward.gate.as_str()));
    assert_eq!(ruth.post(&gate, &[("note", &note)]).await.status, 303);
    for (browser, page) in [(ruth, ward.at("/staff")), (ada, "/administration/invitations".to_owned())] {
        let page = browser.open(&page).await;
        let made = browser.press(&page, "Make the link", &[("role", "educator"), ("note", &note)]).await;
        assert_eq!(made.status, 200, "{}", made.words());
        assert_eq!(taken(&made.html()), Vec::<String>::new(), "{}", made.text());
    }
    // Local words are said in one line, without braces, and end without a mark.
    let (local, said) = packed(&payloads, *locals, 110);
    let local = format!("{} x", local.replace('\t', " "));
    let page = ada.open("/administration/policy").await;
    let form = [("who_to_tell", local.as_str()), ("social_media_rule", &local), ("support_line", &local)];
    let spoken = ada.press(&page, "Speak these words from now on", &form).await;
    assert_eq!(spoken.status, 200, "{}", spoken.words());
    for line in app.column("SELECT text FROM policy_slots").await {
        assert_eq!(line, local);
    }
    (*names, *ids, *notes, *locals) = (*names + count, *ids + 6, *notes + in_note, *locals + said);
}

#[tokio::test]
async fn no_payload_in_an_imported_list_becomes_a_part_of_a_page() {
    let app = TestApp::new().await;
    let ward = ward(&app, 0).await;
    let ruth = &ward.ruth.browser;
    let mut rows = csv::WriterBuilder::new().from_writer(Vec::new());
    rows.write_record(["name", "id"]).expect("a row");
    for (number, payload) in payloads().iter().enumerate() {
        rows.write_record([payload.as_str(), &format!("{number:02}{payload}")]).expect("a row");
    }
    let list = rows.into_inner().expect("a list");
    let parts: [(&str, &[u8]); 2] = [("list", b""), ("file", &list)];
    let look = crate::roster::upload(ruth, &ward.at("/people/import"), &parts).await;
    assert_eq!(look.heading(), "60 nurses can be added", "{}", look.words());
    assert_eq!(taken(&look.html()), Vec::<String>::new());
    let again = crate::roster::upload(ruth, &ward.at("/people/import/add"), &[("list", &list)]).await;
    assert_eq!(again.status, 303);
    harmless(ruth, &[ward.at("/people"), ward.at("/completion?all=1"), ward.at("")]).await;
    let links = ruth.open(&ward.at("/people")).await;
    let links = ruth.press(&links, "Make links for all 60", &[]).await;
    assert_eq!(taken(&links.html()), Vec::<String>::new());
    // Lines that can't be used are told about, and shown as they are.
    let broken: Vec<String> =
        payloads().iter().map(|payload| format!("{}{payload}", "x".repeat(80))).collect();
    let broken = broken.join("\n");
    let parts: [(&str, &[u8]); 2] = [("list", broken.as_bytes()), ("file", b"")];
    let look = crate::roster::upload(ruth, &ward.at("/people/import"), &parts).await;
    assert_eq!(taken(&look.html()), Vec::<String>::new(), "{}", look.text());
}

#[tokio::test]
async fn no_payload_in_an_address_a_file_name_or_a_refused_form_becomes_a_part_of_a_page() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let (ruth, stranger) = (&ward.ruth.browser, app.browser());
    let encoded = |text: &str| crate::app::encode(&[("q", text)]).trim_start_matches("q=").to_owned();
    let long = "x".repeat(1_001);
    for (number, payload) in payloads().iter().enumerate() {
        if number % 50 == 0 {
            app.clock.advance(15 * 60 * 1000 + 1); // codes may be tried again
        }
        let there = encoded(payload);
        for address in [format!("/{there}"), format!("/sign-in?to=/{there}"), format!("/join/{there}")] {
            assert_eq!(taken(&stranger.get(&address).await.html()), Vec::<String>::new(), "{address}");
        }
        for query in ["since", "until", "assignment", "saved", "show"] {
            let page = ruth.get(&ward.at(&format!("?{query}={there}"))).await;
            assert_eq!(taken(&page.html()), Vec::<String>::new(), "{query}={payload}");
        }
        let page = ruth.get(&ward.at(&format!("/scenarios/garden-gate/lift?q={there}&all=1"))).await;
        assert_eq!(taken(&page.html()), Vec::<String>::new(), "q={payload}");
        let over = format!("{payload}{long}");
        let comments = format!("{}/1/comments", ward.transcript(0));
        for (browser, address, fields) in [
            (&stranger, "/sign-in", [("email", payload.as_str()), ("password", "p")]),
            (ruth, "/account/name", [("name", &over), ("name", "")]),
            (ruth, &ward.at("/assignments"), [("due", payload), ("note", &over)]),
            (ruth, &ward.at("/people"), [("name", &over), ("external_id", &over)]),
            (ruth, &comments, [("text", &over), ("do", "release")]),
        ] {
            let fields = if address == "/account/name" { &fields[..1] } else { &fields[..] };
            let page = browser.post(address, fields).await;
            assert!(page.status.is_client_error(), "{address}: {}", page.status);
            assert_eq!(taken(&page.html()), Vec::<String>::new(), "{address}: {payload}");
        }
        assert_eq!(ruth.post(&ward.at("/settings"), &[("name", payload)]).await.status, 303);
        let file = ruth.get(&ward.at("/completion.csv")).await;
        let name = file.header("content-disposition").expect("a name").to_owned();
        let plain = name.strip_prefix("attachment; filename=\"").and_then(|name| name.strip_suffix('"'));
        let plain = plain.is_some_and(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
        });
        assert!(plain, "{name}");
    }
}

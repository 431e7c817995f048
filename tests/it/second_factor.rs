//! The second step of signing in: set up, asked for, each code once, lost phones, asked of everybody.

use axum::http::Method;
use warmly::accounts::StaffId;
use warmly::accounts::second_step::Secret;
use warmly::web::route::Who;

use crate::app::{Browser, TestApp};
use crate::page::Page;
use crate::people::{PASSWORD, accept, invite, set_up, sign_in};

const ADA: &str = "ada@ward.example";

/// An app that makes codes, on somebody's phone.
pub(crate) struct Phone(Secret);

impl Phone {
    /// It read the key that the page shows.
    pub(crate) fn reading(page: &Page) -> Self {
        let key = page.all(".return-code").concat();
        let link = page.attributes("a[href^=otpauth]", "href").concat();
        let typed: String = key.split_whitespace().collect();
        assert!(link.contains(&format!("secret={typed}&")), "the link and the typed key are one: {link}");
        let mut bits = String::new();
        for letter in typed.bytes() {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                _ => letter - b'2' + 26,
            };
            bits.extend((0..5).rev().map(|bit| if value & (1 << bit) == 0 { '0' } else { '1' }));
        }
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks_exact(8)
            .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("digits"), 2).expect("a byte"))
            .collect();
        Self(Secret::new(bytes.try_into().expect("160 bits")))
    }

    pub(crate) fn code(&self, app: &TestApp) -> String {
        self.0.code_at(app.clock.now())
    }

    /// Six digits that are none of those that open now.
    fn wrong(&self, app: &TestApp) -> String {
        let near = [-30_000, 0, 30_000].map(|off| self.0.code_at(app.clock.now() + off));
        let mut wrong = (0..).map(|number| format!("{number:06}"));
        wrong.find(|code| !near.contains(code)).expect("a wrong code")
    }
}

/// Sets a second step up under one's own name; gives the phone and the recovery codes.
pub(crate) async fn second_step(app: &TestApp, browser: &Browser<'_>) -> (Phone, Vec<String>) {
    let account = browser.open("/account").await;
    let page = browser.follow(&account, "Set up a second step").await;
    let phone = Phone::reading(&page);
    let fields = [("present", PASSWORD), ("code", &phone.code(app))];
    let codes = browser.press(&page, "Turn it on", &fields).await;
    assert_eq!(codes.heading(), "Your recovery codes", "{}", codes.words());
    app.clock.advance(30_000);
    (phone, codes.all(".codes li"))
}

/// Signs in with the right password as far as the page that asks for a code.
async fn half_in<'a>(app: &'a TestApp, email: &str) -> (Browser<'a>, Page) {
    let (browser, answer) = sign_in(app, email, PASSWORD).await;
    assert_eq!(answer.location().as_deref(), Some("/sign-in/code"), "{}", answer.words());
    let page = browser.open("/sign-in/code").await;
    assert_eq!(page.heading(), "Type the code from your phone");
    (browser, page)
}

/// An educator who accepted an administrator's invitation.
async fn educator<'a>(app: &'a TestApp, ada: &Browser<'_>, email: &str) -> Browser<'a> {
    let link = invite(ada, "educator", "").await;
    let (browser, accepted) = accept(app, &link, email).await;
    assert_eq!(accepted.status, 303);
    browser
}

pub(crate) async fn noted(app: &TestApp) -> Vec<String> {
    let nobodys =
        "SELECT what FROM audit WHERE staff_id IS NULL AND what NOT IN ('invited', 'second-step-required')";
    assert!(app.column(nobodys).await.is_empty(), "each row says whose second step it is about");
    app.column("SELECT what FROM audit ORDER BY id").await
}

#[tokio::test]
async fn it_is_set_up_with_a_code_and_asked_for_from_then_on() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let elsewhere = sign_in(&app, ADA, PASSWORD).await.0;
    let page = ada.open("/account/second-step/new").await;
    let phone = Phone::reading(&page);
    assert_eq!(page.attributes(".qr path", "d").len(), 2, "a square to be read by a camera");
    let words = page.words();
    let (link, key) = (words.find("Open the app with the key"), words.find("Type this key into the app"));
    assert!(link.is_some() && link < key, "whoever is on the phone finds the link first: {words}");
    assert!(page.all("label").contains(&"Your password now".to_owned()), "{words}");
    let (right, wrong) = (phone.code(&app), phone.wrong(&app));
    for (fields, why) in [
        ([("present", "not the password"), ("code", right.as_str())], "This is not your present password"),
        ([("present", PASSWORD), ("code", wrong.as_str())], "This code is not the one for this square"),
        ([("present", PASSWORD), ("code", "one two")], "Type the six digits"),
    ] {
        let refused = ada.press(&page, "Turn it on", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.all(".err").concat().starts_with(why), "{}", refused.words());
        assert_eq!(refused.all(".return-code"), page.all(".return-code"), "the key stays the same");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM second_steps").await, 0, "nothing is on yet");
    assert_eq!(ada.open("/account/second-step/new").await.all(".return-code"), page.all(".return-code"));
    let spaced = format!(" {} {}", &right[..3], &right[3..]);
    let codes = ada.press(&page, "Turn it on", &[("present", PASSWORD), ("code", &spaced)]).await;
    let shown = codes.all(".codes li");
    assert_eq!(shown.len(), 10, "{}", codes.words());
    let on_paper = "Recovery codes for signing in to warmly.test. Cross off each one you use.";
    assert_eq!(codes.all(".printonly"), [on_paper]);
    assert_eq!(codes.all(".stack p.noprint").len(), 2, "what is for the screen alone: {}", codes.words());
    assert_eq!(ada.get("/account").await.status, 200);
    assert_eq!(elsewhere.get("/account").await.status, 401, "what began without it has ended");
    app.clock.advance(30_000);

    let asked = app.browser().get("/administration/audit").await;
    let browser = app.browser();
    let page = browser.follow(&asked, "Sign in").await;
    let page = browser.press(&page, "Sign in", &[("email", ADA), ("password", PASSWORD)]).await;
    assert_eq!(page.attributes("[autofocus]", "id"), ["code"]);
    assert_eq!(page.attributes(".top nav a", "href"), ["/how-it-works"], "nothing for nurses");
    assert_eq!(browser.follow(&page, "Sign in as somebody else").await.heading(), "Sign in");
    assert_eq!(
        (page.path.as_str(), page.heading()),
        ("/sign-in/code", "Type the code from your phone".to_owned())
    );
    let refused = browser.press(&page, "Sign in", &[("code", &phone.wrong(&app))]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.all(".err").concat().contains("That code doesn’t fit. Wait for the next one"));
    let refused = browser.press(&refused, "Sign in", &[("code", "12345")]).await;
    assert_eq!(refused.all(".err"), ["Type the six digits that the app on your phone shows"]);
    let there = browser.press(&refused, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!((there.path.as_str(), there.status.as_u16()), ("/administration/audit", 200));
    for told in [
        "Ada King set up a second step for signing in",
        "A code for the second step of Ada King was refused",
        "Ada King signed in",
    ] {
        assert!(there.words().contains(told), "{told}: {}", there.words());
    }
    assert!(!browser.cookies.borrow().contains_key("warmly-half"));
    assert_eq!(app.number("SELECT COUNT(*) FROM half_sessions").await, 0);
    for code in &shown {
        assert!(
            !app.files_hold(code) && !app.files_hold(&code.replace('-', "")),
            "{code} is stored as it is"
        );
    }
}

#[tokio::test]
async fn a_code_opens_once_and_no_older_one_after_it() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, _) = second_step(&app, &ada).await;
    let older = phone.code(&app);
    app.clock.advance(30_000);
    let code = phone.code(&app);
    let enter = async |code: &str| {
        let (browser, page) = half_in(&app, ADA).await;
        browser.press(&page, "Sign in", &[("code", code)]).await
    };
    assert_eq!(enter(&code).await.path, "/cohorts");
    assert_eq!(enter(&code).await.status, 422, "used");
    assert_eq!(enter(&older).await.status, 422, "older than one that was used");
    app.clock.advance(30_000);
    assert_eq!(enter(&phone.code(&app)).await.path, "/cohorts");
    let (one, two) = (half_in(&app, ADA).await, half_in(&app, ADA).await);
    app.clock.advance(30_000);
    let code = phone.code(&app);
    let send =
        async |(browser, _): &(Browser<'_>, Page)| browser.post("/sign-in/code", &[("code", &code)]).await;
    let (first, second) = tokio::join!(send(&one), send(&two));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422], "of two at the same time one");
}

#[tokio::test]
async fn a_right_code_sent_twice_at_once_is_no_wrong_try() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, _) = second_step(&app, &ada).await;
    let (browser, _) = half_in(&app, ADA).await;
    let code = phone.code(&app);
    let fields = [("code", code.as_str())];
    let send = async || browser.post("/sign-in/code", &fields).await.status.as_u16();
    let answers = tokio::join!(send(), send());
    assert_eq!(answers, (303, 303), "one is in, the other is led to sign in");
    assert_eq!(app.number("SELECT COUNT(*) FROM tries WHERE count > 0").await, 0);
}

#[tokio::test]
async fn a_recovery_code_opens_once_in_its_place() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (_, codes) = second_step(&app, &ada).await;
    let enter = async |code: &str| {
        let (browser, page) = half_in(&app, ADA).await;
        let page = browser.follow(&page, "Use a recovery code instead").await;
        assert_eq!(page.heading(), "Your recovery code");
        let there = browser.press(&page, "Sign in", &[("code", code)]).await;
        (browser, there)
    };
    let (browser, there) = enter(&codes[0].to_uppercase().replace('-', " ")).await;
    assert_eq!(there.path, "/account");
    let told =
        "You signed in with a recovery code, which opens nothing anymore. Recovery codes left: 9 of 10.";
    assert!(there.words().contains(told), "{}", there.words());
    assert_eq!(browser.follow(&there, "Go on").await.path, "/cohorts", "then on to where she begins");
    let words = browser.open("/account").await.words();
    assert!(words.contains("Recovery codes left: 9") && !words.contains(told), "told once: {words}");
    let (_, refused) = enter(&codes[0]).await;
    assert_eq!((refused.status.as_u16(), refused.heading()), (422, "Your recovery code".to_owned()));
    assert!(refused.all(".err").concat().contains("was used before"));
    let asked = app.browser().get("/administration/audit").await;
    let browser = app.browser();
    let page = browser.follow(&asked, "Sign in").await;
    let page = browser.press(&page, "Sign in", &[("email", ADA), ("password", PASSWORD)]).await;
    let page = browser.follow(&page, "Use a recovery code instead").await;
    let there = browser.press(&page, "Sign in", &[("code", &codes[9])]).await;
    assert!(there.words().contains("Recovery codes left: 8 of 10."), "{}", there.words());
    assert_eq!(there.link("Go on"), "/administration/audit", "where she wanted to be");
    assert!(noted(&app).await.contains(&"recovery-code-used".to_owned()));
}

#[tokio::test]
async fn new_recovery_codes_ask_for_password_and_code_and_close_the_old_ones() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, old) = second_step(&app, &ada).await;
    let account = ada.open("/account").await;
    let page = ada.follow(&account, "New recovery codes").await;
    let code = phone.code(&app);
    let button = "Make new recovery codes";
    let refused = ada.press(&page, button, &[("present", "no"), ("code", &code)]).await;
    assert_eq!(refused.all(".err"), ["This is not your present password"]);
    let refused = ada.press(&page, button, &[("present", PASSWORD), ("code", &phone.wrong(&app))]).await;
    assert_eq!(refused.status, 422);
    for (name, value) in [("token", "no token"), ("do", "something else")] {
        let form = page.form(button);
        let fields: Vec<(String, String)> = form.filled(&[("present", PASSWORD), ("code", &code)]);
        let with = |(field, typed): &(String, String)| {
            (field.clone(), if field == name { value.to_owned() } else { typed.clone() })
        };
        let fields: Vec<(String, String)> = fields.iter().map(with).collect();
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(ada.post(&form.action, &fields).await.status, 400, "no page of ours sends this {name}");
    }
    let fields = [("present", PASSWORD), ("code", code.as_str())];
    let made_by = page;
    let made = ada.press(&made_by, button, &fields).await;
    let new = made.all(".codes li");
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    let again = ada.press(&made_by, button, &fields).await;
    assert_eq!(again.all(".codes li"), new, "the same form sent twice");
    let (browser, page) = half_in(&app, ADA).await;
    assert_eq!(browser.press(&page, "Sign in", &[("code", &old[3])]).await.status, 422);
    assert_eq!(browser.press(&page, "Sign in", &[("code", &new[3])]).await.path, "/account");
    assert_eq!(app.number("SELECT COUNT(*) FROM recovery_codes").await, 10);
    app.clock.advance(10_001);
    is_not_shown_again(&ada.press(&made_by, button, &fields).await);
    is_not_shown_again(&ada.press(&made_by, button, &[("present", PASSWORD), ("code", "123456")]).await);
}

#[tokio::test]
async fn a_set_up_form_sent_twice_shows_the_same_codes_and_another_does_nothing() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let page = ada.open("/account/second-step/new").await;
    let other = ada.open("/account/second-step/new").await;
    let code = Phone::reading(&page).code(&app);
    let fields = [("present", PASSWORD), ("code", code.as_str())];
    let first = ada.press(&page, "Turn it on", &fields).await;
    let again = ada.press(&page, "Turn it on", &fields).await;
    assert_eq!(first.all(".codes li"), again.all(".codes li"));
    let refused = ada.press(&other, "Turn it on", &fields).await;
    assert_eq!(refused.path, "/account/second-step", "it is on already");
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'second-step-on'").await, 1);
    let token = page.attributes("input[name=token]", "value").concat();
    app.clock.advance(9_999);
    let again = ada.post("/account/second-step/new", &[("token", &token)]).await;
    assert_eq!(again.all(".codes li"), first.all(".codes li"), "ten seconds have not passed");
    app.clock.advance(1);
    is_not_shown_again(&ada.submit("/account/second-step/new", &[("token", &token)]).await);
    is_not_shown_again(&ada.press(&page, "Turn it on", &fields).await);
}

/// Codes are shown once: whoever goes back and sends the form again some time later sees none.
fn is_not_shown_again(page: &Page) {
    assert_eq!((page.path.as_str(), page.status.as_u16()), ("/account/second-step", 200));
    assert!(page.all(".codes li").is_empty());
    assert!(page.words().contains("shown once and are not shown again"), "{}", page.words());
}

#[tokio::test]
async fn turning_it_off_asks_for_password_and_code_and_signs_out_elsewhere() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, codes) = second_step(&app, &ada).await;
    let (other, page) = half_in(&app, ADA).await;
    other.press(&page, "Sign in", &[("code", &codes[0])]).await;
    let page = ada.open("/account/second-step").await;
    let button = "Turn the second step off";
    for fields in [[("present", "no"), ("code", &*codes[1])], [("present", PASSWORD), ("code", &*codes[0])]] {
        assert_eq!(ada.press(&page, button, &fields).await.status, 422);
    }
    for _ in 0..4 {
        ada.press(&page, button, &[("present", PASSWORD), ("code", &phone.wrong(&app))]).await;
    }
    let right = [("present", PASSWORD), ("code", &phone.code(&app))];
    assert_eq!(ada.press(&page, button, &right).await.status, 429, "too many codes");
    app.clock.advance(15 * 60 * 1000 + 1);
    let before = ada.cookies.borrow().clone();
    let fields = [("present", PASSWORD), ("code", &phone.code(&app))];
    let off = ada.press(&page, button, &fields).await;
    assert!(off.words().contains("Your second step is turned off"), "{}", off.words());
    assert_ne!(before["warmly"], ada.cookies.borrow()["warmly"], "a new session begins");
    assert_eq!(other.get("/account").await.status, 401);
    assert_eq!(sign_in(&app, ADA, PASSWORD).await.1.location().as_deref(), Some("/cohorts"));
    assert_eq!(app.number("SELECT COUNT(*) FROM recovery_codes").await, 0);
    let page = ada.open("/account/second-step/new").await;
    assert_ne!(Phone::reading(&page).code(&app), phone.code(&app), "another key next time");
}

/// Every address that is not for anyone, with something in it.
fn addresses() -> Vec<(Method, String)> {
    let some_id = "01234567-89ab-7def-8123-456789abcdef";
    let mut found = Vec::new();
    for route in warmly::app::routes() {
        if route.who == Who::Anyone {
            continue;
        }
        let mut address = route.path.replace("{number}", "1").replace("{slug}", "garden-gate");
        while let Some((before, rest)) = address.clone().split_once('{') {
            let (_, after) = rest.split_once('}').expect("a parameter");
            address = format!("{before}{some_id}{after}");
        }
        found.push((route.method, address));
    }
    assert!(found.len() > 100);
    found
}

async fn ask(browser: &Browser<'_>, method: &Method, address: &str) -> Page {
    if *method == Method::GET { browser.get(address).await } else { browser.post(address, &[]).await }
}

#[tokio::test]
async fn whoever_is_half_way_in_reaches_no_page() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, _) = second_step(&app, &ada).await;
    let (half, page) = half_in(&app, ADA).await;
    let token = half.cookies.borrow()["warmly-half"].clone();
    assert!(!half.cookies.borrow().contains_key("warmly"), "no session yet");
    assert!(!app.files_hold(&token));
    let forged = app.browser();
    for name in ["warmly", "warmly-half", "warmly-device"] {
        forged.cookies.borrow_mut().insert(name.to_owned(), token.clone());
    }
    let rows = "SELECT COUNT(*) FROM audit";
    let before = app.number(rows).await;
    for browser in [&half, &forged] {
        for (method, address) in addresses() {
            assert_eq!(ask(browser, &method, &address).await.status, 401, "{method} {address}");
        }
        assert_eq!(browser.open("/practice").await.all(".me"), ["Come back with a code"], "a stranger");
    }
    assert_eq!(app.number(rows).await, before);
    app.clock.advance(10 * 60 * 1000);
    assert_eq!(half.open("/sign-in/code").await.heading(), "Sign in", "no code is asked for any more");
    let gone = half.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(gone.heading(), "Sign in", "ten minutes later");
    assert!(gone.words().contains("More than ten minutes went by"));
    assert_eq!(app.browser().open("/sign-in/code").await.heading(), "Sign in", "without a password first");
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept");
    assert_eq!(app.number("SELECT COUNT(*) FROM half_sessions").await, 0);
}

#[tokio::test]
async fn whoever_is_disabled_or_has_a_new_password_between_the_steps_is_out() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let ruth = educator(&app, &ada, "ruth@ward.example").await;
    let (phone, _) = second_step(&app, &ruth).await;
    let id = app.column("SELECT id FROM staff WHERE email = 'ruth@ward.example'").await.remove(0);
    let person = ada.open(&format!("/administration/people/{id}")).await;
    let (half, page) = half_in(&app, "ruth@ward.example").await;
    let person = ada.press(&person, "Disable the account", &[]).await;
    let refused = half.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(refused.heading(), "Sign in");
    let person = ada.press(&person, "Enable the account", &[]).await;
    let refused = half.post("/sign-in/code", &[("code", &phone.code(&app))]).await;
    assert_eq!(refused.location().as_deref(), Some("/sign-in?again=1"), "what has ended stays ended");

    let (half, page) = half_in(&app, "ruth@ward.example").await;
    let link = crate::people::shown_link(&ada.press(&person, "Make a link for a new password", &[]).await);
    let stranger = app.browser();
    let reset = stranger.open(&link).await;
    stranger.press(&reset, "Set the new password", &[("password", "third time lucky, yes")]).await;
    let refused = half.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(refused.heading(), "Sign in");
    let (again, _) = sign_in(&app, "ruth@ward.example", "third time lucky, yes").await;
    let page = again.open("/sign-in/code").await;
    assert_eq!(page.heading(), "Type the code from your phone", "a new password leaves the second step on");
    assert_eq!(again.press(&page, "Sign in", &[("code", &phone.code(&app))]).await.path, "/cohorts");
}

#[tokio::test]
async fn wrong_codes_are_limited_for_the_account_and_from_one_address() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, codes) = second_step(&app, &ada).await;
    for number in 0..5 {
        // Beginning again with the right password gives no new tries.
        let (browser, page) = half_in(&app, ADA).await;
        let refused = browser.press(&page, "Sign in", &[("code", &phone.wrong(&app))]).await;
        assert_eq!(refused.status, 422, "{number}");
    }
    let (browser, page) = half_in(&app, ADA).await;
    for code in [&phone.code(&app), &codes[0]] {
        let slowed = browser.press(&page, "Sign in", &[("code", code)]).await;
        assert_eq!(slowed.status, 429, "also for a right one");
        assert!(slowed.words().contains("Too many codes were tried"));
    }
    app.clock.advance(15 * 60 * 1000 + 1);
    let (browser, page) = half_in(&app, ADA).await;
    warmly::accounts::sweep::sweep(&app.app).await.expect("swept: she stays half in");
    assert_eq!(browser.press(&page, "Sign in", &[("code", &phone.code(&app))]).await.path, "/cohorts");

    let (browser, page) = half_in(&app, ADA).await;
    for number in 0..60 {
        let email = format!("nobody{number}@ward.example");
        app.browser().post("/sign-in", &[("email", &email), ("password", "p")]).await;
    }
    let slowed = browser.press(&page, "Sign in", &[("code", &codes[1])]).await;
    assert_eq!(slowed.status, 429, "too many from this address");
}

/// Everything but setting up and leaving leads there.
async fn is_led_to_set_up(browser: &Browser<'_>) {
    const SET_UP: &str = "/account/second-step/new";
    let mut led = 0;
    for (method, address) in addresses() {
        if address == SET_UP {
            continue;
        }
        let answer = ask(browser, &method, &address).await;
        let to = (answer.status.as_u16(), answer.location());
        assert_eq!(to, (303, Some(SET_UP.to_owned())), "{method} {address}");
        led += 1;
    }
    for address in
        ["/", "/practice", "/join", "/come-back", "/sign-in", "/scenarios/garden-gate", "/sign-in/code"]
    {
        assert_eq!(browser.get(address).await.location().as_deref(), Some(SET_UP), "{address}");
    }
    for address in ["/scenarios/garden-gate/attempts", "/come-back", "/sign-in", "/sign-in/code"] {
        let fields: &[(&str, &str)] = match address {
            "/sign-in/code" => &[("code", "123456")],
            _ => &[],
        };
        assert_eq!(browser.post(address, fields).await.location().as_deref(), Some(SET_UP), "{address}");
    }
    assert!(led > 100, "{led}");
}

#[tokio::test]
async fn an_administrator_asks_everybody_for_it() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let ruth = educator(&app, &ada, "ruth@ward.example").await;
    let people = ada.open("/administration").await;
    let button = "Require it from all staff";
    let refused = ada.press(&people, button, &[]).await;
    assert_eq!(refused.status, 422, "first her own");
    assert!(refused.words().contains("Set up your own second step first"));
    assert_eq!(ada.follow(&refused, "Set it up now").await.path, "/account/second-step/new");
    assert!(!refused.words().contains("No second step yet"), "as long as nobody must");
    second_step(&app, &ada).await;
    let id = app.column("SELECT id FROM staff WHERE email = 'ada@ward.example'").await.remove(0);
    let own = format!("/administration/people/{id}");
    assert!(ada.open(&own).await.words().contains("New recovery codes, or turn it off"));
    let people = ada.press(&people, button, &[]).await;
    let own = ada.open(&own).await;
    assert!(people.words().contains("must use a second step, since March 2, 2026"), "{}", people.words());
    let log = ada.open("/administration/audit").await.words();
    assert!(
        log.contains("Ada King made a second step required") && !log.contains("Ada King stopped"),
        "{log}"
    );
    let names = people.all("table.people th[scope=row]");
    assert_eq!(names, ["Ada King Second step on", "Omar Haddad No second step yet"]);
    assert_eq!(ruth.get("/account").await.status, 200, "whoever is in goes on working");
    app.clock.advance(1);

    let (browser, answer) = sign_in(&app, "ruth@ward.example", PASSWORD).await;
    assert_eq!(answer.location().as_deref(), Some("/cohorts"));
    let page = browser.open("/cohorts").await;
    assert_eq!(
        (page.path.as_str(), page.heading()),
        ("/account/second-step/new", "Set up your second step".into())
    );
    is_led_to_set_up(&browser).await;
    assert_eq!(
        browser.follow(&page, "Sign out").await.heading(),
        "Sign out on this device",
        "leaving is open"
    );
    let phone = Phone::reading(&page);
    let refused = browser.press(&page, "Turn it on", &[("code", &phone.wrong(&app))]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(browser.get("/cohorts").await.status, 303, "not yet");
    let codes = browser.press(&refused, "Turn it on", &[("code", &phone.code(&app))]).await;
    assert_eq!(codes.all(".codes li").len(), 10, "{}", codes.words());
    let again = browser.press(&refused, "Turn it on", &[("code", &phone.code(&app))]).await;
    assert_eq!(again.all(".codes li"), codes.all(".codes li"), "the same form sent twice");
    assert_eq!(browser.follow(&codes, "I have them safe").await.path, "/cohorts", "done");
    assert_eq!(ruth.get("/account").await.status, 401, "what began without it has ended");
    let page = browser.open("/account/second-step").await;
    assert!(page.words().contains("can’t be turned off"));
    assert!(!page.all("button").concat().contains("off"));
    let account = browser.open("/account").await;
    assert!(account.words().contains("New recovery codes"), "{}", account.words());
    for page in [&page, &account, &own] {
        assert!(!page.words().contains("turn it off"), "nobody is led astray: {}", page.words());
    }
    app.clock.advance(30_000);
    let token = page.attributes("input[name=token]", "value").concat();
    let code = phone.code(&app);
    let fields = [("token", token.as_str()), ("do", "off"), ("present", PASSWORD), ("code", code.as_str())];
    browser.post("/account/second-step", &fields).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM second_steps").await, 2, "by no other way either");

    let id = app.column("SELECT id FROM staff WHERE email = 'ruth@ward.example'").await.remove(0);
    let person = ada.open(&format!("/administration/people/{id}")).await;
    assert!(person.words().contains("They set up a new one at the next sign-in"), "{}", person.words());

    let newcomer = educator(&app, &ada, "olga@ward.example").await;
    is_led_to_set_up(&newcomer).await;
    let people = ada.open("/administration").await;
    let people = ada.press(&people, "No longer require it", &[]).await;
    assert!(people.words().contains("It’s optional now"));
    assert_eq!(newcomer.open("/cohorts").await.path, "/cohorts");
    let log = ada.open("/administration/audit").await.words();
    assert!(log.contains("Ada King made a second step required for all staff"), "{log}");
    assert!(log.contains("Ada King stopped requiring a second step"), "{log}");
}

#[tokio::test]
async fn what_a_clock_noted_that_was_ahead_neither_opens_nor_closes_anything() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1000;
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    educator(&app, &ada, "ruth@ward.example").await;
    let (phone, _) = second_step(&app, &ada).await;
    app.clock.advance(YEAR);
    let (ahead, page) = half_in(&app, ADA).await;
    ahead.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    let people = ahead.open("/administration").await;
    ahead.press(&people, "Require it from all staff", &[]).await;
    app.clock.advance(-YEAR);
    let (ruth, _) = sign_in(&app, "ruth@ward.example", PASSWORD).await;
    assert_eq!(ruth.open("/cohorts").await.path, "/account/second-step/new", "it holds already");
    let (back, page) = half_in(&app, ADA).await;
    let there = back.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(there.path, "/cohorts", "the code used then is no later one now");
    let (again, page) = half_in(&app, ADA).await;
    let refused = again.press(&page, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(refused.status, 422, "each once all the same");
}

#[tokio::test]
async fn an_administrator_removes_the_second_step_of_whoever_lost_the_phone() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let ruth = educator(&app, &ada, "ruth@ward.example").await;
    let (phone, _) = second_step(&app, &ruth).await;
    let (half, asked) = half_in(&app, "ruth@ward.example").await;
    let people = ada.open("/administration").await;
    let person = ada.follow(&people, "Omar Haddad").await;
    assert!(person.words().contains("Call them back on a number you know"), "{}", person.words());
    assert!(!person.words().contains("at the next sign-in"), "as long as nobody must");
    let typed = ada.open(&format!("{}?saved=second-step", person.path)).await;
    assert_eq!(typed.all("[role=status]"), ["Saved"], "it is there still");
    let removed = ada.press(&person, "Remove the second step", &[]).await;
    assert_eq!(removed.all("[role=status]"), ["The second step of Omar Haddad is removed"]);
    assert!(removed.words().contains("No second step: the password alone opens the account"));
    assert_eq!(ruth.get("/account").await.status, 401, "her sessions end");
    let gone = half.press(&asked, "Sign in", &[("code", &phone.code(&app))]).await;
    assert_eq!(gone.heading(), "Sign in", "also half-way in");
    assert_eq!(
        app.number(
            "SELECT COUNT(*) FROM known_devices d JOIN staff f ON f.id = d.staff_id
        WHERE f.email = 'ruth@ward.example'"
        )
        .await,
        0,
        "and no browser is known"
    );
    let (_, answer) = sign_in(&app, "ruth@ward.example", PASSWORD).await;
    assert_eq!(answer.location().as_deref(), Some("/cohorts"));
    let log = ada.open("/administration/audit").await.words();
    assert!(log.contains("Ada King removed the second step of Omar Haddad"), "{log}");

    second_step(&app, &ada).await;
    let id = app.column("SELECT id FROM staff WHERE email = 'ada@ward.example'").await.remove(0);
    let own = ada.open(&format!("/administration/people/{id}")).await;
    assert!(own.all("button").iter().all(|button| button != "Remove the second step"));
    ada.post(&format!("/administration/people/{id}/second-step"), &[]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM second_steps").await, 1, "one's own needs password and code");
}

#[tokio::test]
async fn a_row_alone_is_no_secret() {
    let app = TestApp::new().await;
    let ada = set_up(&app).await;
    let (phone, _) = second_step(&app, &ada).await;
    let id = app.column("SELECT staff_id FROM second_steps").await.remove(0);
    let staff = StaffId::read(&id).expect("an id");
    let seed = app.column("SELECT seed FROM second_steps").await.remove(0);
    let here = app.app.secrets.second_step(&staff, &seed).code_at(app.clock.now());
    assert_eq!(here, phone.code(&app));
    let elsewhere =
        warmly::accounts::secrets::Secrets::new("another installation").second_step(&staff, &seed);
    assert_ne!(elsewhere.code_at(app.clock.now()), here);
}

//! Thousands of requests that no page of ours sends, to every address, as everybody: never a 500, never a panic.

use axum::body::Body;
use axum::http::{Method, Request, header};
use warmly::accounts::Role;
use warmly::app::routes;

use crate::app::{Browser, TestApp};
use crate::map::ward;

/// How often every address is asked by everybody.
const ROUNDS: u64 = 5;

/// Names that forms of ours have, and some that none has.
const NAMES: &str = "token name email password present username to role cohort note change session code own_device \
    own skip reply sure place feeling aim readiness if_asked then_say wants_talk text do attempt number seat into \
    external_id slug due list file practice_months words_months completion_years nurse_id";

/// Names that stand after a question mark.
const ASKED: &str = "before event all since until assignment q n said saved show names to";

/// A chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).expect("small")
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Values of every kind, right ones among them so that what comes after the first check is reached too.
fn values(ids: &[String]) -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "0",
        "1",
        "2",
        "-1",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999",
        "1e9",
        "NaN",
        "2026-03-02",
        "9999-12-31",
        "-009999-01-01",
        "0000-00-00",
        "2026-02-30",
        "2026-03-02T10:00",
        "all",
        "save",
        "release",
        "delete",
        "resolve",
        "reopen",
        "leave",
        "educator",
        "manager",
        "administrator",
        "disable",
        "latest",
        "keeps",
        "blurs",
        "garden-gate",
        "nothing",
        "K7M 2QD",
        "O0I1O0",
        "ruth@ward.example",
        "a@b",
        "@",
        "/cohorts",
        "//evil.example",
        "<script>alert(1)</script>",
        "'; DROP TABLE seats; --",
        "%00",
        "{{ 7*7 }}",
        "{who_to_tell}",
        "\u{202E}\u{200B}",
        "a\0b",
        "\0",
        "=cmd|' /C calc'!A0",
        "..",
        "../../etc/passwd",
        "amber amber amber amber 123",
        "signed-in",
    ];
    let mut values: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    values.extend(ids.iter().map(|id| id.as_bytes().to_vec()));
    values.extend([vec![0xff, 0xfe, 0x00], b"caf\xE9".to_vec(), "0af9".repeat(16).into_bytes()]);
    values.extend(["ä".repeat(2_000), "x".repeat(20_000), "[".repeat(3_000)].map(String::into_bytes));
    values
}

fn percent(bytes: &[u8]) -> String {
    let written = |byte: &u8| {
        if byte.is_ascii_alphanumeric() || *byte == b'-' {
            char::from(*byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    bytes.iter().map(written).collect()
}

fn fields(chance: &mut Chance, names: &str, values: &[Vec<u8>]) -> String {
    let names: Vec<&str> = names.split_whitespace().collect();
    let count = chance.below(6);
    let pair = |_| {
        let name = *chance.one(&names);
        let deep = if chance.below(20) == 0 { "[a]".repeat(500) } else { String::new() };
        format!("{}={}", percent(format!("{name}{deep}").as_bytes()), percent(chance.one::<Vec<u8>>(values)))
    };
    (0..count).map(pair).collect::<Vec<String>>().join("&")
}

/// The address with something in the place of every parameter: the right thing half of the time.
fn address(chance: &mut Chance, path: &str, right: &[(&str, String)], values: &[Vec<u8>]) -> String {
    let mut address = String::new();
    for (at, piece) in path.split('/').enumerate() {
        if at > 0 {
            address.push('/');
        }
        let known = right.iter().find(|(name, _)| *name == piece);
        match known {
            Some((_, id)) if chance.below(4) > 0 => address.push_str(id),
            _ if piece.contains('{') => {
                let filled = percent(chance.one::<Vec<u8>>(values));
                address.push_str(filled.get(..900.min(filled.len())).unwrap_or_default());
            }
            _ => address.push_str(piece),
        }
    }
    address
}

fn multipart(chance: &mut Chance, values: &[Vec<u8>]) -> (String, Vec<u8>) {
    let boundary = *chance.one(&["X", "", "a b", "XX"]);
    let mut body = Vec::new();
    for _ in 0..chance.below(4) {
        let head = *chance.one(&[
            "Content-Disposition: form-data; name=\"list\"",
            "Content-Disposition: form-data; name=\"file\"; filename=\"../a.csv\"",
            "Content-Disposition: form-data; name=\"file\"",
            "Content-Disposition: form-data; name=\"other\"",
            "Content-Disposition: form-data",
            "Content-Type: text/csv",
            "",
        ]);
        body.extend_from_slice(format!("--X\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(chance.one::<Vec<u8>>(values));
        body.extend_from_slice(b"\r\n");
    }
    if chance.below(3) > 0 {
        body.extend_from_slice(b"--X--\r\n");
    }
    (format!("multipart/form-data; boundary={boundary}"), body)
}

fn request(chance: &mut Chance, method: &Method, address: &str, values: &[Vec<u8>]) -> Option<Request<Body>> {
    let query = if chance.below(2) == 0 { fields(chance, ASKED, values) } else { String::new() };
    let address = if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") };
    let address = address.get(..8_000.min(address.len()))?;
    let method = match chance.below(30) {
        0 => Method::HEAD,
        1 => Method::PUT,
        _ => method.clone(),
    };
    let (kind, body) = match chance.below(8) {
        0 | 1 => multipart(chance, values),
        2 => ("application/json".to_owned(), b"{\"token\":[[[[".to_vec()),
        3 => ("application/x-www-form-urlencoded".to_owned(), chance.one(values).clone()),
        _ => {
            let body = fields(chance, NAMES, values).into_bytes();
            ("application/x-www-form-urlencoded".to_owned(), body)
        }
    };
    let mut request = Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
    request = request.header(header::CONTENT_TYPE, kind);
    if chance.below(25) == 0 {
        request = request
            .header(header::CONTENT_LENGTH, *chance.one(&["2147483648", "-1", "x", "18446744073709551616"]));
    }
    request.body(Body::from(body)).ok()
}

#[tokio::test]
async fn no_request_to_any_address_breaks_anything() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (ada, omar, olga) =
        (app.administrator("Ada").await, app.staff("Omar", false, false).await, app.educator("Olga").await);
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    let (nurse, attempt) = &ward.nurses[0];
    let token = app.clock.new_token();
    let comment = [("token", token.as_str()), ("text", "I noticed."), ("do", "release")];
    ward.ruth.browser.post(&format!("{}/1/comments", ward.transcript(0)), &comment).await;
    let comment = app.column("SELECT id FROM comments").await.concat();
    let right: Vec<(&str, String)> = vec![
        ("{cohort}", ward.cohort.as_str().to_owned()),
        ("{seat}", nurse.seat.as_str().to_owned()),
        ("{attempt}", attempt.clone()),
        ("{id}", attempt.clone()),
        ("{assignment}", ward.gate.as_str().to_owned()),
        ("{comment}", comment),
        ("{staff}", olga.id.as_str().to_owned()),
        ("{slug}", "garden-gate".to_owned()),
        ("{turn}", "lift".to_owned()),
        ("{number}", "1".to_owned()),
        ("{trail}", "1-2".to_owned()),
    ];
    let ids: Vec<String> = right.iter().map(|(_, id)| id.clone()).collect();
    let values = values(&ids);
    let stranger = app.browser();
    let everybody: [(&str, &Browser<'_>); 6] = [
        ("a stranger", &stranger),
        ("a nurse", &nurse.browser),
        ("her educator", &ward.ruth.browser),
        ("her manager", &omar.browser),
        ("another educator", &olga.browser),
        ("an administrator", &ada.browser),
    ];
    let leaving = ["/me/delete", "/sign-out", "/account/sessions/all", "/account/sessions"];
    let (mut chance, mut sent) = (Chance(0x5eed_5eed_5eed), 0_u32);
    for round in 0..ROUNDS {
        for route in
            routes().iter().filter(|route| route.method == Method::GET || !leaving.contains(&route.path))
        {
            for (who, browser) in &everybody {
                let address = address(&mut chance, route.path, &right, &values);
                let Some(mut request) = request(&mut chance, &route.method, &address, &values) else {
                    continue;
                };
                let cookies = browser.cookies.borrow().clone();
                for (name, value) in cookies {
                    let cookie = format!("{name}={value}").parse().expect("a cookie");
                    request.headers_mut().insert(header::COOKIE, cookie);
                }
                let line = format!("{who}, round {round}: {} {}", request.method(), request.uri());
                let page = app.send(request).await;
                sent += 1;
                assert!(page.status.as_u16() != 500, "{line}: {}", page.status);
            }
        }
    }
    assert!(sent >= 3_000, "{sent} requests were sent");
    for (who, browser) in everybody.iter().skip(1) {
        let home = if *who == "a nurse" { "/me" } else { "/account" };
        assert_eq!(browser.get(home).await.status, 200, "{who} was here to the end");
    }
}

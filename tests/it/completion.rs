//! What a manager sees: who has completed what, and when. And what an educator brings to class.

use axum::http::Method;
use warmly::accounts::Role;
use warmly::app::routes;
use warmly::practice::AttemptId;
use warmly::review::store::{Ticked, tick, untick};
use warmly::web::route::Who;

use crate::app::TestApp;
use crate::review::{Ward, ward};

#[tokio::test]
async fn a_manager_sees_completion_and_dates_and_nothing_else() {
    let app = TestApp::new().await;
    let ward = ward(&app, 5).await;
    app.worked(&ward.members[5], &ward.gate, "garden-gate", &[("Words of Gus.", "replytext one")]).await;
    let max = app.staff("Max", false, false).await;
    app.give_role(&ward.cohort, &max, Role::Manager).await;
    let overview = max.browser.get(&ward.at("")).await;
    assert_eq!((overview.status.as_u16(), overview.location()), (303, Some(ward.at("/completion"))));
    let page = max.browser.open(&ward.at("")).await;
    assert_eq!(page.all("tbody th"), ["Ana", "Bo", "Cy", "Dee", "Eve", "Gus"]);
    let day = "March 2, 2026";
    assert_eq!(page.all("tbody td"), [day, day, day, day, day, "Not yet"], "begun is not completed");
    assert!(page.words().contains("The garden gate 5 of 6"), "{}", page.words());
    let mut texts = vec![page.text()];
    for file in ["/completion.csv", "/completion.json"] {
        let file = max.browser.get(&ward.at(file)).await;
        assert_eq!(file.status, 200);
        texts.push(file.text());
    }
    let secrets = [
        "replytext",
        "Um, maybe",
        "Words of Gus",
        "blurs",
        "crosses",
        "keeps",
        "turns-away",
        "red_flag",
        "second",
    ];
    for text in &texts {
        let lower = text.to_lowercase();
        for secret in secrets {
            assert!(!lower.contains(&secret.to_lowercase()), "{secret} in {text}");
        }
        assert!(!text.contains("12:00") && !text.contains("T12"), "days, no times");
        assert!(
            !ward.attempts.iter().any(|attempt| text.contains(attempt.as_str())),
            "no transcript is named"
        );
    }
    assert!(texts[1].contains("\"Ana\",\"\",\"garden-gate\",\"The garden gate\",\"\",\"2026-03-02\"\r\n"));
    for route in routes() {
        if route.who == Who::Educator
            && route.path.starts_with("/cohorts/{cohort}")
            && route.method == Method::GET
        {
            let address = route.path.replace("{cohort}", ward.cohort.as_str());
            assert_eq!(max.browser.get(&address).await.status, 404, "{address}");
        }
    }
    app.give_role(&ward.cohort, &ward.ruth, Role::Manager).await;
    assert_eq!(
        ward.ruth.browser.get(&ward.at("/answers.csv")).await.status,
        404,
        "the narrower role is the one"
    );
    assert_eq!(ward.ruth.browser.get(&ward.at("")).await.status, 303);
}

async fn ticks(app: &TestApp, ward: &Ward<'_>, wanted: &[(usize, i64)]) -> Vec<Ticked> {
    let mut became = Vec::new();
    for (worker, number) in wanted {
        let educator = educator(app, ward).await;
        let attempt = AttemptId::read(&ward.attempts[*worker]).expect("an id");
        let (number, now) = (*number, app.clock.now());
        let write = app.app.db.write(move |conn| {
            let (educator, attempt) = (educator.clone(), attempt.clone());
            Box::pin(async move { tick(conn, &educator, &attempt, number, now).await })
        });
        became.push(write.await.map_err(|error: sqlx::Error| error).expect("a tick"));
        app.clock.advance(1);
    }
    became
}

/// The proof that Ruth is an educator of the ward, made as a request makes it.
async fn educator(app: &TestApp, ward: &Ward<'_>) -> warmly::accounts::staff::Educator {
    use axum::extract::FromRequestParts as _;
    use tower::ServiceExt as _;
    let cookies = ward.ruth.browser.cookies.borrow().clone();
    let cookies: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let (sent, mut found) = tokio::sync::mpsc::unbounded_channel();
    let handler = async move |axum::extract::State(app): axum::extract::State<warmly::app::App>,
                              request: axum::extract::Request| {
        let (mut parts, _) = request.into_parts();
        let educator = warmly::accounts::staff::Educator::from_request_parts(&mut parts, &app).await;
        sent.send(educator.expect("an educator")).expect("sent");
    };
    let router = axum::Router::new()
        .route("/cohorts/{cohort}", axum::routing::get(handler))
        .with_state(app.app.clone());
    let request = axum::http::Request::get(ward.at(""))
        .header("cookie", cookies.join("; "))
        .body(axum::body::Body::empty());
    router.oneshot(request.expect("a request")).await.expect("an answer");
    found.recv().await.expect("an educator")
}

#[tokio::test]
async fn the_debrief_pack_brings_moments_ticked_words_and_three_questions() {
    let app = TestApp::new().await;
    let ward = ward(&app, 6).await;
    let better = [("Not today.", "replytext one"), ("", "replytext four"), ("", "replytext eight")];
    app.worked(&ward.members[5], &ward.gate, "garden-gate", &better).await;
    let six = [(0, 1), (0, 2), (1, 1), (2, 1), (2, 3), (4, 1)];
    assert_eq!(ticks(&app, &ward, &six).await, [Ticked::Yes; 6]);
    assert_eq!(ticks(&app, &ward, &[(4, 2)]).await, [Ticked::Full], "the seventh is refused");
    assert_eq!(ticks(&app, &ward, &[(4, 1)]).await, [Ticked::Yes], "a second tick changes nothing");
    assert_eq!(ticks(&app, &ward, &[(3, 1), (1, 9)]).await, [Ticked::NotThere; 2], "she wrote nothing there");
    let page = ward.ruth.browser.open(&ward.at("/debrief")).await;
    let words = page.words();
    assert_eq!(
        page.all(".samples .say"),
        ["“Um, maybe?”", "“I said it badly.”", "“No, sorry.”", "“No.”", "“Fine.”", "“Later.”"]
    );
    assert_eq!(page.all(".starters h3"), ["He is dizzy", "He slides down"]);
    assert!(words.contains("Of 4 first answers: 2 kept, 2 crossed"), "{words}");
    assert!(words.contains("1 came here again: first 1 crossed; latest 1 kept"), "{words}");
    assert_eq!(page.all(".asks li").len(), 3, "{words}");
    let screen = ward.ruth.browser.follow(&page, "For the projector").await;
    assert_eq!(screen.all(".samples .say").len(), 6);
    for page in [&page, &screen] {
        for name in ["Ana", "Bo", "Cy", "Dee", "Eve", "Fay", "Gus"] {
            let named = page.all("main").join(" ");
            assert!(!named.split(|letter: char| !letter.is_alphabetic()).any(|word| word == name), "{name}");
        }
    }
    blank(&app).await;
    let page = ward.ruth.browser.open(&ward.at("/debrief")).await;
    assert_eq!(page.all(".samples .say").len(), 5, "words that were taken away are gone here too");
    assert_eq!(ticks(&app, &ward, &[(4, 2)]).await, [Ticked::Yes], "and make room");
    let (educator, attempt) =
        (educator(&app, &ward).await, AttemptId::read(&ward.attempts[4]).expect("an id"));
    let write = app.app.db.write(move |conn| {
        let (educator, attempt) = (educator.clone(), attempt.clone());
        Box::pin(async move { untick(conn, &educator, &attempt, 2).await })
    });
    write.await.map_err(|error: sqlx::Error| error).expect("unticked");
    assert_eq!(app.number("SELECT COUNT(*) FROM samples").await, 6);
}

async fn blank(app: &TestApp) {
    app.app
        .db
        .write(|conn| {
            Box::pin(async move {
                let text =
                    "UPDATE openings SET own_words = NULL, words_gone_at = 1 WHERE own_words = 'Later.'";
                warmly::sql!(conn, execute, text)
            })
        })
        .await
        .map_err(|error: sqlx::Error| error)
        .expect("a row");
}

//! Marking own words: element by element, apart from the reply's verdict, the nurse's only when released.

use warmly::accounts::Role;

use crate::app::TestApp;
use crate::map::ward;

#[tokio::test]
async fn own_words_are_marked_and_released_once() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let gina = app.educator("Gina Marsh").await;
    app.give_role(&ward.cohort, &gina, Role::Educator).await;
    let ruth = &ward.ruth.browser;
    let address = ward.transcript(0);
    let page = ruth.open(&address).await;
    assert_eq!(
        page.all("#mark-1 .stack-s > .element label"),
        ["Warm", "Clear"],
        "what the replies are scored on"
    );
    assert!(page.all("#mark-2").is_empty(), "no own words, no marking");
    let fields = [("warm", "keeps"), ("clear", "not-there")];
    let page = ruth.press(&page, "Save the marking for yourself", &fields).await;
    let seen = page.all(".comment.seen").concat();
    assert!(seen.contains("Ruth Reyes sees in the own words. Not released"), "{seen}");
    assert!(seen.contains("Warm keeps honors the feeling") && seen.contains("Clear: not there"), "{seen}");
    assert!(gina.browser.open(&address).await.all(".comment.seen").is_empty(), "not hers to see yet");
    let page = ruth.press(&page, "Release the marking to Ana Okafor", &[("tell", "crosses")]).await;
    assert!(!page.words().contains("Not released"));
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'marked'").await, 1, "noted at once");
    let hers = gina.browser.open(&address).await.all(".comment.seen").concat();
    assert!(hers.contains("Ruth Reyes sees in the own words") && hers.contains("Warm keeps"), "{hers}");
    let page =
        ruth.press(&page, "Save: Ana Okafor sees the change", &[("warm", "blurs"), ("tell", "")]).await;
    assert!(page.words().contains("Warm blurs a little bare or brisk"));
    assert_eq!(
        app.column("SELECT element || ' ' || seen FROM marked_elements ORDER BY element").await,
        ["clear not-there", "warm blurs"]
    );
    assert_eq!(app.number("SELECT COUNT(*) FROM markings").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM audit WHERE what = 'marked'").await, 1, "released once");
    let hers = gina.browser.open(&address).await;
    gina.browser.press(&hers, "Save the marking for yourself", &[("warm", "crosses")]).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM markings").await, 2, "each educator has a view of her own");
    let both = gina.browser.open(&address).await.all(".comment.seen");
    assert_eq!(both.len(), 2, "each under her own name: {both:?}");
    assert!(both.iter().any(|seen| seen.contains("Gina Marsh") && seen.contains("Warm crosses")), "{both:?}");
    assert!(both.iter().any(|seen| seen.contains("Ruth Reyes") && seen.contains("Warm blurs")), "{both:?}");
}

#[tokio::test]
async fn a_marking_needs_own_words_and_something_seen() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let ruth = &ward.ruth.browser;
    let page = ruth.open(&ward.transcript(0)).await;
    let nothing = ruth.press(&page, "Release the marking to Ana Okafor", &[]).await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.words().contains("Say what you see in one element at least"));
    let marking = |number: u32| format!("{}/{number}/marking", ward.transcript(0));
    let fields = [("warm", "keeps"), ("do", "release")];
    for number in [2, 9] {
        assert_eq!(ruth.post(&marking(number), &fields).await.status, 404);
    }
    assert_eq!(ruth.post(&marking(1), &[("nurse_id", "x")]).await.status, 400, "no field names an owner");
    let olga = app.educator("Olga").await;
    let manager = app.staff("Mona", false, false).await;
    app.give_role(&ward.cohort, &manager, Role::Manager).await;
    for who in [&olga, &manager] {
        assert_eq!(who.browser.post(&marking(1), &fields).await.status, 404);
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM markings").await, 0);
}

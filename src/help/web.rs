//! How it works, the words on the line, who can see what, accessibility, real help, about.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::keeping::Keeping;
use crate::accounts::nurse::Visitor;
use crate::accounts::store::keeping;
use crate::app::App;
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Element;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/how-it-works", Who::Anyone, how_it_works),
        get("/the-line", Who::Anyone, the_line),
        get("/who-can-see-my-answers", Who::Anyone, who_can_see),
        get("/accessibility", Who::Anyone, accessibility),
        get("/getting-help", Who::Anyone, getting_help),
        get("/about", Who::Anyone, about),
    ]
}

/// How it works.
#[derive(Debug, Template)]
#[template(path = "help/how_it_works.html")]
pub struct HowItWorksPage {
    frame: Frame,
}

/// The words on the line, and what the eight elements ask.
#[derive(Debug, Template)]
#[template(path = "help/the_line.html")]
pub struct TheLinePage {
    frame: Frame,
    elements: Vec<(&'static str, &'static str)>,
}

/// Who can see my answers.
#[derive(Debug, Template)]
#[template(path = "help/who_can_see.html")]
pub struct WhoCanSeePage {
    frame: Frame,
    practice_kept: String,
    words_kept: String,
    done_kept: String,
}

/// The accessibility statement.
#[derive(Debug, Template)]
#[template(path = "help/accessibility.html")]
pub struct AccessibilityPage {
    frame: Frame,
}

/// Where to get real help.
#[derive(Debug, Template)]
#[template(path = "help/getting_help.html")]
pub struct GettingHelpPage {
    frame: Frame,
    crisis_line: String,
    emergency_number: String,
    who_to_tell: String,
}

/// What this is, and what it is made of.
#[derive(Debug, Template)]
#[template(path = "help/about.html")]
pub struct AboutPage {
    frame: Frame,
    version: &'static str,
}

impl HowItWorksPage {
    /// The page.
    #[must_use]
    pub const fn sample() -> Self {
        Self { frame: Frame::stranger() }
    }
}

impl TheLinePage {
    fn new(frame: Frame) -> Self {
        Self { frame, elements: Element::ALL.map(|element| (element.name(), element.asks())).to_vec() }
    }

    /// The page.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(Frame::stranger())
    }
}

impl WhoCanSeePage {
    fn new(frame: Frame, keeping: Keeping) -> Self {
        Self {
            frame,
            practice_kept: keeping.practice_in_words(),
            words_kept: keeping.words_in_words(),
            done_kept: keeping.completion_in_words(),
        }
    }

    /// The page.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(Frame::stranger(), Keeping::default())
    }
}

impl AccessibilityPage {
    /// The page.
    #[must_use]
    pub const fn sample() -> Self {
        Self { frame: Frame::stranger() }
    }
}

impl GettingHelpPage {
    fn new(frame: Frame, policy: &Policy) -> Self {
        Self {
            frame,
            crisis_line: policy.crisis_line(),
            emergency_number: policy.speak("{emergency_number}"),
            who_to_tell: policy.speak("Tell {who_to_tell}"),
        }
    }

    /// The page.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(Frame::stranger(), &Policy::default())
    }
}

impl AboutPage {
    /// The page.
    #[must_use]
    pub const fn sample() -> Self {
        Self { frame: Frame::stranger(), version: env!("CARGO_PKG_VERSION") }
    }
}

fn frame(visitor: &Visitor) -> Frame {
    visitor.frame(Here::Elsewhere)
}

async fn how_it_works(visitor: Visitor) -> Result<Response> {
    show(&HowItWorksPage { frame: frame(&visitor) })
}

async fn the_line(visitor: Visitor) -> Result<Response> {
    show(&TheLinePage::new(frame(&visitor)))
}

async fn who_can_see(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let keeping = keeping(&mut app.db.read().await?).await?;
    show(&WhoCanSeePage::new(frame(&visitor), keeping))
}

async fn accessibility(visitor: Visitor) -> Result<Response> {
    show(&AccessibilityPage { frame: frame(&visitor) })
}

async fn getting_help(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    show(&GettingHelpPage::new(frame(&visitor), &app.library.policy()))
}

async fn about(visitor: Visitor) -> Result<Response> {
    show(&AboutPage { frame: frame(&visitor), ..AboutPage::sample() })
}

//! Every page with everything on it: one heading, labels, no doubled ids, nothing that a strict policy refuses.

use std::collections::BTreeSet;

use askama::Template;
use scraper::{Html, Selector};
use warmly::{accounts, cohorts, help, practice, review, scenario, web};

fn samples() -> Vec<(&'static str, String)> {
    macro_rules! rendered {
        ($($page:path),* $(,)?) => { vec![$((stringify!($page), <$page>::sample().render().expect("a page"))),*] };
    }
    rendered![
        practice::web::welcome::WelcomePage,
        scenario::web::catalogue::CataloguePage,
        scenario::web::prebrief::PrebriefPage,
        scenario::web::policy::PolicyPage,
        practice::web::turns::OwnWordsPage,
        practice::web::replies::RepliesPage,
        practice::web::conflict::ConflictPage,
        practice::web::later::LaterPage,
        practice::web::reaction::ReactionPage,
        practice::web::looking_back::LookingBackPage,
        practice::web::me::MePage,
        practice::web::me::CardPage,
        accounts::web::SetUpPage,
        accounts::web::SignInPage,
        accounts::web::SignInCodePage,
        accounts::web::SecondStepPage,
        accounts::web::NewSecondStepPage,
        accounts::web::RecoveryCodesPage,
        accounts::web::ClosedLinkPage,
        accounts::web::InvitedPage,
        accounts::web::ResetPage,
        accounts::web::AccountPage,
        accounts::web::PeoplePage,
        accounts::web::PersonPage,
        accounts::web::InvitationsPage,
        accounts::web::CohortsPage,
        accounts::web::AuditPage,
        accounts::web::CohortStaffPage,
        practice::web::assigned::AssignedPage,
        practice::web::transcript::TranscriptPage,
        practice::web::record::RecordPage,
        accounts::web::ComeBackPage,
        accounts::web::ReturnCodePage,
        accounts::web::SignOutPage,
        accounts::web::DeletePage,
        accounts::web::DeletedPage,
        accounts::web::keeping::KeepingPage,
        cohorts::web::list::CohortsPage,
        cohorts::web::settings::SettingsPage,
        cohorts::web::code::JoinCodePage,
        cohorts::web::type_code::TypeCodePage,
        cohorts::web::join::JoinGroupPage,
        cohorts::web::come_in::NotForStaffPage,
        cohorts::web::link::PersonalLinkPage,
        cohorts::web::link::LinkClosedPage,
        cohorts::web::group::JoinedPage,
        cohorts::web::group::LeavePage,
        cohorts::web::people::PeoplePage,
        cohorts::web::seat::SeatPage,
        cohorts::web::remove::RemovePage,
        cohorts::web::links::LinksPage,
        cohorts::web::import::ImportPage,
        cohorts::web::import::ImportCheckPage,
        cohorts::web::assignments::AssignmentsPage,
        cohorts::web::assignments::AssignPage,
        cohorts::web::change::AssignmentPage,
        review::web::blackout_check::BlackoutPage,
        review::web::overview::OverviewPage,
        review::web::matrix::MatrixPage,
        review::web::completion::CompletionPage,
        review::web::debrief::DebriefPage,
        review::web::debrief::ScreenPage,
        review::web::map::MapPage,
        review::web::answers::AnswersPage,
        review::web::nurse::NursePage,
        review::web::transcript::TranscriptPage,
        review::web::compare::ComparePage,
        help::web::HowItWorksPage,
        help::web::TheLinePage,
        help::web::WhoCanSeePage,
        help::web::AccessibilityPage,
        help::web::GettingHelpPage,
        help::web::AboutPage,
        web::refusal::RefusalPage,
    ]
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect(selector)
}

#[test]
fn every_template_has_its_sample() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut pages = 0;
    for slice in ["scenario", "practice", "accounts", "cohorts", "review", "help"] {
        pages += std::fs::read_dir(folder.join(slice)).expect("templates").count();
    }
    assert_eq!(samples().len(), pages + 1, "one sample a page, and the error page");
}

#[test]
fn pages_have_one_heading_unique_ids_and_labelled_fields() {
    for (name, text) in samples() {
        let html = Html::parse_document(&text);
        assert_eq!(html.select(&select("h1")).count(), 1, "{name}: headings");
        assert!(html.select(&select("title")).next().is_some(), "{name}: title");
        let ids: Vec<&str> = html.select(&select("[id]")).filter_map(|found| found.attr("id")).collect();
        let different: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), different.len(), "{name}: {ids:?}");
        for field in html.select(&select("input:not([type=hidden]), textarea, select")) {
            let id = field.attr("id").unwrap_or_else(|| panic!("{name}: a field without an id"));
            let label = format!("label[for=\"{id}\"]");
            assert_eq!(html.select(&select(&label)).count(), 1, "{name}: the label of {id}");
        }
        for attribute in ["aria-describedby", "aria-labelledby"] {
            for element in html.select(&select(&format!("[{attribute}]"))) {
                for id in element.attr(attribute).unwrap_or_default().split(' ') {
                    assert!(different.contains(id), "{name}: {attribute} names {id}, which is not there");
                }
            }
        }
    }
}

#[test]
fn pages_hold_nothing_that_a_strict_policy_refuses_and_no_word_that_shames() {
    for (name, text) in samples() {
        for refused in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
            assert!(!text.contains(refused), "{name}: {refused}");
        }
        let html = Html::parse_document(&text);
        let words: String = html.root_element().text().collect::<String>().to_lowercase();
        for word in ["incorrect", "oops", "great job", "wrong answer", "score:", "please"] {
            assert!(!words.contains(word), "{name}: {word}");
        }
        assert!(text.len() < 30 * 1024, "{name}: {} bytes", text.len());
    }
}

#[test]
fn a_step_puts_the_focus_where_reading_goes_on() {
    for (name, text) in samples() {
        let html = Html::parse_document(&text);
        let focused = html.select(&select("[autofocus]")).count();
        assert!(focused <= 1, "{name}: {focused} elements ask for the focus");
        if html.select(&select(".summary")).next().is_some() {
            let summary = select(".summary[role=alert][autofocus]");
            assert_eq!(html.select(&summary).count(), 1, "{name}: the problem comes first");
        }
    }
}

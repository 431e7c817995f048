//! The audit log in sentences: who did what to whom. A nurse is never named, only her cohort.

use super::audit::Event;

/// The names that a sentence needs, as they are now.
#[derive(Clone, Debug)]
pub struct Names {
    /// Who did it: a name, "A nurse of Spring", "Somebody", "The program".
    pub actor: String,
    /// Whom of the staff it touched, where that is not who did it.
    pub staff: Option<String>,
    /// The cohort it happened in.
    pub cohort: Option<String>,
    /// What else the row says: `ended` where a right was taken away, the role where one was given or ended.
    pub object: Option<String>,
}

/// What a row about a right that was taken away says of it.
pub const ENDED: &str = "ended";

/// What a row about an export says where only who finished what was taken along.
pub const COMPLETION: &str = "completion";

/// What was done, as one sentence without its full stop.
#[must_use]
pub fn sentence(event: Event, names: &Names) -> String {
    let actor = &names.actor;
    let whom = names.staff.as_deref().unwrap_or(actor);
    let cohort = names.cohort.as_deref().map_or_else(|| "a cohort".to_owned(), |name| format!("“{name}”"));
    if event == Event::SignInFailed {
        return format!("A sign-in as {whom} was refused");
    }
    if event == Event::SecondStepFailed {
        return format!("A code for the second step of {whom} was refused");
    }
    if event == Event::SecondStepRequired && names.object.as_deref() == Some(ENDED) {
        return format!("{actor} stopped requiring a second step");
    }
    if event == Event::Invited && names.cohort.is_some() {
        return format!("{actor} made an invitation to {cohort}");
    }
    if event == Event::Exported && names.object.as_deref() == Some(COMPLETION) {
        return format!("{actor} exported who finished what in {cohort}");
    }
    let did = right(event, names, &cohort).unwrap_or_else(|| done(event, whom, &cohort));
    format!("{actor} {did}")
}

/// Rights given and ended, by somebody to somebody else or by oneself.
fn right(event: Event, names: &Names, cohort: &str) -> Option<String> {
    let object = names.object.as_deref();
    let ended = object == Some(ENDED) || event == Event::MembershipEnded;
    let role =
        object.filter(|object| matches!(*object, "educator" | "manager")).unwrap_or("a member of the staff");
    let what = match event {
        Event::AdministratorChanged => "run the installation".to_owned(),
        Event::EducatorChanged => "make cohorts".to_owned(),
        Event::MembershipGiven | Event::MembershipEnded => format!("be {role} in {cohort}"),
        _ => return None,
    };
    Some(match (&names.staff, ended) {
        (Some(whom), false) => format!("let {whom} {what}"),
        (Some(whom), true) => format!("ended the right of {whom} to {what}"),
        (None, false) => format!("may now {what}"),
        (None, true) => format!("gave up the right to {what}"),
    })
}

fn done(event: Event, whom: &str, cohort: &str) -> String {
    match event {
        Event::SetUp => "set up this installation as its first administrator".to_owned(),
        Event::SignedIn => "signed in".to_owned(),
        Event::SignedOutEverywhere => "signed out everywhere else".to_owned(),
        Event::PasswordChanged => "changed their password".to_owned(),
        Event::PasswordReset => "set a new password with a link".to_owned(),
        Event::ResetLinkMade => format!("made a link for a new password for {whom}"),
        Event::SecondStepOn => "set up a second step for signing in".to_owned(),
        Event::SecondStepOff => "turned their second step off".to_owned(),
        Event::RecoveryCodeUsed => "used a recovery code".to_owned(),
        Event::RecoveryCodesRenewed => "made new recovery codes".to_owned(),
        Event::SecondStepRemoved => format!("removed the second step of {whom}"),
        Event::SecondStepRequired => "made a second step required for all staff".to_owned(),
        Event::Invited => "made an invitation".to_owned(),
        Event::InvitationWithdrawn => "took an invitation back".to_owned(),
        Event::InvitationAccepted => "accepted an invitation".to_owned(),
        Event::StaffDisabled => format!("disabled the account of {whom}"),
        Event::StaffEnabled => format!("enabled the account of {whom}"),
        Event::AppointedOneself => format!("became educator of {cohort} by their own appointment"),
        other => of_cohort(other, cohort),
    }
}

fn of_cohort(event: Event, cohort: &str) -> String {
    match event {
        Event::CohortMade => format!("made the cohort {cohort}"),
        Event::CohortRenamed => format!("renamed a cohort, which is {cohort} now"),
        Event::CohortArchived => format!("archived {cohort}"),
        Event::CohortReopened => format!("opened {cohort} again"),
        Event::CodeRenewed => format!("made a new join code for {cohort}"),
        Event::RosterImported => format!("added nurses to {cohort} from a list"),
        Event::SeatLinkMade => format!("made a personal link for a nurse of {cohort}"),
        Event::SeatClaimed => format!("took a place in {cohort}"),
        Event::SeatConfirmed => format!("confirmed a nurse of {cohort}"),
        Event::SeatsMerged => format!("merged two places in {cohort}"),
        Event::SeatRenamed => format!("changed the entry of a nurse of {cohort}"),
        Event::SeatRemoved => format!("removed a nurse from {cohort}"),
        Event::SeatLeft => format!("left {cohort}"),
        Event::Assigned => format!("assigned a conversation to {cohort}"),
        Event::AssignmentWithdrawn => format!("took an assignment of {cohort} back"),
        Event::TranscriptViewed => format!("looked at the answers of a nurse of {cohort}"),
        Event::Exported => format!("exported answers of {cohort}"),
        Event::Marked => format!("marked the words of a nurse of {cohort}"),
        Event::Commented => format!("commented on an answer of a nurse of {cohort}"),
        Event::Erased => "deleted everything that was theirs".to_owned(),
        Event::WordsExpired => "took own words away because their time had come".to_owned(),
        Event::PolicyChanged => "changed the local words".to_owned(),
        Event::RetentionChanged => "changed how long things are kept".to_owned(),
        Event::SentAnyway => {
            "was asked whether words hold a real person’s details, and sent them as they are".to_owned()
        }
        Event::BlackedOut => format!("blacked out words of a nurse of {cohort}"),
        Event::WordsShown => format!("opened a page with own words of {cohort}"),
        Event::Lapsed => "deleted what was kept long enough".to_owned(),
        _ => String::new(),
    }
}

/// Whether what a nurse did says by itself in which cohort.
#[must_use]
pub const fn says_where(event: Event) -> bool {
    matches!(event, Event::SeatClaimed | Event::SeatLeft)
}

/// What an event is called where one chooses which to see.
#[must_use]
pub const fn name(event: Event) -> &'static str {
    match event {
        Event::SignedIn => "signed in",
        Event::SignInFailed => "a sign-in was refused",
        Event::SignedOutEverywhere => "signed out everywhere else",
        Event::PasswordChanged => "changed their password",
        Event::PasswordReset => "set a new password with a link",
        Event::ResetLinkMade => "made a link for a new password",
        Event::SecondStepOn => "set up a second step",
        Event::SecondStepOff => "turned their second step off",
        Event::SecondStepFailed => "a code was refused",
        Event::RecoveryCodeUsed => "used a recovery code",
        Event::RecoveryCodesRenewed => "made new recovery codes",
        Event::SecondStepRemoved => "removed a second step",
        Event::SecondStepRequired => "required a second step, or stopped",
        Event::Invited => "made an invitation",
        Event::InvitationWithdrawn => "took an invitation back",
        Event::InvitationAccepted => "accepted an invitation",
        Event::SetUp => "set up this installation",
        Event::AdministratorChanged => "who runs the installation changed",
        Event::EducatorChanged => "who may make cohorts changed",
        Event::StaffDisabled => "disabled an account",
        Event::StaffEnabled => "enabled an account",
        Event::MembershipGiven => "gave a role in a cohort",
        Event::AppointedOneself => "became educator by appointment",
        Event::MembershipEnded => "ended a role in a cohort",
        other => name_in_cohort(other),
    }
}

const fn name_in_cohort(event: Event) -> &'static str {
    match event {
        Event::CohortMade => "made a cohort",
        Event::CohortRenamed => "renamed a cohort",
        Event::CohortArchived => "archived a cohort",
        Event::CohortReopened => "opened a cohort again",
        Event::CodeRenewed => "made a new join code",
        Event::RosterImported => "added nurses from a list",
        Event::SeatLinkMade => "made a personal link",
        Event::SeatClaimed => "took a place",
        Event::SeatConfirmed => "confirmed a nurse",
        Event::SeatsMerged => "merged two places",
        Event::SeatRenamed => "changed a nurse’s entry",
        Event::SeatRemoved => "removed a nurse",
        Event::SeatLeft => "left a cohort",
        Event::Assigned => "assigned a conversation",
        Event::AssignmentWithdrawn => "took an assignment back",
        Event::TranscriptViewed => "looked at a nurse’s answers",
        Event::Exported => "exported answers",
        Event::Marked => "marked a nurse’s words",
        Event::Commented => "commented on an answer",
        Event::Erased => "deleted everything of theirs",
        Event::WordsExpired => "took old words away",
        Event::PolicyChanged => "changed the local words",
        Event::RetentionChanged => "changed how long things are kept",
        Event::SentAnyway => "kept words that were asked about",
        Event::BlackedOut => "blacked out a nurse’s words",
        Event::WordsShown => "opened a page with own words",
        Event::Lapsed => "deleted what was kept long enough",
        other => other.stored(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COMPLETION, ENDED, Event, Names, name, sentence};

    /// Ruth did it, in a cohort or in none, to somebody or to nobody else.
    fn said(event: Event, cohort: Option<&str>, staff: Option<&str>, object: Option<&str>) -> String {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (cohort, staff, object) = (owned(cohort), owned(staff), owned(object));
        sentence(event, &Names { actor: "Ruth".to_owned(), staff, cohort, object })
    }

    #[test]
    fn each_event_is_told_in_a_sentence_of_its_own() {
        // One is told as what one did oneself, where it was one's own right that ended.
        let oneself = |event| matches!(event, Event::MembershipEnded);
        let told: BTreeSet<String> =
            Event::ALL.into_iter().map(|event| said(event, Some("Spring"), None, None)).collect();
        assert_eq!(told.len(), Event::ALL.len(), "{told:#?}");
        for event in Event::ALL {
            let told = said(event, Some("Spring"), None, None);
            let words = told.split_whitespace().count();
            assert!(told.contains("Ruth") && words >= 3 && !told.ends_with(' '), "{told}");
            let given_up = told.contains("gave up the right");
            assert_eq!(given_up, oneself(event), "{told}");
        }
    }

    #[test]
    fn what_an_event_says_besides_stands_in_its_sentence_and_in_no_other() {
        let (spring, omar) = (Some("Spring"), Some("Omar"));
        for (event, object, told) in [
            (Event::MembershipGiven, Some("manager"), "Ruth let Omar be manager in “Spring”"),
            (
                Event::MembershipEnded,
                Some("educator"),
                "Ruth ended the right of Omar to be educator in “Spring”",
            ),
            (
                Event::MembershipEnded,
                None,
                "Ruth ended the right of Omar to be a member of the staff in “Spring”",
            ),
            (Event::EducatorChanged, Some(ENDED), "Ruth ended the right of Omar to make cohorts"),
            (Event::EducatorChanged, None, "Ruth let Omar make cohorts"),
            (
                Event::AdministratorChanged,
                Some(ENDED),
                "Ruth ended the right of Omar to run the installation",
            ),
            (Event::SecondStepRequired, Some(ENDED), "Ruth stopped requiring a second step"),
            (Event::SecondStepRequired, None, "Ruth made a second step required for all staff"),
            (Event::SecondStepFailed, None, "A code for the second step of Omar was refused"),
            (Event::SignInFailed, None, "A sign-in as Omar was refused"),
            (Event::Exported, Some(COMPLETION), "Ruth exported who finished what in “Spring”"),
            (Event::Exported, None, "Ruth exported answers of “Spring”"),
            (Event::TranscriptViewed, Some(COMPLETION), "Ruth looked at the answers of a nurse of “Spring”"),
            (Event::ResetLinkMade, Some("0199"), "Ruth made a link for a new password for Omar"),
        ] {
            assert_eq!(said(event, spring, omar, object), told);
        }
        assert_eq!(said(Event::Invited, spring, None, None), "Ruth made an invitation to “Spring”");
        assert_eq!(said(Event::Invited, None, None, None), "Ruth made an invitation");
        assert_eq!(
            said(Event::EducatorChanged, None, None, Some(ENDED)),
            "Ruth gave up the right to make cohorts"
        );
        assert_eq!(said(Event::EducatorChanged, None, None, None), "Ruth may now make cohorts");
    }

    #[test]
    fn every_event_is_called_something_else_in_words() {
        let names: BTreeSet<&str> = Event::ALL.into_iter().map(name).collect();
        assert_eq!(names.len(), Event::ALL.len());
        for event in Event::ALL {
            let name = name(event);
            assert!(name != event.stored() && name.contains(' '), "{name}");
            assert!(name.chars().count() < 36, "{name}: it has to fit a phone");
        }
    }
}

//! What the audit log knows: sign-ins, looks at a named nurse's answers, exports, changes of roles, deletions.

/// Something that was done and is noted for good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Event {
    /// Somebody of the staff signed in.
    SignedIn,
    /// A sign-in that failed, for an account that exists.
    SignInFailed,
    /// Somebody signed out everywhere else.
    SignedOutEverywhere,
    /// A password was changed by its owner.
    PasswordChanged,
    /// A password was set through an administrator's link.
    PasswordReset,
    /// An administrator made a link to set a new password.
    ResetLinkMade,
    /// Somebody turned her second step on.
    SecondStepOn,
    /// Somebody turned her second step off.
    SecondStepOff,
    /// A wrong code after a right password.
    SecondStepFailed,
    /// Somebody signed in with a recovery code.
    RecoveryCodeUsed,
    /// Somebody made new recovery codes.
    RecoveryCodesRenewed,
    /// An administrator took somebody's second step away.
    SecondStepRemoved,
    /// Everybody of the staff must have a second step, or need no longer.
    SecondStepRequired,
    /// An invitation was made.
    Invited,
    /// An invitation was taken back.
    InvitationWithdrawn,
    /// An invitation was accepted.
    InvitationAccepted,
    /// The first administrator was set up.
    SetUp,
    /// Somebody became an administrator, or is one no longer.
    AdministratorChanged,
    /// Somebody may make cohorts, or may no longer.
    EducatorChanged,
    /// Somebody can no longer come in.
    StaffDisabled,
    /// Somebody can come in again.
    StaffEnabled,
    /// Somebody was given a role in a cohort.
    MembershipGiven,
    /// An administrator gave herself a role in a cohort.
    AppointedOneself,
    /// Somebody's role in a cohort ended.
    MembershipEnded,
    /// A cohort was made.
    CohortMade,
    /// A cohort was given another name.
    CohortRenamed,
    /// A cohort was archived.
    CohortArchived,
    /// A cohort was opened again.
    CohortReopened,
    /// A new join code closed the old one.
    CodeRenewed,
    /// Seats were added from a list.
    RosterImported,
    /// A personal link was made for a seat.
    SeatLinkMade,
    /// A nurse took her seat.
    SeatClaimed,
    /// A nurse who came by code was confirmed.
    SeatConfirmed,
    /// Two seats were found to be one nurse's.
    SeatsMerged,
    /// The name of a seat was changed.
    SeatRenamed,
    /// A nurse was removed from a cohort.
    SeatRemoved,
    /// A nurse left a cohort.
    SeatLeft,
    /// A scenario was assigned.
    Assigned,
    /// An assignment was taken back.
    AssignmentWithdrawn,
    /// A named nurse's page or transcript was looked at.
    TranscriptViewed,
    /// Answers were exported.
    Exported,
    /// A nurse's own words were marked.
    Marked,
    /// A comment was released to the nurse.
    Commented,
    /// A nurse deleted everything that is hers.
    Erased,
    /// Own words were taken away because their time had come.
    WordsExpired,
    /// A local text was changed.
    PolicyChanged,
    /// How long things are kept was changed.
    RetentionChanged,
    /// Words were sent although something in them looks like a real person's details.
    SentAnyway,
    /// Words of assigned work were blacked out.
    BlackedOut,
    /// Own words of a nurse were shown on a page about a whole group.
    WordsShown,
    /// What was kept long enough went.
    Lapsed,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 51] = [
        Self::SignedIn,
        Self::SignInFailed,
        Self::SignedOutEverywhere,
        Self::PasswordChanged,
        Self::PasswordReset,
        Self::ResetLinkMade,
        Self::SecondStepOn,
        Self::SecondStepOff,
        Self::SecondStepFailed,
        Self::RecoveryCodeUsed,
        Self::RecoveryCodesRenewed,
        Self::SecondStepRemoved,
        Self::SecondStepRequired,
        Self::Invited,
        Self::InvitationWithdrawn,
        Self::InvitationAccepted,
        Self::SetUp,
        Self::AdministratorChanged,
        Self::EducatorChanged,
        Self::StaffDisabled,
        Self::StaffEnabled,
        Self::MembershipGiven,
        Self::AppointedOneself,
        Self::MembershipEnded,
        Self::CohortMade,
        Self::CohortRenamed,
        Self::CohortArchived,
        Self::CohortReopened,
        Self::CodeRenewed,
        Self::RosterImported,
        Self::SeatLinkMade,
        Self::SeatClaimed,
        Self::SeatConfirmed,
        Self::SeatsMerged,
        Self::SeatRenamed,
        Self::SeatRemoved,
        Self::SeatLeft,
        Self::Assigned,
        Self::AssignmentWithdrawn,
        Self::TranscriptViewed,
        Self::Exported,
        Self::Marked,
        Self::Commented,
        Self::Erased,
        Self::WordsExpired,
        Self::PolicyChanged,
        Self::RetentionChanged,
        Self::SentAnyway,
        Self::BlackedOut,
        Self::WordsShown,
        Self::Lapsed,
    ];

    /// As it is stored.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignedOutEverywhere => "signed-out-everywhere",
            Self::PasswordChanged => "password-changed",
            Self::PasswordReset => "password-reset",
            Self::ResetLinkMade => "reset-link-made",
            Self::SecondStepOn => "second-step-on",
            Self::SecondStepOff => "second-step-off",
            Self::SecondStepFailed => "second-step-failed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::RecoveryCodesRenewed => "recovery-codes-renewed",
            Self::SecondStepRemoved => "second-step-removed",
            Self::SecondStepRequired => "second-step-required",
            Self::Invited => "invited",
            Self::InvitationWithdrawn => "invitation-withdrawn",
            Self::InvitationAccepted => "invitation-accepted",
            Self::SetUp => "set-up",
            Self::AdministratorChanged => "administrator-changed",
            Self::EducatorChanged => "educator-changed",
            Self::StaffDisabled => "staff-disabled",
            Self::StaffEnabled => "staff-enabled",
            Self::MembershipGiven => "membership-given",
            Self::AppointedOneself => "appointed-oneself",
            Self::MembershipEnded => "membership-ended",
            Self::CohortMade => "cohort-made",
            Self::CohortRenamed => "cohort-renamed",
            Self::CohortArchived => "cohort-archived",
            Self::CohortReopened => "cohort-reopened",
            Self::CodeRenewed => "code-renewed",
            Self::RosterImported => "roster-imported",
            Self::SeatLinkMade => "seat-link-made",
            Self::SeatClaimed => "seat-claimed",
            Self::SeatConfirmed => "seat-confirmed",
            Self::SeatsMerged => "seats-merged",
            Self::SeatRenamed => "seat-renamed",
            Self::SeatRemoved => "seat-removed",
            Self::SeatLeft => "seat-left",
            Self::Assigned => "assigned",
            Self::AssignmentWithdrawn => "assignment-withdrawn",
            Self::TranscriptViewed => "transcript-viewed",
            Self::Exported => "exported",
            Self::Marked => "marked",
            Self::Commented => "commented",
            Self::Erased => "erased",
            Self::WordsExpired => "words-expired",
            Self::PolicyChanged => "policy-changed",
            Self::RetentionChanged => "retention-changed",
            Self::SentAnyway => "sent-anyway",
            Self::BlackedOut => "blacked-out",
            Self::WordsShown => "words-shown",
            Self::Lapsed => "lapsed",
        }
    }

    /// The event stored under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.stored() == text)
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Actor<'a> {
    /// Somebody of the staff, by id.
    Staff(&'a str),
    /// A nurse, by id.
    Nurse(&'a str),
    /// Someone who is not signed in.
    Stranger,
    /// The program itself, by its rules.
    Program,
}

impl<'a> Actor<'a> {
    /// As it is stored: kind and id.
    #[must_use]
    pub const fn stored(self) -> (&'static str, Option<&'a str>) {
        match self {
            Self::Staff(id) => ("staff", Some(id)),
            Self::Nurse(id) => ("nurse", Some(id)),
            Self::Stranger => ("stranger", None),
            Self::Program => ("program", None),
        }
    }
}

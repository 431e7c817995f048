//! Questions about people, sessions, codes and the audit log that the database answers.

mod ahead;
mod arrivals;
mod audit;
mod keeping;
mod links;
mod nurses;
mod people;
mod record;
mod second_steps;
mod sessions;
mod staff;
mod trial;
mod tries;

pub use ahead::bring_back;
pub use arrivals::{
    delete_half_session, forget_devices, forget_devices_of, forget_half_sessions, half_session,
    hold_half_session, insert_half_session, known_at, known_at_of, put_device, rename_device,
};
pub use audit::{AuditEntry, AuditRow, audit_page, note, seat_links_by};
pub use keeping::{
    belief, claim_keeping, delete_unused_nurses, keeping, keeping_swept_at, nurses_due, put_belief,
    put_keeping, put_keeping_swept_at, release_keeping,
};
pub use links::{
    NewLink, forget_links, insert_link, open_invitations, open_link, open_set_up_link, use_link,
    withdraw_invitation, withdraw_links_by, withdraw_links_of_administrator, withdraw_resets_for,
    withdraw_set_up_links,
};
pub use nurses::{
    CodeGiven, comes_back, delete_nurse, hold_nurse, insert_nurse, installation, put_return_code,
    set_return_code,
};
pub use people::{
    Credentials, administrators, comes_in, credentials, delete_membership, hold_person, memberships,
    one_change_of_roles_at_a_time, password_hash, people, person, set_disabled, set_name, set_password,
    set_rights,
};
pub use record::{concerning_all, noted_in_cohort, of_nurse};
pub use second_steps::{
    SecondStep, codes_made_between, delete_second_step, has_recovery_code, insert_second_step,
    put_recovery_codes, recovery_codes_left, require_second_step, second_step, second_step_required,
    use_recovery_code, use_step, with_second_step,
};
pub use sessions::{
    OwnSession, SessionRow, delete_other_sessions, delete_session, delete_sessions_of_staff, forget_sessions,
    insert_session, insert_staff_session, is_still_in, seen, session, session_at, sessions_of_staff,
    set_own_device, staff_seen,
};
pub use staff::{
    NewStaff, educators_of, insert_membership, insert_staff, memberships_of, roles, staff_names,
};
pub use trial::try_out;
pub use tries::{clear_tries, count_try, forget_tries, forget_try, tries_counted};

//! Questions about people, sessions, codes and the audit log that the database answers.

mod audit;
mod keeping;
mod nurses;
mod sessions;
mod staff;
mod tries;

pub use audit::{AuditEntry, note, noted_since};
pub use keeping::{
    delete_unused_nurses, keeping, keeping_swept_at, nurses_due, put_keeping, put_keeping_swept_at,
};
pub use nurses::{
    CodeGiven, delete_nurse, insert_nurse, installation, nurse_by_return_code, set_return_code,
};
pub use sessions::{
    SessionRow, delete_session, forget_sessions, insert_session, insert_staff_session, seen, session,
    set_own_device, staff_seen,
};
pub use staff::{NewStaff, insert_membership, insert_staff, roles, staff_name};
pub use tries::{count_try, forget_tries, forget_try};

//! What people type to come in: join codes, return codes, e-mail addresses, and addresses to go on to.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warmly::accounts::ReturnCode;
use warmly::accounts::credentials::Email;
use warmly::cohorts::code::JoinCode;
use warmly::web::form::LocalPath;

fuzz_target!(|typed: &str| {
    if let Ok(code) = JoinCode::read(typed) {
        assert_eq!(code.joined().len(), 6);
        assert!(JoinCode::read(&code.shown()) == Ok(code), "what is shown can be typed");
    }
    if let Some(code) = ReturnCode::read(typed) {
        assert!(ReturnCode::read(code.shown()) == Some(code), "what is shown can be typed");
    }
    if let Some(email) = Email::read(typed) {
        assert_eq!(Email::read(email.as_str()), Some(email), "one address has one spelling");
    }
    if let Some(path) = LocalPath::read(typed) {
        assert!(path.as_str().starts_with('/') && !path.as_str().starts_with("//"));
        assert!(!path.as_str().contains('\\'));
    }
});

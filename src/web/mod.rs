//! What every page needs, whichever part of the product it belongs to.

pub mod again;
pub mod assets;
pub mod cookies;
pub mod dress;
pub mod error;
pub mod form;
pub mod headers;
pub mod metrics;
pub mod origin;
pub mod page;
pub mod qr;
pub mod refusal;
pub mod room;
pub mod route;
pub mod serve;
pub mod session;
pub mod table;

pub use error::{Error, Result};
pub use page::{Frame, show, show_as, to};

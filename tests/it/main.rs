//! What people can do with the app, tested through its real forms and links, on either database.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can’t go on stops, and a journey is told in one piece"
)]

mod accounts;
mod answers;
mod app;
mod bad_input;
mod cast;
mod check;
mod comments;
mod completion;
mod db;
mod exports;
mod help;
mod keeping;
mod layout;
mod map;
mod marking;
mod matrix;
mod migrations;
mod overview;
mod page;
mod pages;
mod policy;
mod practice;
mod recording;
mod replay;
mod review;
mod routes;
mod rubric;
mod rules;
mod scenarios;
mod secrecy;
mod start_up;
mod transcript;

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
mod assigned;
mod assignments;
mod asvs;
mod at_once;
mod away;
mod backup;
mod bad_input;
mod blacking;
mod cast;
mod catalogue;
mod check;
mod cohorts;
mod comments;
mod completion;
mod credentials;
mod db;
mod demo;
mod details;
mod devices;
mod ended;
mod exports;
mod guard;
mod help;
mod her_record;
mod holes;
mod joining;
mod keeping;
mod layout;
mod looked;
mod malformed;
mod map;
mod marking;
mod matrix;
mod meanwhile;
mod memory;
mod migrations;
mod noted;
mod overview;
mod page;
mod pages;
mod payloads;
mod peers;
mod people;
mod policy;
mod practice;
mod preview;
mod processes;
mod promises;
mod recording;
mod replay;
mod review;
mod roles;
mod roster;
mod routes;
mod rubric;
mod rules;
mod safety;
mod scenarios;
mod second_factor;
mod secrecy;
mod sign_in;
mod simulation;
mod slow;
mod sound;
mod start_up;
mod statements;
mod tables;
mod tallies;
mod told_apart;
mod transcript;
mod upgrade;
mod watch;
mod weight;
mod writing;

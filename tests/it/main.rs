//! What people can do with the app, tested through its real forms and links, on either database.

mod accounts;
mod app;
mod bad_input;
mod check;
mod help;
mod migrations;
mod page;
mod pages;
mod practice;
mod recording;
mod replay;
mod routes;
mod rules;
mod scenarios;
mod secrecy;
mod start_up;

//! Scenario files, and the commands that read them.

mod axis;
mod calibrate;
mod commands;
mod difference;
mod errors;
mod experiment_file;
mod explain;
mod futures;
mod inheritance;
mod messages;
mod overrides;
mod resolved;
mod timeline;
mod warnings;

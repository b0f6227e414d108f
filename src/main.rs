//! The `portflow` command.

fn main() {}

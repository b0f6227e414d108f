//! Every command that simulates: on one thread, on two, and killed and resumed.

use super::same_bytes_on_threads_and_resumed;
use crate::tools::Files;
use crate::tools::three::{OBSERVED, THREE};

/// One number is uncertain.
const FUTURES: &str = "[futures.\"world.groups.all.arrivals.per_day\"]
low = 5
high = 15
source = \"assumed\"
";

const DRAWS: &str = "draw,weight,world.groups.all.arrivals.per_day
1,0.25,8
2,0.25,9.5
3,0.5,12
";

/// Commands but `compare --best`, each of so many tasks that it can be killed on the way, and how many it has recorded then.
const COMMANDS: [(&str, usize); 9] = [
    ("run a.toml -r 80", 20),
    ("run a.toml -r 20 --futures 4", 20),
    ("run a.toml -r 30 --posterior p.csv", 20),
    ("compare a.toml b.toml c.toml -r 10", 10),
    (
        "compare a.toml b.toml --futures 4 -r 10 --objective irregular_encounters:min",
        20,
    ),
    (
        "sweep a.toml --set policy.app.random_share=0..1:3 -r 40",
        50,
    ),
    (
        "sensitivity a.toml --set policy.app.random_share=0..1 --set world.groups.all.weights.irregular=0.2..0.8 --points 10 -r 4",
        50,
    ),
    ("validate a.toml -r 80", 20),
    ("validate a.toml -r 30 --posterior p.csv", 20),
];

#[test]
fn neither_threads_nor_a_kill_and_a_resume_show_in_any_byte_of_any_command() {
    let base = format!("{THREE}{FUTURES}");
    let slower = "extends = \"a.toml\"\nworld.irregular.preparation = { family = \"exponential\", mean_days = 1 }\n";
    let fewer = "extends = \"a.toml\"\nworld.groups.all.weights.irregular = 0.25\n";
    let files = Files::new(&[
        ("a.toml", &base),
        ("b.toml", slower),
        ("c.toml", fewer),
        ("observed.csv", OBSERVED),
        ("p.csv", DRAWS),
    ]);
    for (command, records) in COMMANDS {
        let command: Vec<&str> = command.split(' ').collect();
        same_bytes_on_threads_and_resumed(files.0.path(), &command, records);
    }
}

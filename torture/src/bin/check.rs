//! Checks histories that were kept: `cargo run -p hearth-torture --bin check -- FILE…`

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use hearth_torture::figures::Figures;
use hearth_torture::{checker, history};

fn main() -> Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in std::env::args().skip(1) {
        let lines = history::read(Path::new(&file))?;
        let wrong = checker::check(&lines);
        println!("{file}: {} lines\n{}", lines.len(), Figures::of(&lines));
        for one in &wrong {
            println!("{one}");
        }
        if !wrong.is_empty() {
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

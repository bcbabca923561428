//! Starts the command line; everything else is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    bank::cli::main()
}

//! Starts the command line; everything else is in the library beside it.

use std::process::ExitCode;

/// Batches of a megabyte go from thread to thread. The system's allocator asks the kernel for each and gives each
/// back, which stops all threads for a moment; this one keeps them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bank::cli::main()
}

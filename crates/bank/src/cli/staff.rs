//! `yuanhang staff`.

use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use contracts::identity::Role;

use super::books::open;
use super::{Outcome, Place};

/// The bank's people.
#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Print a code with which somebody registers a passkey at the console: the first administrator of a bank, or one
    /// who lost the passkey. The bank must not be serving from this data directory.
    Enroll(Enroll),
}

/// Who is enrolled.
#[derive(Debug, Args)]
pub(super) struct Enroll {
    /// The staff name: 2 to 40 of `a-z 0-9 . _ -`, beginning with a letter. Whoever has it loses their passkeys and
    /// sessions.
    name: String,
    /// What they may do.
    #[arg(long)]
    role: RoleName,
}

/// A role as it is typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleName {
    Viewer,
    Operator,
    Administrator,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Viewer => Self::Viewer,
            RoleName::Operator => Self::Operator,
            RoleName::Administrator => Self::Administrator,
        }
    }
}

impl StaffCommand {
    pub(super) async fn run(&self, place: &Place) -> Outcome {
        let Self::Enroll(Enroll { name, role }) = self;
        let bank = open(place).await?;
        let given = bank.books()?.identity.enroll_staff(name, (*role).into()).await;
        bank.close().await;
        let refused =
            || format!("`{name}` is no staff name: 2 to 40 of a-z 0-9 . _ -, beginning with a letter");
        let given = given?.ok_or_else(refused)?;
        println!("staff       {}", name.trim().to_ascii_lowercase());
        println!("code        {}", given.code.expose());
        println!("good until  {:.0}", given.expires_at);
        println!(
            "Open /console, choose 首次登录 (first sign-in), and enter both. The code is not shown again."
        );
        Ok(ExitCode::SUCCESS)
    }
}

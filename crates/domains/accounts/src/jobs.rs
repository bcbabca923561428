//! What accounts do by themselves: finish what a crash cut off.

use std::sync::Arc;
use std::time::Duration;

use runtime::Loop;

use crate::service::DepositAccounts;

/// How often it is looked for.
const PAUSE: Duration = Duration::from_secs(5);
/// What is younger is still being worked on.
const OLDER_THAN: Duration = Duration::from_secs(10);

/// Finishes openings and changes of state that were cut off.
pub(crate) fn finish(accounts: &Arc<DepositAccounts>) -> Loop {
    let accounts = Arc::clone(accounts);
    Loop::every_in_one("accounts.finish", PAUSE, move || {
        let accounts = Arc::clone(&accounts);
        Box::pin(async move {
            let finished = async {
                accounts.finish_openings(OLDER_THAN).await?;
                accounts.finish_changes(OLDER_THAN).await
            };
            finished.await.map_err(|refused| refused.to_string())
        })
    })
}

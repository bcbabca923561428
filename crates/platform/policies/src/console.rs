//! Routes for staff: the policies in force, and what changed ones would do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{Access, Body, Problem, ProblemBody, Routes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::matrix::{KINDS, whos_of};
use crate::{Change, Effect, Fault, File, Group, InForce, May, Policy, PolicySet, Who, changes};

/// The routes of the console's page of policies; they are the gateway's, of which each bank has one.
#[must_use]
pub fn routes(in_force: Arc<InForce>) -> Routes {
    Routes::of(in_force)
        .add(Access::Staff, http::routes!(show))
        .add(Access::Staff, http::routes!(trial))
        .finish()
}

/// The policies in force.
#[derive(Serialize, ToSchema)]
struct PoliciesView {
    /// Whether they come from a folder of the bank; they are built in otherwise.
    from_folder: bool,
    /// Since when they are in force, RFC 3339.
    since: String,
    /// Why what lies in the folder now is not in force instead; empty where it is.
    faults: Vec<FaultView>,
    /// What can be done, group by group.
    groups: Vec<GroupView>,
    /// Who may do it, kind by kind.
    table: Vec<RowView>,
    /// The policies, in order of files and lines.
    policies: Vec<PolicyView>,
    /// The files they stand in, and the one of their cases.
    files: Vec<FileView>,
}

/// Something wrong in a file.
#[derive(Serialize, ToSchema)]
struct FaultView {
    /// The file.
    file: String,
    /// The line, from 1; absent where the whole file is meant.
    line: Option<usize>,
    /// What is wrong.
    what: String,
    /// What to do about it; may be empty.
    help: String,
}

/// A group of actions.
#[derive(Serialize, ToSchema)]
struct GroupView {
    /// Its id: `console_look`.
    id: String,
    /// What it is, in Chinese.
    says: String,
    /// What it is, in English.
    says_en: String,
    /// Who does it: `customer`, `staff` or `third_party`.
    asked_by: &'static str,
    /// The operation ids in it, sorted.
    actions: Vec<String>,
}

/// What one kind of principal may do.
#[derive(Serialize, ToSchema)]
struct RowView {
    /// `customer`, a role, or a scope of third parties.
    kind: &'static str,
    /// One for each group, in their order.
    cells: Vec<CellView>,
}

/// What one kind of principal may do of one group.
#[derive(Serialize, ToSchema)]
struct CellView {
    /// Which group.
    group: String,
    /// How much of it.
    extent: Extent,
    /// What of it may be done at least sometimes, sorted.
    allowed: Vec<String>,
    /// What of it may be done only once another member of staff has countersigned it, sorted.
    countersigned: Vec<String>,
}

/// How much may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Extent {
    /// All of it, through every channel and with every assurance, be it countersigned.
    All,
    /// A part, or only through some channels or with some assurances.
    Some,
    /// Nothing.
    None,
}

/// A policy.
#[derive(Serialize, ToSchema)]
struct PolicyView {
    /// Its id.
    id: String,
    /// Whether it forbids; it allows otherwise.
    forbids: bool,
    /// What it says, in Chinese.
    says: String,
    /// What it says, in English; may be empty.
    says_en: String,
    /// The file it stands in.
    file: String,
    /// The line it begins in, from 1.
    line: usize,
}

/// A file.
#[derive(Serialize, ToSchema)]
struct FileView {
    /// Its name.
    name: String,
    /// What stands in it.
    text: String,
}

/// A file to be tried in the place of the one of its name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrialOrder {
    /// Its name, `staff.cedar`; a new one stands beside the others.
    name: String,
    /// What would stand in it.
    text: String,
}

/// What a changed file would do.
#[derive(Serialize, ToSchema)]
struct TrialView {
    /// Why it would be refused; empty where it would not.
    faults: Vec<FaultView>,
    /// What would change, where it would not be refused.
    changes: Vec<ChangeView>,
}

/// Something that would change.
#[derive(Serialize, ToSchema)]
struct ChangeView {
    /// For whom: `customer`, a role, or a scope of third parties.
    kind: &'static str,
    /// What: an operation id.
    action: String,
    /// The group it is in.
    group: String,
    /// What it would become.
    becomes: Becomes,
    /// Through which channels and with which assurance (1 to 3); empty: always.
    only: Vec<WhenView>,
}

/// Whether something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Becomes {
    /// It may.
    Allowed,
    /// It may once another member of staff has countersigned it.
    Countersigned,
    /// It may not.
    Denied,
}

impl From<May> for Becomes {
    fn from(may: May) -> Self {
        match may {
            May::Yes => Self::Allowed,
            May::Countersigned => Self::Countersigned,
            May::No => Self::Denied,
        }
    }
}

/// A channel and an assurance.
#[derive(Serialize, ToSchema)]
struct WhenView {
    /// `app`, `web`, `mini_program`, `phone`, `branch`, `open_api`, `console`.
    channel: &'static str,
    /// 1 one factor, 2 two factors, 3 two of which one is a bound device.
    assurance: i64,
}

#[utoipa::path(get, path = "/api/gateway/console/policies", tag = "gateway",
    operation_id = "gateway_console_policies",
    responses((status = 200, body = PoliciesView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
async fn show(State(in_force): State<Arc<InForce>>) -> Json<PoliciesView> {
    let standing = in_force.standing();
    let set = &*standing.set;
    let groups = set.schema().groups();
    let files = set.files().policies.iter().chain(&set.files().cases);
    Json(PoliciesView {
        from_folder: in_force.folder().is_some(),
        since: standing.since.to_string(),
        faults: standing.refused.iter().flat_map(|faults| &faults.0).map(FaultView::from).collect(),
        groups: groups.iter().map(GroupView::from).collect(),
        table: KINDS.map(|kind| row(Who::of(kind), groups, set)).into(),
        policies: set.policies().iter().map(PolicyView::from).collect(),
        files: files.map(|File { name, text }| FileView { name: name.clone(), text: text.clone() }).collect(),
    })
}

#[utoipa::path(post, path = "/api/gateway/console/policies/trial", tag = "gateway",
    operation_id = "gateway_console_policies_trial", request_body = TrialOrder,
    responses((status = 200, body = TrialView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn trial(
    State(in_force): State<Arc<InForce>>,
    Body(order): Body<TrialOrder>,
) -> Result<Json<TrialView>, Problem> {
    let TrialOrder { name, text } = order;
    if !(name.ends_with(".cedar") || name == crate::files::CASES) {
        let words = ("文件名须以 .cedar 结尾。", "The name of the file must end with .cedar.");
        return Err(http::Consequence::invalid_field("name", words.0, words.1).into());
    }
    let before = in_force.standing().set;
    let files = before.files().clone().with(File { name, text });
    Ok(Json(match PolicySet::try_new(files) {
        Ok(after) => {
            let changes = changes(&before, &after);
            let view = |change| ChangeView::of(change, &before);
            TrialView { faults: Vec::new(), changes: changes.into_iter().map(view).collect() }
        }
        Err(faults) => {
            TrialView { faults: faults.0.iter().map(FaultView::from).collect(), changes: Vec::new() }
        }
    }))
}

fn row(who: Who, groups: &[Group], set: &PolicySet) -> RowView {
    RowView { kind: who.kind.word(), cells: groups.iter().map(|group| cell(who, group, set)).collect() }
}

fn cell(who: Who, group: &Group, set: &PolicySet) -> CellView {
    let whos = whos_of(who.kind);
    let (mut allowed, mut countersigned, mut everything) = (Vec::new(), Vec::new(), true);
    for action in &group.actions {
        let answers: Vec<May> = whos.iter().map(|who| who.may(action, set)).collect();
        everything &= answers.iter().all(|may| *may != May::No);
        match answers.into_iter().max() {
            Some(May::Yes) => allowed.push(action.clone()),
            Some(May::Countersigned) => countersigned.push(action.clone()),
            Some(May::No) | None => {}
        }
    }
    let extent = match (allowed.is_empty() && countersigned.is_empty(), everything) {
        (true, _) => Extent::None,
        (false, true) => Extent::All,
        (false, false) => Extent::Some,
    };
    CellView { group: group.id.clone(), extent, allowed, countersigned }
}

impl ChangeView {
    fn of(change: Change, set: &PolicySet) -> Self {
        let group = set.schema().group_of(&change.action).map(|group| group.id.clone()).unwrap_or_default();
        let when = |who: &Who| WhenView { channel: who.channel_name(), assurance: who.level() };
        let only = if change.for_all { Vec::new() } else { change.whos.iter().map(when).collect() };
        Self { kind: change.kind, action: change.action, group, becomes: change.may.into(), only }
    }
}

impl From<&Fault> for FaultView {
    fn from(fault: &Fault) -> Self {
        let Fault { file, line, what, help } = fault.clone();
        Self { file, line, what, help }
    }
}

impl From<&Group> for GroupView {
    fn from(group: &Group) -> Self {
        let Group { id, says, says_en, asked_by, actions } = group.clone();
        let asked_by = match asked_by {
            Access::Staff => "staff",
            Access::ThirdParty => "third_party",
            Access::Customer | Access::Public => "customer",
        };
        Self { id, says, says_en, asked_by, actions }
    }
}

impl From<&Policy> for PolicyView {
    fn from(policy: &Policy) -> Self {
        let Policy { id, effect, says, says_en, file, line, .. } = policy.clone();
        Self { id: id.to_string(), forbids: effect == Effect::Forbid, says, says_en, file, line }
    }
}

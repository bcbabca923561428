//! The words of policies: kinds of principals, actions and their groups.

use std::collections::BTreeSet;

use cedar_policy::{EntityId, EntityUid, SchemaFragment};
use http::Access;

use crate::fault::all_told;
use crate::{Fault, Faults};

/// The file of the schema.
const FILE: &str = "bank.cedarschema";

/// A group of actions: what routes do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id: `console_look`.
    pub id: String,
    /// What it is, in Chinese.
    pub says: String,
    /// What it is, in English.
    pub says_en: String,
    /// Who does it.
    pub asked_by: Access,
    /// The operation ids in it, sorted, at least one.
    pub actions: Vec<String>,
}

/// The schema, and what it says of actions.
pub struct Schema {
    pub(crate) cedar: cedar_policy::Schema,
    /// In the order of the file.
    pub(crate) groups: Vec<Group>,
}

impl Schema {
    /// The one of the product.
    ///
    /// # Errors
    /// It does not parse, or a group has no words, or an action no group.
    pub fn embedded() -> Result<Self, Faults> {
        Self::parse(include_str!("../../../../config/policies/bank.cedarschema"))
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Faults> {
        let parsed =
            SchemaFragment::from_cedarschema_str(text).map_err(|error| all_told(FILE, text, &error))?;
        // Cedar itself warns of nothing in ours that its policies could not be told of.
        let (fragment, _) = parsed;
        let words = |id: &str, name: &str| {
            fragment.action_annotation(None, &EntityId::new(id), name).unwrap_or_default().to_owned()
        };
        let cedar = cedar_policy::Schema::from_schema_fragments([fragment.clone()])
            .map_err(|error| all_told(FILE, text, &error))?;
        let mut groups = groups_of(&cedar)?;
        for group in &mut groups {
            (group.says, group.says_en) = (words(&group.id, "says"), words(&group.id, "says_en"));
        }
        groups.sort_by_key(|group| text.find(&format!("action {};", group.id)));
        let schema = Self { cedar, groups };
        let faults = schema.faults();
        if faults.is_empty() { Ok(schema) } else { Err(Faults(faults)) }
    }

    fn faults(&self) -> Vec<Fault> {
        let mute = self.groups.iter().filter(|group| group.says.is_empty() || group.says_en.is_empty());
        let mut faults: Vec<Fault> = mute
            .map(|group| {
                let help = "write `@says` and `@says_en` before it";
                Fault::of_file(FILE, format!("the group `{}` has no words", group.id), help)
            })
            .collect();
        let grouped: BTreeSet<&str> = self.actions().collect();
        for action in self.cedar.actions().map(id_of) {
            if !grouped.contains(action) && self.group(action).is_none() {
                let help = "write `in [group]` behind it";
                faults.push(Fault::of_file(FILE, format!("`{action}` is in no group"), help));
            }
        }
        faults
    }

    /// Every group, in the order of the file.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of this id.
    #[must_use]
    pub fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The group in which an operation is.
    #[must_use]
    pub fn group_of(&self, action: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.actions.iter().any(|one| one == action))
    }

    /// Every operation id, group by group.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().flat_map(|group| &group.actions).map(String::as_str)
    }
}

/// The groups that actions are in, without their words.
fn groups_of(schema: &cedar_policy::Schema) -> Result<Vec<Group>, Faults> {
    let entities = schema.action_entities().map_err(|error| all_told(FILE, "", &error))?;
    let groups = schema.action_groups().map(|group| {
        let mut actions: Vec<String> = schema
            .actions()
            .filter(|action| *action != group && entities.is_ancestor_of(group, action))
            .map(|action| id_of(action).to_owned())
            .collect();
        actions.sort();
        let principal = schema
            .actions()
            .find(|action| actions.iter().any(|one| one == id_of(action)))
            .and_then(|action| schema.principals_for_action(action)?.next());
        let asked_by = match principal.map(|principal| principal.basename()) {
            Some("Staff") => Access::Staff,
            Some("ThirdParty") => Access::ThirdParty,
            _ => Access::Customer,
        };
        let id = id_of(group).to_owned();
        Group { id, says: String::new(), says_en: String::new(), asked_by, actions }
    });
    Ok(groups.collect())
}

/// The id of an action as a route bears it.
pub(crate) fn id_of(action: &EntityUid) -> &str {
    action.id().unescaped()
}

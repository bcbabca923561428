//! The list of a domain's routes: handler, description and access travel together.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::openapi::path::{PathItem, Paths};
use utoipa::openapi::{ComponentsBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::UtoipaMethodRouter;

use crate::access::{Gate, enforce, govern};
use crate::described::{self, Undescribed};
use crate::{Access, Authority, Check, Countersigning, Watch, answers};

/// One route of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// As axum and OpenAPI write it: `/api/accounts/{id}`.
    pub path: String,
    /// Who may enter.
    pub access: Access,
    /// What it does: its operation id. Empty where it has none; such a route is denied to all but the public.
    pub action: String,
}

/// Finished routes of one domain, or of several merged.
pub struct Routes {
    router: Router,
    entries: Vec<Entry>,
    openapi: OpenApi,
    undescribed: Vec<Undescribed>,
}

/// Routes being listed, whose handlers share the state `S`.
pub struct RoutesOf<S> {
    router: Router<S>,
    entries: Vec<Entry>,
    openapi: OpenApi,
    undescribed: Vec<Undescribed>,
    state: S,
    /// Below whose `/api/<service>` they stand.
    service: Option<&'static str>,
}

impl Routes {
    /// No routes.
    #[must_use]
    pub fn none() -> Self {
        let openapi = OpenApiBuilder::new().build();
        Self { router: Router::new(), entries: Vec::new(), openapi, undescribed: Vec::new() }
    }

    /// Begins a list whose handlers take `State<S>`.
    #[must_use]
    pub fn of<S: Clone + Send + Sync + 'static>(state: S) -> RoutesOf<S> {
        let openapi = OpenApiBuilder::new().build();
        let (router, entries, undescribed) = (Router::new(), Vec::new(), Vec::new());
        RoutesOf { router, entries, openapi, undescribed, state, service: None }
    }

    /// Begins a list of routes that several services have in the same way: the paths of its handlers are written
    /// without `/api/<service>`, and their operations are named and tagged after the service.
    #[must_use]
    pub fn of_service<S: Clone + Send + Sync + 'static>(service: &'static str, state: S) -> RoutesOf<S> {
        RoutesOf { service: Some(service), ..Self::of(state) }
    }

    /// Adds another domain's routes.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.entries.extend(other.entries);
        self.undescribed.extend(other.undescribed);
        self.openapi.merge(other.openapi);
        self.router = self.router.merge(other.router);
        self
    }

    /// Every route, in the order of listing.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The description of every route (OpenAPI 3.1).
    #[must_use]
    pub const fn openapi(&self) -> &OpenApi {
        &self.openapi
    }

    /// That each operation is described so that its requests can be checked. One that is not takes none.
    ///
    /// # Errors
    /// [`Undescribed`]: the first that is not.
    pub fn check_described(&self) -> Result<(), Undescribed> {
        self.undescribed.first().map_or(Ok(()), |undescribed| Err(undescribed.clone()))
    }

    /// What staff and third parties ask of these routes is told to the audit record before they are answered.
    #[must_use]
    pub fn watched(mut self, watch: Watch) -> Self {
        self.router = watch.over(self.router);
        self
    }

    /// What takes two pairs of eyes is countersigned there. Without it, that is refused.
    #[must_use]
    pub fn countersigned(mut self, countersigning: Countersigning) -> Self {
        self.router = countersigning.over(self.router);
        self
    }

    /// `authority` decides who may do what. Without one, everything is denied that is not public.
    #[must_use]
    pub fn governed(mut self, authority: Arc<dyn Authority>) -> Self {
        self.router = govern(self.router, authority);
        self
    }

    /// The routes as a service; the checks of [`Access`] are inside.
    pub fn into_router(self) -> Router {
        self.router
    }
}

impl<S: Clone + Send + Sync + 'static> RoutesOf<S> {
    /// Lists handlers of one path under one access: `.add(Access::Customer, http::routes!(show, change))`.
    #[must_use]
    pub fn add(self, access: Access, handlers: UtoipaMethodRouter<S>) -> Self {
        self.list(access, None, handlers)
    }

    /// The same, where `check` sees what is wrong with a body before anybody is asked to countersign it.
    #[must_use]
    pub fn add_checked(self, access: Access, check: Check, handlers: UtoipaMethodRouter<S>) -> Self {
        self.list(access, Some(check), handlers)
    }

    fn list(
        mut self,
        access: Access,
        check: Option<Check>,
        (schemas, mut paths, handlers): UtoipaMethodRouter<S>,
    ) -> Self {
        if let Some(service) = self.service {
            move_below(service, &mut paths);
        }
        let openapi = answers::described(description(schemas, paths));
        for (path, item) in &openapi.paths.paths {
            let actions: Arc<[_]> = operations(item).collect();
            let entry = |(method, action): &(&'static str, String)| Entry {
                method,
                path: path.clone(),
                access,
                action: action.clone(),
            };
            self.entries.extend(actions.iter().map(entry));
            let described = described::compile(&openapi, path).map(Arc::from);
            let described = described.map_err(|undescribed| self.undescribed.push(undescribed)).ok();
            let gate = from_fn_with_state(Gate { access, actions, check, described }, enforce);
            self.router = self.router.route(path, handlers.clone().layer(gate));
        }
        self.openapi.merge(openapi);
        self
    }

    /// The list is complete.
    #[must_use]
    pub fn finish(self) -> Routes {
        let router = self.router.with_state(self.state);
        Routes { router, entries: self.entries, openapi: self.openapi, undescribed: self.undescribed }
    }
}

fn move_below(service: &str, paths: &mut Paths) {
    for (path, mut item) in std::mem::take(&mut paths.paths) {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            operation.operation_id = operation.operation_id.as_ref().map(|id| format!("{service}_{id}"));
            operation.tags = Some(vec![service.to_owned()]);
        }
        paths.paths.insert(format!("/api/{service}{path}"), item);
    }
}

fn description(
    schemas: Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>,
    paths: Paths,
) -> OpenApi {
    let components =
        schemas.into_iter().fold(ComponentsBuilder::new(), |all, (name, schema)| all.schema(name, schema));
    OpenApiBuilder::new().paths(paths).components(Some(components.build())).build()
}

/// Methods with the operation ids of their handlers.
fn operations(item: &PathItem) -> impl Iterator<Item = (&'static str, String)> {
    let all = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| {
        let operation = operation.as_ref()?;
        Some((method, operation.operation_id.clone().unwrap_or_default()))
    })
}

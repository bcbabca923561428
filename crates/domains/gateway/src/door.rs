//! The layers of the door, from the outside in.

mod admission;
mod cross_site;
mod description;
mod far;
mod firewall;
mod guard;
mod limits;
pub(crate) mod maintenance;
mod normal;
mod observe;
mod possession;
mod profiles;
mod shedding;
mod visitor;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::future::BoxFuture;
use http::{Access, Entry, Lang, Routes};
use wire::Neighbor;

use crate::{Firewall, Gateway, Pages, Settings};

use admission::Admission;
pub(crate) use far::behind;
pub(crate) use maintenance::Maintenance;
pub(crate) use possession::Possession;

/// Names and reasons of services that cannot serve, found out when asked.
pub type Ailing = dyn Fn() -> BoxFuture<'static, Vec<(&'static str, String)>> + Send + Sync;

/// What operators ask of the process; given by the binary, which knows the house.
#[derive(Clone)]
pub struct Operations {
    /// Which services cannot serve; none when all can.
    pub ailing: Arc<Ailing>,
    /// All metrics in Prometheus text format.
    pub metrics: fn() -> String,
    /// Whether the books are generated for a demonstration: the pages say so.
    pub demonstration: bool,
}

/// The routes that belong to no domain.
pub(crate) const OWN: [&str; 5] = ["/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/about"];

/// Builds the door around `routes`; also returns the complete list of routes, its own included.
pub(crate) fn build(
    gateway: &Gateway,
    routes: Routes,
    neighbors: &[(&'static str, Arc<Neighbor>)],
    pages: Pages,
    operations: Operations,
) -> (Router, Vec<Entry>) {
    let settings = &*gateway.settings;
    let mut entries = routes.entries().to_vec();
    let public = |path: &str| Entry {
        method: "GET",
        path: path.to_owned(),
        access: Access::Public,
        action: String::new(),
    };
    entries.extend(OWN.map(public));
    let far: Vec<_> = neighbors.iter().map(|(service, _)| *service).collect();
    let admission = Admission::new(settings, Arc::clone(&gateway.maintenance), &entries, &far);
    let description = description::route(routes.openapi().clone(), neighbors);
    let router = routes
        .into_router()
        .merge(far::routes(neighbors))
        .merge(own(operations))
        .merge(description)
        .fallback(move |request: Request| {
            let pages = Arc::clone(&pages);
            async move { crate::pages::serve(&pages, request.method(), request.uri(), request.headers()) }
        })
        .method_not_allowed_fallback(async || http::Problem::from(http::Consequence::not_found()))
        .layer(from_fn_with_state(Arc::clone(&admission), admission::count))
        .layer(from_fn_with_state(Arc::clone(&gateway.identity), visitor::establish))
        .layer(from_fn_with_state(Arc::clone(&gateway.possession), possession::check))
        .layer(from_fn(cross_site::refuse))
        .layer(from_fn_with_state(wall(&gateway.firewall, settings), firewall::inspect))
        .layer(DefaultBodyLimit::max(settings.body_max_bytes))
        .layer(from_fn(normal::refuse))
        .layer(from_fn_with_state(admission, admission::admit))
        .layer(from_fn(speak))
        .layer(from_fn(guard::browser_headers))
        .layer(from_fn(observe::observe));
    (router, entries)
}

fn wall(firewall: &Arc<Firewall>, settings: &Settings) -> firewall::Wall {
    firewall::Wall { firewall: Arc::clone(firewall), body_max_bytes: settings.body_max_bytes }
}

/// The firewall alone in front of `router`: for whoever tries rules out.
pub(crate) fn walled(firewall: &Arc<Firewall>, settings: &Settings, router: Router) -> Router {
    router
        .layer(from_fn_with_state(wall(firewall, settings), firewall::inspect))
        .layer(from_fn(speak))
        .layer(from_fn(guard::browser_headers))
        .layer(from_fn(observe::observe))
}

/// Refusals leave in the caller's language.
async fn speak(request: Request, next: Next) -> Response {
    let lang = Lang::of(request.headers());
    http::localize(next.run(request).await, lang)
}

/// Health, readiness and metrics.
pub(crate) fn operations(operations: Operations) -> Router {
    let metrics = operations.metrics;
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readiness).with_state(operations))
        .route(
            "/metrics",
            get(async move || ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics())),
        )
}

fn own(of_process: Operations) -> Router {
    let about = serde_json::json!({
        "demonstration": of_process.demonstration,
        "version": env!("CARGO_PKG_VERSION"),
    });
    operations(of_process).route("/api/about", get(async move || axum::Json(about)))
}

async fn readiness(State(operations): State<Operations>) -> Response {
    let ailing = (operations.ailing)().await;
    if ailing.is_empty() {
        return "ready\n".into_response();
    }
    // Names only: the reasons are for the log, this answer may be seen from outside.
    let names: Vec<_> = ailing.iter().map(|(name, _)| *name).collect();
    for (service, why) in &ailing {
        tracing::warn!(service, why, "not ready");
    }
    (axum::http::StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", names.join(", ")))
        .into_response()
}

pub(crate) fn describe(routes: &Routes) -> String {
    description::titled(routes.openapi().clone())
}

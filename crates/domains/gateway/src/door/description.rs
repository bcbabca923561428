//! The description of every route (OpenAPI 3.1), those of other processes included as far as they answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use tokio::sync::Mutex;
use utoipa::openapi::OpenApi;
use wire::Neighbor;

use super::far;

/// How long a whole description is told before other processes are asked again: anybody may ask for it.
const KEPT: Duration = Duration::from_secs(60);

struct Description {
    own: OpenApi,
    neighbors: Vec<(&'static str, Arc<Neighbor>)>,
    kept: Mutex<Option<(Instant, Arc<str>)>>,
}

impl Description {
    async fn text(&self) -> Arc<str> {
        let mut kept = self.kept.lock().await;
        if let Some((since, text)) = kept.as_ref()
            && (self.neighbors.is_empty() || since.elapsed() < KEPT)
        {
            return Arc::clone(text);
        }
        let (mut whole, mut complete) = (self.own.clone(), true);
        for (_, neighbor) in &self.neighbors {
            match far::description(neighbor).await {
                Some(theirs) => whole.merge(theirs),
                None => complete = false,
            }
        }
        let text: Arc<str> = titled(whole).into();
        *kept = complete.then(|| (Instant::now(), Arc::clone(&text)));
        text
    }
}

pub(super) fn route(own: OpenApi, neighbors: &[(&'static str, Arc<Neighbor>)]) -> Router {
    let (neighbors, kept) = (neighbors.to_vec(), Mutex::default());
    let description = Arc::new(Description { own, neighbors, kept });
    let telling = async move || ([(CONTENT_TYPE, "application/json")], description.text().await.to_string());
    Router::new().route("/api/openapi.json", get(telling))
}

/// As text, with the bank's name and version.
pub(crate) fn titled(mut description: OpenApi) -> String {
    "Yuanhang".clone_into(&mut description.info.title);
    env!("CARGO_PKG_VERSION").clone_into(&mut description.info.version);
    description.to_pretty_json().unwrap_or_default()
}

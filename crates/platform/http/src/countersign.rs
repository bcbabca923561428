//! What takes two pairs of eyes: one member of staff asks, another countersigns that very request, and the first asks again.
//!
//! The request itself is the key: method, path, query and body, to the byte. Whoever asked sends it once more after it was
//! countersigned, and it is done; there is nothing to carry over and nothing to mix up. Bodies are read whole before
//! anything is done, because what they are is known at their end.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::Method;
use contracts::Unavailable;
use contracts::audit::Detail;
use contracts::identity::{CountersignatureOrder, CountersignatureUse, Countersignatures};
use ids::StaffId;
use sha2::{Digest, Sha256};

use crate::{AccessRequest, Consequence, Problem};

/// The largest body of a request that takes two pairs of eyes, bytes.
const COUNTERSIGNED_BYTES_MAX: usize = 32 << 20;
/// Up to here a body is shown to whoever countersigns, bytes.
const SHOWN_BYTES_MAX: usize = 16 << 10;

/// What of a body can be told to be wrong by looking at it: nobody is asked to countersign that.
pub type Check = fn(&[u8]) -> Result<(), Problem>;

/// Where countersignatures are kept.
#[derive(Clone)]
pub struct Countersigning(Arc<dyn Countersignatures>);

impl Countersigning {
    /// `kept`: there.
    #[must_use]
    pub fn new(kept: Arc<dyn Countersignatures>) -> Self {
        Self(kept)
    }

    /// Puts it where the routes of `router` find it.
    pub(crate) fn over(self, router: Router) -> Router {
        router.layer(axum::Extension(self))
    }
}

/// Whether it changes anything. A look is allowed or not; nobody countersigns it.
pub(crate) fn can_be(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

/// The request, with whose countersignature it is done.
///
/// # Errors
/// `countersignature_needed`: it was asked for, or nobody has decided yet; `countersignature_refused`; `body_too_large`;
/// and what `check` refuses.
pub(crate) async fn present(
    request: Request,
    staff: StaffId,
    asked: &AccessRequest<'_>,
    check: Option<Check>,
) -> Result<(Request, Detail), Problem> {
    let Some(Countersigning(kept)) = request.extensions().get::<Countersigning>().cloned() else {
        tracing::warn!(action = asked.action, "nobody keeps countersignatures here");
        return Err(Unavailable::Unreachable.into());
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, COUNTERSIGNED_BYTES_MAX).await.map_err(|_| too_large())?;
    if let Some(check) = check {
        check(&body)?;
    }
    let path = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let order = CountersignatureOrder {
        staff,
        session: asked.session.id,
        action: asked.action.to_owned(),
        service: asked.service.to_owned(),
        subjects: asked.subjects.to_vec(),
        line: format!("{} {path}", parts.method),
        body_sha256: hex::encode(Sha256::digest(&body)),
        body_bytes: u64::try_from(body.len()).unwrap_or(u64::MAX),
        body: shown(&body),
    };
    match kept.use_countersignature(order).await? {
        CountersignatureUse::Countersigned { id, by } => {
            let request = Request::from_parts(parts, Body::from(body));
            Ok((request, Detail::Countersigned { countersignature: id, by }))
        }
        CountersignatureUse::Waiting { id, expires_at } => Err(Consequence::new(
            403,
            "countersignature_needed",
            "此项业务须双人复核，已提交复核。复核通过后，用同一请求再次提交即可办理。",
            "This takes two pairs of eyes. Another member of staff was asked to countersign it; send the same request again \
             once that is done.",
        )
        .with("countersignature", id.to_string())
        .with("expires_at", expires_at.to_string())
        .into()),
        CountersignatureUse::Refused { id, .. } => Err(Consequence::new(
            403,
            "countersignature_refused",
            "复核未通过，本次未办理。如情况有变，可重新提交。",
            "Another member of staff refused to countersign this. Nothing was done; ask again if things have changed.",
        )
        .with("countersignature", id.to_string())
        .into()),
    }
}

fn too_large() -> Problem {
    let most = COUNTERSIGNED_BYTES_MAX >> 20;
    Consequence::new(
        413,
        "body_too_large",
        format!("须双人复核的请求不能超过 {most} MB，请分成几个文件提交。"),
        format!("What takes two pairs of eyes may have at most {most} MB. Send it in several files."),
    )
    .into()
}

/// A short text.
fn shown(body: &Bytes) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    (!text.is_empty() && text.len() <= SHOWN_BYTES_MAX).then(|| text.to_owned())
}

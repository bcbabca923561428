//! Services in other processes, as far as callers notice that they are.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use tower::ServiceExt;
use wire::{Authority, Limits, Neighbor, Papers};

use super::door_beside;
use crate::Settings;

#[tokio::test]
async fn a_service_that_rests_is_answered_for_with_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let papers = folder.path().join("gateway");
    Authority::in_folder(folder.path()).unwrap().certify(["gateway"].into_iter(), &papers).unwrap();
    let nobody = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap().to_string()
    };
    let papers = Papers::read(&papers).unwrap();
    let payments = Neighbor::new("payments", &nobody, &papers, Limits::default()).unwrap();
    let door = door_beside(&[("payments", Arc::new(payments))], Settings::default(), &[]);
    for (asked, code) in
        (1..=7).map(|asked| (asked, "unavailable")).chain([(8, "service_resting"), (9, "service_resting")])
    {
        let request =
            Request::get("/api/payments/limits").header("accept-language", "en").body(Body::empty()).unwrap();
        let response = door.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 503);
        let after = response.headers()["retry-after"].clone();
        let body = String::from_utf8(to_bytes(response.into_body(), 1000).await.unwrap().to_vec()).unwrap();
        assert!(body.contains(&format!("\"code\":\"{code}\"")), "{asked}: {body}");
        if code == "service_resting" {
            assert_eq!(after, "1", "it rests for half a second");
            assert!(body.contains("Send the same request again in 1 seconds"), "{body}");
        }
    }
}

//! Builds anew when pages or the receipt font were built anew: they are embedded in the binary.

use std::path::Path;

fn main() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    for built in [
        "apps/customer/dist",
        "apps/console/dist",
        "apps/customer/dist/index.html",
        "apps/console/dist/index.html",
    ] {
        println!("cargo:rerun-if-changed={}", web.join(built).display());
    }
}

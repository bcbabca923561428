//! The built pages and the receipt font, embedded in the binary by `cargo xtask web` and the build after it.

use std::sync::Arc;

use gateway::{Page, Pages};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../web/apps/customer/dist"]
#[allow_missing = true]
struct Customer;

#[derive(RustEmbed)]
#[folder = "../../web/apps/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "../../web/node_modules/@embedpdf/fonts-sc/fonts"]
#[include = "NotoSansHans-Regular.otf"]
#[allow_missing = true]
struct Font;

/// The pages as the gateway asks for them: the console under `console/`, the customer app at the root.
pub(crate) fn pages() -> Pages {
    Arc::new(|path| {
        let file = match path.strip_prefix("console/") {
            Some(inside) => Console::get(inside),
            None => Customer::get(path),
        }?;
        Some(page(file))
    })
}

fn page(file: EmbeddedFile) -> Page {
    let media_type = file.metadata.mimetype();
    let media_type = match media_type {
        "text/html" | "text/css" | "text/javascript" => format!("{media_type}; charset=utf-8"),
        other => other.to_owned(),
    };
    let hash = hex::encode(file.metadata.sha256_hash()).chars().take(32).collect();
    Page { content: file.data, media_type, hash }
}

/// Noto Sans Hans, regular (SIL Open Font License 1.1): what receipts are set in. `None` where the pages were not
/// built.
pub(crate) fn font() -> Option<std::borrow::Cow<'static, [u8]>> {
    Font::get("NotoSansHans-Regular.otf").map(|file| file.data)
}

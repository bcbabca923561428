//! The Chinese font of receipts, loaded at the first receipt from the first place that has one.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use krilla::Data;
use krilla::text::Font;

use crate::config::Settings;
use crate::error::AccountsRefused;

/// A font that the program brings along, offered on the site: a TrueType or OpenType file with Chinese glyphs, not a
/// collection.
pub struct EmbeddedFont(pub Cow<'static, [u8]>);

/// Where Linux distributions put fonts with Chinese glyphs, and which of a collection is Simplified Chinese.
const INSTALLED: [(&str, u32); 7] = [
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
];

/// The font, once somebody needed it.
pub(crate) struct ReceiptFont {
    configured: Option<(String, u32)>,
    embedded: Option<Arc<EmbeddedFont>>,
    loaded: OnceLock<Option<Font>>,
}

impl ReceiptFont {
    pub(crate) fn new(settings: &Settings, embedded: Option<Arc<EmbeddedFont>>) -> Self {
        let configured = Some((settings.receipt_font.clone(), settings.receipt_font_index));
        Self {
            configured: configured.filter(|(path, _)| !path.is_empty()),
            embedded,
            loaded: OnceLock::new(),
        }
    }

    /// The font. Reading it takes tens of milliseconds the first time: call where blocking is allowed.
    pub(crate) fn load(&self) -> Result<Font, AccountsRefused> {
        self.loaded.get_or_init(|| self.find()).clone().ok_or(AccountsRefused::FontMissing)
    }

    fn find(&self) -> Option<Font> {
        if let Some((path, index)) = &self.configured {
            let font = read(Path::new(path), *index);
            if font.is_none() {
                tracing::error!(path, index, "the configured receipt font cannot be read");
            }
            return font;
        }
        let embedded = self.embedded.as_ref().and_then(|font| {
            let data = match &font.0 {
                Cow::Borrowed(bytes) => Data::from(*bytes),
                Cow::Owned(bytes) => Data::from(bytes.clone()),
            };
            Font::new(data, 0)
        });
        embedded.or_else(|| INSTALLED.iter().find_map(|(path, index)| read(Path::new(path), *index)))
    }
}

fn read(path: &Path, index: u32) -> Option<Font> {
    let bytes = std::fs::read(path).ok()?;
    Font::new(Data::from(bytes), index)
}

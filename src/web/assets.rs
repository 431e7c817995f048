//! Stylesheets, fonts, icons and the script: inside the binary, named by their content, compressed when it was built.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::error::{Error, Result};
use super::form::Path;
use super::route::{Route, Who, get};

/// A file as browsers fetch it. What is never compressed has no bytes there.
struct Asset {
    name: &'static str,
    url: &'static str,
    hash: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    brotli: &'static [u8],
    gzip: &'static [u8],
}

// The build script's table of every file.
include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// For a file that is no page: nothing may run in it, and nothing may frame it.
const CONTENT_SECURITY: &str = "default-src 'none'; frame-ancestors 'none'";

impl Asset {
    /// The smallest form that this browser can read, and its name.
    fn packed(&self, accepted: &str) -> (&'static [u8], Option<&'static str>) {
        let forms = [(self.brotli, "br"), (self.gzip, "gzip")];
        let found = forms.into_iter().find(|(bytes, name)| !bytes.is_empty() && reads(accepted, name));
        found.map_or((self.plain, None), |(bytes, name)| (bytes, Some(name)))
    }
}

/// Whether a list such as `gzip, br;q=0.5` takes this encoding.
fn reads(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse().is_ok_and(|weight: f32| weight > 0.0))
    })
}

/// The address of a file by the name it has in the source; the start page for a name nobody knows.
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/", |asset| asset.url)
}

/// The addresses of this module.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/assets/{file}", Who::Anyone, asset), get("/favicon.ico", Who::Anyone, favicon)]
}

async fn asset(Path(file): Path<String>, asked: HeaderMap) -> Result<Response> {
    let found = ASSETS.iter().find(|asset| asset.url.strip_prefix("/assets/") == Some(&file));
    let asset = found.ok_or(Error::NotFound)?;
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    let (bytes, encoding) = asset.packed(text(header::ACCEPT_ENCODING));
    let tag = format!("\"{}-{}\"", asset.hash, encoding.unwrap_or("plain"));
    let known = text(header::IF_NONE_MATCH)
        .split(',')
        .any(|known| matches!(known.trim(), "*") || known.trim() == tag);
    let mut answer = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if !asset.gzip.is_empty() {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if let Some(encoding) = encoding.filter(|_| !known) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(answer)
}

async fn favicon() -> Response {
    super::page::to(url("favicon.svg"))
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn an_encoding_is_taken_where_the_browser_names_it_and_does_not_refuse_it() {
        assert!(reads("gzip, deflate, br, zstd", "br"));
        assert!(reads("br;q=0.5,GZIP", "gzip"));
        assert!(!reads("gzip, br;q=0", "br"));
        assert!(!reads("", "br"));
        assert!(!reads("brotli", "br"));
    }
}

//! Where one writes in a text area: what stands before the caret, what takes its place, where it is on the screen.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::dom;
use super::float::Place;

/// What of its look decides where a text area breaks its lines.
const LOOK: &[&str] = &[
    "font",
    "letter-spacing",
    "line-height",
    "text-indent",
    "padding",
    "border-width",
    "direction",
    "width",
];

/// What stands before the caret; nothing while something is selected.
pub(crate) fn before(area: &HtmlTextAreaElement) -> Option<String> {
    let at = area.selection_start().ok()??;
    if area.selection_end().ok()?? != at {
        return None;
    }
    let mut text = area.value();
    text.truncate(bytes_of(&text, at));
    Some(text)
}

/// The browser counts in units of 16 bits.
fn bytes_of(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    text.len()
}

/// Writes something at the caret: over what is selected, and over so many characters before it. As if it were typed:
/// those who listen hear of it, and it can be taken back.
pub(crate) fn write(area: &HtmlTextAreaElement, over: &str, text: &str) {
    drop(area.focus());
    let (Ok(Some(start)), Ok(Some(end))) = (area.selection_start(), area.selection_end()) else {
        return;
    };
    let units = u32::try_from(over.encode_utf16().count()).unwrap_or(0);
    drop(area.set_selection_range(start.saturating_sub(units), end));
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document.and_then(|document| document.dyn_into::<HtmlDocument>().ok()) {
        // Old, but nothing else leaves the way back (Ctrl+Z) as it is.
        drop(document.exec_command_with_show_ui_and_value("insertText", false, text));
    }
}

/// Where the caret is on the screen: asked of a copy of the text that breaks its lines at the same places.
pub(crate) fn place(area: &HtmlTextAreaElement) -> Option<Place> {
    let look = web_sys::window()?.get_computed_style(area).ok()??;
    let copy = dom::create("div")?.dyn_into::<HtmlElement>().ok()?;
    copy.set_class_name("caret-copy");
    for name in LOOK {
        let value = look.get_property_value(name).ok()?;
        drop(copy.style().set_property(name, &value));
    }
    copy.set_text_content(before(area).as_deref());
    let mark = dom::create("span")?;
    mark.set_text_content(Some("|"));
    copy.append_child(&mark).ok()?;
    area.parent_element()?.append_child(&copy).ok()?;
    let (own, copied, marked) = (
        area.get_bounding_client_rect(),
        copy.get_bounding_client_rect(),
        mark.get_bounding_client_rect(),
    );
    copy.remove();
    let top = own.top() + marked.top() - copied.top() - f64::from(area.scroll_top());
    Some(Place {
        left: own.left() + marked.left() - copied.left(),
        top,
        bottom: top + marked.height(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_the_browser_become_bytes() {
        let text = "é😀a";
        assert_eq!(
            [0, 1, 3, 4, 9].map(|units| bytes_of(text, units)),
            [0, 2, 6, 7, 7]
        );
        assert_eq!(bytes_of(text, 2), 2, "half a sign is none");
    }
}

//! Small things done to the document: its title, focus, attributes of the root, native dialogs.

use hearth_shared::endpoint::path_value;
use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, EventTarget, FocusOptions, HtmlDialogElement, HtmlElement, HtmlTextAreaElement, Node,
    ScrollIntoViewOptions, ScrollLogicalPosition,
};
use yew::NodeRef;

use super::clock;

/// The document, which every page has.
fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether the browser believes that there is a network.
pub(crate) fn online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// Whether the page can be seen.
pub(crate) fn visible() -> bool {
    document().is_some_and(|document| document.visibility_state() == web_sys::VisibilityState::Visible)
}

/// Whether somebody looks at the page: it can be seen and has the keyboard.
pub(crate) fn attentive() -> bool {
    visible() && document().is_some_and(|document| document.has_focus().unwrap_or(true))
}

/// The attribute of the elements that a selector finds: of so many at most, those around what is on the screen.
pub(crate) fn around_screen(selector: &str, attribute: &str, most: usize) -> Vec<String> {
    let mut elements = all(None, selector);
    if elements.len() > most {
        let seen = elements
            .iter()
            .position(|element| element.get_bounding_client_rect().bottom() > 0.0)
            .unwrap_or(elements.len());
        let start = seen.saturating_sub(most / 3).min(elements.len() - most);
        elements.drain(..start);
        elements.truncate(most);
    }
    elements
        .iter()
        .filter_map(|element| element.get_attribute(attribute))
        .collect()
}

/// The first of the elements that a selector finds of which something is on the screen, or below it.
pub(crate) fn first_on_screen(selector: &str) -> Option<HtmlElement> {
    all(None, selector)
        .into_iter()
        .find(|element| element.get_bounding_client_rect().bottom() > 0.0)
}

/// The first of the elements that a selector finds which is not hidden.
pub(crate) fn first_shown(selector: &str) -> Option<HtmlElement> {
    all(None, selector)
        .into_iter()
        .find(|element| element.offset_width() > 0)
}

/// Loads a page of this site that another program shows.
pub(crate) fn load(path: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().assign(path));
    }
}

/// The same without a new entry in the history.
pub(crate) fn load_instead(path: &str) {
    if let Some(window) = web_sys::window() {
        drop(window.location().replace(path));
    }
}

/// Loads the page anew.
pub(crate) fn reload() {
    if let Some(window) = web_sys::window() {
        drop(window.location().reload());
    }
}

/// Takes what stands behind the `#` of the address out of it, so that it is neither seen nor kept in the history.
pub(crate) fn take_fragment() -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let fragment = location.hash().ok()?;
    let fragment = fragment.strip_prefix('#').filter(|rest| !rest.is_empty())?;
    let history = window.history().ok()?;
    let bare = location.pathname().ok()? + &location.search().ok()?;
    let state = history.state().ok()?;
    drop(history.replace_state_with_url(&state, "", Some(&bare)));
    Some(fragment.to_owned())
}

/// The same with a part of its query, and all that stands behind the `?`.
pub(crate) fn take_query(name: &str) -> Option<String> {
    let window = web_sys::window()?;
    let location = window.location();
    let query = location.search().ok()?;
    let mut parts = query.trim_start_matches('?').split('&');
    let value = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    let value = path_value(value).filter(|value| !value.is_empty())?;
    let history = window.history().ok()?;
    let bare = location.pathname().ok()?;
    let state = history.state().ok()?;
    drop(history.replace_state_with_url(&state, "", Some(&bare)));
    Some(value)
}

/// Names the page in the browser's tab.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Sets an attribute of the root element, or takes it away.
pub(crate) fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        drop(match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        });
    }
}

/// Whether a media query holds, such as the device's wish for a dark page.
pub(crate) fn matches_media(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Removes the page that stood in while the program loaded.
pub(crate) fn remove(id: &str) {
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.remove();
    }
}

/// The element that has the focus.
pub(crate) fn focused() -> Option<HtmlElement> {
    document()?.active_element()?.dyn_into().ok()
}

/// Puts the focus on an element without scrolling to it.
pub(crate) fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    drop(element.focus_with_options(&options));
}

/// Puts the focus on what a reference points to.
pub(crate) fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        drop(element.focus());
    }
}

/// Puts the focus back where it was, when that is still on the page.
pub(crate) fn focus_again(element: &HtmlElement) {
    if element.is_connected() {
        focus_quietly(element);
    }
    rescue_focus();
}

/// Puts the focus on the page's heading when what had it is gone; on the panel that is open over the page, where there is
/// one that takes it.
pub(crate) fn rescue_focus() {
    if focus_is_lost()
        && let Some(place) = find(".float[role=dialog][tabindex]").or_else(|| find("main h1"))
    {
        focus_quietly(&place);
    }
}

/// The first element that a selector finds.
pub(crate) fn find(selector: &str) -> Option<HtmlElement> {
    document()?.query_selector(selector).ok()??.dyn_into().ok()
}

/// Puts the focus on the first element that a selector finds inside another one.
pub(crate) fn focus_within(node: &NodeRef, selector: &str) {
    let found = node
        .cast::<Element>()
        .and_then(|element| element.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = found {
        drop(element.focus());
    }
}

/// Points out what a selector finds inside an element, and nothing else of its kind any more.
pub(crate) fn point_out(node: &NodeRef, kind: &str, selector: &str) {
    for element in all(node.cast::<Element>().as_ref(), kind) {
        drop(
            if !selector.is_empty() && element.matches(selector).unwrap_or(false) {
                element.set_attribute("data-found", "")
            } else {
                element.remove_attribute("data-found")
            },
        );
    }
}

/// Puts the focus on the first such element inside the one that has it; when there is none yet, once what is being done now
/// is over.
pub(crate) fn focus_first_inside(selector: &'static str) {
    if !try_focus_inside(selector) {
        clock::afterwards(move || {
            try_focus_inside(selector);
        });
    }
}

fn try_focus_inside(selector: &str) -> bool {
    let inside = focused().and_then(|active| active.query_selector(selector).ok().flatten());
    match inside.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        Some(element) => element.focus().is_ok(),
        None => false,
    }
}

/// Puts the focus on the nearest such element around the one that has it; from that itself on the next kind.
pub(crate) fn focus_around(selector: &str, beyond: &str) {
    let wanted = if is_focused(selector) { beyond } else { selector };
    let around = focused().and_then(|active| active.closest(wanted).ok().flatten());
    if let Some(element) = around.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(element.focus());
    }
}

/// Whether somebody types here: single keys mean letters then.
pub(crate) fn is_typing(target: Option<EventTarget>) -> bool {
    target
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| {
            matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
                || element.is_content_editable()
        })
}

/// Whether a dialog is open.
pub(crate) fn has_dialog() -> bool {
    find("dialog[open]").is_some()
}

/// Whether an event's target lies outside of an element.
pub(crate) fn is_outside(node: &NodeRef, target: Option<EventTarget>) -> bool {
    let target = target.and_then(|target| target.dyn_into::<Node>().ok());
    node.get().is_some_and(|inside| !inside.contains(target.as_ref()))
}

/// The elements that a selector finds, inside one or on the whole page.
fn all(within: Option<&Element>, selector: &str) -> Vec<HtmlElement> {
    let list = match within {
        Some(element) => element.query_selector_all(selector).ok(),
        None => document().and_then(|document| document.query_selector_all(selector).ok()),
    };
    let Some(list) = list else { return Vec::new() };
    (0..list.length())
        .filter_map(|index| list.get(index)?.dyn_into().ok())
        .collect()
}

/// Moves the focus to the next or previous of the elements that a selector finds; at either end it stays,
/// or goes round.
pub(crate) fn step_focus(within: Option<&NodeRef>, selector: &str, forward: bool, round: bool) {
    let within = within.and_then(|node| node.cast::<Element>());
    let elements = all(within.as_ref(), selector);
    let active = focused();
    let at = active.and_then(|active| {
        elements
            .iter()
            .position(|element| element.contains(Some(&active)))
    });
    let last = elements.len().saturating_sub(1);
    let next = match (at, forward) {
        (None, true) => 0,
        (None, false) => last,
        (Some(at), true) if at == last => {
            if round {
                0
            } else {
                last
            }
        }
        (Some(at), true) => at + 1,
        (Some(0), false) => {
            if round {
                last
            } else {
                0
            }
        }
        (Some(at), false) => at - 1,
    };
    if let Some(element) = elements.get(next) {
        drop(element.focus());
    }
}

/// Moves the focus by so many of the elements that a selector finds, where there are as many; to the first or last one
/// by the smallest and largest number, and to the first one when none has it. False when it did not move.
pub(crate) fn move_focus(within: &NodeRef, selector: &str, by: isize) -> bool {
    let elements = all(within.cast::<Element>().as_ref(), selector);
    let active = focused();
    let at = elements
        .iter()
        .position(|element| active.as_ref() == Some(element));
    let next = match (at, by) {
        (_, isize::MIN) | (None, _) => Some(0),
        (_, isize::MAX) => elements.len().checked_sub(1),
        (Some(at), by) => at.checked_add_signed(by),
    };
    let element = next
        .filter(|next| Some(*next) != at)
        .and_then(|next| elements.get(next));
    element.is_some_and(|element| element.focus().is_ok())
}

/// Scrolls as far as it takes to see the first element that a selector finds.
pub(crate) fn reveal(selector: &str) {
    if let Some(element) = find(selector) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Clicks an element inside the post that has the focus. False when there is none.
pub(crate) fn click_in_focused(container: &str, selector: &str) -> bool {
    let target = focused()
        .and_then(|active| active.closest(container).ok().flatten())
        .and_then(|post| post.query_selector(selector).ok().flatten())
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = &target {
        element.click();
    }
    target.is_some()
}

/// The attribute of the element of this kind around the one that has the focus.
pub(crate) fn attribute_around(container: &str, attribute: &str) -> Option<String> {
    focused()?.closest(container).ok()??.get_attribute(attribute)
}

/// Opens a native dialog over the page.
pub(crate) fn show_modal(node: &NodeRef) {
    if let Some(dialog) = node.cast::<HtmlDialogElement>()
        && !dialog.open()
    {
        drop(dialog.show_modal());
    }
}

/// Makes a text area as high as its text, where the browser does not do it by itself (`field-sizing`).
/// Through the object model, because the content security policy forbids style attributes.
pub(crate) fn grow(area: &HtmlTextAreaElement) {
    let style = area.style();
    let native = style
        .get_property_value("field-sizing")
        .is_ok_and(|value| !value.is_empty());
    if native || style.set_property("field-sizing", "content").is_err() {
        return;
    }
    if style
        .get_property_value("field-sizing")
        .is_ok_and(|value| value.is_empty())
    {
        drop(style.set_property("height", "auto"));
        drop(style.set_property("height", &format!("{}px", area.scroll_height())));
    }
}

/// Gives an element a colour until its picture covers it; through the object model, for the same reason.
pub(crate) fn paint(node: &NodeRef, colour: &str) {
    if let Some(element) = node.cast::<HtmlElement>() {
        drop(element.style().set_property("background-color", colour));
    }
}

/// Where this site is: `https://hearth.example`.
pub(crate) fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// Puts a text where it can be pasted from. False where the browser has no such place: on plain http.
pub(crate) fn copy(text: &str) -> bool {
    let write = || {
        let clipboard = Reflect::get(&web_sys::window()?.navigator(), &"clipboard".into()).ok()?;
        let write: Function = Reflect::get(&clipboard, &"writeText".into())
            .ok()?
            .dyn_into()
            .ok()?;
        write.call1(&clipboard, &text.into()).ok()
    };
    write().is_some()
}

/// Goes back one page.
pub(crate) fn back() {
    if let Some(history) = web_sys::window().and_then(|window| window.history().ok()) {
        drop(history.back());
    }
}

/// Whether an element holds more than it shows.
pub(crate) fn overflows(node: &NodeRef) -> bool {
    node.cast::<Element>()
        .is_some_and(|element| element.scroll_height() > element.client_height() + 2)
}

/// Whether the focus is on an element of this kind itself, not inside of it.
pub(crate) fn is_focused(selector: &str) -> bool {
    focused().is_some_and(|element| element.matches(selector).unwrap_or(false))
}

/// An element that is not on the page yet.
pub(crate) fn create(name: &str) -> Option<Element> {
    document()?.create_element(name).ok()
}

/// Where the client is rendered.
pub(crate) fn mount_point() -> Option<Element> {
    document()?.get_element_by_id("app")
}

/// Whether the focus is in the element that a selector finds.
pub(crate) fn has_focus_within(selector: &str) -> bool {
    focused().is_some_and(|element| element.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Whether nothing has the focus, because what had it is gone.
pub(crate) fn focus_is_lost() -> bool {
    focused().is_none_or(|element| element.tag_name() == "BODY")
}

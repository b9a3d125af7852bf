//! What floats over everything else, dialogs too, beside what it belongs to: lists that one picks from.

use web_sys::HtmlElement;
use yew::NodeRef;

/// Pixels between what floats and the edges of the screen.
const MARGIN: f64 = 8.0;
/// Pixels between it and what it belongs to.
const GAP: f64 = 4.0;

/// A place on the screen that something belongs to, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

/// Where an element is.
pub(crate) fn place_of(node: &NodeRef) -> Option<Place> {
    let rect = node.cast::<HtmlElement>()?.get_bounding_client_rect();
    Some(Place {
        left: rect.left(),
        top: rect.top(),
        bottom: rect.bottom(),
    })
}

/// Shows an element that has `popover="manual"` below a place, above it where there is more room. Through the object
/// model, because the content security policy forbids style attributes.
pub(crate) fn show(node: &NodeRef, place: Place) {
    let (Some(element), Some(window)) = (node.cast::<HtmlElement>(), web_sys::window()) else {
        return;
    };
    // An error when it is shown already.
    drop(element.show_popover());
    let pixels = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
    let (Some(width), Some(height)) = (pixels(window.inner_width()), pixels(window.inner_height())) else {
        return;
    };
    let own = element.get_bounding_client_rect();
    let (left, top) = fit(place, (own.width(), own.height()), (width, height));
    let style = element.style();
    drop(style.set_property("left", &format!("{left:.0}px")));
    drop(style.set_property("top", &format!("{top:.0}px")));
}

/// The left and top edge of something so large on a screen so large.
fn fit(place: Place, (width, height): (f64, f64), (screen, below): (f64, f64)) -> (f64, f64) {
    let left = place.left.min(screen - width - MARGIN).max(MARGIN);
    let under = place.bottom + GAP;
    let over = place.top - GAP - height;
    let top = if under + height + MARGIN <= below {
        under
    } else if over >= MARGIN {
        over
    } else {
        // Neither: as far down as it goes.
        (below - height - MARGIN).max(MARGIN)
    };
    (left, top)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_above_or_as_well_as_it_goes() {
        let at = |left, top, bottom| Place { left, top, bottom };
        let screen = (400.0, 800.0);
        assert_eq!(fit(at(20.0, 100.0, 120.0), (200.0, 300.0), screen), (20.0, 124.0));
        assert_eq!(
            fit(at(390.0, 600.0, 620.0), (200.0, 300.0), screen),
            (192.0, 296.0)
        );
        assert_eq!(fit(at(-5.0, 200.0, 220.0), (200.0, 700.0), screen), (8.0, 92.0));
        assert_eq!(fit(at(0.0, 10.0, 20.0), (500.0, 900.0), screen), (8.0, 8.0));
    }
}

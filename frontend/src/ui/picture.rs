//! A photo that has an address for a few minutes only. Until it has come its place has its colour; when its
//! address has run out, somebody is told who can ask for a new one.

use hearth_shared::media::Media;
use web_sys::Element;
use yew::prelude::*;

use super::avatar::own;
use crate::effect::use_effect_with;
use crate::platform::{dom, events};

#[derive(PartialEq, Properties)]
pub(crate) struct PictureProps {
    pub(crate) media: Media,
    /// Which of its sizes, the smallest first, with their widths.
    #[prop_or_default]
    pub(crate) sizes: Option<&'static str>,
    /// The small one is enough.
    #[prop_or_default]
    pub(crate) thumb: bool,
    #[prop_or_default]
    pub(crate) class: &'static str,
    /// It does not come.
    pub(crate) onlost: Callback<()>,
}

/// A photo.
#[component]
pub(crate) fn Picture(props: &PictureProps) -> Html {
    let node = use_node_ref();
    let media = &props.media;
    let url = match (&media.thumb_url, &media.medium_url) {
        (Some(thumb), _) if props.thumb => thumb,
        (_, Some(medium)) if props.sizes.is_some() => medium,
        _ => &media.url,
    };
    let url = own(Some(url.clone()));
    // Of a photo that is shown large the browser takes the size that fits the screen.
    let set = props.sizes.and(media.medium_url.as_ref()).map(|medium| {
        format!(
            "{medium} {}w, {} {}w",
            half(media),
            media.url,
            media.width.unwrap_or(2)
        )
    });
    {
        let (node, onlost) = (node.clone(), props.onlost.clone());
        let colour = media.blurhash.as_deref().and_then(average);
        use_effect_with((url.clone(), colour), move |(_, colour)| {
            if let Some(colour) = colour {
                dom::paint(&node, colour);
            }
            let guard = node
                .cast::<Element>()
                .map(|image| events::on_element(&image, "error", move |_| onlost.emit(())));
            move || drop(guard)
        });
    }
    // Nobody has given it an address yet.
    if url.is_none() {
        return html! { <span ref={node} class={classes!("picture", props.class)} /> };
    }
    html! {
        <img
            ref={node} class={classes!("picture", props.class)} src={url} srcset={set} sizes={props.sizes}
            alt={media.alt_text.clone()} loading="lazy" decoding="async"
            width={media.width.map(|width| width.to_string())} height={media.height.map(|height| height.to_string())}
        />
    }
}

/// How wide the middle size is: 1280 pixels on the longer side; of a cover, which is a wide one, half of it.
fn half(media: &Media) -> u32 {
    let (width, height) = (media.width.unwrap_or(0), media.height.unwrap_or(0));
    if width == height * 3 {
        return width / 2;
    }
    match u32::try_from(u64::from(width) * 1280 / u64::from(width.max(height).max(1))) {
        Ok(fitting) => fitting.min(width).max(1),
        Err(_) => width,
    }
}

/// The average colour of a blurhash, as CSS writes it: the four signs after the first two.
fn average(hash: &str) -> Option<String> {
    const SIGNS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
    let mut value = 0;
    for sign in hash.get(2..6)?.chars() {
        value = value * 83 + SIGNS.find(sign)?;
    }
    Some(format!("#{value:06x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_colour_stands_in_the_hash() {
        // The example of blurha.sh, and red alone.
        for (hash, colour) in [
            ("LEHV6nWB2yk8pyo0adR*.7kCMdnj", 0x97_96_95),
            ("00TI:j", 0xff_00_00),
        ] {
            assert_eq!(average(hash), Some(format!("#{colour:06x}")));
        }
        for bad in ["", "00", "0000\\0", "é0é0é0"] {
            assert!(average(bad).is_none(), "{bad}");
        }
    }
}

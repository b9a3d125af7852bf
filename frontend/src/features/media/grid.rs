//! Pictures in a grid whose place is known before they have come.

use hearth_shared::ids::MediaId;
use hearth_shared::media::Media;
use yew::prelude::*;

use crate::platform::clock;
use crate::text::media as words;
use crate::ui::picture::Picture;

/// So many pictures are shown; the last one says how many more there are.
const SHOWN: usize = 5;
/// When addresses have run out they are asked for once in this time.
const AGAIN_MILLIS: i64 = 30_000;

#[derive(PartialEq, Properties)]
pub(crate) struct GridProps {
    pub(crate) media: Vec<Media>,
    /// Whose they are.
    pub(crate) author: AttrValue,
    /// The keyboard comes to them by arrow keys alone.
    #[prop_or_default]
    pub(crate) quiet: bool,
    /// One is to be seen large.
    pub(crate) onopen: Callback<MediaId>,
    /// Their addresses have run out.
    pub(crate) onlost: Callback<()>,
}

/// The shape of a single picture that comes nearest to its own.
fn shape(width: u32, height: u32) -> &'static str {
    const SHAPES: [(u32, &str); 5] = [
        (90, "media--tall"),
        (115, "media--square"),
        (142, "media--photo"),
        (170, "media--landscape"),
        (u32::MAX, "media--wide"),
    ];
    let ratio = width.saturating_mul(100).checked_div(height).unwrap_or(133);
    SHAPES
        .iter()
        .find(|(limit, _)| ratio < *limit)
        .map_or("media--wide", |(_, class)| class)
}

/// The pictures.
#[component]
pub(crate) fn Grid(props: &GridProps) -> Html {
    let asked = use_mut_ref(|| 0_i64);
    let onlost = {
        let onlost = props.onlost.clone();
        Callback::from(move |()| {
            let now = clock::now().as_millis();
            if now - asked.replace(now) > AGAIN_MILLIS {
                onlost.emit(());
            }
        })
    };
    let media = &props.media;
    let Some(first) = media.first() else {
        return Html::default();
    };
    let grid = match media.len() {
        1 => shape(first.width.unwrap_or(4), first.height.unwrap_or(3)),
        2 => "media--2",
        3 => "media--3",
        4 => "media--4",
        _ => "media--5",
    };
    let sizes = match media.len() {
        1 => "(max-width: 640px) 100vw, 600px",
        _ => "(max-width: 640px) 60vw, 360px",
    };
    let more = media.len().saturating_sub(SHOWN);
    html! {
        <ul class={classes!("media", grid)} aria-label={words::photos_of(&props.author, media.len())}>
            { for media.iter().take(SHOWN).enumerate().map(|(at, one)| {
                let (onopen, id) = (props.onopen.clone(), one.id);
                let rest = more > 0 && at + 1 == SHOWN;
                html! {
                    <li key={one.id.to_string()} class="media__cell">
                        <button
                            type="button" class="media__one" tabindex={props.quiet.then_some("-1")}
                            onclick={move |_: MouseEvent| onopen.emit(id)}
                            aria-label={words::open_photo(&one.alt_text, at + 1, media.len())}
                        >
                            <Picture key={one.url.clone()} media={one.clone()} {sizes} onlost={onlost.clone()} />
                            if rest { <span class="media__more" aria-hidden="true">{ format!("+{more}") }</span> }
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_gets_the_place_that_fits_it_best() {
        for (size, class) in [
            ((600, 1600), "media--tall"),
            ((900, 1000), "media--square"),
            ((1000, 1000), "media--square"),
            ((1200, 900), "media--photo"),
            ((1500, 1000), "media--landscape"),
            ((1920, 1080), "media--wide"),
            ((3000, 0), "media--photo"),
            ((u32::MAX, 1), "media--wide"),
        ] {
            assert_eq!(shape(size.0, size.1), class, "{size:?}");
        }
    }
}

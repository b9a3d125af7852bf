//! A moment: how long ago, the whole of it on pointing.

use hearth_shared::time::Timestamp;
use yew::prelude::*;

use crate::platform::clock;
use crate::store::use_selected;
use crate::text;

#[derive(PartialEq, Properties)]
pub(crate) struct WhenProps {
    pub(crate) at: Timestamp,
}

/// How long ago something was. All ages on the page change with one tick, and only those that read
/// differently are rendered.
#[component]
pub(crate) fn When(props: &WhenProps) -> Html {
    let ago = use_selected(&clock::tick(), props.at, |_, at| AttrValue::from(ago(*at)));
    html! {
        <time datetime={props.at.to_string()} title={text::time::absolute(&clock::local(props.at))}>{ ago }</time>
    }
}

/// "4 min ago".
pub(crate) fn ago(at: Timestamp) -> String {
    let now = clock::now();
    let seconds = (now.as_millis() - at.as_millis()) / 1000;
    text::time::relative(seconds, &clock::local(at), &clock::local(now))
}

/// "12 Mar".
pub(crate) fn day(at: Timestamp) -> String {
    text::time::day(&clock::local(at), &clock::local(clock::now()))
}

/// "12 March 2026".
pub(crate) fn long_day(at: Timestamp) -> String {
    text::time::long_day(&clock::local(at))
}

/// "18:40".
pub(crate) fn clock_time(at: Timestamp) -> String {
    text::time::clock(&clock::local(at))
}

/// "18:40", "Yesterday", "Fri", "12 Mar".
pub(crate) fn brief(at: Timestamp) -> String {
    text::time::brief(&clock::local(at), &clock::local(clock::now()))
}

/// "Today", "Yesterday", "Friday", "12 March".
pub(crate) fn heading(at: Timestamp) -> String {
    text::time::heading(&clock::local(at), &clock::local(clock::now()))
}

/// "Friday, 21:04", inside of a sentence.
pub(crate) fn point(at: Timestamp) -> String {
    text::time::point(&clock::local(at), &clock::local(clock::now()))
}

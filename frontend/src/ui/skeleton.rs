//! The shapes of what is being loaded, so that nothing jumps when it arrives.

use yew::prelude::*;

use crate::text::shell::LOADING;

/// Posts to come.
pub(crate) fn post_skeletons(count: usize) -> Html {
    posts_to_come(count, true)
}

/// Posts that come when the reader comes near, or that are on their way.
pub(crate) fn posts_to_come(count: usize, loading: bool) -> Html {
    html! {
        <div role="group" aria-busy={loading.then_some("true")} aria-hidden={(!loading).then_some("true")}
            aria-label={LOADING}>
            { for (0..count).map(|_| html! {
                <div class="card post skeleton" aria-hidden="true">
                    <div class="post__head">
                        <div class="skel skel--avatar" />
                        <div class="skel-lines"><div class="skel skel--name" /><div class="skel skel--meta" /></div>
                    </div>
                    <div class="skel skel--line" />
                    <div class="skel skel--line skel--short" />
                </div>
            }) }
        </div>
    }
}

/// People to come.
pub(crate) fn person_skeletons(count: usize) -> Html {
    html! {
        <div class="card people" role="group" aria-busy="true" aria-label={LOADING}>
            { for (0..count).map(|_| html! {
                <div class="person" aria-hidden="true">
                    <div class="skel skel--avatar" />
                    <div class="skel-lines"><div class="skel skel--name" /><div class="skel skel--meta" /></div>
                </div>
            }) }
        </div>
    }
}

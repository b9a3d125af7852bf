//! The shapes of what is being loaded, so that nothing jumps when it arrives.

use yew::prelude::*;

use crate::text::shell::LOADING;

#[derive(PartialEq, Properties)]
pub(crate) struct SkeletonProps {
    #[prop_or(3)]
    pub(crate) count: usize,
}

/// Posts to come.
#[component]
pub(crate) fn PostSkeletons(props: &SkeletonProps) -> Html {
    html! {
        <div role="group" aria-busy="true" aria-label={LOADING}>
            { for (0..props.count).map(|_| html! {
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
#[component]
pub(crate) fn PersonSkeletons(props: &SkeletonProps) -> Html {
    html! {
        <div class="card people" role="group" aria-busy="true" aria-label={LOADING}>
            { for (0..props.count).map(|_| html! {
                <div class="person" aria-hidden="true">
                    <div class="skel skel--avatar" />
                    <div class="skel-lines"><div class="skel skel--name" /><div class="skel skel--meta" /></div>
                </div>
            }) }
        </div>
    }
}

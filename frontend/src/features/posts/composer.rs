//! Where a post is written or changed: a dialog, on a phone a sheet. What is typed is kept as a draft.

use hearth_shared::posts::Audience;
use web_sys::{HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::state::Composing;
use super::state::draft::Draft;
use super::{actions, card, drafts};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::platform::{dom, spawn};
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::{errors, posts as words};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::{Dialog, Question};
use crate::ui::icon::{Glyph, small_icon};
use yew_router::hooks::use_route;

/// The composer, when it is open.
#[component]
pub(crate) fn Composer() -> Html {
    let app = use_app();
    let open = use_selected(&app.composing, (), |composing, ()| composing.clone());
    match open {
        Some(composing) => html! { <OpenComposer {composing} /> },
        None => Html::default(),
    }
}

/// Opens the composer for a new post.
pub(crate) fn compose(app: &App) {
    app.composing.change(|open| *open = Some(Composing::New));
}

fn close(app: &App) {
    app.composing.change(|open| *open = None);
}

#[derive(PartialEq, Properties)]
struct OpenComposerProps {
    composing: Composing,
}

/// What stands in the dialog when it opens.
fn initial(app: &App, composing: &Composing) -> Draft {
    match composing {
        Composing::New => Some(drafts::load(app.user.id))
            .filter(|draft| !app.posts.read(|posts| posts.shows(draft)))
            .unwrap_or_default(),
        Composing::Edit(key) => app
            .posts
            .read(|posts| posts.get(key))
            .map(|entry| Draft {
                body: entry.post.body.clone(),
                audience: entry.post.audience,
            })
            .unwrap_or_default(),
    }
}

#[component]
fn OpenComposer(props: &OpenComposerProps) -> Html {
    let app = use_app();
    let route = use_route::<Route>();
    let new = props.composing == Composing::New;
    let before = use_memo((), |()| initial(&app, &props.composing));
    let draft = use_state_eq(|| (*before).clone());
    let restored = use_state_eq(|| new && !before.is_empty());
    let asking = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let problem = use_state_eq(|| None::<String>);
    let area = use_node_ref();
    let public = use_selected(&app.base.instance, (), |instance, ()| {
        instance.as_ref().is_some_and(|instance| instance.public_posts)
    });
    use_effect_with(app.base.clone(), |base| base.learn_instance());
    {
        let (area, body) = (area.clone(), before.body.clone());
        use_effect_with((), move |()| fill(&area, &body));
    }
    let change = {
        let (app, draft) = (app.clone(), draft.clone());
        Callback::from(move |next: Draft| {
            // At every letter: nothing is left to save when the composer closes.
            // Where nothing was typed, what is kept belongs to a post on its way.
            if new && !(draft.is_empty() && next.is_empty()) {
                drafts::save(app.user.id, &next);
            }
            draft.set(next);
        })
    };
    let oninput = {
        let (change, draft) = (change.clone(), draft.clone());
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            change.emit(Draft {
                body: element.value(),
                audience: draft.audience,
            });
        })
    };
    let onaudience = {
        let (change, draft) = (change.clone(), draft.clone());
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlSelectElement>().value();
            change.emit(Draft {
                body: draft.body.clone(),
                audience: audience_of(&value),
            });
        })
    };
    let submit = {
        let (app, draft, before, busy, problem) = (
            app.clone(),
            draft.clone(),
            before.clone(),
            busy.clone(),
            problem.clone(),
        );
        let composing = props.composing.clone();
        Callback::from(move |()| {
            if !draft.fits() || *busy {
                return;
            }
            match composing.clone() {
                Composing::New => {
                    if let Err(wrong) = actions::publish(&app, (*draft).clone()) {
                        return problem.set(wrong.first().map(errors::field));
                    }
                    close(&app);
                    if route != Some(Route::Home) {
                        go(&Route::Home);
                    }
                    crate::platform::scroll::go_to(0.0);
                }
                Composing::Edit(_) if *draft == *before => close(&app),
                Composing::Edit(key) => {
                    busy.set(true);
                    let (app, draft) = (app.clone(), (*draft).clone());
                    let (busy, problem) = (busy.setter(), problem.setter());
                    spawn(async move {
                        match actions::edit(&app, &key, &draft).await {
                            Ok(()) => close(&app),
                            Err(failure) => {
                                busy.set(false);
                                problem.set(Some(errors::failure(&failure)));
                            }
                        }
                    });
                }
            }
        })
    };
    let onkeydown = {
        let submit = submit.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                submit.emit(());
            }
        })
    };
    let leave = {
        let (app, draft, before, asking) = (app.clone(), draft.clone(), before.clone(), asking.clone());
        Callback::from(move |()| {
            let worth_asking = if new { !draft.is_empty() } else { *draft != *before };
            if worth_asking {
                asking.set(true);
            } else {
                close(&app);
            }
        })
    };
    let start_over = {
        let (app, area, draft, restored) = (app.clone(), area.clone(), draft.clone(), restored.clone());
        Callback::from(move |_: MouseEvent| {
            drafts::forget(app.user.id);
            fill(&area, "");
            draft.set(Draft::default());
            restored.set(false);
            dom::focus(&area);
        })
    };
    let discard = {
        let app = app.clone();
        Callback::from(move |()| {
            if new {
                drafts::forget(app.user.id);
            }
            close(&app);
        })
    };
    let keep = {
        let (app, asking) = (app.clone(), asking.clone());
        Callback::from(move |()| {
            if new {
                close(&app);
            } else {
                asking.set(false);
            }
        })
    };
    let back = {
        let asking = asking.clone();
        Callback::from(move |()| asking.set(false))
    };
    let choice = |audience: Audience| {
        html! {
            <option value={value_of(audience)} selected={draft.audience == audience}>{ words::audience(audience) }</option>
        }
    };
    html! {
        <Dialog id="composer" title={if new { words::NEW_POST } else { words::EDIT_POST }} onclose={leave} first="textarea" class="composer">
            <div class="composer__who">
                { avatar(&app.user, Size::Medium) }
                <div>
                    <b>{ name(&app.user) }</b>
                    <label class="select">
                        <span class="vh">{ words::AUDIENCE_LABEL }</span>
                        { small_icon(card::glyph_of(draft.audience)) }
                        <select onchange={onaudience}>
                            { choice(Audience::Friends) }
                            { choice(Audience::OnlyMe) }
                            if public || before.audience == Audience::Public { { choice(Audience::Public) } }
                        </select>
                    </label>
                </div>
            </div>
            if *restored {
                <p class="notice" role="status">
                    <span>{ words::DRAFT_RESTORED }</span>
                    <button type="button" class="text-btn" onclick={start_over}>{ words::START_OVER }</button>
                </p>
            }
            if let Some(problem) = &*problem {
                <p class="notice notice--problem" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <textarea
                class="composer__text" ref={area} aria-label={words::BODY_LABEL} placeholder={words::BODY_LABEL}
                rows="5" {oninput} {onkeydown}
            />
            <footer class="dialog__foot">
                if let Some(left) = draft.meter() {
                    <span class={classes!("meter", (left < 0).then_some("meter--over"))} role="status">{ words::characters_left(left) }</span>
                }
                <span class="composer__hint">{ if new { words::POST_SHORTCUT } else { words::SAVE_SHORTCUT } }</span>
                <Button
                    kind={Kind::Primary} text={if new { words::POST } else { words::SAVE_CHANGES }}
                    busy={*busy} disabled={!draft.fits()} onclick={submit}
                />
            </footer>
            if *asking {
                <Question
                    title={if new { words::DISCARD_DRAFT_TITLE } else { words::CLOSE_ANYWAY_TITLE }}
                    text={if new { words::DISCARD_DRAFT } else { words::CLOSE_ANYWAY }}
                    yes={words::DISCARD} no={if new { words::KEEP_DRAFT } else { words::KEEP_EDITING }}
                    onyes={discard} onno={keep} onclose={back}
                />
            }
        </Dialog>
    }
}

fn fill(area: &NodeRef, text: &str) {
    if let Some(element) = area.cast::<HtmlTextAreaElement>() {
        element.set_value(text);
        dom::grow(&element);
    }
}

pub(super) fn value_of(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public",
        Audience::Friends => "friends",
        Audience::OnlyMe => "only_me",
    }
}

pub(super) fn audience_of(value: &str) -> Audience {
    match value {
        "public" => Audience::Public,
        "only_me" => Audience::OnlyMe,
        _ => Audience::Friends,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_audience_can_be_chosen() {
        for audience in [Audience::Public, Audience::Friends, Audience::OnlyMe] {
            assert_eq!(audience_of(value_of(audience)), audience);
        }
    }
}

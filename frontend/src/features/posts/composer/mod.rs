//! Where a post is written or changed: a dialog, on a phone a sheet. What is typed is kept as a draft, what has
//! arrived of its pictures too.

mod audience;
mod desk;
mod prompt;

use hearth_shared::posts::Audience;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;
use yew_router::hooks::use_route;

pub(crate) use self::audience::AudienceMenu;
pub(crate) use self::desk::Desk;
pub(super) use self::prompt::Prompt;
use super::state::Composing;
use super::state::draft::Draft;
use super::{actions, drafts};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::friends::mentions::Mentions;
use crate::features::media::state::tray::{ACCEPT, Tray};
use crate::features::media::{ANYWHERE, AddFiles, TrayView, use_files};
use crate::parts::Over;
use crate::platform::{dom, spawn};
use crate::routes::{Route, go};
use crate::store::use_selected;
use crate::text::posts::{self, composer as words};
use crate::text::{errors, media as files};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::{Dialog, Question};
use crate::ui::emoji::EmojiButton;
use crate::ui::icon::{Glyph, small_icon};

/// The composer, when it is open.
#[component]
pub(crate) fn Composer() -> Html {
    let app = use_app();
    let open = use_selected(&app.composing, (), |composing, ()| composing.clone());
    match open {
        Some(composing) => Over::Composer(OpenComposerProps { composing }).html(),
        None => Html::default(),
    }
}

/// Opens the composer for a new post, with the draft when there is one.
pub(crate) fn compose(app: &App) {
    if app.composing.read(Option::is_some) {
        return;
    }
    let draft = Some(drafts::load(app.user.id))
        .filter(|draft| !app.posts.read(|posts| posts.shows(draft)))
        .unwrap_or_default();
    app.desk.restore(app, draft);
    app.composing.change(|open| *open = Some(Composing::New));
}

fn close(app: &App) {
    app.composing.change(|open| *open = None);
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct OpenComposerProps {
    composing: Composing,
}

/// What of a draft stands in the dialog's own fields.
#[derive(Clone, PartialEq)]
struct Typed {
    body: String,
    audience: Audience,
}

/// The dialog.
#[component]
pub(crate) fn OpenComposer(props: &OpenComposerProps) -> Html {
    let app = use_app();
    let route = use_route::<Route>();
    let new = props.composing == Composing::New;
    let entry = match &props.composing {
        Composing::New => None,
        Composing::Edit(key) => app.posts.read(|posts| posts.get(key)),
    };
    let desk = use_memo((), |()| match &entry {
        Some(entry) => Desk::of(&entry.post),
        None => app.desk.clone(),
    });
    let desk = (*desk).clone();
    let before = use_memo((), |()| desk.draft());
    let typed = use_state_eq(|| Typed {
        body: before.body.clone(),
        audience: before.audience,
    });
    let tray = use_selected(desk.tray(), (), |tray, ()| tray.clone());
    let notice = use_state_eq(|| (new && !before.is_empty()).then_some(Notice::Restored));
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
    // While it is open, files that are dropped anywhere or pasted belong to it.
    use_files(&app, desk.uploads(), Some(ANYWHERE));
    let draft = Draft {
        body: typed.body.clone(),
        audience: typed.audience,
        media: tray.kept(),
    };
    let bare = entry.as_ref().is_some_and(|entry| entry.post.shared.is_some());
    let ready = draft.fits(bare) && tray.is_ready();
    let change = {
        let (desk, typed) = (desk.clone(), typed.setter());
        Callback::from(move |next: Typed| {
            desk.write(next.body.clone(), next.audience);
            typed.set(next);
        })
    };
    let oninput = {
        let (change, audience) = (change.clone(), typed.audience);
        Callback::from(move |event: InputEvent| {
            let element = event.target_unchecked_into::<HtmlTextAreaElement>();
            dom::grow(&element);
            change.emit(Typed {
                body: element.value(),
                audience,
            });
        })
    };
    let onaudience = {
        let (change, body) = (change.clone(), typed.body.clone());
        Callback::from(move |audience| {
            change.emit(Typed {
                body: body.clone(),
                audience,
            });
        })
    };
    {
        // Posted or discarded in another tab: it is not to be posted twice.
        let (app, desk, area) = (app.clone(), desk.clone(), area.clone());
        let (typed, notice) = (typed.setter(), notice.setter());
        use_effect_with(new, move |new| {
            let guard = new.then(|| {
                drafts::on_forgotten(app.user.id, move |gone| {
                    if gone == desk.draft() {
                        desk.empty();
                        fill(&area, "");
                        typed.set(Typed {
                            body: String::new(),
                            audience: Audience::default(),
                        });
                        notice.set(Some(Notice::Gone));
                    }
                })
            });
            move || drop(guard)
        });
    }
    let media_differ = !draft.media_ids().eq(before.media_ids());
    let same = !media_differ && draft.body == before.body && draft.audience == before.audience;
    // What was said of its pictures has been told already; the card does not know it yet.
    let done = {
        let (app, described) = (app.clone(), draft != *before);
        let id = entry.as_ref().and_then(|entry| entry.id());
        Callback::from(move |()| {
            if let Some(id) = id.filter(|_| described) {
                let app = app.clone();
                spawn(async move { drop(actions::fetch(&app, id).await) });
            }
            close(&app);
        })
    };
    let submit = {
        let done = done.clone();
        let (app, desk, draft) = (app.clone(), desk.clone(), draft.clone());
        let (busy, problem, composing) = (busy.clone(), problem.setter(), props.composing.clone());
        Callback::from(move |()| {
            if !ready || *busy {
                return;
            }
            match composing.clone() {
                Composing::New => {
                    let media = desk.tray().read(Tray::media);
                    if let Err(wrong) = actions::publish(&app, draft.clone(), media) {
                        return problem.set(wrong.first().map(errors::field));
                    }
                    desk.empty();
                    close(&app);
                    if route != Some(Route::Home) {
                        go(&Route::Home);
                    }
                    crate::platform::scroll::go_to(0.0);
                }
                Composing::Edit(_) if same => done.emit(()),
                Composing::Edit(key) => {
                    busy.set(true);
                    let media = media_differ.then(|| draft.media_ids().collect());
                    let (app, draft) = (app.clone(), draft.clone());
                    let (busy, problem) = (busy.setter(), problem.clone());
                    spawn(async move {
                        match actions::edit(&app, &key, &draft, media).await {
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
    let changed = if new {
        !draft.is_empty() || !tray.items().is_empty()
    } else {
        !same || !tray.is_ready()
    };
    let leave = {
        let asking = asking.setter();
        Callback::from(move |()| {
            if changed {
                asking.set(true);
            } else {
                done.emit(());
            }
        })
    };
    let start_over = {
        let (app, desk, area) = (app.clone(), desk.clone(), area.clone());
        let (typed, notice) = (typed.setter(), notice.setter());
        Callback::from(move |_: MouseEvent| {
            desk.discard(&app);
            fill(&area, "");
            typed.set(Typed {
                body: String::new(),
                audience: Audience::default(),
            });
            notice.set(None);
            dom::focus(&area);
        })
    };
    let discard = {
        let (app, desk) = (app.clone(), desk.clone());
        Callback::from(move |()| {
            desk.discard(&app);
            close(&app);
        })
    };
    let keep = {
        let (app, asking) = (app.clone(), asking.setter());
        Callback::from(move |()| {
            if new {
                close(&app);
            } else {
                asking.set(false);
            }
        })
    };
    let back = {
        let asking = asking.setter();
        Callback::from(move |()| asking.set(false))
    };
    let (waiting, failed) = tray.open();
    html! {
        <Dialog id="composer" title={if new { words::NEW_POST } else { words::EDIT_POST }} onclose={leave} first="textarea" class="composer">
            <div class="composer__who">
                { avatar(&app.user, Size::Medium) }
                <div>
                    <b>{ name(&app.user) }</b>
                    <AudienceMenu chosen={typed.audience} public={public || before.audience == Audience::Public} onchange={onaudience} />
                </div>
            </div>
            if let Some(notice) = *notice {
                <p class="notice" role="status">
                    if notice == Notice::Restored {
                        <span>{ words::DRAFT_RESTORED }{ if tray.lost { format!(" {}", words::SOME_LOST) } else { String::new() } }</span>
                        <button type="button" class="text-btn" onclick={start_over}>{ words::START_OVER }</button>
                    } else {
                        <span>{ words::DRAFT_GONE }</span>
                    }
                </p>
            }
            if let Some(problem) = &*problem {
                <p class="notice notice--problem" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <textarea
                class="composer__text" ref={area.clone()} id="composer-text" aria-label={words::BODY_LABEL} placeholder={words::BODY_LABEL}
                rows={if tray.items().is_empty() { "5" } else { "3" }} {oninput} {onkeydown}
            />
            <Mentions area={area.clone()} id="composer-people" />
            <TrayView uploads={desk.uploads().clone()} tray={tray.clone()} />
            <div class="composer__tools">
                <AddFiles
                    uploads={desk.uploads().clone()} id="composer-files" label={files::ADD_MEDIA} glyph={Glyph::Photo}
                    accept={ACCEPT} place={tray.has_place()}
                />
                <EmojiButton area={area.clone()} />
                <span class="composer__hint">
                    if waiting + failed > 0 {
                        <span role="status">{ files::open(waiting, failed) }</span>
                    } else if new && !draft.is_empty() {
                        { words::DRAFT_SAVED }
                    } else {
                        <span class="composer__keys">{ if new { words::POST_SHORTCUT } else { words::SAVE_SHORTCUT } }</span>
                    }
                </span>
                if let Some(left) = draft.meter() {
                    <span class={classes!("meter", (left < 0).then_some("meter--over"))} role="status">{ posts::characters_left(left) }</span>
                }
                <Button
                    kind={Kind::Primary} text={if new { words::POST } else { words::SAVE_CHANGES }}
                    busy={*busy} disabled={!ready} onclick={submit}
                />
            </div>
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

/// What is said above the text.
#[derive(Clone, Copy, PartialEq)]
enum Notice {
    /// This was begun earlier.
    Restored,
    /// Another tab has finished it.
    Gone,
}

fn fill(area: &NodeRef, text: &str) {
    if let Some(element) = area.cast::<HtmlTextAreaElement>() {
        element.set_value(text);
        dom::grow(&element);
    }
}

//! The form of one's page. What was typed is kept until it is saved or discarded: an error, another section or the way
//! back do not lose it.

use hearth_shared::ids::UserId;
use hearth_shared::pages::is_second;
use hearth_shared::users::{EditMe, FieldName, Me};
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::draft::Draft;
use super::fields::{Edit, Sheet};
use super::wrong::Wrong;
use crate::effect::use_effect_with;
use crate::platform::{dom, leaving, spawn};
use crate::settings::context::use_own;
use crate::settings::link::Way;
use crate::settings::routes;
use crate::store::{Store, use_selected};
use crate::text::settings::profile as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;
use crate::ui::icon::{Glyph, small_icon};

type Kept = Option<(UserId, Draft)>;

thread_local! {
    /// What somebody has typed and not saved.
    static KEPT: Store<Kept> = Store::default();
}

fn kept() -> Store<Kept> {
    KEPT.with(Store::clone)
}

/// What a person has typed; what is saved, when they have not.
fn draft_of(me: &Me, kept: &Kept) -> Draft {
    match kept {
        Some((user, draft)) if *user == me.user.id => draft.clone(),
        _ => Draft::of(me),
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct FormProps {
    pub(super) me: Me,
}

/// The form.
#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let own = use_own();
    let me = &props.me;
    let draft = use_selected(&kept(), me.clone(), |kept, me| draft_of(me, kept));
    let saved = Draft::of(me);
    let unsaved = draft.changes(&saved).is_some();
    let returned = use_memo((), |()| unsaved);
    let busy = use_state_eq(|| false);
    let done = use_state_eq(|| false);
    let wrong = use_state_eq(Wrong::default);
    let leave = use_state_eq(|| None::<String>);
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with(wrong.attempt(), move |attempt| {
            if attempt.is_some() {
                dom::focus_within(&form, "[aria-invalid=true]");
            }
        });
    }
    {
        let leave = leave.setter();
        use_effect_with(unsaved, move |unsaved| {
            let guard =
                unsaved.then(|| leaving::guard(|| true, is_second, move |address| leave.set(Some(address))));
            move || drop(guard)
        });
    }
    let edit = {
        let (me, done) = (me.clone(), done.setter());
        Callback::from(move |edit: Edit| {
            done.set(false);
            kept().change(|kept| {
                let mut draft = draft_of(&me, kept);
                match edit {
                    Edit::Name(text) => draft.display_name = text,
                    Edit::Bio(text) => draft.bio = text,
                    Edit::Write(name, text) => draft.write(name, text),
                    Edit::ShowTo(name, audience) => draft.show_to(name, audience),
                    Edit::ShowYear(shown) => draft.birth_year_shown = shown,
                }
                *kept = Some((me.user.id, draft));
            });
        })
    };
    let onsubmit = {
        let (own, busy, done, wrong) = (own.clone(), busy.clone(), done.setter(), wrong.clone());
        let (draft, saved) = (draft.clone(), saved.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let Some(changes) = draft.changes(&saved) else {
                wrong.set(wrong.none());
                return own.base.announce(words::NOTHING_NEW);
            };
            let changes = match Valid::check(changes) {
                Ok(valid) => valid.into_inner(),
                Err(errors) => return wrong.set(wrong.fields(&errors)),
            };
            busy.set(true);
            let (own, busy, done, wrong) = (own.clone(), busy.setter(), done.clone(), wrong.clone());
            let sent = draft.clone();
            spawn(async move {
                match own.base.api.send(&EditMe {}, &changes).await {
                    Ok(me) => {
                        kept().change(|kept| {
                            // What was typed while it was on its way is still to be saved.
                            if kept.as_ref().is_some_and(|(_, draft)| *draft == sent) {
                                *kept = None;
                            }
                        });
                        own.me.change(|reading| reading.settle(Ok(me)));
                        wrong.set(wrong.none());
                        done.set(true);
                    }
                    Err(failure) => wrong.set(wrong.refused(&failure, known)),
                }
                busy.set(false);
            });
        })
    };
    let discard = {
        let (wrong, done) = (wrong.clone(), done.setter());
        Callback::from(move |()| {
            kept().change(|kept| *kept = None);
            wrong.set(wrong.none());
            done.set(false);
        })
    };
    let sheet = Sheet {
        draft: &draft,
        email: &me.email,
        wrong: &|field| wrong.of(field),
        edit: &edit,
    };
    let state = match (*busy, unsaved, *done) {
        (true, ..) => words::SAVING,
        (_, true, _) => words::UNSAVED,
        (_, false, true) => words::SAVED,
        _ => "",
    };
    html! {
        <>
            <form
                class="section" ref={form} novalidate=true {onsubmit} aria-labelledby="about-title" autocomplete="off"
                aria-busy={busy.then_some("true")}
            >
                <h2 class="section__title" id="about-title">{ words::ABOUT }</h2>
                <div class="card settings about">
                    if let Some(text) = wrong.general() {
                        <div class="notice notice--problem" role="alert"><span>{ text }</span></div>
                    } else {
                        if *returned && unsaved { <div class="notice"><span>{ words::KEPT }</span></div> }
                    }
                    <p class="form-row__hint">{ words::ABOUT_HINT }</p>
                    { sheet.name() }
                    <div class="form-row">
                        <span class="field-row__label">{ words::USERNAME }</span>
                        <p class="about__username">
                            <span>{ "@" }{ &me.user.username }</span>
                            <Way to="/settings/account">{ words::CHANGE_ON_ACCOUNT }</Way>
                        </p>
                    </div>
                    { sheet.bio() }
                    { for FieldName::ALL.into_iter().map(|name| sheet.field(name)) }
                </div>
                <div class="save-bar">
                    <p class={classes!("save-bar__state", (!unsaved && *done).then_some("save-bar__state--done"))} role="status">
                        if !unsaved && *done { { small_icon(Glyph::Check) } }
                        { state }
                    </p>
                    if unsaved && !*busy {
                        <Button kind={Kind::Ghost} text={words::DISCARD} onclick={discard.clone()} />
                    }
                    <Button submit=true kind={Kind::Primary} busy={*busy} text={words::SAVE} />
                </div>
            </form>
            if let Some(address) = (*leave).clone() {
                <Question
                    title={words::LEAVE_TITLE} text={words::LEAVE_BODY} yes={words::LEAVE} no={words::STAY}
                    onyes={let leave = leave.setter(); move |()| { discard.emit(()); leave.set(None); routes::push(&address); }}
                    onno={let leave = leave.setter(); move |()| leave.set(None)}
                />
            }
        </>
    }
}

/// Whether the form has a field of that name.
fn known(field: &str) -> bool {
    matches!(field, "display_name" | "bio") || FieldName::ALL.iter().any(|name| name.as_str() == field)
}

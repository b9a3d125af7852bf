//! Cover and profile picture: choosing, dropping, pasting, removing.

use std::rc::Rc;

use hearth_shared::endpoint::Nothing;
use hearth_shared::users::{Me, RemoveAvatar, RemoveCover, SetAvatar, SetCover};
use web_sys::File;
use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::features::media::cropping::{ACCEPT, Cropper, Sending, Sent, Shape, pick};
use crate::platform::picture::{self, Picked};
use crate::platform::{dom, events, spawn, upload};
use crate::settings::context::{Own, use_own};
use crate::text::settings::profile as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;

#[derive(PartialEq, Properties)]
pub(super) struct PicturesProps {
    pub(super) me: Me,
}

/// Both, as they stand on one's page.
#[component]
pub(super) fn Pictures(props: &PicturesProps) -> Html {
    let own = use_own();
    let cropping = use_state_eq(|| None::<(Shape, Rc<Picked>)>);
    let removing = use_state_eq(|| None::<Shape>);
    let problem = use_state_eq(|| None::<&'static str>);
    let over = use_state_eq(|| None::<Shape>);
    let take = {
        let (cropping, problem, over) = (cropping.setter(), problem.setter(), over.setter());
        Callback::from(move |(shape, file): (Shape, File)| {
            over.set(None);
            match pick(file) {
                Ok(picked) => {
                    problem.set(None);
                    cropping.set(picked.map(|picked| (shape, picked)));
                }
                Err(why) => problem.set(Some(why)),
            }
        })
    };
    {
        let take = take.clone();
        use_effect_with((), move |()| {
            let guard = events::on_document("paste", move |event| {
                if let Some(file) = picture::pasted(event).filter(|_| !dom::has_dialog()) {
                    event.prevent_default();
                    take.emit((Shape::Avatar, file));
                }
            });
            move || drop(guard)
        });
    }
    let drops = |shape: Shape| {
        let (take, enter, leave) = (take.clone(), over.setter(), over.setter());
        (
            Callback::from(move |event: DragEvent| {
                event.prevent_default();
                enter.set(Some(shape));
            }),
            Callback::from(move |_: DragEvent| leave.set(None)),
            Callback::from(move |event: DragEvent| {
                event.prevent_default();
                if let Some(file) = picture::dropped(&event) {
                    take.emit((shape, file));
                }
            }),
        )
    };
    let (cover_over, cover_left, cover_dropped) = drops(Shape::Cover);
    let (face_over, face_left, face_dropped) = drops(Shape::Avatar);
    let onremove = {
        let removing = removing.setter();
        Callback::from(move |shape| removing.set(Some(shape)))
    };
    let me = &props.me;
    let cover = me.cover.as_ref();
    let face = me.user.large_avatar_url().or_else(|| me.user.avatar_url.clone());
    let drop_class = |shape| (*over == Some(shape)).then_some("portraits--over");
    html! {
        <section class="section" aria-labelledby="pictures-title">
            <h2 class="section__title" id="pictures-title">{ words::PICTURES }</h2>
            <div class="card portraits">
                <div
                    class={classes!("portraits__cover", drop_class(Shape::Cover))}
                    ondragover={cover_over} ondragleave={cover_left} ondrop={cover_dropped}
                >
                    if let Some(cover) = cover {
                        <img key={cover.id.to_string()} src={cover.url.clone()} alt={cover.alt_text.clone()} width="1500" height="500" />
                    }
                    <Hand shape={Shape::Cover} there={cover.is_some()} ontake={take.clone()} onremove={onremove.clone()} />
                </div>
                <div class="portraits__row" ondragover={face_over} ondragleave={face_left} ondrop={face_dropped}>
                    <span class={classes!("portraits__face", drop_class(Shape::Avatar))}>
                        { portrait(me, face) }
                    </span>
                    <Hand shape={Shape::Avatar} there={me.user.avatar_url.is_some()} ontake={take} {onremove} />
                </div>
                if let Some(text) = *problem {
                    <div class="notice notice--problem" role="alert"><span>{ text }</span></div>
                }
                <p class="form-row__hint portraits__hint">{ words::PICTURES_HINT }</p>
            </div>
            if let Some((shape, picked)) = (*cropping).clone() {
                <Cropper
                    title={if shape == Shape::Avatar { words::CROP_PICTURE } else { words::CROP_COVER }} {shape} {picked}
                    onclose={let cropping = cropping.setter(); move |()| cropping.set(None)}
                    send={send(&own, shape, cropping.setter())}
                />
            }
            if let Some(shape) = *removing {
                <Question
                    title={if shape == Shape::Avatar { words::REMOVE_PICTURE_TITLE } else { words::REMOVE_COVER_TITLE }}
                    text={if shape == Shape::Avatar { words::REMOVE_PICTURE_BODY } else { words::REMOVE_COVER_BODY }}
                    yes={words::REMOVE}
                    onyes={let (own, removing) = (own.clone(), removing.setter()); move |()| { removing.set(None); remove(&own, shape); }}
                    onno={let removing = removing.setter(); move |()| removing.set(None)}
                />
            }
        </section>
    }
}

/// The picture at the size that a page shows, or the initials.
fn portrait(me: &Me, url: Option<String>) -> Html {
    match url {
        Some(url) => html! {
            <span class="av av--portrait"><img key={url.clone()} src={url} alt="" width="112" height="112" /></span>
        },
        None => html! {
            <span class="portraits__initials">{ crate::ui::avatar::avatar(&me.user, crate::ui::avatar::Size::Profile) }</span>
        },
    }
}

fn send(
    own: &Own,
    shape: Shape,
    cropping: UseStateSetter<Option<(Shape, Rc<Picked>)>>,
) -> Callback<Sending, Sent> {
    let own = own.clone();
    Callback::from(move |(form, stop, told): Sending| -> Sent {
        let (own, cropping) = (own.clone(), cropping.clone());
        Box::pin(async move {
            let (api, told) = (&own.base.api, move |part| told.emit(part));
            let outcome: Option<Result<Me, _>> = match shape {
                Shape::Avatar => upload::send(api, &SetAvatar {}, &form, &stop, told).await,
                Shape::Cover => upload::send(api, &SetCover {}, &form, &stop, told).await,
            };
            let saved = outcome?.map(|me| {
                cropping.set(None);
                own.me.change(|reading| reading.settle(Ok(me)));
                own.base.say(match shape {
                    Shape::Avatar => words::PICTURE_SAVED,
                    Shape::Cover => words::COVER_SAVED,
                });
            });
            Some(saved)
        })
    })
}

fn remove(own: &Own, shape: Shape) {
    let own = own.clone();
    spawn(async move {
        let api = &own.base.api;
        let outcome = match shape {
            Shape::Avatar => api.send(&RemoveAvatar {}, &Nothing).await,
            Shape::Cover => api.send(&RemoveCover {}, &Nothing).await,
        };
        match outcome {
            Ok(Nothing) => {
                own.me.change(|reading| {
                    if let Some(me) = &mut reading.value {
                        match shape {
                            Shape::Avatar => me.user.avatar_url = None,
                            Shape::Cover => me.cover = None,
                        }
                    }
                });
                own.base.say(match shape {
                    Shape::Avatar => words::PICTURE_REMOVED,
                    Shape::Cover => words::COVER_REMOVED,
                });
                own.load_me();
            }
            Err(failure) => own.base.warn(words::NOT_REMOVED, &failure),
        }
    });
}

#[derive(PartialEq, Properties)]
struct HandProps {
    shape: Shape,
    there: bool,
    ontake: Callback<(Shape, File)>,
    onremove: Callback<Shape>,
}

/// The buttons beside one of the two.
#[component]
fn Hand(props: &HandProps) -> Html {
    let input = use_node_ref();
    let shape = props.shape;
    let choose = {
        let input = input.clone();
        Callback::from(move |()| picture::choose(&input))
    };
    let onchange = {
        let (input, ontake) = (input.clone(), props.ontake.clone());
        Callback::from(move |_: Event| {
            if let Some(file) = picture::chosen(&input) {
                ontake.emit((shape, file));
            }
        })
    };
    let onremove = props.onremove.reform(move |()| shape);
    let (change, remove) = match (shape, props.there) {
        (Shape::Avatar, true) => (words::CHANGE_PICTURE, words::REMOVE_PICTURE),
        (Shape::Avatar, false) => (words::ADD_PICTURE, words::REMOVE_PICTURE),
        (Shape::Cover, true) => (words::CHANGE_COVER, words::REMOVE_COVER),
        (Shape::Cover, false) => (words::ADD_COVER, words::REMOVE_COVER),
    };
    html! {
        <div class="portraits__hand">
            <input
                ref={input} type="file" hidden=true accept={ACCEPT} {onchange}
                id={if shape == Shape::Avatar { "choose-picture" } else { "choose-cover" }}
            />
            <Button text={change} onclick={choose} />
            if props.there {
                <Button kind={Kind::Ghost} text={words::REMOVE} label={remove} onclick={onremove} />
            }
        </div>
    }
}

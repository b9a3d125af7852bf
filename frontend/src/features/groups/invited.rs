//! Who is invited to a group and has not answered, for those who manage it.

use hearth_shared::conversations::members::{Invitee, ListInvitees, WithdrawInvitation};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, UserId};
use hearth_shared::page::PageQuery;
use yew::prelude::*;

use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::features::friends::components::person_row;
use crate::features::lists::{load, rest, use_list};
use crate::platform::{clock, dom, spawn};
use crate::store::{Ptr, Store, use_selected};
use crate::text::{friends, groups as words};
use crate::ui::avatar::current;
use crate::ui::button::Button;

#[derive(PartialEq, Properties)]
pub(super) struct InvitedProps {
    pub(super) id: ConversationId,
    /// Who has come in since is not invited any more.
    pub(super) members: Vec<UserId>,
    /// How often somebody was invited from here.
    pub(super) turn: u32,
}

/// The list.
#[component]
pub(super) fn Invited(props: &InvitedProps) -> Html {
    let app = use_app();
    let id = props.id;
    let list = use_list::<Invitee>();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let taken = (*use_memo(props.turn, |_| Store::new(Ptr::new(Vec::<UserId>::new())))).clone();
    let gone = use_selected(&taken, (), |taken, ()| taken.clone());
    let ask = use_callback(
        (app.clone(), list, id, props.turn),
        |more: bool, (app, list, id, _)| {
            let query = PageQuery {
                limit: None,
                cursor: list.read(|list| list.next.clone()).filter(|_| more),
            };
            let (api, call) = (app.base.api.clone(), ListInvitees { conversation_id: *id });
            load(list, more, Box::pin(async move { api.get(&call, &query).await }));
        },
    );
    use_effect_with(ask.clone(), |ask| ask.emit(false));
    let waits = |one: &&Invitee| !gone.contains(&one.user.id) && !props.members.contains(&one.user.id);
    let rows: Vec<Html> = shown
        .items
        .iter()
        .filter(waits)
        .map(|one| {
            let name = current(&one.user).display_name;
            let take_back = {
                let (app, taken, user, name) = (app.clone(), taken.clone(), one.user.id, name.clone());
                Callback::from(move |()| {
                    taken.change(|taken| taken.change(|taken| taken.push(user)));
                    clock::afterwards(|| {
                        let title = dom::find(super::info::TITLE).filter(|_| dom::focus_is_lost());
                        title.iter().for_each(dom::focus_quietly);
                    });
                    let (app, taken, name) = (app.clone(), taken.clone(), name.clone());
                    spawn(async move {
                        let call = WithdrawInvitation {
                            conversation_id: id,
                            user_id: user,
                        };
                        match app.base.api.send(&call, &Nothing).await {
                            Err(failure) if !failure.is_not_found() => {
                                taken.change(|taken| taken.change(|taken| taken.retain(|one| *one != user)));
                                app.base.warn(&friends::not_saved(&name), &failure);
                            }
                            _ => {}
                        }
                    });
                })
            };
            let by = html! { <span>{ words::invited_by(&current(&one.by).display_name) }</span> };
            let button = html! {
                <Button text={words::TAKE_BACK} label={friends::about(words::TAKE_BACK, &name)} onclick={take_back} />
            };
            html! { <li key={one.user.id.to_string()}>{ person_row(&one.user, by, button) }</li> }
        })
        .collect();
    let none = rows.is_empty() && !shown.items.is_empty() && shown.next.is_none();
    html! {
        <section aria-labelledby="group-invited">
            <h3 class="h" id="group-invited">{ words::INVITED }</h3>
            if !rows.is_empty() {
                <ul class="people">{ rows }</ul>
            } else if none {
                <p class="quiet-line">{ words::NOBODY_INVITED }</p>
            }
            { rest(&shown, words::INVITED_FAILED, words::NOBODY_INVITED, &ask) }
        </section>
    }
}

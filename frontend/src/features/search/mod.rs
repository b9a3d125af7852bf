//! Looking for people, groups, posts and messages: in the palette, as one types, and on a page. What the page looks for stands
//! in the address: results come as one types, and Back and a reload show them as they were.

mod excerpt;
mod field;
mod messages;
pub(crate) mod palette;
mod results;
mod view;

use hearth_shared::conversations::groups::GroupCard;
use hearth_shared::page::Page;
use hearth_shared::search::{Search, SearchKind, SearchQuery};
use yew::prelude::*;

pub(crate) use self::excerpt::marked;
pub(crate) use self::field::SearchField;
pub(crate) use self::messages::{found_list, hit};
use self::results::Found;
use self::view::{View, tabs, use_view, use_wanted};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::chats;
use crate::features::friends;
use crate::features::friends::state::Listing;
use crate::features::lists::{Shown, load};
use crate::features::posts::actions::arrive;
use crate::features::posts::state::ListId;
use crate::store::{Ptr, Store, use_selected};
use crate::text::chats::find as texts;
use crate::text::search as words;
use crate::ui::icon::Glyph;
use crate::ui::page::Heading;
use crate::ui::skeleton::post_skeletons;
use crate::ui::states::empty;

/// The page.
#[component]
pub(crate) fn SearchPage() -> Html {
    let app = use_app();
    let wanted = use_wanted();
    let view = use_view();
    let people = use_selected(&app.people, wanted.clone(), |people, wanted| {
        // While one more page loads, those before it stay; a new search has no next page.
        let answered = !people.found.loading || people.found.next.is_some();
        (people.query == *wanted && answered).then(|| people.found.clone())
    });
    let list = use_selected(&app.posts, wanted.clone(), |posts, wanted| {
        posts.list(&ListId::Search(wanted.clone()))
    });
    let messages = use_selected(&app.chats, (), |chats, ()| chats.found.clone());
    // Each search has a list of its own, so that no answer gets into another one's.
    let found_groups = use_memo(wanted.clone(), |_| Store::new(Ptr::new(Listing::default())));
    let groups = use_selected(&found_groups, (), |list, ()| list.clone());
    let shown = use_mut_ref(Found::default);
    // All at once, so that what comes later pushes nothing away.
    let said = !wanted.is_empty() && messages.words == wanted && messages.is_answered();
    let answered = (groups.known || groups.failure.is_some()) && (list.known || list.failure.is_some());
    if let (Some(people), true, true) = (&people, answered, said) {
        *shown.borrow_mut() = Found::new(&wanted, people, &groups, messages.clone());
    }
    let more_groups = {
        let (app, list, wanted) = (app.clone(), (*found_groups).clone(), wanted.clone());
        Callback::from(move |more: bool| look_for_groups(&app, &list, &wanted, more))
    };
    use_effect_with((app.clone(), wanted.clone(), view), |(app, wanted, view)| {
        if !wanted.is_empty() {
            look_for(app, wanted, *view);
        }
    });
    {
        let with_groups = matches!(view, View::All | View::Groups);
        let more_groups = more_groups.clone();
        let list = (*found_groups).clone();
        use_effect_with((wanted.clone(), with_groups), move |(wanted, with_groups)| {
            let fresh = list.read(|list| !list.known && !list.loading);
            if *with_groups && fresh && !wanted.is_empty() {
                more_groups.emit(false);
            }
        });
    }
    {
        // Whoever comes to the page asks again; and so does the page when what was found is forgotten under it.
        let here = use_mut_ref(|| false);
        let with_messages = matches!(view, View::All | View::Messages);
        let (app, asked) = (app.clone(), messages.words == wanted);
        use_effect_with(
            (wanted.clone(), asked, with_messages),
            move |(wanted, _, with_messages)| {
                if !wanted.is_empty() && *with_messages {
                    chats::find::look_for(&app, None, wanted, !here.replace(true));
                }
            },
        );
    }
    {
        // Without the rest messages are told by themselves.
        let tell = view == View::Messages && said && messages.hits.failure.is_none();
        let (app, number) = (app.clone(), messages.hits.items.len());
        use_effect_with((tell, wanted.clone()), move |(tell, _)| {
            if *tell {
                app.base.announce(texts::found(number));
            }
        });
    }
    let found = shown.borrow().clone();
    {
        // The number is said once; pages that come later are read as one reads on.
        let numbers = found.numbers();
        let posts = (list.keys.len(), list.next.is_some());
        let app = app.clone();
        use_effect_with(found.words.clone(), move |words| {
            if !words.is_empty() {
                app.base.announce(words::found(numbers, posts));
            }
        });
    }
    let body = || match view {
        View::People => {
            let people = people.clone().unwrap_or_default();
            results::all_people(&app, &wanted, &people)
        }
        View::Groups => results::all_groups(&wanted, &groups, &more_groups),
        View::Posts => results::posts(&wanted, &words::no_posts(&wanted)),
        View::Messages => messages::all(&app, &messages),
        View::All if found.words.is_empty() => post_skeletons(3),
        View::All => html! {
            <div aria-busy={(found.words != wanted).to_string()}>{ results::some(&app, &found, &more_groups) }</div>
        },
    };
    html! {
        <>
            <Heading text={words::TITLE} />
            <SearchField id="search-page" class="seek--page" arrive=true />
            if wanted.is_empty() {
                { empty(Glyph::Search, words::BEGIN, Html::default()) }
            } else {
                { tabs(view, &wanted) }
                { body() }
            }
        </>
    }
}

fn look_for(app: &App, wanted: &str, view: View) {
    let people = matches!(view, View::All | View::People);
    if people && app.people.read(|people| people.query != wanted) {
        friends::actions::find(app, wanted, false, view == View::People);
    }
    if matches!(view, View::All | View::Posts) {
        app.posts.change_quietly(|posts| posts.seek(wanted));
        arrive(app, &ListId::Search(wanted.to_owned()));
    }
}

fn look_for_groups(app: &App, list: &Shown<GroupCard>, wanted: &str, more: bool) {
    let query = SearchQuery {
        q: wanted.to_owned(),
        kind: SearchKind::Groups,
        cursor: list.read(|list| list.next.clone()).filter(|_| more),
        ..SearchQuery::default()
    };
    let api = app.base.api.clone();
    let asking = Box::pin(async move {
        let page = api.get(&Search {}, &query).await?;
        Ok(Page {
            items: page.items.into_iter().filter_map(|found| found.group).collect(),
            next_cursor: page.next_cursor,
            seq: None,
        })
    });
    load(list, more, asking);
}

//! Looking for people, posts and messages. What is looked for stands in the address: results come as one types, and Back and a
//! reload show them as they were.

mod excerpt;
mod field;
mod messages;

use hearth_shared::users::Person;
use yew::prelude::*;
use yew_router::prelude::*;

pub(crate) use self::excerpt::marked;
pub(crate) use self::field::{SearchField, seek};
pub(crate) use self::messages::{found_list, hit};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::chats;
use crate::features::chats::state::finding::Finding;
use crate::features::friends::components::{RelationButton, mutual, person_row};
use crate::features::friends::{self, state::Listing};
use crate::features::posts::PostList;
use crate::features::posts::actions::arrive;
use crate::features::posts::state::ListId;
use crate::platform::api::Failure;
use crate::routes::{self, IN_MESSAGES, IN_QUERY, Route, SEARCH_QUERY, search_for};
use crate::store::{Ptr, use_selected};
use crate::text::chats::find as texts;
use crate::text::{posts, search as words};
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::page::Heading;
use crate::ui::skeleton::post_skeletons;
use crate::ui::states::{empty, failed};

/// People above the posts; the others are a page away.
const PEOPLE: usize = 3;

/// What the address of the present page looks for; nothing on other pages.
#[hook]
fn use_wanted() -> String {
    let here = use_route::<Route>();
    use_location()
        .filter(|_| here == Some(Route::Search))
        .and_then(|location| routes::query_value(&location, SEARCH_QUERY))
        .map(|wanted| wanted.trim().to_owned())
        .unwrap_or_default()
}

/// Whether the present page looks for messages only.
#[hook]
fn use_only_messages() -> bool {
    let location = use_location();
    let within = location.and_then(|location| routes::query_value(&location, IN_QUERY));
    within.as_deref() == Some(IN_MESSAGES)
}

/// What was found for some words. It stays until there is an answer to the next ones.
#[derive(Debug, Clone, PartialEq, Default)]
struct Found {
    words: String,
    people: Vec<Person>,
    more_people: bool,
    failure: Option<Failure>,
    messages: Ptr<Finding>,
}

impl Found {
    fn new(words: &str, list: &Listing<Person>, messages: Ptr<Finding>) -> Self {
        Self {
            words: words.to_owned(),
            people: list.items.iter().take(PEOPLE).cloned().collect(),
            more_people: list.items.len() > PEOPLE,
            failure: list.failure.clone(),
            messages,
        }
    }
}

/// The page.
#[component]
pub(crate) fn SearchPage() -> Html {
    let app = use_app();
    let wanted = use_wanted();
    let only = use_only_messages();
    let people = use_selected(&app.people, wanted.clone(), |people, wanted| {
        (people.query == *wanted && !people.found.loading).then(|| people.found.clone())
    });
    let list = use_selected(&app.posts, wanted.clone(), |posts, wanted| {
        posts.list(&ListId::Search(wanted.clone()))
    });
    let messages = use_selected(&app.chats, (), |chats, ()| chats.found.clone());
    let shown = use_mut_ref(Found::default);
    // All at once, so that what comes later pushes nothing away.
    let said = !wanted.is_empty() && messages.words == wanted && messages.is_answered();
    if let (Some(people), true, true) = (&people, list.known || list.failure.is_some(), said) {
        *shown.borrow_mut() = Found::new(&wanted, people, messages.clone());
    }
    use_effect_with((app.clone(), wanted.clone(), only), |(app, wanted, only)| {
        if !wanted.is_empty() && !only {
            look_for(app, wanted);
        }
    });
    {
        // Whoever comes to the page asks again; and so does the page when what was found is forgotten under it.
        let here = use_mut_ref(|| false);
        let (app, asked) = (app.clone(), messages.words == wanted);
        use_effect_with((wanted.clone(), asked), move |(wanted, _)| {
            if !wanted.is_empty() {
                chats::find::look_for(&app, None, wanted, !here.replace(true));
            }
        });
    }
    {
        // Without the rest messages are told by themselves.
        let tell = only && said && messages.hits.failure.is_none();
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
        let (people, messages) = (found.people.len(), found.messages.hits.items.len());
        let (posts, more) = (list.keys.len(), list.next.is_some());
        let app = app.clone();
        use_effect_with(found.words.clone(), move |words| {
            if !words.is_empty() {
                app.base.announce(words::found(people, messages, posts, more));
            }
        });
    }
    html! {
        <>
            <Heading text={words::TITLE} />
            <SearchField id="search-page" class="seek--page" arrive=true />
            if wanted.is_empty() {
                { empty(Glyph::Search, words::BEGIN, Html::default()) }
            } else if only {
                { messages::all(&app, &messages) }
            } else if found.words.is_empty() {
                { post_skeletons(3) }
            } else {
                <div aria-busy={(found.words != wanted).to_string()}>{ results(&app, &found) }</div>
            }
        </>
    }
}

fn look_for(app: &App, wanted: &str) {
    if app.people.read(|people| people.query != wanted) {
        friends::actions::find(app, wanted, false, false);
    }
    app.posts.change_quietly(|posts| posts.seek(wanted));
    arrive(app, &ListId::Search(wanted.to_owned()));
}

fn results(app: &App, found: &Found) -> Html {
    let said = &found.messages.hits;
    let none = if found.people.is_empty() && said.items.is_empty() && said.next.is_none() {
        words::nothing(&found.words)
    } else {
        words::no_posts(&found.words)
    };
    let again = {
        let (app, words) = (app.clone(), found.words.clone());
        Callback::from(move |()| friends::actions::find(&app, &words, false, false))
    };
    html! {
        <>
            if let Some(failure) = &found.failure {
                { failed(words::PEOPLE_FAILED, failure, again) }
            } else if !found.people.is_empty() {
                <section class="section" aria-labelledby="found-people">
                    <h2 class="section__title" id="found-people">{ words::PEOPLE }</h2>
                    <ul class="card people">
                        { for found.people.iter().map(|person| html! {
                            <li key={person.user.id.to_string()}>
                                { person_row(&person.user, mutual(person.mutual_friend_count), html! {
                                    <RelationButton user={person.user.clone()} />
                                }) }
                            </li>
                        }) }
                    </ul>
                    if found.more_people { { see_all(&found.words) } }
                </section>
            }
            { messages::some(app, &found.messages) }
            <section class="section" aria-labelledby="found-posts">
                <h2 class="section__title" id="found-posts">{ words::POSTS }</h2>
                <PostList
                    list={ListId::Search(found.words.clone())} label={words::posts_with(&found.words)}
                    end={posts::END_OF_POSTS}
                >
                    { empty(Glyph::Search, &none, Html::default()) }
                </PostList>
            </section>
        </>
    }
}

fn see_all(text: &str) -> Html {
    let at = search_for(&Route::FindPeople, text);
    html! { <div class="more"><Link to={Route::FindPeople} {at} class="btn btn--quiet">{ words::SEE_ALL }</Link></div> }
}

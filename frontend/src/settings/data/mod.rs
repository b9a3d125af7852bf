//! Taking one's data with one, leaving.

mod leave;

use hearth_shared::endpoint::Endpoint;
use hearth_shared::leaving::ExportMyData;
use hearth_shared::time::Timestamp;
use yew::prelude::*;

use self::leave::Leave;
use super::context::use_own;
use crate::features::auth::components::frame;
use crate::platform::{download, files, spawn};
use crate::text::settings::data as words;
use crate::ui::button::Button;
use crate::ui::icon::Glyph;
use crate::ui::page::Heading;
use crate::ui::when::{clock_time, long_day};

/// The section.
#[component]
pub(super) fn Data() -> Html {
    html! {
        <>
            <section class="section" aria-labelledby="export">
                <h2 class="section__title" id="export">{ words::EXPORT }</h2>
                <Export />
            </section>
            <section class="section" aria-labelledby="delete">
                <h2 class="section__title" id="delete">{ words::DELETE }</h2>
                <Leave />
            </section>
        </>
    }
}

#[component]
fn Export() -> Html {
    let own = use_own();
    let busy = use_state_eq(|| false);
    let start = {
        let busy = busy.clone();
        Callback::from(move |()| {
            busy.set(true);
            let (own, busy) = (own.clone(), busy.setter());
            spawn(async move {
                match download::download(&own.base.session, &ExportMyData {}.path()).await {
                    Ok(file) => {
                        let name = file.name.as_deref().unwrap_or(words::FILE_NAME);
                        if own.base.api.is_current() && files::save(&file.blob, name) {
                            own.base.say(words::DONE);
                        }
                    }
                    Err(failure) => own.base.warn(words::NOT_DONE, &failure),
                }
                busy.set(false);
            });
        })
    };
    html! {
        <div class="card settings">
            <p>{ words::EXPORT_HINT }</p>
            <div class="form__foot">
                <p class="form-row__hint grow" role="status">{ if *busy { words::KEEP_OPEN } else { "" } }</p>
                <Button
                    icon={Glyph::Down} busy={*busy} text={if *busy { words::WORKING } else { words::START }}
                    onclick={start}
                />
            </div>
        </div>
    }
}

/// What somebody sees who has just left.
pub(super) fn farewell(until: Option<Timestamp>) -> Html {
    frame(html! {
        <div class="gate__say">
            <Heading text={words::GONE} />
            if let Some(at) = until { <p role="status">{ words::gone(&long_day(at), &clock_time(at)) }</p> }
            <p>{ words::FAREWELL }</p>
            <p class="gate__way"><a href="/login">{ words::CAME_BACK }</a></p>
        </div>
    })
}

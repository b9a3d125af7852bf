//! What a group is called and what it is for, as fields of a form.

use hearth_shared::conversations::groups::Group;
use hearth_shared::problem::ErrorCode;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::features::auth::state::{Errors, refused};
use crate::platform::api::Failure;
use crate::platform::dom;
use crate::text::groups as words;
use crate::ui::field::{TextField, text_of};
use crate::ui::icon::{Glyph, small_icon};

/// The two fields. The browser owns their text.
#[derive(Clone, PartialEq)]
pub(super) struct Fields {
    title: NodeRef,
    description: NodeRef,
}

/// What the server did not take, beside the field that it concerns. `chosen`: there may be people among it.
pub(super) fn wrong(before: &Errors, failure: &Failure, chosen: bool) -> Errors {
    const NAMES: [&str; 3] = ["title", "description", "user_ids"];
    match failure.code() {
        Some(ErrorCode::NotFriends | ErrorCode::NotFound) if chosen => {
            before.at("user_ids", words::NOT_A_FRIEND)
        }
        // An earlier try has come through, though its answer has not.
        Some(ErrorCode::ClientIdReused) => before.at("title", words::MADE_BEFORE),
        _ => refused(before, failure, &NAMES, &[]),
    }
}

/// New ones, with what the group is so far.
#[hook]
pub(super) fn use_fields(group: Option<&Group>) -> Fields {
    let fields = Fields {
        title: use_node_ref(),
        description: use_node_ref(),
    };
    {
        let (fields, group) = (fields.clone(), group.cloned());
        // What somebody else changes meanwhile does not overwrite what is typed.
        use_effect_with((), move |()| {
            let Some(group) = group else { return };
            if let Some(title) = fields.title.cast::<HtmlInputElement>() {
                title.set_value(&group.title);
            }
            if let Some(description) = fields.area() {
                description.set_value(&group.description);
                dom::grow(&description);
            }
        });
    }
    fields
}

impl Fields {
    fn area(&self) -> Option<HtmlTextAreaElement> {
        self.description.cast()
    }

    /// What the group shall be called.
    pub(super) fn title(&self) -> String {
        text_of(&self.title)
    }

    /// What it shall be for.
    pub(super) fn description(&self) -> String {
        self.area().map(|area| area.value()).unwrap_or_default()
    }

    /// Whether that is what the group is so far.
    pub(super) fn are(&self, group: Option<&Group>) -> bool {
        let before = group.map_or(("", ""), |group| (&group.title, &group.description));
        (self.title().trim(), self.description().trim()) == before
    }

    /// The fields, with what is wrong.
    pub(super) fn show(&self, errors: &Errors) -> Html {
        let wrong = errors.of("description");
        let described = if wrong.is_some() {
            "description-error description-hint"
        } else {
            "description-hint"
        };
        let oninput = Callback::from(|event: InputEvent| dom::grow(&event.target_unchecked_into()));
        html! {
            <>
                <TextField
                    id="title" label={words::TITLE} input={self.title.clone()} autocomplete="off" error={errors.of("title")}
                />
                <div class="form-row">
                    <label for="description">{ words::DESCRIPTION }</label>
                    <div class={classes!("field", "field--area", wrong.is_some().then_some("field--wrong"))}>
                        <textarea
                            id="description" name="description" rows="2" ref={self.description.clone()} {oninput}
                            aria-invalid={wrong.is_some().then_some("true")} aria-describedby={described}
                        />
                    </div>
                    if let Some(wrong) = wrong {
                        <p class="form-row__error" id="description-error">{ small_icon(Glyph::Alert) }{ wrong }</p>
                    }
                    <p class="form-row__hint" id="description-hint">{ words::DESCRIPTION_HINT }</p>
                </div>
            </>
        }
    }
}

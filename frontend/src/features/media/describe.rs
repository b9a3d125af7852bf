//! What is to be seen in a picture or film, for those who cannot see it.

use hearth_shared::media::ALT_TEXT_MAX;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::state::tray::Item;
use super::tile::look;
use crate::effect::use_effect_with;
use crate::platform::dom;
use crate::text::media as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;

#[derive(PartialEq, Properties)]
pub(super) struct DescribeProps {
    pub(super) item: Item,
    /// With what was typed; none when nothing is to change.
    pub(super) ondone: Callback<Option<String>>,
}

/// A dialog over what is written.
#[component]
pub(super) fn Describe(props: &DescribeProps) -> Html {
    let area = use_node_ref();
    {
        let (area, alt) = (area.clone(), props.item.alt.clone());
        use_effect_with((), move |()| {
            if let Some(area) = area.cast::<HtmlTextAreaElement>() {
                area.set_value(&alt);
                dom::grow(&area);
            }
        });
    }
    let done = {
        let (area, ondone) = (area.clone(), props.ondone.clone());
        Callback::from(move |()| {
            let area = area.cast::<HtmlTextAreaElement>();
            ondone.emit(area.map(|area| area.value()));
        })
    };
    let onkeydown = {
        let done = done.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                event.prevent_default();
                done.emit(());
            }
        })
    };
    // What was typed is never lost: closing keeps it too.
    html! {
        <Dialog id="describe" title={words::ALT_TITLE} onclose={done.clone()} first="textarea" class="describe" described_by="describe-hint">
            <div class="describe__look">{ look(&props.item, Callback::noop()) }</div>
            <div class="form-row">
                <label for="describe-text">{ words::ALT_LABEL }</label>
                <div class="field field--area">
                    <textarea ref={area} id="describe-text" rows="2" maxlength={ALT_TEXT_MAX.to_string()} {onkeydown} />
                </div>
                <p class="form-row__hint" id="describe-hint">{ words::alt_hint() }</p>
            </div>
            <footer class="dialog__foot">
                <Button kind={Kind::Primary} text={words::ALT_DONE_BUTTON} onclick={done} />
            </footer>
        </Dialog>
    }
}

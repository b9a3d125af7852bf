//! The recovery codes, once. Nothing but the button closes it.

use yew::prelude::*;

use crate::platform::{files, spawn};
use crate::settings::context::use_own;
use crate::text::settings;
use crate::text::settings::security as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;

#[derive(PartialEq, Properties)]
pub(super) struct CodesProps {
    pub(super) codes: Vec<String>,
    pub(super) onkept: Callback<()>,
}

/// The dialog.
#[component]
pub(super) fn Codes(props: &CodesProps) -> Html {
    let own = use_own();
    // Said inside of the dialog: what lies behind it is neither seen nor heard.
    let said = use_state_eq(|| "");
    let copy = {
        let (codes, said) = (props.codes.clone(), said.setter());
        Callback::from(move |()| {
            let (text, said) = (codes.join("\n"), said.clone());
            spawn(async move {
                let copied = files::copy(&text).await;
                said.set(if copied {
                    settings::COPIED
                } else {
                    settings::NOT_COPIED
                });
            });
        })
    };
    let save = {
        let (codes, username) = (props.codes.clone(), own.user.username.clone());
        Callback::from(move |()| {
            files::save_text(&words::file(&username, &codes), words::FILE_NAME);
        })
    };
    html! {
        <Dialog
            id="recovery-codes" title={words::CODES} onclose={Callback::noop()} first="h2" question=true
            described_by="codes-hint"
        >
            <p class="dialog__text" id="codes-hint">{ words::codes_hint() }</p>
            <ol class="codes">
                { for props.codes.iter().map(|code| html! { <li><code>{ code }</code></li> }) }
            </ol>
            <p class="form-row__hint" role="status">{ *said }</p>
            <footer class="dialog__foot">
                <Button text={settings::COPY} onclick={copy} />
                <Button text={words::DOWNLOAD} onclick={save} />
                <Button text={words::KEPT} kind={Kind::Primary} onclick={props.onkept.clone()} />
            </footer>
        </Dialog>
    }
}

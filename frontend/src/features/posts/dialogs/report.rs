//! Asking the host to look at a post or a comment.

use hearth_shared::reports::{CreateReport, NOTE_MAX, NewReport, ReportReason, ReportSubject};
use hearth_shared::valid::Valid;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::context::use_app;
use crate::platform::{dom, spawn};
use crate::text::posts::report as words;
use crate::text::{errors, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::icon::{Glyph, small_icon};

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ReportDialogProps {
    pub(crate) subject: ReportSubject,
    pub(crate) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn ReportDialog(props: &ReportDialogProps) -> Html {
    let app = use_app();
    let reason = use_state_eq(|| None::<ReportReason>);
    let problem = use_state_eq(|| None::<String>);
    let busy = use_state_eq(|| false);
    let note = use_node_ref();
    let send = {
        let (reason, problem, busy, note) = (*reason, problem.setter(), busy.clone(), note.clone());
        let (subject, close) = (props.subject, props.onclose.clone());
        Callback::from(move |()| {
            let Some(reason) = reason.filter(|_| !*busy) else {
                return;
            };
            let text = note.cast::<HtmlTextAreaElement>().map(|area| area.value());
            let report = match Valid::check(NewReport {
                subject,
                reason,
                note: text.unwrap_or_default(),
            }) {
                Ok(report) => report.into_inner(),
                Err(wrong) => return problem.set(wrong.first().map(errors::field)),
            };
            busy.set(true);
            let (app, close, problem, busy) = (app.clone(), close.clone(), problem.clone(), busy.setter());
            spawn(async move {
                match app.base.api.send(&CreateReport {}, &report).await {
                    Ok(_) => {
                        close.emit(());
                        app.base.say(words::THANKS);
                    }
                    Err(failure) => {
                        busy.set(false);
                        problem.set(Some(errors::failure(&failure)));
                    }
                }
            });
        })
    };
    let oninput = Callback::from(|event: InputEvent| dom::grow(&event.target_unchecked_into()));
    html! {
        <Dialog id="report" title={words::title(props.subject)} onclose={props.onclose.clone()} first="input" class="report">
            <p class="dialog__text">{ words::EXPLAINED }</p>
            if let Some(problem) = &*problem {
                <p class="notice notice--problem" role="alert">{ small_icon(Glyph::Alert) }<span>{ problem }</span></p>
            }
            <fieldset class="report__reasons">
                <legend>{ words::WHY }</legend>
                { for ReportReason::ALL.into_iter().map(|one| {
                    let choose = {
                        let reason = reason.clone();
                        move |_: Event| reason.set(Some(one))
                    };
                    html! {
                        <label class="option">
                            <input type="radio" name="reason" value={one.as_str()} checked={*reason == Some(one)} onchange={choose} />
                            <span>{ words::reason(one) }</span>
                        </label>
                    }
                }) }
            </fieldset>
            <div class="form-row">
                <label for="report-note">{ words::NOTE }</label>
                <div class="field field--area">
                    <textarea ref={note} id="report-note" rows="2" maxlength={NOTE_MAX.to_string()} {oninput} />
                </div>
            </div>
            <footer class="dialog__foot">
                <Button text={shell::CANCEL} onclick={props.onclose.clone()} />
                <Button kind={Kind::Primary} text={words::SEND} busy={*busy} disabled={reason.is_none()} onclick={send} />
            </footer>
        </Dialog>
    }
}

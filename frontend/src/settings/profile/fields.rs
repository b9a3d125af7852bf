//! The fields of the form: each with its label, and beside it who sees it.

use hearth_shared::users::{FieldAudience, FieldName, RELATIONSHIPS};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::draft::{Draft, as_date, month_and_day};
use crate::text::settings::profile as words;
use crate::ui::icon::{Glyph, small_icon};

/// What happens in the form.
pub(super) enum Edit {
    Name(String),
    Bio(String),
    Write(FieldName, String),
    ShowTo(FieldName, FieldAudience),
    ShowYear(bool),
}

/// What fields are drawn from.
pub(super) struct Sheet<'a> {
    pub(super) draft: &'a Draft,
    pub(super) email: &'a str,
    pub(super) wrong: &'a dyn Fn(&str) -> Option<AttrValue>,
    pub(super) edit: &'a Callback<Edit>,
}

/// What an input, a text area or a select holds.
fn value_of(target: Option<web_sys::EventTarget>) -> String {
    let Some(target) = target else {
        return String::new();
    };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else {
        String::new()
    }
}

impl Sheet<'_> {
    fn on<E: AsRef<web_sys::Event> + 'static>(&self, edit: impl Fn(String) -> Edit + 'static) -> Callback<E> {
        let emit = self.edit.clone();
        Callback::from(move |event: E| emit.emit(edit(value_of(event.as_ref().target()))))
    }

    /// The name, for everybody.
    pub(super) fn name(&self) -> Html {
        let error = (self.wrong)("display_name");
        html! {
            <div class="form-row">
                <label for="display_name">{ words::NAME }</label>
                <div class={field_class(error.as_ref())}>
                    <input
                        id="display_name" name="display_name" autocomplete="name" value={self.draft.display_name.clone()}
                        aria-invalid={error.is_some().then_some("true")}
                        aria-describedby={described("display_name", error.as_ref(), true)}
                        oninput={self.on::<InputEvent>(Edit::Name)}
                    />
                </div>
                { below("display_name", error, Some(words::NAME_HINT.into())) }
            </div>
        }
    }

    /// A few words, for everybody, with what is left of the room for them.
    pub(super) fn bio(&self) -> Html {
        let error = (self.wrong)("bio");
        let left = self.draft.bio_left();
        html! {
            <div class="form-row">
                <label for="bio">{ words::BIO }</label>
                <div class={classes!(field_class(error.as_ref()), "field--area")}>
                    <textarea
                        id="bio" name="bio" rows="3" value={self.draft.bio.clone()}
                        aria-invalid={(error.is_some() || left < 0).then_some("true")}
                        aria-describedby={described("bio", error.as_ref(), true)}
                        oninput={self.on::<InputEvent>(Edit::Bio)}
                    />
                </div>
                { error_below("bio", error) }
                <p class={classes!("form-row__hint", "bio-count", (left < 0).then_some("bio-count--over"))} id="bio-hint">
                    <span aria-hidden="true">{ words::bio_count(left) }</span>
                    <span class="vh">{ words::bio_left(left) }</span>
                </p>
            </div>
        }
    }

    /// A field with an audience.
    pub(super) fn field(&self, name: FieldName) -> Html {
        let id = name.as_str();
        let error = (self.wrong)(id);
        let hint: Option<AttrValue> = match name {
            FieldName::Birthday => {
                month_and_day(self.draft.value(name)).map(|day| words::without_year(day).into())
            }
            _ => words::field_hint(name).map(Into::into),
        };
        let describedby = described(id, error.as_ref(), hint.is_some());
        let invalid = error.is_some().then_some("true");
        let value = self.draft.value(name).to_owned();
        let oninput = self.on::<InputEvent>(move |text| Edit::Write(name, text));
        let control = match name {
            FieldName::Email => html! { <p class="field field--fixed" id="email">{ self.email }</p> },
            FieldName::Relationship => {
                let onchange = self.on::<Event>(move |text| Edit::Write(name, text));
                html! {
                    <div class={classes!(field_class(error.as_ref()), "field--select")}>
                        <select {id} name={id} aria-invalid={invalid} aria-describedby={describedby} {onchange}>
                            <option value="" selected={value.is_empty()}>{ words::CHOOSE }</option>
                            { for RELATIONSHIPS.iter().map(|one| html! {
                                <option value={*one} selected={*one == value}>{ words::relationship(one) }</option>
                            }) }
                        </select>
                    </div>
                }
            }
            _ => {
                let (kind, value) = match name {
                    FieldName::Birthday => ("date", as_date(&value).to_owned()),
                    _ => ("text", value),
                };
                let website = name == FieldName::Website;
                html! {
                    <div class={field_class(error.as_ref())}>
                        <input
                            {id} name={id} type={kind} {value} autocomplete={autocomplete(name)}
                            inputmode={website.then_some("url")} autocapitalize={website.then_some("none")}
                            spellcheck={website.then_some("false")}
                            min={(name == FieldName::Birthday).then_some("1900-01-01")}
                            max={(name == FieldName::Birthday).then_some("2100-12-31")}
                            aria-invalid={invalid} aria-describedby={describedby} {oninput}
                        />
                    </div>
                }
            }
        };
        html! {
            <div class="form-row field-row">
                if name == FieldName::Email {
                    <span class="field-row__label">{ words::field(name) }</span>
                } else {
                    <label class="field-row__label" for={id}>{ words::field(name) }</label>
                }
                <div class="field-row__pair">
                    { control }
                    { self.audience(name) }
                </div>
                { below(id, error, hint) }
                if name == FieldName::Birthday { { self.year() } }
            </div>
        }
    }

    fn audience(&self, name: FieldName) -> Html {
        let chosen = self.draft.audience(name);
        let edit = self.edit.clone();
        let onchange = Callback::from(move |event: Event| {
            let value = value_of(event.target());
            let audience = FieldAudience::ALL.into_iter().find(|one| one.as_str() == value);
            if let Some(audience) = audience {
                edit.emit(Edit::ShowTo(name, audience));
            }
        });
        let glyph = match chosen {
            FieldAudience::Everyone => Glyph::Globe,
            FieldAudience::Friends => Glyph::Friends,
            FieldAudience::OnlyMe => Glyph::Lock,
        };
        html! {
            <span class="select select--field">
                { small_icon(glyph) }
                <select id={format!("{}-audience", name.as_str())} aria-label={words::who_sees(name)} {onchange}>
                    { for FieldAudience::ALL.iter().map(|one| html! {
                        <option value={one.as_str()} selected={*one == chosen}>{ words::audience(*one) }</option>
                    }) }
                </select>
            </span>
        }
    }

    fn year(&self) -> Html {
        let (edit, shown) = (self.edit.clone(), self.draft.birth_year_shown);
        html! {
            <label class="tick">
                <input
                    type="checkbox" id="birth_year_shown" checked={shown}
                    onchange={move |_: Event| edit.emit(Edit::ShowYear(!shown))}
                />
                <span>{ words::BIRTH_YEAR }</span>
            </label>
        }
    }
}

fn autocomplete(name: FieldName) -> &'static str {
    match name {
        FieldName::Website => "url",
        FieldName::Birthday => "bday",
        _ => "off",
    }
}

fn field_class(error: Option<&AttrValue>) -> Classes {
    classes!("field", error.is_some().then_some("field--wrong"))
}

fn described(id: &str, error: Option<&AttrValue>, hint: bool) -> Option<String> {
    let parts = [
        error.map(|_| format!("{id}-error")),
        hint.then(|| format!("{id}-hint")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn error_below(id: &str, error: Option<AttrValue>) -> Html {
    html! {
        if let Some(error) = error {
            <p class="form-row__error" id={format!("{id}-error")}>{ small_icon(Glyph::Alert) }{ error }</p>
        }
    }
}

fn below(id: &str, error: Option<AttrValue>, hint: Option<AttrValue>) -> Html {
    html! {
        <>
            { error_below(id, error) }
            if let Some(hint) = hint {
                <p class="form-row__hint" id={format!("{id}-hint")}>{ hint }</p>
            }
        </>
    }
}

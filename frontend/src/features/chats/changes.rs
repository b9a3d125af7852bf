//! Who came and went, and what else became of a group: quiet lines between the messages. They are no messages and are
//! not told like them; many in a row are one line that unfolds.

use hearth_shared::conversations::members::{GroupLine, LineKind};
use hearth_shared::ids::UserId;
use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::state::rows::CHANGES_MAX;
use crate::context::use_app;
use crate::text::groups as words;
use crate::ui::avatar::current;

#[derive(PartialEq, Properties)]
pub(super) struct ChangesProps {
    /// In a row.
    pub(super) lines: Vec<GroupLine>,
}

/// The lines.
#[component]
pub(super) fn Changes(props: &ChangesProps) -> Html {
    let me = use_app().user.id;
    let open = use_state_eq(|| false);
    let lines = &props.lines;
    let folded = lines.len() > CHANGES_MAX;
    let toggle = {
        let open = open.clone();
        move |_: MouseEvent| open.set(!*open)
    };
    html! {
        <div class="change" aria-live="off">
            if folded {
                <button
                    type="button" class="text-btn change__fold" tabindex="-1" aria-expanded={open.to_string()} onclick={toggle}
                >{ words::changes(lines.len(), &people(lines, me)) }</button>
            }
            if !folded || *open {
                { for lines.iter().map(|line| html! { <p key={line.seq}>{ sentence(lines, line, me) }</p> }) }
            }
        </div>
    }
}

fn name(card: &UserCard, me: UserId) -> Option<String> {
    (card.id != me).then(|| current(card).display_name)
}

/// Whom it is about, each once; none for oneself.
fn people(lines: &[GroupLine], me: UserId) -> Vec<Option<String>> {
    let mut ids: Vec<UserId> = Vec::new();
    let mut names = Vec::new();
    for line in lines {
        if !ids.contains(&line.subject.id) {
            ids.push(line.subject.id);
            names.push(name(&line.subject, me));
        }
    }
    names
}

fn sentence(lines: &[GroupLine], line: &GroupLine, me: UserId) -> String {
    let (actor, subject) = (name(&line.actor, me), name(&line.subject, me));
    // Who goes gives nothing away: it passes on.
    let passed = line.actor.id == line.subject.id || has_left(lines, line);
    words::change(line.kind, line.role, actor.as_deref(), subject.as_deref(), passed)
}

/// Whether the actor of a line went in the same step.
fn has_left(lines: &[GroupLine], line: &GroupLine) -> bool {
    lines.iter().any(|other| {
        other.kind == LineKind::Left && other.subject.id == line.actor.id && other.seq.abs_diff(line.seq) == 1
    })
}

#[cfg(test)]
mod tests {
    use hearth_shared::conversations::groups::Role;
    use hearth_shared::ids::Id;

    use super::*;
    use crate::features::chats::state::tests::line;

    const ME: i64 = 1;

    fn said(lines: &[GroupLine]) -> Vec<String> {
        let all = lines.iter();
        all.map(|line| sentence(lines, line, UserId::new(ME))).collect()
    }

    #[test]
    fn a_group_that_is_given_away_and_one_that_passes_on() {
        let owner = |seq, actor, subject| GroupLine {
            role: Some(Role::Owner),
            ..line(seq, 0, LineKind::RoleChanged, actor, subject)
        };
        assert_eq!(said(&[owner(1, ME, 2)]), ["You gave the group to U2"]);
        let left = line(1, 0, LineKind::Left, 3, 3);
        assert_eq!(
            said(&[left.clone(), owner(2, 3, ME)]),
            ["U3 left", "You own the group now"]
        );
        assert_eq!(said(&[owner(2, 2, 2), left])[0], "U2 owns the group now");
    }

    #[test]
    fn whom_changes_are_about_is_said_once_each() {
        let lines = [
            line(1, 0, LineKind::Joined, 2, 2),
            line(2, 0, LineKind::Joined, ME, ME),
            line(3, 0, LineKind::Removed, ME, 2),
        ];
        assert_eq!(people(&lines, UserId::new(ME)), [Some("U2".to_owned()), None]);
    }
}

//! Groups: finding, making and joining them, who is in them, what became of them.

use hearth_shared::conversations::READ_POSITIONS_MAX;
use hearth_shared::conversations::groups::{History, INVITED_AT_ONCE, Role, Visibility};
use hearth_shared::conversations::members::LineKind;

use super::{count, first_name, some_of};

pub(crate) const GROUPS: &str = "Groups";
pub(crate) const YOURS: &str = "Yours";
pub(crate) const OPEN_TO_JOIN: &str = "Open to join";
pub(crate) const INVITATIONS: &str = "Invitations";
pub(crate) const NEW: &str = "New group";
pub(crate) const JOIN: &str = "Join";
pub(crate) const OPEN: &str = "Open";
pub(crate) const ACCEPT: &str = "Accept";
pub(crate) const DECLINE: &str = "Decline";
pub(crate) const DECLINED: &str = "Invitation declined.";
pub(crate) const NOT_DECLINED: &str = "The invitation wasn't declined.";
pub(crate) const NOT_JOINED: &str = "You aren't in the group.";
pub(crate) const SEARCH_LABEL: &str = "Search groups by name";
pub(crate) const NONE_YOURS: &str = "You aren't in a group yet. Make one, or join one below.";
pub(crate) const NONE_OPEN: &str = "No other groups to join right now.";
pub(crate) const OPEN_FAILED: &str = "Couldn't load groups.";
pub(crate) const YOURS_FAILED: &str = "Couldn't load your groups.";
pub(crate) const INVITATIONS_FAILED: &str = "Couldn't load your invitations.";

/// When no group is called that.
pub(crate) fn none_called(query: &str) -> String {
    format!("No group here is called “{query}”.")
}

/// "12 people"
pub(crate) fn people(number: u32) -> String {
    count(number, "person", "people")
}

/// "12 people · 3 here"; only "12 people" where it is not known or not told who is here.
pub(crate) fn people_here(number: u32, here: u32) -> String {
    match here {
        1.. if number <= READ_POSITIONS_MAX => format!("{} · {} here", people(number), here.min(number)),
        _ => people(number),
    }
}

/// "3 new"
pub(crate) fn new_messages(number: u32) -> String {
    format!("{number} new")
}

/// Who finds a group, in a word.
pub(crate) fn visibility(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "Public",
        Visibility::Private => "Private",
    }
}

/// An invitation: "Ana invites you to Garden week"
pub(crate) fn invites_you(name: &str, title: &str) -> String {
    format!("{} invites you to {title}", first_name(name))
}

/// The name of a button about a group, for a screen reader: "Join Garden week"
pub(crate) fn about(action: &str, title: &str) -> String {
    format!("{action} {title}")
}

/// What a screen reader hears after "Groups".
pub(crate) fn waiting(number: u32) -> String {
    format!(", {}", count(number, "invitation", "invitations"))
}

pub(crate) const TITLE: &str = "Name";
pub(crate) const DESCRIPTION: &str = "What it's for";
pub(crate) const DESCRIPTION_HINT: &str = "You can leave this empty.";
pub(crate) const WHO_FINDS: &str = "Who can find it";
pub(crate) const WHAT_NEW_SEE: &str = "What new members see";
pub(crate) const CHOSEN_FOR_GOOD: &str = "These two can't be changed later.";
pub(crate) const MADE_BEFORE: &str =
    "The group was made already, the way you filled it in first. Close this, and you find it under Yours.";
pub(crate) const NOT_A_FRIEND: &str =
    "Somebody you chose isn't your friend any more, or isn't here. Choose again.";
pub(crate) const CREATE: &str = "Create group";
pub(crate) const DISCARD_TITLE: &str = "Close without saving?";
pub(crate) const DISCARD_TEXT: &str = "What you changed here is not kept.";

/// What a choice of who finds the group means.
pub(crate) fn visibility_means(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "Anyone here can find and join it.",
        Visibility::Private => "People join by invitation.",
    }
}

/// What new members see, in a few words.
pub(crate) fn history(history: History) -> &'static str {
    match history {
        History::All => "Everything",
        History::FromJoining => "From joining on",
    }
}

/// What that choice means.
pub(crate) fn history_means(history: History) -> &'static str {
    match history {
        History::All => "New members see everything that was said.",
        History::FromJoining => "New members see what is said after they join.",
    }
}

pub(crate) const INVITE: &str = "Invite friends";
pub(crate) const SEND_INVITATIONS: &str = "Invite";
pub(crate) const NOBODY_TO_INVITE: &str = "All your friends here are in the group already.";
pub(crate) const NO_FRIENDS: &str = "You have no friends here yet. You can invite people later.";

/// How many friends are chosen.
pub(crate) fn chosen(number: usize) -> String {
    if number >= INVITED_AT_ONCE {
        format!("{number} chosen, which is as many as go at once")
    } else {
        format!("{number} chosen")
    }
}

/// After inviting.
pub(crate) fn invited(number: u32) -> String {
    match number {
        0 => "They were invited already.".to_owned(),
        number => format!("{} invited.", people(number)),
    }
}

pub(crate) const INFO: &str = "Group info";
pub(crate) const MEMBERS_FAILED: &str = "Couldn't load who is in the group.";
pub(crate) const NO_MEMBERS: &str = "Nobody to show.";
pub(crate) const INVITED: &str = "Invited";
pub(crate) const INVITED_FAILED: &str = "Couldn't load who is invited.";
pub(crate) const NOBODY_INVITED: &str = "Nobody is waiting for an answer.";
pub(crate) const TAKE_BACK: &str = "Take back";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const EDIT_TITLE: &str = "Edit the group";
pub(crate) const ADD_PICTURE: &str = "Add picture";
pub(crate) const CHANGE_PICTURE: &str = "Change picture";
pub(crate) const REMOVE_PICTURE: &str = "Remove picture";
pub(crate) const PICTURE: &str = "Group picture";
pub(crate) const PICTURE_SAVED: &str = "The group's picture is saved.";
pub(crate) const PICTURE_REMOVED: &str = "The group's picture is removed.";
pub(crate) const PICTURE_STAYS: &str = "The group still has its picture.";
pub(crate) const REMOVE_PICTURE_TITLE: &str = "Remove the group's picture?";
pub(crate) const REMOVE_PICTURE_TEXT: &str = "People will see the group's initials instead.";
pub(crate) const YOU: &str = "You";
pub(crate) const MAKE_ADMIN: &str = "Make administrator";
pub(crate) const MAKE_MEMBER: &str = "Make member";
pub(crate) const GIVE: &str = "Give them the group";
pub(crate) const GIVE_CONFIRM: &str = "Give the group";
pub(crate) const REMOVE: &str = "Remove from group";
pub(crate) const REMOVE_CONFIRM: &str = "Remove";
pub(crate) const LEAVE: &str = "Leave group";
pub(crate) const LEAVE_CONFIRM: &str = "Leave";
pub(crate) const NOT_LEFT: &str = "You're still in the group.";
pub(crate) const END: &str = "End group";
pub(crate) const NOT_ENDED: &str = "The group is still there.";
pub(crate) const END_TEXT: &str = "It ends for everybody, with all that was said in it. Nobody can read it any more, and it can't be brought back.";

/// What somebody may do, where it is more than to talk.
pub(crate) fn role(role: Role) -> Option<&'static str> {
    match role {
        Role::Owner => Some("Owner"),
        Role::Admin => Some("Administrator"),
        Role::Member => None,
    }
}

/// "Invited by Ana"
pub(crate) fn invited_by(name: &str) -> String {
    format!("Invited by {}", first_name(name))
}

/// The small menu of a member.
pub(crate) fn more_for(name: &str) -> String {
    format!("More for {name}")
}

/// Before the group is another's.
pub(crate) fn give_title(name: &str) -> String {
    format!("Give the group to {}?", first_name(name))
}
/// What that means.
pub(crate) fn give_text(name: &str) -> String {
    let name = first_name(name);
    format!(
        "{name} can do everything in it then. You stay as an administrator; only {name} can give it back."
    )
}

/// Before somebody is removed.
pub(crate) fn remove_title(name: &str) -> String {
    format!("Remove {} from the group?", first_name(name))
}

/// What that means.
pub(crate) fn remove_text(name: &str) -> String {
    format!(
        "{} can't read or write here any more. What they said stays, and they can be invited again.",
        first_name(name)
    )
}

/// Before one leaves.
pub(crate) fn leave_title(title: &str) -> String {
    format!("Leave {title}?")
}

/// What leaving means.
pub(crate) fn leave_text(role: Role, people: u32, visibility: Visibility) -> &'static str {
    match (role, people, visibility) {
        (_, ..=1, _) => {
            "You're the last one in it, so the group ends, with all that was said. It can't be brought back."
        }
        (Role::Owner, ..) => {
            "The group goes to whoever has been an administrator longest; without one, to whoever has been in it longest. What you said stays."
        }
        (_, _, Visibility::Public) => "What you said stays. You can join again.",
        (_, _, Visibility::Private) => "What you said stays. To come back you need an invitation.",
    }
}

/// After leaving.
pub(crate) fn left(title: &str) -> String {
    format!("You left {title}.")
}

/// Before the group ends.
pub(crate) fn end_title(title: &str) -> String {
    format!("End {title} for everybody?")
}

/// After it.
pub(crate) fn ended(title: &str) -> String {
    format!("{title} has ended.")
}

pub(crate) const GONE_TITLE: &str = "You are no longer in this group.";
pub(crate) const GONE: &str = "It may have ended, or somebody who looks after it removed you.";
pub(crate) const JOINED_HERE: &str = "You joined here. What was said before is not shown.";
pub(crate) const CANNOT_SEND: &str = "You can't write here right now. What was said stays.";

/// The log of messages.
pub(crate) fn messages_in(title: &str) -> String {
    format!("Messages in {title}")
}

/// The field.
pub(crate) fn message_to(title: &str) -> String {
    format!("Message {title}")
}

/// Above the first message.
pub(crate) fn beginning(title: &str) -> String {
    format!("This is the beginning of {title}.")
}

pub(crate) const QUIET: &str = "Nothing was said yet.";

/// The last message in the list of chats: "Ben: the lake"
pub(crate) fn by(name: &str, text: &str) -> String {
    format!("{}: {text}", first_name(name))
}

/// Told to a screen reader.
pub(crate) fn new_in(number: u32, title: &str) -> String {
    format!("{} in {title}", count(number, "new message", "new messages"))
}

/// Who is typing: the names, where they are known.
pub(crate) fn typing(names: &[Option<String>]) -> Option<String> {
    let who = |name: &Option<String>| match name {
        Some(name) => first_name(name).to_owned(),
        None => "Somebody".to_owned(),
    };
    match names {
        [] => None,
        [one] => Some(format!("{} is typing…", who(one))),
        [one @ Some(_), other @ Some(_)] => Some(format!("{} and {} are typing…", who(one), who(other))),
        _ => Some("Several people are typing…".to_owned()),
    }
}

/// Who has read one's own message: a name when it is one person whose name is known.
pub(crate) fn seen_by(name: Option<&str>, number: usize) -> String {
    match name {
        Some(name) => format!("Seen by {}", first_name(name)),
        None => format!("Seen by {number}"),
    }
}

/// What became of the group; nobody is oneself. `passed`: nobody gave it away, it went on to somebody.
pub(crate) fn change(
    kind: LineKind,
    role: Option<Role>,
    actor: Option<&str>,
    subject: Option<&str>,
    passed: bool,
) -> String {
    let begin = |who: Option<&str>| who.map_or("You", first_name).to_owned();
    let (actor, first) = (begin(actor), begin(subject));
    let inside = subject.map_or("you", first_name);
    match (kind, role) {
        (LineKind::Created, _) => format!("{actor} made the group"),
        (LineKind::Joined, _) => format!("{first} joined"),
        (LineKind::Left, _) => format!("{first} left"),
        (LineKind::Removed, _) => format!("{actor} removed {inside}"),
        (LineKind::Renamed, _) => format!("{actor} changed the group's name or description"),
        (LineKind::Pictured, _) => format!("{actor} changed the group's picture"),
        (LineKind::RoleChanged, Some(Role::Owner)) if passed && subject.is_none() => {
            "You own the group now".to_owned()
        }
        (LineKind::RoleChanged, Some(Role::Owner)) if passed => format!("{first} owns the group now"),
        (LineKind::RoleChanged, Some(Role::Owner)) => format!("{actor} gave the group to {inside}"),
        (LineKind::RoleChanged, Some(Role::Admin)) => format!("{actor} made {inside} an administrator"),
        (LineKind::RoleChanged, _) => format!("{actor} made {inside} a member"),
    }
}

/// Many changes in a row: "5 changes: Ana, Ben and 3 others"; nobody is oneself.
pub(crate) fn changes(number: usize, people: &[Option<String>]) -> String {
    const NAMED: usize = 2;
    let names = people.iter().map(|name| name.as_deref().unwrap_or("you"));
    let named = if people.len() > NAMED + 1 {
        NAMED
    } else {
        people.len()
    };
    let names: Vec<&str> = names.take(named).collect();
    let others = u32::try_from(people.len() - named).unwrap_or(u32::MAX);
    format!("{number} changes: {}", some_of(&names, others))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<Option<String>> {
        let name = |name: &&str| (!name.is_empty()).then(|| (*name).to_owned());
        names.iter().map(name).collect()
    }

    #[test]
    fn who_is_here_is_counted_where_it_is_known() {
        assert_eq!(people_here(12, 3), "12 people · 3 here");
        assert_eq!(people_here(12, 0), "12 people");
        assert_eq!(people_here(51, 3), "51 people", "it is not told any more");
        assert_eq!(people_here(1, 2), "1 person · 1 here", "somebody left just now");
    }

    #[test]
    fn those_who_type_are_named_while_they_are_few() {
        let cases: [(&[&str], Option<&str>); 6] = [
            (&[], None),
            (&["Ana Sol"], Some("Ana is typing…")),
            (&[""], Some("Somebody is typing…")),
            (&["Ana Sol", "Ben"], Some("Ana and Ben are typing…")),
            (&["Ana", ""], Some("Several people are typing…")),
            (&["Ana", "Ben", "Cleo"], Some("Several people are typing…")),
        ];
        for (who, said) in cases {
            assert_eq!(typing(&names(who)).as_deref(), said);
        }
    }

    #[test]
    fn one_reader_has_a_name_and_several_are_counted() {
        assert_eq!(seen_by(Some("Ana Sol"), 1), "Seen by Ana");
        assert_eq!(seen_by(None, 1), "Seen by 1");
        assert_eq!(seen_by(None, 3), "Seen by 3");
    }

    #[test]
    fn changes_are_told_from_where_one_stands() {
        let (ana, ben) = (Some("Ana Sol"), Some("Ben"));
        let told = |kind, role, actor, subject| change(kind, role, actor, subject, false);
        let cases = [
            (told(LineKind::Created, None, ana, ana), "Ana made the group"),
            (told(LineKind::Created, None, None, None), "You made the group"),
            (told(LineKind::Joined, None, ben, ben), "Ben joined"),
            (told(LineKind::Left, None, None, None), "You left"),
            (told(LineKind::Removed, None, None, ben), "You removed Ben"),
            (told(LineKind::Removed, None, ana, None), "Ana removed you"),
            (
                told(LineKind::RoleChanged, Some(Role::Admin), ana, ben),
                "Ana made Ben an administrator",
            ),
            (
                told(LineKind::RoleChanged, Some(Role::Member), ana, None),
                "Ana made you a member",
            ),
            (
                told(LineKind::RoleChanged, Some(Role::Owner), ana, ben),
                "Ana gave the group to Ben",
            ),
            (
                told(LineKind::Renamed, None, None, None),
                "You changed the group's name or description",
            ),
        ];
        for (said, wanted) in cases {
            assert_eq!(said, wanted);
        }
    }

    #[test]
    fn many_changes_name_two_people_and_count_the_others() {
        let people = names(&["Ana Sol", "", "Cleo", "Dan", "Eva"]);
        assert_eq!(changes(5, &people), "5 changes: Ana, you and 3 others");
        assert_eq!(changes(4, &people[..3]), "4 changes: Ana, you and Cleo");
        assert_eq!(changes(6, &people[..1]), "6 changes: Ana");
    }

    #[test]
    fn who_leaves_is_told_what_becomes_of_the_group() {
        let last = leave_text(Role::Owner, 1, Visibility::Public);
        let owner = leave_text(Role::Owner, 2, Visibility::Public);
        assert!(last.contains("ends") && owner.contains("administrator longest"));
        assert_ne!(
            leave_text(Role::Member, 2, Visibility::Public),
            leave_text(Role::Member, 2, Visibility::Private)
        );
    }
}

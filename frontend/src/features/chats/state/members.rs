//! Who is in a group, as far as it is loaded: its owner, its administrators, its members, each in the order of their
//! ids. What happens meanwhile is put in its place.

use hearth_shared::conversations::members::{GroupMember, LineKind};
use hearth_shared::ids::UserId;
use hearth_shared::page::Page;
use hearth_shared::realtime::events::GroupChange;

use crate::features::friends::state::Listing;
use crate::platform::api::Failure;

type Members = Listing<GroupMember>;

/// Puts somebody into their place. Who belongs behind the last one that is loaded comes with the next page.
pub(crate) fn put(list: &mut Members, member: GroupMember) {
    take(list, member.user.id);
    let key = |known: &GroupMember| (known.role, known.user.id);
    let place = list.items.partition_point(|known| key(known) < key(&member));
    if place < list.items.len() || list.next.is_none() {
        list.items.insert(place, member);
    }
}

/// Takes somebody out.
pub(crate) fn take(list: &mut Members, user: UserId) {
    list.items.retain(|known| known.user.id != user);
}

/// Somebody came, went, or may do something else.
pub(super) fn apply(list: &mut Members, change: &GroupChange) {
    let line = &change.line;
    let Some(role) = change.role else {
        return take(list, line.subject.id);
    };
    let known = list.items.iter().find(|known| known.user.id == line.subject.id);
    let joined_at = known
        .filter(|_| line.kind != LineKind::Joined)
        .map_or(line.created_at, |known| known.joined_at);
    let user = line.subject.clone();
    put(
        list,
        GroupMember {
            user,
            role,
            joined_at,
        },
    );
}

/// The first page, or one more, has come or has not. Some of it may have been told already.
pub(crate) fn settle(list: &mut Members, more: bool, outcome: Result<Page<GroupMember>, Failure>) {
    let outcome = outcome.map(|mut page| {
        let known = |one: &GroupMember| list.items.iter().any(|known| known.user.id == one.user.id);
        page.items.retain(|one| !more || !known(one));
        page
    });
    list.settle(more, outcome);
}

#[cfg(test)]
mod tests {
    use hearth_shared::conversations::groups::Role;
    use hearth_shared::ids::Id;
    use hearth_shared::page::Cursor;
    use hearth_shared::time::Timestamp;

    use super::*;
    use crate::features::chats::state::tests::change;
    use crate::features::posts::state::tests::user;

    fn member(id: i64, role: Role) -> GroupMember {
        GroupMember {
            user: user(id),
            role,
            joined_at: Timestamp::from_millis(id),
        }
    }

    fn page(members: Vec<GroupMember>, more: bool) -> Result<Page<GroupMember>, Failure> {
        Ok(Page {
            items: members,
            next_cursor: more.then(|| Cursor("next".into())),
            seq: None,
        })
    }

    fn shown(list: &Members) -> Vec<(i64, Role)> {
        let all = list.items.iter();
        all.map(|known| (known.user.id.get(), known.role)).collect()
    }

    #[test]
    fn who_comes_stands_in_their_place_and_who_goes_is_gone() {
        let mut list = Members::default();
        let first = vec![
            member(5, Role::Owner),
            member(2, Role::Admin),
            member(3, Role::Member),
        ];
        settle(&mut list, false, page(first, false));
        apply(&mut list, &change(1, LineKind::Joined, 1, 1, Some(Role::Member)));
        apply(
            &mut list,
            &change(2, LineKind::RoleChanged, 5, 3, Some(Role::Admin)),
        );
        assert_eq!(
            shown(&list),
            [
                (5, Role::Owner),
                (2, Role::Admin),
                (3, Role::Admin),
                (1, Role::Member)
            ]
        );
        assert_eq!(
            list.items[2].joined_at,
            Timestamp::from_millis(3),
            "since when stays"
        );
        apply(&mut list, &change(3, LineKind::Left, 2, 2, None));
        apply(&mut list, &change(3, LineKind::Left, 2, 2, None));
        assert_eq!(list.items.len(), 3);
    }

    #[test]
    fn of_a_list_that_goes_on_only_the_beginning_is_kept_right() {
        let mut list = Members::default();
        let first = vec![member(5, Role::Owner), member(2, Role::Member)];
        settle(&mut list, false, page(first, true));
        apply(&mut list, &change(1, LineKind::Joined, 9, 9, Some(Role::Member)));
        apply(&mut list, &change(2, LineKind::Joined, 1, 1, Some(Role::Member)));
        assert_eq!(
            shown(&list),
            [(5, Role::Owner), (1, Role::Member), (2, Role::Member)]
        );
        let next = vec![member(2, Role::Member), member(9, Role::Member)];
        settle(&mut list, true, page(next, false));
        assert_eq!(list.items.len(), 4, "nobody is there twice");
    }
}

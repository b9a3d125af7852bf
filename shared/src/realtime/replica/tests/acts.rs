//! What happens in the histories that are tried.

use proptest::prelude::*;

use super::{GroupAct, PEOPLE};
use crate::conversations::groups::Role;

/// What somebody does, or what happens to them.
#[derive(Debug, Clone)]
pub(super) enum Act {
    /// Perhaps an answer.
    Write {
        with: usize,
        mine: bool,
        to: Option<usize>,
    },
    /// A message says something else, goes, or is felt about.
    Alter {
        with: usize,
        at: usize,
        kind: u8,
    },
    Read {
        with: usize,
        mine: bool,
        part: f64,
    },
    Set {
        with: usize,
        muted: bool,
        archived: bool,
        pinned: bool,
    },
    Relate {
        with: usize,
        kind: u8,
    },
    News {
        which: Option<usize>,
    },
    Change(usize),
    Gone(usize),
    Seen(f64),
    NotificationsRead(f64),
    Group(GroupAct),
    Pause,
}

/// Some of these, in any order.
pub(super) fn acts() -> impl Strategy<Value = Vec<Act>> {
    let with = || 0..PEOPLE;
    let act = prop_oneof![
        5 => (with(), any::<bool>(), prop::option::of(any::<usize>()))
            .prop_map(|(with, mine, to)| Act::Write { with, mine, to }),
        4 => (with(), any::<usize>(), 0..3_u8).prop_map(|(with, at, kind)| Act::Alter { with, at, kind }),
        3 => (with(), any::<bool>(), 0.0..1.0).prop_map(|(with, mine, part)| Act::Read { with, mine, part }),
        3 => (with(), any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(with, muted, archived, pinned)| Act::Set { with, muted, archived, pinned }),
        4 => (with(), 0..4_u8).prop_map(|(with, kind)| Act::Relate { with, kind }),
        5 => prop::option::of(any::<usize>()).prop_map(|which| Act::News { which }),
        1 => any::<usize>().prop_map(Act::Change),
        1 => any::<usize>().prop_map(Act::Gone),
        1 => (0.0..1.0).prop_map(Act::Seen),
        1 => (0.0..1.0).prop_map(Act::NotificationsRead),
        18 => in_group().prop_map(Act::Group),
        2 => Just(Act::Pause),
    ];
    prop::collection::vec(act, 1..60)
}

fn in_group() -> impl Strategy<Value = GroupAct> {
    let who = any::<usize>;
    let role = prop_oneof![Just(Role::Owner), Just(Role::Admin), Just(Role::Member)];
    prop_oneof![
        5 => (who(), prop::option::of(any::<usize>())).prop_map(|(who, to)| GroupAct::Write { who, to }),
        2 => (any::<usize>(), 0..3_u8).prop_map(|(at, kind)| GroupAct::Alter { at, kind }),
        3 => (who(), 0.0..1.0).prop_map(|(who, part)| GroupAct::Read { who, part }),
        5 => who().prop_map(GroupAct::Come),
        4 => (who(), any::<bool>()).prop_map(|(who, removed)| GroupAct::Go { who, removed }),
        3 => (who(), role).prop_map(|(who, role)| GroupAct::Promote { who, role }),
        1 => Just(GroupAct::Rename),
        1 => Just(GroupAct::Picture),
        3 => who().prop_map(GroupAct::Invite),
        1 => Just(GroupAct::Disinvite),
        2 => any::<(bool, bool, bool)>().prop_map(|(muted, archived, pinned)| GroupAct::Set { muted, archived, pinned }),
    ]
}

/// A whole number up to `all`.
pub(super) fn part_of(all: u64, part: f64) -> u64 {
    (0..=all)
        .find(|some| *some as f64 >= part * all as f64)
        .unwrap_or(all)
}

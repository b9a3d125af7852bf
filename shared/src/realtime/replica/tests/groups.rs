//! The group of the histories, which shows new members all that was said: what happens in it, and what I read of it.

use super::said::Said;
use super::*;
use crate::conversations::groups::{Group, GroupCard, History, Role, Visibility};
use crate::conversations::members::{GroupInvitation, GroupLine, LineKind};
use crate::realtime::events::GroupChange;

/// Its place among the conversations: behind those of two.
const GROUP: usize = PEOPLE;

/// What somebody does in the group, or what happens to them. Of those who could, one is chosen.
#[derive(Debug, Clone)]
pub(super) enum GroupAct {
    /// Perhaps an answer.
    Write {
        who: usize,
        to: Option<usize>,
    },
    Alter {
        at: usize,
        kind: u8,
    },
    Read {
        who: usize,
        part: f64,
    },
    Come(usize),
    Go {
        who: usize,
        removed: bool,
    },
    Promote {
        who: usize,
        role: Role,
    },
    Rename,
    Picture,
    /// Me; the others' invitations are told to nobody here.
    Invite(usize),
    /// I decline, or it is taken back.
    Disinvite,
    /// I mute it, or put it away.
    Set {
        muted: bool,
        archived: bool,
        pinned: bool,
    },
}

/// A row of its stream, or one of mine that is about it.
#[derive(Debug, Clone)]
pub(super) enum GroupRow {
    Message(usize),
    Altered(usize),
    Changed(usize),
    /// My own: I came or went.
    Mine,
    /// My own: I am invited, or no longer.
    Invitation,
}

impl GroupRow {
    /// It is in my own stream.
    pub(super) fn is_own(&self) -> bool {
        matches!(self, Self::Mine | Self::Invitation)
    }
}

#[derive(Debug, Clone)]
struct Member {
    role: Role,
    /// The version of the membership with which they came.
    since: u64,
    read: (u32, Option<Timestamp>),
}

#[derive(Debug, Clone)]
pub(super) struct Circle {
    said: Said,
    members: BTreeMap<UserId, Member>,
    lines: Vec<GroupLine>,
    title: String,
    picture: Option<String>,
    version: u64,
    /// The place in my list that I was given when I came last.
    listed: i64,
    settings: ConversationSettings,
    /// By whom I am invited, and since when.
    invited: Option<(UserId, Timestamp)>,
}

impl Default for Circle {
    /// I am in it from the beginning, so that there is something to lose.
    fn default() -> Self {
        let mut circle = Self {
            said: Said::default(),
            members: BTreeMap::new(),
            lines: Vec::new(),
            title: "0".into(),
            picture: None,
            version: 0,
            listed: 1,
            settings: ConversationSettings::default(),
            invited: None,
        };
        let (owner, at) = (person(0), Timestamp::from_millis(0));
        circle.come(owner, at);
        circle.members.get_mut(&owner).unwrap().role = Role::Owner;
        circle.change(at, LineKind::Created, owner, owner, None);
        circle.come(me(), at);
        circle.change(at, LineKind::Joined, me(), me(), None);
        circle
    }
}

impl Circle {
    fn come(&mut self, user: UserId, at: Timestamp) {
        let member = Member {
            role: Role::Member,
            since: self.version + 1,
            read: (self.said.last(), Some(at)),
        };
        self.members.insert(user, member);
    }

    /// Writes the row of a change that has just been made.
    fn change(
        &mut self,
        at: Timestamp,
        kind: LineKind,
        actor: UserId,
        subject: UserId,
        role: Option<Role>,
    ) -> Row {
        self.version += 1;
        self.lines.push(GroupLine {
            seq: self.said.next_seq(),
            after_number: self.said.last(),
            kind,
            actor: card(actor),
            subject: card(subject),
            role,
            created_at: at,
        });
        Row::Group(GroupRow::Changed(self.lines.len() - 1))
    }

    fn owner(&self) -> UserId {
        let mut members = self.members.iter();
        let owner = members.find(|(_, member)| member.role == Role::Owner);
        *owner.unwrap().0
    }

    /// One of those who are in it.
    fn insider(&self, at: usize) -> UserId {
        *self.members.keys().nth(at % self.members.len()).unwrap()
    }

    /// One of those who are not.
    fn outsider(&self, at: usize) -> Option<UserId> {
        let all = [me()].into_iter().chain((0..PEOPLE).map(person));
        let outside: Vec<_> = all.filter(|user| !self.members.contains_key(user)).collect();
        Some(outside[at.checked_rem(outside.len())?])
    }

    pub(super) fn has_me(&self) -> bool {
        self.members.contains_key(&me())
    }

    /// I am in it and have not read all.
    pub(super) fn is_unread(&self) -> bool {
        let mine = self.members.get(&me());
        let last = self.said.last();
        mine.is_some_and(|mine| mine.read.0 < last && !is_quiet(self.settings, last))
    }

    fn group(&self) -> Group {
        Group {
            title: self.title.clone(),
            description: String::new(),
            visibility: Visibility::Private,
            history: History::All,
            picture_url: self.picture.clone(),
        }
    }

    fn member_count(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap()
    }

    /// As I see it who am in it.
    pub(super) fn conversation(&self) -> Option<Conversation> {
        let mine = self.members.get(&me())?;
        let others = self.members.iter().filter(|(user, _)| **user != me());
        let position = |(user, member): (&UserId, &Member)| ReadPosition {
            user_id: *user,
            number: member.read.0,
            at: member.read.1,
        };
        let newest = self.said.messages.last();
        Some(Conversation {
            id: id(GROUP + 1),
            kind: ConversationKind::Group,
            other: None,
            group: Some(self.group()),
            my_role: Some(mine.role),
            member_count: self.member_count(),
            can_send: true,
            request: None,
            listed_id: id(newest.map_or(0, |newest| newest.id.get()).max(self.listed)),
            first_number: 1,
            last_message: newest.cloned(),
            last_number: self.said.last(),
            my_read_number: mine.read.0,
            unread_count: self.said.last() - mine.read.0,
            read_positions: others.map(position).collect(),
            last_seq: self.said.seq,
            membership_version: self.version,
            settings: self.settings,
            created_at: Timestamp::from_millis(0),
        })
    }

    pub(super) fn page(&self) -> MessagePage {
        self.said.page(self.lines.clone())
    }

    fn change_of(&self, at: usize) -> GroupChange {
        let line = self.lines[at].clone();
        GroupChange {
            conversation_id: id(GROUP + 1),
            role: self.members.get(&line.subject.id).map(|member| member.role),
            line,
            group: self.group(),
            member_count: self.member_count(),
            membership_version: self.version,
        }
    }

    pub(super) fn invitation(&self) -> Option<GroupInvitation> {
        self.invited.map(|(by, created_at)| GroupInvitation {
            group: GroupCard {
                id: id(GROUP + 1),
                group: self.group(),
                member_count: self.member_count(),
                my_role: None,
                invited: true,
            },
            by: card(by),
            created_at,
        })
    }

    /// What a row reads now.
    pub(super) fn event(&self, row: &GroupRow) -> Event {
        let messages = &self.said.messages;
        match row {
            GroupRow::Message(at) => Event::MessageCreated {
                message: messages[*at].clone(),
            },
            GroupRow::Altered(at) => Event::MessageChanged {
                message: messages[*at].clone(),
            },
            GroupRow::Changed(at) => Event::GroupChanged {
                change: self.change_of(*at),
            },
            GroupRow::Mine => match self.conversation() {
                Some(conversation) => Event::ConversationAdded {
                    conversation: Box::new(conversation),
                },
                None => Event::ConversationRemoved { id: id(GROUP + 1) },
            },
            GroupRow::Invitation => match self.invitation() {
                Some(invitation) => Event::GroupInvitation { invitation },
                None => Event::GroupInvitationGone {
                    conversation_id: id(GROUP + 1),
                },
            },
        }
    }
}

impl Server {
    /// Does it, and gives the rows that it writes.
    pub(super) fn act_in_group(&mut self, act: &GroupAct) -> Vec<Row> {
        // No two of these happen at the same time: when somebody came can be told from when they came again.
        self.clock += 1;
        let now = self.now();
        match *act {
            GroupAct::Write { who, to } => {
                let sender = self.circle.insider(who);
                let (message_id, number) = (self.next_id(), self.circle.said.last() + 1);
                let said = message(GROUP, number, message_id, sender, now);
                self.circle.said.say(said, to);
                self.circle.members.get_mut(&sender).unwrap().read = (number, Some(now));
                vec![Row::Group(GroupRow::Message(number as usize - 1))]
            }
            GroupAct::Alter { at, kind } => {
                let altered = self.circle.said.alter(at, kind, now);
                let row = |at| Row::Group(GroupRow::Altered(at));
                altered.map(row).into_iter().collect()
            }
            GroupAct::Read { who, part } => {
                let reader = self.circle.insider(who);
                let number = u32::try_from(part_of(self.circle.said.last().into(), part)).unwrap();
                let known = self.circle.members.get_mut(&reader).unwrap();
                if number <= known.read.0 {
                    return Vec::new();
                }
                known.read = (number, Some(now));
                vec![Row::ReadInGroup(Read {
                    conversation_id: id(GROUP + 1),
                    user_id: reader,
                    number,
                    at: now,
                })]
            }
            GroupAct::Come(who) => {
                let Some(user) = self.circle.outsider(who) else {
                    return Vec::new();
                };
                self.circle.come(user, now);
                let mut rows = Vec::new();
                if user == me() {
                    self.circle.listed = self.next_id();
                    self.circle.settings = ConversationSettings {
                        version: id(self.circle.listed),
                        ..ConversationSettings::default()
                    };
                    if self.circle.invited.take().is_some() {
                        rows.push(self.own_row(GroupRow::Invitation));
                    }
                    rows.push(self.own_row(GroupRow::Mine));
                }
                rows.push(self.circle.change(now, LineKind::Joined, user, user, None));
                rows
            }
            GroupAct::Set {
                muted,
                archived,
                pinned,
            } => {
                if !self.circle.members.contains_key(&me()) {
                    return Vec::new();
                }
                self.circle.settings = ConversationSettings {
                    muted,
                    archived_number: archived.then(|| self.circle.said.last()),
                    pinned,
                    request: false,
                    version: id(self.next_id()),
                };
                vec![self.own_row(GroupRow::Mine)]
            }
            GroupAct::Go { who, removed } => self.go(who, removed),
            GroupAct::Promote { who, role } => {
                let (owner, subject) = (self.circle.owner(), self.circle.insider(who));
                let known = self.circle.members.get_mut(&subject).unwrap();
                if subject == owner || known.role == role {
                    return Vec::new();
                }
                known.role = role;
                if role == Role::Owner {
                    self.circle.members.get_mut(&owner).unwrap().role = Role::Admin;
                }
                let kind = LineKind::RoleChanged;
                vec![self.circle.change(now, kind, owner, subject, Some(role))]
            }
            GroupAct::Rename => {
                let owner = self.circle.owner();
                self.circle.title = (self.circle.version + 1).to_string();
                vec![self.circle.change(now, LineKind::Renamed, owner, owner, None)]
            }
            // Whoever is invited is told, too.
            GroupAct::Picture => {
                let owner = self.circle.owner();
                self.circle.picture = match self.circle.picture {
                    None => Some(self.circle.version.to_string()),
                    Some(_) => None,
                };
                let mut rows = vec![self.circle.change(now, LineKind::Pictured, owner, owner, None)];
                if self.circle.invited.is_some() {
                    rows.push(self.own_row(GroupRow::Invitation));
                }
                rows
            }
            GroupAct::Invite(who) => {
                if self.circle.has_me() || self.circle.invited.is_some() {
                    return Vec::new();
                }
                self.circle.invited = Some((self.circle.insider(who), now));
                vec![self.own_row(GroupRow::Invitation)]
            }
            GroupAct::Disinvite => match self.circle.invited.take() {
                Some(_) => vec![self.own_row(GroupRow::Invitation)],
                None => Vec::new(),
            },
        }
    }

    /// An owner leaves it to whoever may most, of these to the one of the longest standing, and a line of its own tells that.
    fn go(&mut self, who: usize, removed: bool) -> Vec<Row> {
        let (now, circle) = (self.now(), &mut self.circle);
        let (owner, user) = (circle.owner(), circle.insider(who));
        if circle.members.len() == 1 {
            return Vec::new();
        }
        circle.members.remove(&user);
        let mut rows = Vec::new();
        rows.push(if removed && user != owner {
            circle.change(now, LineKind::Removed, owner, user, None)
        } else {
            circle.change(now, LineKind::Left, user, user, None)
        });
        if user == owner {
            let standing = |(_, member): &(&UserId, &mut Member)| (member.role, member.since);
            let (heir, theirs) = circle.members.iter_mut().min_by_key(standing).unwrap();
            let heir = *heir;
            theirs.role = Role::Owner;
            rows.push(circle.change(now, LineKind::RoleChanged, user, heir, Some(Role::Owner)));
        }
        if user == me() {
            rows.push(self.own_row(GroupRow::Mine));
        }
        rows
    }

    fn own_row(&mut self, row: GroupRow) -> Row {
        self.next_seq();
        Row::Group(row)
    }

    /// Tells of the group as a client follows it. Whoever is not in it is told nothing of what happens there, and who asks,
    /// late, is refused. What was missed is asked for with the next event, unless the stream is followed no more.
    pub(super) fn tell_of_group(
        &self,
        row: &GroupRow,
        late: bool,
        missed: &mut Vec<GroupRow>,
        to: &mut Replica,
    ) {
        let (here, group) = (self.circle.has_me(), id(GROUP + 1));
        match row {
            GroupRow::Mine | GroupRow::Invitation => {
                self.tell(&Row::Group(row.clone()), to);
                if !to.logs.contains_key(&group) {
                    missed.clear();
                }
            }
            GroupRow::Message(_) | GroupRow::Altered(_) | GroupRow::Changed(_) => {
                if here {
                    for row in missed.drain(..).chain([row.clone()]) {
                        self.tell(&Row::Group(row), to);
                    }
                } else if late {
                    // What is loaded would not be brought up to date by those that follow.
                    to.logs.remove(&group);
                    missed.clear();
                } else if to.logs.contains_key(&group) {
                    missed.push(row.clone());
                }
            }
        }
    }
}

/// What all must be alike in. Nothing but its picture tells whoever is invited what happens in the group meanwhile.
pub(super) fn comparable(mut all: Replica) -> Replica {
    for known in &mut all.invitations.items {
        known.group.group.title.clear();
        known.group.member_count = 0;
    }
    all
}

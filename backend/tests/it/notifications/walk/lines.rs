//! What people must be told, by definition. A line is about one thing; in it stand those whose doing was told while its
//! recipient wanted to hear it and could see it, for as long as something that they did stands. It is shown while its
//! recipient may see what it is about.

use std::collections::{BTreeMap, BTreeSet};

use hearth_shared::ids::FriendRequestId;
use hearth_shared::notifications::COUNT_MAX;
use hearth_shared::notifications::preferences::Topic;

use super::model::{Standing, Who, World};

/// What a line is about: posts and comments by their places in the lists. A thing that happens once is told in this
/// order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    Request(FriendRequestId),
    Accepted(Who),
    Reaction(usize),
    Comment(usize),
    Reply(usize),
    Mention(usize),
    Share(usize),
    CommentReaction(usize),
    Invitation(usize),
    Message(usize),
}

impl About {
    /// With which others it is turned off.
    pub(super) fn topic(self) -> Topic {
        match self {
            Self::Request(_) | Self::Accepted(_) => Topic::Friends,
            Self::Reaction(_) | Self::CommentReaction(_) => Topic::Reactions,
            Self::Comment(_) | Self::Reply(_) => Topic::Comments,
            Self::Mention(_) | Self::Message(_) => Topic::Mentions,
            Self::Share(_) => Topic::Shares,
            Self::Invitation(_) => Topic::Groups,
        }
    }

    /// On which post.
    pub(super) fn post(self, world: &World) -> Option<usize> {
        match self {
            Self::Request(_) | Self::Accepted(_) | Self::Invitation(_) | Self::Message(_) => None,
            Self::Reaction(post) | Self::Comment(post) | Self::Mention(post) | Self::Share(post) => {
                Some(post)
            }
            Self::Reply(comment) | Self::CommentReaction(comment) => Some(world.comments[comment].post),
        }
    }
}

/// A line.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Who did it, and the place at which that was told last.
    pub(super) actors: BTreeMap<Who, u64>,
    /// The place of the last news.
    pub(super) place: u64,
    pub(super) read: bool,
    /// A request that was accepted.
    pub(super) accepted: bool,
}

/// A line as its recipient is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) about: About,
    pub(super) accepted: bool,
    /// The latest three.
    pub(super) actors: Vec<Who>,
    pub(super) count: usize,
    pub(super) seen: bool,
    pub(super) read: bool,
}

impl World {
    /// Somebody is told what others did, those of them of whom they want to hear.
    fn tell(&mut self, who: Who, about: About, by: &[Who]) {
        let post = about.post(self);
        let deaf = post.is_some_and(|post| self.muted_posts.contains(&(who, post)))
            || self.refused.contains(&(who, about.topic()));
        let said = post.is_some() || matches!(about, About::Message(_));
        let muted = |by: Who| said && self.muted_people.contains(&(who, by));
        let heard = |by: &&Who| **by != who && !deaf && !muted(**by) && !self.hidden(who, **by);
        let by: Vec<Who> = by.iter().filter(heard).copied().collect();
        if by.is_empty() {
            return;
        }
        self.clock += 1;
        let place = self.clock;
        let line = self.lines[who].entry(about).or_default();
        line.place = place;
        line.read = false;
        line.actors.extend(by.into_iter().map(|by| (by, place)));
        self.touched.insert(who);
    }

    /// Whether something that somebody did, of which a line tells, stands.
    fn stands(&self, who: Who, about: About, by: Who) -> bool {
        let comments = |post: usize| {
            let of = self.posts[post].comments.iter().copied();
            of.filter(|comment| self.comments[*comment].author == by && self.exists_for(who, *comment))
        };
        match about {
            About::Request(_) | About::Accepted(_) => !self.hidden(who, by),
            About::Reaction(post) => self.likes.contains(&(post, by)) && !self.hidden(who, by),
            About::CommentReaction(comment) => {
                self.comment_likes.contains(&(comment, by)) && !self.hidden(who, by)
            }
            About::Comment(post) => {
                comments(post).any(|one| self.is_there(one) && self.way_to(who, one) == Some(about))
            }
            // With what they answer they are hidden, not gone.
            About::Reply(parent) => comments(self.comments[parent].post).any(|one| {
                let gone = matches!(self.comments[one].standing, Standing::Removed(..));
                !gone && self.way_to(who, one) == Some(about)
            }),
            About::Mention(post) => {
                let named = self.posts[post].author == by && self.posts[post].names.contains(&who);
                let there = |one| self.is_there(one) && self.way_to(who, one) == Some(about);
                !self.hidden(who, by) && (named || comments(post).any(there))
            }
            About::Invitation(_) => !self.hidden(who, by),
            About::Message(group) => {
                let named = |message: &usize| {
                    let one = &self.groups[group].messages[*message];
                    one.author == by && one.names.contains(&who) && self.sees_message(who, group, *message)
                };
                !self.hidden(who, by) && (0..self.groups[group].messages.len()).any(|one| named(&one))
            }
            About::Share(original) => (0..self.posts.len()).any(|share| {
                let share_of = &self.posts[share];
                share_of.original == Some(original) && share_of.author == by && self.sees(who, share)
            }),
        }
    }

    /// Takes everybody out of the lines of whose doing nothing stands any more.
    pub(super) fn settle(&mut self) {
        let mut over = Vec::new();
        for (who, lines) in self.lines.iter().enumerate() {
            for (about, line) in lines {
                for by in line.actors.keys() {
                    if !self.stands(who, *about, *by) {
                        over.push((who, *about, *by));
                    }
                }
            }
        }
        for (who, about, by) in over {
            self.touched.insert(who);
            if let Some(line) = self.lines[who].get_mut(&about) {
                line.actors.remove(&by);
            }
            self.lines[who].retain(|_, line| !line.actors.is_empty());
        }
    }

    /// How everybody is told of a comment whom it concerns: that it names them, else that it answers them, else that it
    /// is on their post.
    pub(super) fn ways(&self, comment: usize) -> BTreeMap<Who, About> {
        let one = &self.comments[comment];
        let concerned = one.names.iter().copied();
        let author = self.posts[one.post].author;
        let answered = one.parent.map(|parent| self.comments[parent].author);
        concerned
            .chain([author])
            .chain(answered)
            .filter_map(|who| Some((who, self.way_to(who, comment)?)))
            .collect()
    }

    fn way_to(&self, who: Who, comment: usize) -> Option<About> {
        let one = &self.comments[comment];
        let answers_them = |parent: &usize| self.comments[*parent].author == who;
        if one.author == who {
            None
        } else if one.names.contains(&who) {
            Some(About::Mention(one.post))
        } else if let Some(parent) = one.parent.filter(answers_them) {
            Some(About::Reply(parent))
        } else {
            (self.posts[one.post].author == who).then_some(About::Comment(one.post))
        }
    }

    pub(super) fn asked(&mut self, from: Who, to: Who, id: FriendRequestId) {
        self.requests.insert((from, to), id);
        self.tell(to, About::Request(id), &[from]);
        self.touched.insert(from);
    }

    pub(super) fn accepted(&mut self, from: Who, to: Who) {
        self.bond_changed(from, to);
        if let Some(id) = self.requests.remove(&(from, to))
            && let Some(line) = self.lines[to].get_mut(&About::Request(id))
        {
            line.accepted = true;
            line.read = true;
        }
        self.friends.insert(super::model::pair(from, to));
        self.tell(from, About::Accepted(to), &[to]);
    }

    pub(super) fn request_gone(&mut self, from: Who, to: Who) {
        if let Some(id) = self.requests.remove(&(from, to)) {
            self.lines[to].remove(&About::Request(id));
        }
        self.touched.extend([from, to]);
    }

    /// What two people may see of each other changes.
    pub(super) fn bond_changed(&mut self, a: Who, b: Who) {
        self.touched.extend([a, b]);
    }

    /// Somebody is told in a post that it names them.
    pub(super) fn post_named(&mut self, post: usize, people: &BTreeSet<Who>) {
        let author = self.posts[post].author;
        for who in people {
            if self.sees(*who, post) {
                self.tell(*who, About::Mention(post), &[author]);
            }
        }
    }

    pub(super) fn passed_on(&mut self, share: usize) {
        let by = self.posts[share].author;
        if let Some(original) = self.posts[share].original {
            let author = self.posts[original].author;
            if self.sees(author, share) {
                self.tell(author, About::Share(original), &[by]);
            }
        }
    }

    pub(super) fn liked(&mut self, post: usize, by: Who) {
        self.tell(self.posts[post].author, About::Reaction(post), &[by]);
    }

    pub(super) fn comment_liked(&mut self, comment: usize, by: Who) {
        let author = self.comments[comment].author;
        if self.sees_comment(author, comment) {
            self.tell(author, About::CommentReaction(comment), &[by]);
        }
    }

    /// A comment was written, or says something else: who was told of it in this way before is not told again.
    pub(super) fn said(&mut self, comment: usize, before: &BTreeMap<Who, About>) {
        let by = self.comments[comment].author;
        for (who, about) in self.ways(comment) {
            if before.get(&who) != Some(&about) && self.sees_comment(who, comment) {
                self.tell(who, about, &[by]);
            }
        }
    }

    /// A comment is back, and with it the answers that went with it; what those were told to its own author is shown again
    /// as it was.
    pub(super) fn comment_back(&mut self, comment: usize) {
        let mut back = vec![comment];
        for answer in self.answers(comment) {
            if self.comments[answer].standing == Standing::WithParent {
                back.push(answer);
            }
        }
        for one in &back {
            self.comments[*one].standing = Standing::There;
        }
        let mut news: BTreeMap<(Who, About), BTreeSet<Who>> = BTreeMap::new();
        for one in back {
            for (who, about) in self.ways(one) {
                if about != About::Reply(comment) && self.sees_comment(who, one) {
                    let by = self.comments[one].author;
                    news.entry((who, about)).or_default().insert(by);
                }
            }
        }
        for ((who, about), by) in news {
            let by: Vec<Who> = by.into_iter().collect();
            self.tell(who, about, &by);
        }
    }

    pub(super) fn invited(&mut self, group: usize, who: Who, by: Who) {
        self.groups[group].invited.insert(who, by);
        self.tell(who, About::Invitation(group), &[by]);
    }

    /// An invitation was taken back or declined.
    pub(super) fn invitation_gone(&mut self, group: usize, who: Who) {
        if self.groups[group].invited.remove(&who).is_some() {
            self.lines[who].remove(&About::Invitation(group));
        }
        self.touched.insert(who);
    }

    /// Two people are friends no longer: what one asked the other into goes.
    pub(super) fn parted(&mut self, a: Who, b: Who) {
        for group in 0..self.groups.len() {
            for (who, by) in [(a, b), (b, a)] {
                if self.groups[group].invited.get(&who) == Some(&by) {
                    self.invitation_gone(group, who);
                }
            }
        }
        self.bond_changed(a, b);
    }

    pub(super) fn came(&mut self, group: usize, who: Who) {
        let of = &mut self.groups[group];
        let since = if of.shows_all { 0 } else { of.messages.len() };
        of.members.insert(who, since);
        if of.invited.remove(&who).is_some()
            && let Some(line) = self.lines[who].get_mut(&About::Invitation(group))
        {
            line.accepted = true;
            line.read = true;
        }
        self.touched.insert(who);
    }

    /// With the membership all goes that somebody was told of a group.
    pub(super) fn went(&mut self, group: usize, who: Who) {
        self.groups[group].members.remove(&who);
        self.lines[who].remove(&About::Invitation(group));
        self.lines[who].remove(&About::Message(group));
        self.touched.insert(who);
    }

    pub(super) fn message_named(&mut self, group: usize, by: Who, people: &BTreeSet<Who>) {
        for who in people {
            self.tell(*who, About::Message(group), &[by]);
        }
    }

    /// Everybody who was told of what was said in a group.
    pub(super) fn touch_group(&mut self, group: usize) {
        let told = |who: &Who| self.lines[*who].contains_key(&About::Message(group));
        let told: Vec<Who> = (0..self.people()).filter(told).collect();
        self.touched.extend(told);
    }

    /// Everybody who was told of something on a post, and who wrote it.
    pub(super) fn touch_post(&mut self, post: usize) {
        let told: Vec<Who> = (0..self.people())
            .filter(|who| {
                self.lines[*who]
                    .keys()
                    .any(|about| about.post(self) == Some(post))
            })
            .collect();
        self.touched.extend(told);
        self.touched.insert(self.posts[post].author);
    }

    fn is_shown(&self, who: Who, about: About) -> bool {
        let seen = about.post(self).is_none_or(|post| self.sees(who, post));
        seen && match about {
            About::Reply(comment) | About::CommentReaction(comment) => self.sees_comment(who, comment),
            _ => true,
        }
    }

    /// What somebody must be shown, the latest first, and the places.
    pub(super) fn shown(&self, who: Who) -> Vec<(u64, Shown)> {
        let lines = self.lines[who].iter();
        let mut shown: Vec<(u64, Shown)> = lines
            .filter(|(about, _)| self.is_shown(who, **about))
            .map(|(about, line)| {
                let mut actors: Vec<(u64, _, Who)> = line
                    .actors
                    .iter()
                    .map(|(by, place)| (*place, self.ids[*by], *by))
                    .collect();
                actors.sort_unstable_by(|a, b| b.cmp(a));
                let shown = Shown {
                    about: *about,
                    accepted: line.accepted,
                    actors: actors.into_iter().map(|(.., by)| by).take(3).collect(),
                    count: line.actors.len(),
                    seen: line.read || line.place <= self.seen[who],
                    read: line.read,
                };
                (line.place, shown)
            })
            .collect();
        shown.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        shown
    }

    /// The two badges: what is not seen, and requests that wait.
    pub(super) fn badges(&self, who: Who) -> (u32, u32) {
        let unseen = self.shown(who).iter().filter(|(_, line)| !line.seen).count();
        let waiting = self.requests.keys().filter(|(_, to)| *to == who).count();
        let unseen = u32::try_from(unseen).unwrap().min(COUNT_MAX);
        (unseen, u32::try_from(waiting).unwrap())
    }

    pub(super) fn mark_seen(&mut self, who: Who, place: u64) {
        self.seen[who] = self.seen[who].max(place);
        self.touched.insert(who);
    }

    pub(super) fn mark_read(&mut self, who: Who, wanted: impl Fn(About, u64) -> bool) {
        for (about, line) in &mut self.lines[who] {
            line.read |= wanted(*about, line.place);
        }
        self.touched.insert(who);
    }

    /// Somebody has read what was said in a group up to a message: with it what told them of it.
    pub(super) fn read_in_group(&mut self, group: usize, who: Who, message: usize) {
        let of = &self.groups[group];
        let Some(line) = self.lines[who].get(&About::Message(group)) else {
            return;
        };
        let told = |one: &usize| {
            let said = &of.messages[*one];
            said.names.contains(&who)
                && line.actors.contains_key(&said.author)
                && self.sees_message(who, group, *one)
        };
        if (message + 1..of.messages.len()).any(|one| told(&one)) {
            return;
        }
        if let Some(line) = self.lines[who].get_mut(&About::Message(group)) {
            line.read = true;
        }
        self.touched.insert(who);
    }

    /// What a line may quote: what those in it did, that is told in it.
    pub(super) fn quotable(&self, who: Who, about: About) -> Vec<Quote<'_>> {
        let line = &self.lines[who][&about];
        let in_line = |by: Who| line.actors.contains_key(&by);
        let mut quotes = Vec::new();
        match about {
            About::Request(_) | About::Accepted(_) | About::Invitation(_) => {}
            About::Message(group) => {
                for (place, message) in self.groups[group].messages.iter().enumerate() {
                    let named = message.names.contains(&who) && self.sees_message(who, group, place);
                    if named && in_line(message.author) {
                        quotes.push(Quote::Message(place, &message.body));
                    }
                }
            }
            About::Reaction(post) => quotes.push(Quote::Post(post, &self.posts[post].body)),
            About::CommentReaction(comment) => {
                quotes.push(Quote::Comment(comment, &self.comments[comment].body));
            }
            About::Share(original) => {
                for (place, share) in self.posts.iter().enumerate() {
                    if share.original == Some(original) && in_line(share.author) && self.sees(who, place) {
                        quotes.push(Quote::Post(place, &share.body));
                    }
                }
            }
            About::Comment(_) | About::Reply(_) | About::Mention(_) => {
                let post = about.post(self).unwrap();
                for comment in self.posts[post].comments.iter().copied() {
                    let one = &self.comments[comment];
                    let told = self.way_to(who, comment) == Some(about) && self.sees_comment(who, comment);
                    if told && in_line(one.author) {
                        quotes.push(Quote::Comment(comment, &one.body));
                    }
                }
                let post_of = &self.posts[post];
                if matches!(about, About::Mention(_))
                    && post_of.names.contains(&who)
                    && in_line(post_of.author)
                {
                    quotes.push(Quote::Post(post, &post_of.body));
                }
            }
        }
        quotes
    }
}

/// A text that a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote<'a> {
    Post(usize, &'a str),
    Comment(usize, &'a str),
    Message(usize, &'a str),
}

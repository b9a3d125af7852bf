//! Holds what people are shown against what they must be shown.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RequestStatus;
use hearth_shared::ids::{CommentId, ConversationId, MessageId, PostId};
use hearth_shared::notifications::{
    Badges, GetBadges, Happening, ListNotifications, Notification, NotificationFilter, NotificationsQuery,
};

use super::Walk;
use super::lines::{About, Quote, Shown};
use super::model::Who;
use crate::support::fetch;

impl Walk<'_> {
    /// Everything that somebody is told, in pages.
    pub(super) async fn told(&self, who: Who, filter: NotificationFilter) -> Vec<Notification> {
        let mut all = Vec::new();
        let mut query = NotificationsQuery {
            filter,
            limit: Some(100),
            cursor: None,
        };
        loop {
            let page = self.ask_with(who, &ListNotifications {}, &query, &Nothing).await;
            let page = page.unwrap();
            all.extend(page.items);
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                return all;
            }
        }
    }

    /// Fails unless some people are shown what they must be.
    pub(super) async fn check(&self, people: impl IntoIterator<Item = Who>) {
        join_all(people.into_iter().map(|who| self.check_one(who))).await;
    }

    async fn check_one(&self, who: Who) {
        let told = self.told(who, NotificationFilter::All).await;
        let badges: Badges = self.ask(who, &GetBadges {}, &Nothing).await.unwrap();
        self.compare(who, "a fresh read", &told);
        let counts = (badges.notifications, badges.friend_requests);
        self.compare_counts(who, "the badges", counts);
    }

    /// That what is highlighted is what is not read, and so on for the other lists.
    pub(super) async fn check_lists(&self, who: Who) {
        let shown = self.world.shown(who);
        for filter in [
            NotificationFilter::Unread,
            NotificationFilter::Requests,
            NotificationFilter::Mentions,
        ] {
            let wanted = shown.iter().filter(|(_, line)| match filter {
                NotificationFilter::Unread => !line.read,
                NotificationFilter::Requests => {
                    matches!(line.about, About::Request(_) | About::Invitation(_))
                }
                _ => matches!(line.about, About::Mention(_) | About::Message(_)),
            });
            let wanted: Vec<About> = wanted.map(|(_, line)| line.about).collect();
            let told = self.told(who, filter).await;
            let told: Vec<About> = told
                .iter()
                .map(|told| self.names.shown(self, told).about)
                .collect();
            assert_eq!(told, wanted, "{filter:?} of {who}, {}", self.place());
        }
    }

    /// Lets all devices that are connected hear everything, and holds what they show against what they must.
    pub(super) async fn check_devices(&mut self) {
        let app = self.app;
        let connected = self.devices.iter_mut().filter(|device| device.is_connected());
        join_all(connected.map(|device| device.settle_with(app))).await;
        for (place, device) in self.devices.iter().enumerate() {
            if device.is_connected() {
                let who = self.world.who(device.person.id());
                let name = format!("device {place}");
                self.compare(who, &name, &device.replica.notifications.items);
                let counts = device.replica.counts;
                self.compare_counts(who, &name, (counts.notifications, counts.friend_requests));
            }
        }
    }

    /// All devices, also those that were away, show to the letter what a page shows that was just opened.
    pub(super) async fn check_replicas(&mut self) {
        let app = self.app;
        for device in &mut self.devices {
            if !device.is_connected() {
                device.connect(app).await;
            }
        }
        self.check_devices().await;
        for device in &self.devices {
            let (fresh, _) = fetch(app, &device.person).await;
            let name = device.person.username();
            assert_eq!(device.replica.notifications, fresh.notifications, "{name}");
            assert_eq!(device.replica.counts, fresh.counts, "{name}");
        }
    }

    fn compare_counts(&self, who: Who, where_: &str, counts: (u32, u32)) {
        let wanted = self.world.badges(who);
        assert!(
            counts == wanted,
            "{}: {where_} of {who} say {counts:?}, not {wanted:?}\n{}",
            self.place(),
            self.log.about(who, None)
        );
    }

    fn compare(&self, who: Who, where_: &str, told: &[Notification]) {
        let told: Vec<(Shown, &Notification)> = told
            .iter()
            .map(|told| (self.names.shown(self, told), told))
            .collect();
        let wanted = self.world.shown(who);
        let mut places = told
            .iter()
            .map(|(shown, _)| shown)
            .zip(wanted.iter().map(|(_, line)| line));
        let longer = told.len().max(wanted.len());
        let same = places.position(|(shown, line)| shown != line);
        let wrong = same.or((told.len() != wanted.len()).then_some(told.len().min(wanted.len())));
        if let Some(place) = wrong {
            let shown = told.get(place).map(|(shown, _)| shown);
            let line = wanted.get(place).map(|(_, line)| line);
            let about = line.or(shown).map(|line| line.about);
            let posts: Vec<Option<usize>> = [line, shown]
                .into_iter()
                .flatten()
                .map(|line| line.about.post(&self.world))
                .collect();
            let logs: Vec<String> = posts.iter().map(|post| self.log.about(who, *post)).collect();
            panic!(
                "{}: {where_} of {who} shows in place {place} of {longer}\n  {shown:?}, not\n  {line:?}\nabout {about:?}:\n{}",
                self.place(),
                logs.join("and\n")
            );
        }
        for (shown, told) in told {
            self.check_quote(who, where_, shown.about, told);
        }
    }

    /// Nothing is quoted but what somebody in the line did, that its recipient may see.
    fn check_quote(&self, who: Who, where_: &str, about: About, told: &Notification) {
        let names = &self.names;
        let quotable = self.world.quotable(who, about);
        let text = told.excerpt.clone().unwrap_or_default();
        let pointed = match told.what {
            Happening::Mention { comment_id, .. } => match comment_id {
                Some(id) => Some(Quote::Comment(names.comments[&id], text.as_str())),
                None => about
                    .post(&self.world)
                    .map(|post| Quote::Post(post, text.as_str())),
            },
            Happening::MessageMention { message_id, .. } => {
                Some(Quote::Message(names.messages[&message_id].1, text.as_str()))
            }
            Happening::Share { share_id, .. } => {
                share_id.map(|id| Quote::Post(names.posts[&id], text.as_str()))
            }
            _ => None,
        };
        let fits = |quote: &Quote<'_>| match (pointed, quote) {
            (Some(pointed), quote) => pointed == *quote,
            (None, Quote::Post(_, body) | Quote::Comment(_, body) | Quote::Message(_, body)) => *body == text,
        };
        let nothing_to_quote = quotable.is_empty() && told.excerpt.is_none() && pointed.is_none();
        assert!(
            nothing_to_quote || quotable.iter().any(fits),
            "{}: {where_} of {who} quotes {text:?} ({:?}), which is none of {quotable:?}\n{}",
            self.place(),
            told.what,
            self.log.about(who, about.post(&self.world))
        );
    }
}

/// The places of what has ids.
#[derive(Default)]
pub(super) struct Names {
    pub(super) posts: BTreeMap<PostId, usize>,
    pub(super) comments: BTreeMap<CommentId, usize>,
    pub(super) groups: BTreeMap<ConversationId, usize>,
    /// In which group, and which there.
    pub(super) messages: BTreeMap<MessageId, (usize, usize)>,
}

impl Names {
    fn shown(&self, walk: &Walk<'_>, told: &Notification) -> Shown {
        let post = |id: PostId| self.posts[&id];
        let comment = |id: CommentId| self.comments[&id];
        let actors: Vec<Who> = told.actors.iter().map(|actor| walk.world.who(actor.id)).collect();
        let about = match told.what {
            Happening::FriendRequest { request_id, .. } => About::Request(request_id),
            Happening::FriendAccepted => About::Accepted(actors[0]),
            Happening::Reaction { post_id } => About::Reaction(post(post_id)),
            Happening::Comment { post_id } => About::Comment(post(post_id)),
            Happening::Reply { comment_id, .. } => About::Reply(comment(comment_id)),
            Happening::Mention { post_id, .. } => About::Mention(post(post_id)),
            Happening::Share { post_id, .. } => About::Share(post(post_id)),
            Happening::CommentReaction { comment_id, .. } => About::CommentReaction(comment(comment_id)),
            Happening::GroupInvitation { conversation_id, .. } => {
                About::Invitation(self.groups[&conversation_id])
            }
            Happening::MessageMention {
                conversation_id,
                message_id,
                ..
            } => {
                let group = self.groups[&conversation_id];
                assert_eq!(self.messages[&message_id].0, group, "a message of that group");
                About::Message(group)
            }
        };
        let accepted = matches!(
            told.what,
            Happening::FriendRequest {
                status: RequestStatus::Accepted,
                ..
            } | Happening::GroupInvitation {
                status: RequestStatus::Accepted,
                ..
            }
        );
        Shown {
            about,
            accepted,
            actors,
            count: told.actor_count as usize,
            seen: told.seen,
            read: told.read,
        }
    }
}
